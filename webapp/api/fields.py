"""How values travel: money and rates as strings, texts without what no database keeps."""

import re
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

_AMOUNT = r"-?[0-9]{1,10}(\.[0-9]{1,2})?"
_QUANTITY = r"-?[0-9]{1,10}(\.[0-9]{1,4})?"
_RATE = r"[0-9]{1,6}(\.[0-9]{1,6})?"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CENTS = Decimal("0.01")


class _Number(fields.String):
    """A decimal number as a string: a JSON number would become a binary fraction on the way."""

    pattern = ""
    example = ""

    def __init__(self, **options: Any) -> None:
        told = {"pattern": f"^{self.pattern}$", "example": self.example}
        super().__init__(metadata=told | options.pop("metadata", {}), **options)

    def _text(self, value: Decimal) -> str:
        return format(value.normalize(), "f")

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:
        text = None if value is None else self._text(value)
        return super()._serialize(text, attr, obj, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        if not re.fullmatch(self.pattern, text):
            raise ValidationError(f'Not a decimal number in a string, such as "{self.example}".')
        return Decimal(text)


class Money(_Number):
    """An amount in whole cents."""

    pattern = _AMOUNT
    example = "1234.50"


class Quantity(_Number):
    """A quantity, with up to four places."""

    pattern = _QUANTITY
    example = "8"


class Rate(Quantity):
    """A rate above zero, with up to six places (R106)."""

    pattern = _RATE
    example = "0.92"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        rate = super()._deserialize(value, attr, data, **more)
        if not rate:
            raise ValidationError("Not above zero.")
        return rate


class Told(_Number):
    """A number that is only ever told, with all the places it has."""

    pattern = r"-?[0-9]+(\.[0-9]+)?"
    example = "15"


class MoneyTold(Told):
    """An amount that is only ever told: it has two places, or more where it has more."""

    example = "1234.50"

    def _text(self, value: Decimal) -> str:
        cents = value.quantize(_CENTS)
        return str(cents) if cents == value else super()._text(value)


class Text(fields.String):
    """A text of at most ``longest`` characters, without control characters but line ends."""

    def __init__(self, longest: int, *, shortest: int = 0, **options: Any) -> None:
        told = {"maxLength": longest, "minLength": shortest}
        super().__init__(metadata=told | options.pop("metadata", {}), **options)
        self._bounds = (shortest, longest)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        shortest, longest = self._bounds
        if not shortest <= len(text) <= longest:
            raise ValidationError(f"Not {shortest} to {longest} characters long.")
        if _CONTROL.search(text) or not _can_be_kept(text):
            raise ValidationError("Holds characters that cannot be kept.")
        return text


class Code(Text):
    """A code or a number of a document: printable, without outer spaces."""

    def __init__(self, longest: int, **options: Any) -> None:
        super().__init__(longest, shortest=1, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        if not text.isprintable() or text != text.strip():
            raise ValidationError("Holds characters that no code has, or outer spaces.")
        return text


def _can_be_kept(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
