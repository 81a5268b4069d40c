from decimal import Decimal

from webapp.domain.fingerprints import fingerprint

SEEN = {"name": "Kauri", "rate": Decimal("0.50"), "active": True, "code": None}


def test_the_same_values_have_the_same_mark_in_whatever_order():
    assert fingerprint(SEEN) == fingerprint(dict(reversed(SEEN.items())))


def test_any_other_value_makes_another_mark():
    others = [
        {**SEEN, "name": "Rimu"},
        {**SEEN, "rate": None},
        {**SEEN, "active": False},
        {**SEEN, "code": ""},
        {**SEEN, "code": "None"},
    ]
    assert len({fingerprint(values) for values in [SEEN, *others]}) == 6
