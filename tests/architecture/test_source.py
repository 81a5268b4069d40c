import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
OWN = (".py", ".html", ".css", ".js", ".toml", ".md", ".mako")
CONFIG = ROOT / "webapp" / "config.py"
# These stand alone: the sandbox shares no code, and both read what config cannot know of.
SANDBOX = ROOT / "webapp" / "sandbox"


def shipped() -> list[Path]:
    folders = (ROOT / "webapp", ROOT / "jobs")
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def calls_and_names(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute | ast.Name):
            yield ast.unparse(node), node.lineno


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_no_amount_can_become_a_binary_fraction():
    found = [
        where(path, number)
        for path in shipped()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "float(" in line
    ]

    assert found == []


def test_only_the_configuration_looks_at_the_environment():
    found = [
        where(path, line)
        for path in shipped()
        if path != CONFIG and not path.is_relative_to(SANDBOX)
        for name, line in calls_and_names(path)
        if name in {"os.environ", "os.getenv", "os.environb"}
    ]

    assert found == []


def test_no_file_grows_beyond_what_one_reads_at_once():
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked()
        if path.suffix in OWN and "versions" not in path.parts
    }

    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_nothing_names_a_path_of_one_machine():
    # Written in parts so that this file does not name one itself.
    machine = re.compile(
        r"(?<![\w.~-])/(?:"
        + "|".join(("ho" + "me", "Us" + "ers", "wo" + "rk", "ro" + "ot"))
        + r")/"
    )
    found = [
        where(path, number)
        for path in tracked()
        if path.suffix in {*OWN, ".txt", ".cfg", ".ini", ""}
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="ignore").splitlines(), start=1
        )
        if machine.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_module_is_named_for_nothing(name: str):
    assert [str(path.relative_to(ROOT)) for path in shipped() if path.stem == name] == []


def test_logs_are_not_made_of_built_up_text():
    found = [
        where(path, node.lineno)
        for path in shipped()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith(("_log.", "log.", "logger."))
        and any(isinstance(argument, ast.JoinedStr) for argument in node.args)
    ]

    assert found == []
