"""Asking for named documents, within what an address can hold."""

from collections.abc import Iterator, Sequence

_NUMBERS_A_CALL = 40
_NUMBERS_LENGTH = 1500


def number_filters(numbers: Sequence[str]) -> Iterator[dict[str, str]]:
    """Ask for many numbers at once, as far as an address may be long; commas part the numbers.

    A number that holds a comma is asked for alone. Doubling a quote inside one is the usual way
    of such filters; Xero does not document its own.
    """
    chunk: list[str] = []
    for number in dict.fromkeys(numbers):
        if "," in number:
            yield {"where": 'InvoiceNumber=="{}"'.format(number.replace('"', '""'))}
            continue
        length = sum(len(known) + 1 for known in chunk) + len(number)
        if chunk and (len(chunk) >= _NUMBERS_A_CALL or length > _NUMBERS_LENGTH):
            yield {"InvoiceNumbers": ",".join(chunk)}
            chunk = []
        chunk.append(number)
    if chunk:
        yield {"InvoiceNumbers": ",".join(chunk)}
