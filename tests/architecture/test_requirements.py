"""Each requirement of a part that is there is proved by a test that carries its number."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
NUMBER = re.compile(r"(?<![A-Za-z0-9])(R\d+|C\d+_\d+)(?=_)")
REQUIREMENTS = {f"R{number}" for number in range(1, 116)}
CHECKPOINTS = {
    *(f"C1_{number}" for number in range(1, 12)),
    *("C2_1", "C2_2", "C3_1", "C4_1", "C4_2", "C5_1", "C5_2", "C5_3"),
    *(f"C6_{number}" for number in range(1, 8)),
    *(f"C7_{number}" for number in range(1, 5)),
    *("C8_1", "C8_2", "C8_3", "C8_4", "C9_1", "C10_1"),
    *(f"C12_{number}" for number in range(1, 6)),
    *("C11_1", "C11_2", "C11_3", "C14_1", "C14_2"),
}


def names_of_tests() -> set[str]:
    return {
        node.name
        for file in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_number_has_its_test():
    proved = {number for name in names_of_tests() for number in NUMBER.findall(name)}
    assert sorted((REQUIREMENTS | CHECKPOINTS) - proved) == []
