"""Records that are made whole and can then only be removed: payments, and batches of them (d.9)."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.sandbox.books import Books
from webapp.sandbox.call import Call, EndpointAnswer, single
from webapp.sandbox.endpoints.writing import write_all, write_one
from webapp.sandbox.errors import not_found
from webapp.sandbox.kinds import Kind
from webapp.sandbox.listing import list_records
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.refused import refuse
from webapp.sandbox.wire import JsonObject

_FLAG = "HasValidationErrors"


@dataclass(frozen=True)
class Paying:
    """The four endpoints of such a collection."""

    kind: Kind
    name: str
    """Of one record, as Xero's messages call it."""
    create: Callable[[Books, JsonObject], JsonObject]
    delete: Callable[[Books, JsonObject, JsonObject], JsonObject]
    paged: bool
    """Whether its list knows pages."""

    def register(self, routes: Routes) -> None:
        """Put its endpoints into a table."""
        one = f"{self.kind.plural}/{{id}}"
        routes.on("GET", self.kind.plural)(self.listed)
        routes.on("GET", one)(self.told)
        routes.on("PUT POST", self.kind.plural)(self.written)
        routes.on("POST", one)(self.removed)

    def listed(self, call: Call) -> EndpointAnswer:
        """List them, removed ones too."""
        listed = list_records(call, self.kind, paged=self.paged)
        return listed.answer(self.kind, listed.records)

    def told(self, call: Call) -> EndpointAnswer:
        """Give one."""
        return single(self.kind, self._found(call))

    def written(self, call: Call) -> EndpointAnswer:
        """Make them; a POST that names one removes it."""

        def save(payload: JsonObject) -> JsonObject:
            named = payload.get(self.kind.id_field)
            if call.method != "POST" or not named:
                return self.create(call.books, payload)
            found = call.books.get(self.kind, named)
            if found is None:
                raise refuse(f"The {self.name} could not be found.")
            return self.delete(call.books, found, payload)

        return write_all(call, self.kind, _FLAG, save)

    def removed(self, call: Call) -> EndpointAnswer:
        """Remove one: the body holds its status only."""
        found = self._found(call)
        saved = write_one(
            self.kind,
            call.element(self.kind),
            _FLAG,
            lambda payload: self.delete(call.books, found, payload),
        )
        return single(self.kind, saved)

    def _found(self, call: Call) -> JsonObject:
        found = call.books.get(self.kind, call.path["id"])
        if found is None:
            raise not_found()
        return found
