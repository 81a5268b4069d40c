"""Writes the kept request bodies anew: ``make golden``."""

from tests.golden import subledger
from tests.golden.files import write

for name, payloads in subledger.FILES.items():
    write(name, payloads)
