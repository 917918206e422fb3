"""How one list of injects differs from another."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from responder.domain.drills.plan import Inject


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedInject:
    """An inject that is there before and after, and differs."""

    number: int
    fields: tuple[str, ...]
    """Names of the fields that differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectChanges:
    """What becomes of a list of injects, by number."""

    added: tuple[int, ...]
    changed: tuple[ChangedInject, ...]
    removed: tuple[int, ...]
    unchanged: int
    """How many stay as they are."""


def inject_changes(before: Iterable[Inject], after: Iterable[Inject]) -> InjectChanges:
    """Return what changes between two lists whose numbers are unique."""
    old = {inject.number: inject for inject in before}
    new = {inject.number: inject for inject in after}
    both = sorted(old.keys() & new.keys())
    differing = {number: _differing(old[number], new[number]) for number in both}
    changed = tuple(
        ChangedInject(number=number, fields=names) for number, names in differing.items() if names
    )
    return InjectChanges(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=changed,
        removed=tuple(sorted(old.keys() - new.keys())),
        unchanged=len(both) - len(changed),
    )


def _differing(before: Inject, after: Inject) -> tuple[str, ...]:
    names = (field.name for field in fields(Inject))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
