"""A pact is drafted, changed, and signed by each party as it stands; nobody signs for another."""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from responder.domain.errors import (
    EditConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
    PactNotDraftError,
)
from responder.domain.ids import FacilityId, PactId, PartnerId
from responder.domain.map.facility import Facility
from responder.domain.registers.pact.pact import DutyKind, PactContent, PactState, Period, Renewal
from responder.ports.audit import AuditQuery
from responder.services.people.erase_person import erase_person
from responder.services.people.export_person import export_person
from responder.services.registers.pact.content import NewContent, NewDuty, NewParty
from responder.services.registers.pact.pacts import (
    ShownPact,
    change_pact,
    draft_pact,
    list_pacts,
    show_pact,
    sign_pact,
)
from tests.services.conftest import World

PARTIES = ("community", "property", "hospital", "police")


async def draft(world: World) -> ShownPact:
    return await draft_pact(world.database, viewer=await world.viewer("community"), clock=world.clock)


async def shown(world: World, pact_id: PactId, *, by: str = "community") -> ShownPact:
    viewer = await world.viewer(by)
    return await show_pact(world.database, viewer=viewer, pact_id=pact_id, clock=world.clock)


async def sign(world: World, seen: ShownPact, *, by: str) -> ShownPact:
    return await sign_pact(
        world.database,
        viewer=await world.viewer(by),
        pact_id=seen.pact.id,
        seen_hash=seen.document_hash,
        clock=world.clock,
    )


async def change(
    world: World, seen: ShownPact, content: NewContent, *, version: int | None = None
) -> ShownPact:
    return await change_pact(
        world.database,
        viewer=await world.viewer("community"),
        pact_id=seen.pact.id,
        content=content,
        expected_version=version,
        clock=world.clock,
    )


def as_typed(content: PactContent) -> NewContent:
    return NewContent(
        name=content.name,
        name_en=content.name_en,
        parties=tuple(
            NewParty(partner_id=each.partner_id, signatory=each.signatory) for each in content.parties
        ),
        duties=tuple(
            NewDuty(
                id=each.id,
                kind=each.kind,
                text=each.text,
                text_en=each.text_en,
                owner_id=each.owner_id,
                times=each.times,
                per=each.per,
            )
            for each in content.duties
        ),
        valid_from=content.valid_from,
        valid_until=content.valid_until,
    )


async def test_the_demo_circle_has_one_signed_by_its_four_parties(world: World) -> None:
    found = await list_pacts(world.database, viewer=await world.viewer("observer"), clock=world.clock)
    [only] = found.pacts
    assert only.pact.state is PactState.SIGNED
    assert len(only.pact.signatures) == len(PARTIES)
    assert {each.document_hash for each in only.pact.signatures} == {only.document_hash}
    assert only.waits_for == ()


async def test_the_hash_is_that_of_the_canonical_json_of_what_is_read(world: World) -> None:
    one = await draft(world)
    content = one.pact.content
    plain = {
        "circle": str(world.circle.id),
        "name": content.name,
        "name_en": content.name_en,
        "parties": [
            {
                "partner_id": str(each.partner_id),
                "name": each.name,
                "name_en": each.name_en,
                "signatory": each.signatory,
            }
            for each in content.parties
        ],
        "duties": [
            {
                "id": str(each.id),
                "kind": each.kind.value,
                "text": each.text,
                "text_en": each.text_en,
                "owner_id": None if each.owner_id is None else str(each.owner_id),
                "times": each.times,
                "per": each.per.value,
            }
            for each in content.duties
        ],
        "valid_from": content.valid_from.isoformat(),
        "valid_until": content.valid_until.isoformat(),
        "annex": [
            {name: getattr(each, name) for name in ("kind", "name", "name_en", "owner", "owner_en", "note")}
            for each in one.annex
        ],
    }
    written = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert one.document_hash == hashlib.sha256(written).hexdigest()


async def test_the_last_signature_puts_it_in_the_place_of_the_one_before(world: World) -> None:
    [before] = (
        await list_pacts(world.database, viewer=await world.viewer("observer"), clock=world.clock)
    ).pacts
    one = await draft(world)
    assert (one.pact.number, one.pact.content.duties) == (2, before.pact.content.duties)
    assert one.pact.content.valid_from == before.pact.content.valid_until + timedelta(days=1)
    for by in PARTIES[:-1]:
        one = await sign(world, one, by=by)
        assert one.pact.state is PactState.DRAFT
    assert await states(world) == [PactState.DRAFT, PactState.SIGNED]

    one = await sign(world, one, by=PARTIES[-1])

    assert one.pact.state is PactState.SIGNED
    assert await states(world) == [PactState.SIGNED, PactState.SUPERSEDED]
    with pytest.raises(PactNotDraftError):
        await change(world, one, as_typed(one.pact.content))


async def states(world: World) -> list[PactState]:
    return [each.pact.state for each in await shown_all(world)]


async def test_only_who_directs_a_party_signs_and_for_that_party_alone(world: World) -> None:
    one = await draft(world)
    for stranger in ("hospital.wen", "planner", "observer", "ministation"):
        with pytest.raises(NotAllowedError):
            await sign(world, one, by=stranger)
    hospital = await world.viewer("hospital")
    signed = await sign(world, one, by="hospital")
    assert [each.partner_id for each in signed.pact.signatures] == [hospital.partner_id]
    again = await sign(world, signed, by="hospital")
    assert again.pact.signatures == signed.pact.signatures


async def test_another_text_than_the_one_that_was_read_is_not_signed(world: World) -> None:
    seen = await draft(world)
    content = as_typed(seen.pact.content)
    changed = await change(world, seen, replace(content, name="另一份协议"))
    assert changed.document_hash != seen.document_hash
    with pytest.raises(EditConflictError):
        await sign(world, seen, by="hospital")
    assert (await shown(world, seen.pact.id)).pact.signatures == ()


async def test_a_facility_that_came_since_is_not_signed_unseen_and_after_a_signature_the_annex_stays(
    world: World,
) -> None:
    seen = await draft(world)
    await add_facility(world, "新消火栓")
    with pytest.raises(EditConflictError):
        await sign(world, seen, by="hospital")

    seen = await shown(world, seen.pact.id)
    assert "新消火栓" in {each.name for each in seen.annex}
    signed = await sign(world, seen, by="hospital")
    await add_facility(world, "更新的消火栓")

    again = await shown(world, seen.pact.id)
    assert (again.annex, again.document_hash) == (signed.annex, seen.document_hash)
    await sign(world, again, by="police")


async def add_facility(world: World, name: str) -> None:
    async with world.database.begin() as transaction:
        first = (await transaction.layer(Facility).of_circle(world.circle.id))[0]
        new = replace(first, id=FacilityId(uuid4()), name=name)
        await transaction.layer(Facility).add(world.circle.id, [new])


async def test_a_change_voids_signatures_and_the_same_again_does_not(world: World) -> None:
    one = await sign(world, await draft(world), by="hospital")
    content = as_typed(one.pact.content)
    same = await change(world, one, content)
    assert (same.pact.version, len(same.pact.signatures)) == (1, 1)

    duty = NewDuty(kind=DutyKind.PUBLICITY, text="  开学前进校园  ", times=1, per=Period.YEAR)
    changed = await change(world, one, replace(content, duties=(*content.duties, duty)), version=1)

    assert changed.pact.signatures == ()
    assert changed.pact.content.duties[:-1] == one.pact.content.duties
    assert changed.pact.content.duties[-1].text == "开学前进校园"
    with pytest.raises(EditConflictError):
        await change(world, one, content, version=1)
    assert await actions(world) == ["pact_drafted", "pact_signed", "pact_changed"]


async def actions(world: World) -> list[str]:
    async with world.database.begin() as transaction:
        found = await transaction.audit.search(world.circle.id, AuditQuery())
    return [each.action for each in reversed(found) if each.action.startswith("pact_")]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "长" * 101}),
        ("name", {"name": "a\x00b"}),
        ("parties", {"parties": (NewParty(partner_id=PartnerId(uuid4())),)}),
        ("valid_until", {"valid_until": date(2020, 1, 1)}),
        ("valid_until", {"valid_until": date(2199, 1, 1)}),
        ("text", {"duties": (NewDuty(kind=DutyKind.RESCUE, text=" "),)}),
        ("times", {"duties": (NewDuty(kind=DutyKind.RESCUE, text="x", times=32),)}),
        (
            "owner_id",
            {"duties": (NewDuty(kind=DutyKind.RESCUE, text="x", owner_id=PartnerId(uuid4())),)},
        ),
        ("duties", {"duties": (NewDuty(kind=DutyKind.RESCUE, text="x"),) * 41}),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    world: World, field: str, changes: dict[str, object]
) -> None:
    one = await draft(world)
    with pytest.raises(InvalidValueError) as refused:
        await change(world, one, replace(as_typed(one.pact.content), **changes))  # type: ignore[arg-type]
    assert refused.value.detail["field"] == field
    assert (await shown(world, one.pact.id)).pact == one.pact


async def test_there_is_one_draft_at_a_time_and_none_of_another_circle(world: World) -> None:
    await draft(world)
    with pytest.raises(EditConflictError):
        await draft(world)
    with pytest.raises(NotFoundError):
        await shown(world, PactId(uuid4()))


@pytest.mark.parametrize(
    ("days", "renewal"),
    [(-61, Renewal.NONE), (-60, Renewal.SOON), (0, Renewal.SOON), (1, Renewal.OVERDUE)],
)
async def test_renewal_is_asked_for_from_sixty_days_before_the_end(
    world: World, days: int, renewal: Renewal
) -> None:
    [pact] = (
        await list_pacts(world.database, viewer=await world.viewer("observer"), clock=world.clock)
    ).pacts
    ends = pact.pact.content.valid_until
    assert pact.pact.renewal(ends + timedelta(days=days)) is renewal


async def test_an_erased_persons_signature_stays_without_the_name_and_under_the_same_hash(
    world: World,
) -> None:
    [before] = await shown_all(world)
    name = next(each.account_name for each in before.pact.signatures if "医院" in each.account_name)
    told = await export_person(world.database, username="hospital", clock=world.clock)
    assert [each["account_name"] for each in told["pact_signatures"]] == [name]

    await erase_person(world.database, username="hospital", clock=world.clock)

    [after] = await shown_all(world)
    assert len(after.pact.signatures) == len(PARTIES)
    assert name not in {each.account_name for each in after.pact.signatures}
    assert [each.account_id for each in after.pact.signatures].count(None) == 1
    assert after.document_hash == before.document_hash


async def shown_all(world: World) -> tuple[ShownPact, ...]:
    found = await list_pacts(world.database, viewer=await world.viewer("observer"), clock=world.clock)
    return found.pacts
