"""Writes the kept request bodies anew: ``make golden``."""

from tests.golden import journals, subledger
from tests.golden.files import write

for name, payloads in (subledger.FILES | journals.FILES).items():
    write(name, payloads)
