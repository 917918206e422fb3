"""Builds a planned town in a database: its street, partners, teams, accounts and open sessions."""

import hashlib
import secrets
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from geo.osm.roads import read_roads
from responder.domain.ids import AccountId, CircleId, PartnerId, ResponderId, UnitId
from responder.domain.ladder.profile import (
    LadderProfile,
    LadderProfiles,
    Rung,
    StepKind,
    StoredProfiles,
    UnitReach,
)
from responder.domain.map.circle import Circle
from responder.domain.map.unit import Responder, Unit
from responder.domain.people.access import Role
from responder.domain.people.account import Account
from responder.domain.people.partner import Partner, PartnerKind
from responder.ports import Database, Transaction
from responder.security.sign_in import hash_token
from responder.services.imports.roads import import_roads
from tests.faults.rig.town import LAT, Person, Team, Town, lon_at, write_street

TURNOUT_S = 60.0
AT_ONCE = LadderProfile(
    key="at_once",
    name="一次呼叫",
    name_en="All at once",
    enough=1,
    marks=(),
    rungs=(
        Rung(
            name="呼叫所有能按时到的人",
            name_en="Call everyone who can be there in time",
            kind=StepKind.CALL,
            after_s=0,
            reach=(UnitReach.IN_TIME,),
        ),
    ),
)
"""Who is called stays plain however long an incident is open: no one further away is called later."""
BATCH = 500


async def build_town(database: Database, town: Town) -> Town:
    """Store the town; return it with a session token for each account."""
    circle_id = CircleId(town.circle_id)
    circle = Circle(
        id=circle_id, name=f"长街 {town.circle_id}", name_en="Long Street", centre=(lon_at(0), LAT)
    )
    tokens = {person.account_id: secrets.token_urlsafe(32) for person in town.people}
    async with database.begin() as transaction:
        await transaction.circles.add(circle, epoch=secrets.token_hex(8))
        await transaction.ladder_profiles.put(
            StoredProfiles(
                circle_id=circle_id,
                content_hash=hashlib.sha256(AT_ONCE.key.encode()).hexdigest(),
                profiles=LadderProfiles(default=AT_ONCE.key, profiles=(AT_ONCE,)),
                set_at=datetime.now(UTC),
                set_by_name="rig",
            )
        )
        for number, partner_id in enumerate(town.partners):
            partner = Partner(
                id=PartnerId(partner_id),
                circle_id=circle_id,
                kind=PartnerKind.VOLUNTEERS,
                name=f"第{number}村",
                name_en=f"Village {number}",
            )
            await transaction.partners.add(partner)
        await transaction.layer(Unit).add(circle_id, [_unit(team) for team in town.teams])
    people = town.people
    for first in range(0, len(people), BATCH):
        async with database.begin() as transaction:
            for person in people[first : first + BATCH]:
                await _add_account(transaction, circle_id, person, token=tokens[person.account_id])
    async with database.begin() as transaction:
        responders = [_responder(team, person) for team in town.teams for person in team.people]
        await transaction.responders.add(circle_id, responders)
    with tempfile.TemporaryDirectory() as folder:
        street = Path(folder) / "street.osm"
        write_street(street, villages=town.villages)
        await import_roads(database, circle_id=circle_id, read=read_roads(street))

    def with_token(person: Person) -> Person:
        return replace(person, token=tokens[person.account_id])

    return replace(
        town,
        staff=tuple(with_token(person) for person in town.staff),
        teams=tuple(
            replace(team, people=tuple(with_token(person) for person in team.people)) for team in town.teams
        ),
    )


def _unit(team: Team) -> Unit:
    return Unit(
        id=UnitId(team.id),
        partner_id=PartnerId(team.partner_id),
        name=f"第{team.village}村 {team.east_m:.0f} 米",
        name_en=f"Village {team.village} at {team.east_m:.0f} m",
        kind="volunteer",
        profile="foot",
        turnout_s=TURNOUT_S,
        people=len(team.people),
        on_duty=team.on_duty,
        post=(lon_at(team.east_m), LAT),
    )


def _responder(team: Team, person: Person) -> Responder:
    assert person.responder_id is not None
    return Responder(
        id=ResponderId(person.responder_id),
        unit_id=UnitId(team.id),
        partner_id=PartnerId(team.partner_id),
        account_id=AccountId(person.account_id),
        name=f"队员 {str(person.responder_id)[:8]}",
    )


async def _add_account(transaction: Transaction, circle_id: CircleId, person: Person, *, token: str) -> None:
    account_id = AccountId(person.account_id)
    account = Account(id=account_id, username=str(person.account_id), name=f"{person.role} {token[:4]}")
    await transaction.accounts.add(account, "$argon2id$none")
    await transaction.memberships.add(
        circle_id,
        account_id,
        role=Role(person.role),
        partner_id=None if person.partner_id is None else PartnerId(person.partner_id),
    )
    now = datetime.now(UTC)
    await transaction.sessions.add(
        hash_token(token), account_id=account_id, opened_at=now, expires_at=now + timedelta(days=1)
    )
