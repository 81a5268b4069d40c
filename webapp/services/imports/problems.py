"""What stands outside: the records of an organisation that were not brought in."""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind
from webapp.mapping.imports.outcome import Rejection
from webapp.models import ImportProblem
from webapp.services import bulk
from webapp.services.among import among

_KEY = ("fin_co_id", "tenant_id", "kind", "record_key")
_TOLD = ("outcome", "name", "xero_id", "reason")
_COLUMNS = (*_KEY, *_TOLD, "run_kind_id", "since")


class Standing:
    """The problems of one kind of one FinCo's organisation. Use it inside a transaction.

    Args:
        fin_co_id: the FinCo.
        tenant_id: the organisation.
        kind: which kind.
        run_kind_id: the kind of the run that meets the records.
        everything: whether the run reads everything. Then every record it meets becomes its own,
            so that those it did not meet are known in the end; else what is noted already, word
            for word, is not written again.
    """

    def __init__(
        self,
        fin_co_id: int,
        tenant_id: str,
        kind: ImportKind,
        run_kind_id: int,
        *,
        everything: bool,
    ) -> None:
        self._owner = {"fin_co_id": fin_co_id, "tenant_id": tenant_id, "kind": kind}
        self._run_kind_id = run_kind_id
        self._everything = everything

    def put(self, rejections: Sequence[Rejection], now: dt.datetime) -> None:
        """Note these, or renew what is noted of the same records."""
        if not rejections:
            return
        # Of a record that is told of twice the last word counts.
        rows = {
            (key := one.record_key): {
                **self._owner,
                "record_key": key,
                "run_kind_id": self._run_kind_id,
                "outcome": one.outcome.value,
                "name": one.name[:500],
                "xero_id": one.xero_id,
                "reason": one.reason[:500],
                "since": now,
            }
            for one in rejections
        }
        statement = _putting(db.session.get_bind().dialect.name, everything=self._everything)
        db.session.execute(statement, bulk.given(ImportProblem, list(rows.values())))

    def remove(self, record_keys: Collection[str]) -> None:
        """Forget what was noted of these records: they came in."""
        if record_keys:
            self._delete(among(ImportProblem.record_key, record_keys))

    def remove_unmet(self) -> None:
        """Forget the records that a pass over everything did not meet: they are gone."""
        self._delete(ImportProblem.run_kind_id != self._run_kind_id)

    def _delete(self, which: sa.ColumnElement[bool]) -> None:
        db.session.execute(
            sa.delete(ImportProblem)
            .filter_by(**self._owner)
            .where(which)
            .execution_options(synchronize_session=False)
        )


@cache
def _putting(dialect: str, *, everything: bool) -> Any:
    """The statement that notes problems, or renews those noted already."""
    insert = bulk.inserting(ImportProblem, _COLUMNS, dialect)
    told = {name: insert.excluded[name] for name in _TOLD}
    otherwise = sa.or_(
        *(
            getattr(ImportProblem, name).is_distinct_from(now_told)
            for name, now_told in told.items()
        )
    )
    return insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={**told, "run_kind_id": insert.excluded.run_kind_id},
        where=None if everything else otherwise,
    )
