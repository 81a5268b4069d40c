"""How often a process of ours looks for circular garbage."""

import gc

_OBJECTS = 5_000
"""New objects after which Python looks, in place of 700.

Four times as many cost an import on PostgreSQL 20 MB more: circles of statements hold the ids of
whole pages.
"""

_ROUNDS = 5
"""Looks among the newest after which it looks among the older ones too."""


def collect_seldom() -> None:
    """Let what is loaded by now be, and look for circular garbage less often.

    An import, a load or an export makes objects by the hundred thousand and hardly a circle among
    them: as often as Python looks by itself, a third of the time goes into looking.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, _ROUNDS, _ROUNDS)
