"""Text that a spreadsheet will open."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: str) -> str:
    """Keep a spreadsheet from running what a cell holds: it is shown, after an apostrophe."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
