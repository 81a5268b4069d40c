"""A document beside what is known of the organisation it goes to, without asking it (C7.2).

What is compared was imported, or read when the connection was last tested: it may be out of date,
so each way out says how to read it anew.
"""

from webapp.mapping.exports.against.facts import Facts
from webapp.mapping.exports.against.head import head_problems, head_warnings
from webapp.mapping.exports.against.lines import line_problems, line_warnings
from webapp.mapping.exports.against.numbers import number_problems, numbers_in
from webapp.mapping.exports.against.size import size_problems

__all__ = [
    "Facts",
    "head_problems",
    "head_warnings",
    "line_problems",
    "line_warnings",
    "number_problems",
    "numbers_in",
    "size_problems",
]
