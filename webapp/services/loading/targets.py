"""Which codes the names of a file stand for, and where two names get in each other's way."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webapp.domain.ingest.values import same_name


@dataclass(frozen=True)
class Target:
    """What a name of the file stands for: a code, or the reason why it stands for nothing."""

    code: str
    name: str
    reason: str | None = None


def targets(
    names: Iterable[str], code_of: Callable[[str], str | None], is_listed: Callable[[str], bool]
) -> dict[str, Target]:
    """Find the code of every name; two names may share one only where a person listed them so."""
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(same_name(name), name)
    sharing: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(spelled.values()):
        sharing[code_of(name) or ""].append(name)
    found = {}
    for key, name in spelled.items():
        code = code_of(name)
        reason = None
        others = [one for one in sharing[code or ""] if one != name]
        if code is None:
            reason = f"“{name}” is not listed in the mapping, which refuses unlisted names"
        elif others and not is_listed(name):
            reason = (
                f"“{name}” and “{others[0]}” both make the code {code}: give one of them a code "
                "of its own in the mapping"
            )
        found[key] = Target(code or "", name, reason)
    return found


def other_name(what: str, code: str, known: str, name: str) -> str | None:
    """Refuse a made code that is already in use for another name."""
    if same_name(known) == same_name(name):
        return None
    return (
        f"the code {code} made for “{name}” is already that of {what} “{known}”: give “{name}” a "
        "code of its own in the mapping"
    )
