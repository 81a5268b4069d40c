"""Questions to one Xero organisation, one method each.

Every method may raise the errors of `errors.py`; `OutcomeUnknown` comes from writes only. Answers
are records, whole and parsed: an answer that cannot be read is `BadResponse`. Of a `Page` or a
`Listing` single records that cannot be read stand beside the others; of plain lists they are
`BadResponse` too, because there somebody concludes from a record's absence that it does not exist.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from webapp.xero import _parse
from webapp.xero._answers import Envelope, elements
from webapp.xero._filters import number_filters
from webapp.xero._paging import MAX_PAGE_SIZE, RawPage, walk
from webapp.xero._reading import Reader, one_by_one, strictly
from webapp.xero._results import can_be_read, element_result
from webapp.xero._send import Sender
from webapp.xero._session import TokenSession, utc_now
from webapp.xero._wire import Answer
from webapp.xero.encoding import encode
from webapp.xero.endpoints import Endpoints, Timeouts
from webapp.xero.errors import BadResponse, Call, OutcomeUnknown, Refused
from webapp.xero.meter import Meter
from webapp.xero.on_record import OnRecord
from webapp.xero.records import (
    Account,
    Contact,
    ContactGroup,
    Currency,
    DocumentKind,
    Listing,
    Organisation,
    Page,
    Payment,
    RemoteDocument,
    TaxRate,
    TrackingCategory,
    WriteResult,
)
from webapp.xero.throttle import Gate

T = TypeVar("T")

IDS_A_CALL = 40
"""How many ids an address may hold, well within what servers take."""

CONTACTS_TO_CHOOSE = 50
"""As many as a person looks through."""

WRITE_PARAMS = {"summarizeErrors": "false", "unitdp": "4"}
"""Each element answers for itself, and unit amounts keep four places (xero-api c.2, d.7.4)."""


class XeroClient:
    """One organisation. Safe to use from many threads; every call passes the shared gate."""

    def __init__(
        self,
        endpoints: Endpoints,
        tenant_id: str,
        session: TokenSession,
        gate: Gate,
        *,
        timeouts: Timeouts | None = None,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.tenant_id = tenant_id
        self._sender = Sender(
            endpoints,
            tenant_id,
            session,
            gate,
            timeouts=timeouts or Timeouts(),
            clock=clock,
            sleep=sleep,
        )

    @property
    def meter(self) -> Meter:
        """What this client's calls cost, and how many Xero says are left."""
        return self._sender.meter

    def organisation(self) -> Organisation:
        """Who is connected. The cheapest call there is: it tests a connection."""
        found = self._list("Organisation", "Organisations", {}, strictly(_parse.organisation))
        if not found:
            raise BadResponse("Xero names no organisation", call=Call("GET", "Organisation"))
        return found[0]

    def contacts(
        self, modified_since: datetime | None = None, page_size: int = MAX_PAGE_SIZE
    ) -> Iterator[Page[Contact]]:
        """Customers and suppliers, archived ones included. A contact may come twice."""
        return self._pages(
            "Contacts",
            {"includeArchived": "true"},
            one_by_one(_parse.contact, "ContactID"),
            lambda contact: contact.contact_id,
            modified_since=modified_since,
            page_size=page_size,
        )

    def contacts_by_id(self, contact_ids: Sequence[str]) -> list[Contact]:
        """Those of these contacts that exist, archived ones included."""
        found: dict[str, Contact] = {}
        for start in range(0, len(contact_ids), IDS_A_CALL):
            asked = {"IDs": ",".join(contact_ids[start : start + IDS_A_CALL])}
            for page in self._pages(
                "Contacts",
                {**asked, "includeArchived": "true"},
                strictly(_parse.contact),
                lambda contact: contact.contact_id,
            ):
                found.update((contact.contact_id, contact) for contact in page.records)
        return list(found.values())

    def contacts_called(self, text: str, *, by_account: bool = False) -> Listing[Contact]:
        """Some contacts in use whose name, number or email holds a text, or of that very account.

        One page: who looks for a contact among more than that writes more of its name. An
        account holds no quotation mark.
        """
        if by_account and '"' in text:
            raise ValueError("Xero documents no way to write a quotation mark in a filter")
        asked = {"where": f'AccountNumber=="{text}"'} if by_account else {"searchTerm": text}
        return self._list(
            "Contacts",
            "Contacts",
            {**asked, "page": "1", "pageSize": str(CONTACTS_TO_CHOOSE)},
            one_by_one(_parse.contact, "ContactID"),
        )

    def payments(
        self, modified_since: datetime | None = None, page_size: int = MAX_PAGE_SIZE
    ) -> Iterator[Page[Payment]]:
        """Payments of every type and status: money in and money out. One may come twice."""
        return self._pages(
            "Payments",
            {},
            one_by_one(_parse.payment, "PaymentID"),
            lambda payment: payment.payment_id,
            modified_since=modified_since,
            page_size=page_size,
        )

    def contact_groups(self) -> list[ContactGroup]:
        """The groups contacts are put in."""
        return self._list("ContactGroups", "ContactGroups", {}, strictly(_parse.contact_group))

    def create_contact_group(self, name: str, idempotency_key: str) -> ContactGroup:
        """Make a group.

        Raises:
            Refused: Xero does not want it, e.g. because the name is taken.
            OutcomeUnknown: list the groups before trying again.
        """
        body = encode({"ContactGroups": [{"Name": name}]})
        answer = self._sender.write("PUT", "ContactGroups", {}, body, idempotency_key)
        call = _call("PUT", "ContactGroups", answer)
        try:
            row = elements(answer, "ContactGroups")[0]
            result = element_result("ContactGroups", 0, row)
            if not result.ok:
                raise Refused("Xero refused the group", problems=result.errors, call=call)
            return _parse.contact_group(row)
        except (ValueError, IndexError) as odd:
            raise OutcomeUnknown("the answer cannot be read", call=call) from odd

    def accounts(self, modified_since: datetime | None = None) -> Listing[Account]:
        """The chart of accounts, archived ones included."""
        read = one_by_one(_parse.account, "AccountID")
        return self._list("Accounts", "Accounts", {}, read, modified_since)

    def tax_rates(self) -> Listing[TaxRate]:
        """The tax rates of every status."""
        return self._list("TaxRates", "TaxRates", {}, one_by_one(_parse.tax_rate))

    def currencies(self) -> Listing[Currency]:
        """The currencies the organisation subscribes to."""
        return self._list("Currencies", "Currencies", {}, one_by_one(_parse.currency))

    def tracking_categories(self) -> list[TrackingCategory]:
        """The tracking categories and their options, archived ones included."""
        return self._list(
            "TrackingCategories",
            "TrackingCategories",
            {"includeArchived": "true"},
            strictly(_parse.tracking_category),
        )

    def documents_modified_since(
        self, kind: DocumentKind, since: datetime | None, page_size: int = MAX_PAGE_SIZE
    ) -> Iterator[Page[RemoteDocument]]:
        """Documents changed since an instant (to the second), in every status; all if None."""
        return self._pages(
            kind,
            {},
            strictly(lambda row: _parse.document(kind, row)),
            lambda document: document.xero_id,
            modified_since=since,
            page_size=page_size,
        )

    def invoices_by_number(self, numbers: Sequence[str]) -> list[RemoteDocument]:
        """Every invoice and bill that carries one of these numbers; a bill's is not unique."""
        found: dict[str, RemoteDocument] = {}
        for params in number_filters(numbers):
            for page in self._pages(
                "Invoices",
                params,
                strictly(lambda row: _parse.document("Invoices", row)),
                lambda document: document.xero_id,
            ):
                found.update((document.xero_id, document) for document in page.records)
        return list(found.values())

    def document(self, kind: DocumentKind, xero_id: str) -> RemoteDocument | None:
        """One document as it stands; None where the organisation has no such one."""
        try:
            found = self._list(
                f"{kind}/{xero_id}",
                kind,
                {"unitdp": "4"},
                strictly(lambda row: _parse.document(kind, row)),
            )
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return found[0] if found else None

    def on(self, kind: DocumentKind, xero_id: str) -> OnRecord:
        """What hangs on one document: its files and its history. Makes no call by itself."""
        return OnRecord(self._sender, kind, xero_id)

    def send_frozen(
        self,
        method: str,
        path: str,
        body: bytes,
        idempotency_key: str,
        last_look: Callable[[], bool] | None = None,
    ) -> WriteResult:
        """Write these very bytes to a collection (`Invoices`, `CreditNotes`, …).

        Send the same bytes under the same key again only while the key lives (`idempotency.py`).
        A call may wait long for its turn; `last_look` is asked when it has come, and where it
        says no, nothing is sent.

        Raises:
            Withdrawn: `last_look` said no.
            OutcomeUnknown: sent, and nobody can say what was applied: look the documents up.
            Refused: nothing was applied; the problems say why.
            XeroError: any other of errors.py: nothing was applied.
        """
        target = path.strip("/")
        if not can_be_read(target):
            raise ValueError(f"answers to {target} are not understood")
        answer = self._sender.write(method, target, WRITE_PARAMS, body, idempotency_key, last_look)
        call = _call(method, target, answer)
        try:
            results = tuple(
                element_result(target, index, row)
                for index, row in enumerate(elements(answer, target))
            )
        except ValueError as odd:
            raise OutcomeUnknown("the answer cannot be read", call=call) from odd
        if not results:
            raise OutcomeUnknown("the answer names no element", call=call)
        return WriteResult(results, answer.correlation_id)

    def _list(
        self,
        path: str,
        collection: str,
        params: Mapping[str, str],
        read: Reader[T],
        modified_since: datetime | None = None,
    ) -> Listing[T]:
        answer = self._sender.get(path, params, modified_since)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return Listing(())
        try:
            return Listing(*read(Envelope(answer).given(collection)))
        except ValueError as odd:
            raise BadResponse(str(odd), call=_call("GET", path, answer)) from odd

    def _pages(
        self,
        collection: str,
        params: Mapping[str, str],
        read: Reader[T],
        identify: Callable[[T], str],
        *,
        modified_since: datetime | None = None,
        page_size: int = MAX_PAGE_SIZE,
    ) -> Iterator[Page[T]]:
        def fetch(number: int) -> RawPage[T]:
            asked = {**params, "page": str(number), "pageSize": str(page_size)}
            answer = self._sender.get(collection, asked, modified_since)
            if answer.status == HTTPStatus.NOT_MODIFIED:
                return RawPage(())
            try:
                envelope = Envelope(answer)
                records, unreadable = read(envelope.given(collection))
                return RawPage(
                    tuple((identify(record), record) for record in records),
                    unreadable=unreadable,
                    **envelope.pagination(),
                )
            except ValueError as odd:
                raise BadResponse(str(odd), call=_call("GET", collection, answer)) from odd

        return walk(fetch, page_size, collection)


def _call(method: str, path: str, answer: Answer) -> Call:
    return Call(method, path, answer.status, answer.correlation_id)
