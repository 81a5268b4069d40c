"""An organisation at its full size, made up: from the same numbers always the same one."""

from webapp.sandbox.books import Books
from webapp.sandbox.made_up.contacts import make_contacts
from webapp.sandbox.made_up.documents import make_documents
from webapp.sandbox.made_up.order import Order, SizeError
from webapp.sandbox.rules.refused import ElementRefused
from webapp.sandbox.wire import JsonObject


def make_up(books: Books, wanted: JsonObject) -> JsonObject:
    """Make contacts, and payments with the documents they pay; doing it twice makes nothing twice.

    Args:
        books: of the organisation they go into.
        wanted: ``contacts`` and ``payments`` say how many; another ``seed`` makes others. All of
            it happened in the three hundred days up to ``until``.
            ``suppliers`` and ``customers`` name the contact groups. The first invoices made are
            those of ``invoices`` (``Type``, ``InvoiceNumber``, ``Total`` and, where it matters,
            ``InvoiceID``), and each of them is paid, or paid in part.

    Returns:
        How many of each were made, and how many were there already.

    Raises:
        SizeError: it cannot be understood, or the organisation lacks what it takes.
    """
    order = Order.read(wanted)
    try:
        contacts, parties = make_contacts(books, order)
        return {"contacts": contacts, **make_documents(books, order, parties)}
    except ElementRefused as refused:
        raise SizeError(str(refused)) from refused


__all__ = ["SizeError", "make_up"]
