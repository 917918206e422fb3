"""The annex of a pact: the facilities that its parties share."""

from collections.abc import Iterable, Sequence

from responder.domain.map.facility import Facility, FacilityState
from responder.domain.map.gate import Gate
from responder.domain.registers.pact.pact import AnnexRow, PactParty


def annex_rows(
    parties: Sequence[PactParty], facilities: Iterable[Facility], gates: Iterable[Gate]
) -> tuple[AnnexRow, ...]:
    """
    Return the facilities of the parties and those without an owner, and the gates, in one order.

    What is out of service at the moment is shared too, what was removed is not.
    """
    by_id = {each.partner_id: each for each in parties}
    rows = []
    for each in facilities:
        owner = None if each.partner_id is None else by_id.get(each.partner_id)
        if each.state is FacilityState.REMOVED or (owner is None and each.partner_id is not None):
            continue
        rows.append(
            AnnexRow(
                kind=each.kind.value,
                name=each.name,
                name_en=each.name_en,
                owner="" if owner is None else owner.name,
                owner_en="" if owner is None else owner.name_en,
                note=each.note,
            )
        )
    # Not who holds the keys: those are people.
    rows += [
        AnnexRow(kind="gate", name=each.name, name_en=each.name_en, owner="", owner_en="", note=each.note)
        for each in gates
    ]
    return tuple(sorted(rows, key=lambda each: (each.kind, each.name, each.owner, each.note)))
