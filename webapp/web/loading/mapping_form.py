"""The mapping as its form holds it."""

from collections.abc import Iterator
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from webapp.domain.ingest.errors import MappingRefused
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.target import Kind, Target

MOST_COLUMNS = 500
LAST_HEADER_ROW = 100
LONGEST = 4000

Form = MultiDict[str, str]


def read_mapping(form: Form, target: Target) -> tuple[LoadMapping, list[str]]:
    """The mapping that was filled in, as far as it can be understood, and what cannot.

    A field that two columns feed keeps the first of them.
    """
    problems: list[str] = []
    columns: dict[str, str] = {}
    for heading, name in _columns(form):
        field = target.field(name)
        if field is None:
            continue
        if name in columns:
            problems.append(
                f"{field.label}: both “{columns[name]}” and “{heading}” are said to hold it. "
                "Choose one of them."
            )
        else:
            columns[name] = heading
    header_row, told = _header_row(form)
    problems += told
    mapping = LoadMapping(
        columns=columns,
        constants=_given(form, "constant", [field.name for field in target.fields]),
        options=_options(form, target),
        encoding=form.get("encoding") or None,
        delimiter=form.get("delimiter") or None,
        sheet=form.get("sheet") or None,
        header_row=header_row,
        date_format=form.get("date_format") or None,
        decimal_mark=form.get("decimal_mark") or None,
        empty_words=tuple(filter(None, map(str.strip, form.get("empty_words", "").split(",")))),
    )
    try:
        # Through the door by which kept ones come in, so that nothing else can be kept.
        return LoadMapping.from_json(mapping.as_json()), problems
    except MappingRefused as refused:
        return replace(mapping, header_row=1), problems + refused.problems


def _columns(form: Form) -> Iterator[tuple[str, str]]:
    for index in range(MOST_COLUMNS):
        heading = form.get(f"heading-{index}")
        if heading is None:
            return
        yield heading, form.get(f"field-{index}", "")


def _header_row(form: Form) -> tuple[int, list[str]]:
    text = form.get("header_row", "").strip() or "1"
    if text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= LAST_HEADER_ROW:
        return int(text), []
    return 1, [f"Line of the headings: a whole number from 1 to {LAST_HEADER_ROW}."]


def _given(form: Form, prefix: str, names: list[str]) -> dict[str, str]:
    found = {name: form.get(f"{prefix}-{name}", "").strip()[:LONGEST] for name in names}
    return {name: value for name, value in found.items() if value}


def _options(form: Form, target: Target) -> dict[str, str]:
    found = _given(form, "option", [option.name for option in target.options])
    for option in target.options:
        # A tick that is not set is not sent.
        if option.kind is Kind.YES_NO and option.name not in found:
            found[option.name] = "no"
    return found
