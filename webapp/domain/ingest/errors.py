"""Why a file as a whole cannot be taken."""


class FileRefused(Exception):
    """Nothing of the file can be taken. ``message`` says why, ``way_out`` what to do."""

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out


class MappingRefused(Exception):
    """The column mapping cannot be used; ``problems`` names everything at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
