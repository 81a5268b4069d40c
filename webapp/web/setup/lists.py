"""A list of set-up records: its page and its file."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.domain.access import Permission
from webapp.domain.setup.fields import text_of
from webapp.queries import viewers
from webapp.queries.setup.listing import Asked, Standing, Table, everything, listing
from webapp.queries.sorting import Sort
from webapp.queries.viewers import Viewer
from webapp.web.csv_files import csv_file
from webapp.web.exports.filters import page_number
from webapp.web.security import fin_co_or_404, requires, viewer

ROOT = "/set-up"
LONGEST_TEXT = 60


@dataclass(frozen=True, kw_only=True)
class ListScreen:
    """What a list says of itself.

    Attributes:
        name: the blueprint's, and the file's.
        title: the heading.
        hint: what the records are for.
        table: what the list is made of, for a person.
        opens: whether a record can be opened.
        adds: what a new record is called, where records can be added here.
        sees: what a person needs to look at it.
        changes: what a person needs to change it.
    """

    name: str
    title: str
    hint: str
    table: Callable[[Viewer], Table]
    opens: bool = True
    adds: str | None = None
    sees: Permission = Permission.VIEW
    changes: Permission = Permission.SET_UP

    @property
    def path(self) -> str:
        """The address of the list."""
        return f"{ROOT}/{self.name.replace('_', '-')}"


def add_list(blueprint: Blueprint, screen: ListScreen) -> None:
    """Give a blueprint the page of a list and its CSV file."""

    @blueprint.get(screen.path)
    @requires(screen.sees)
    def listed() -> ResponseReturnValue:
        table = screen.table(viewer())
        asked = _asked(table, request.args)
        return render_template(
            "setup/list.html",
            screen=screen,
            table=table,
            asked=asked,
            args=_arguments(asked),
            standings=list(Standing),
            fin_cos=viewers.visible_fin_cos(viewer()) if table.fin_co is not None else (),
            listing=listing(table, asked),
            text_of=text_of,
        )

    @blueprint.get(f"{screen.path}.csv")
    @requires(screen.sees)
    def file() -> ResponseReturnValue:
        table = screen.table(viewer()).of_file
        headings = [column.label for column in table.columns.values()]
        rows = (row.cells for row in everything(table, _asked(table, request.args)))
        return csv_file(screen.name.replace("_", "-"), headings, rows)


def _asked(table: Table, args: MultiDict[str, str]) -> Asked:
    fin_co = args.get("fin_co") or None
    if fin_co is not None and table.fin_co is not None:
        fin_co_or_404(fin_co)
    try:
        return Asked(
            sort=Sort.read(args.get("sort"), table.columns, Sort(next(iter(table.columns)))),
            text=args.get("text", "").strip()[:LONGEST_TEXT],
            standing=Standing(args.get("standing") or Standing.ACTIVE),
            fin_co=fin_co,
            page=page_number(args),
        )
    except ValueError:
        abort(422)


def _arguments(asked: Asked) -> dict[str, str]:
    """The filter as arguments of an address, without what is the default anyway."""
    known = {
        "text": asked.text,
        "standing": "" if asked.standing is Standing.ACTIVE else asked.standing.value,
        "fin_co": asked.fin_co,
        "sort": asked.sort.value,
    }
    return {name: value for name, value in known.items() if value}
