"""What is kept of one person anywhere: shown to them, or erased; and what is kept no longer."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, delete, false, func, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId, UnitId
from responder.domain.incidents.delivery import NOT_COUNTED_ON
from responder.store.channels.channel_tables import CONTACT, QUIET_HOURS
from responder.store.channels.message_tables import MESSAGE
from responder.store.drills.drill import DRILL
from responder.store.drills.drill_run import DRILL_RUN
from responder.store.drills.finding import FINDING
from responder.store.drills.observation import OBSERVATION
from responder.store.drills.replay import DRILL_BASE, DRILL_TRACK
from responder.store.imports.import_tables import FEATURE_IMPORT
from responder.store.incidents.delivery import DELIVERY
from responder.store.incidents.event import EVENT
from responder.store.incidents.idempotency import IDEMPOTENCY
from responder.store.incidents.incident_table import INCIDENT
from responder.store.incidents.ladder import LADDER_STEP
from responder.store.incidents.ladder_profiles import LADDER_PROFILES
from responder.store.incidents.neighbour import NEIGHBOUR
from responder.store.incidents.proposal import PROPOSAL
from responder.store.incidents.receipt import RECEIPT
from responder.store.incidents.roll_call import ROLL_CALL_MARK
from responder.store.map.layer_table import LayerTable
from responder.store.map.layers import LAYERS
from responder.store.map.position import POSITION
from responder.store.map.unit import UNIT
from responder.store.people.account import ACCOUNT
from responder.store.people.invitation import INVITATION
from responder.store.people.live_ticket import LIVE_TICKET
from responder.store.people.membership import MEMBERSHIP
from responder.store.people.personal_bodies import erase_names
from responder.store.people.responder_table import RESPONDER
from responder.store.people.session import SESSION
from responder.store.reach.profile_table import PROFILE_TABLE
from responder.store.registers.hazard_life import HAZARD_STEP
from responder.store.registers.household import HOUSEHOLD
from responder.store.registers.inspection import INSPECTION
from responder.store.registers.pact.duty_record import DUTY_RECORD
from responder.store.registers.pact.pact import PACT, SIGNATURE
from responder.store.registers.pact.roster import PATTERN, SHIFT
from responder.store.registers.report import REPORT

_SECRET = frozenset(
    {
        *(
            "password_hash",
            "link_key",
            "token_hash",
            "geometry",
            "body",
            "response_circle",
            "request_hash",
            "code_hashes",
        ),
        *("texts", "area", "refers_to", "warnings", "annex", "asked_id"),
    }
)
"""Columns left out of an export: secrets, and what is about a place or said by others."""

_PEOPLE = (
    *("made_by", "used_by", "ended_by_name"),
    *("received_by", "received_by_name", "decided_by", "decided_by_name"),
    *("created_by", "created_by_name", "changed_by", "changed_by_name"),
    *("closed_by", "closed_by_name", "owner_name"),
)
"""Columns that may be about another person."""

_DECIDED_REPORT = select(
    *(
        REPORT.c[name]
        for name in (
            *("circle_id", "id", "state", "reason", "hazard_id"),
            *("decided_at", "decided_by", "decided_by_name"),
        )
    )
).subquery("decided_report")
"""What a person decided; what the resident said is not about them."""

_BY_IN_PACTS = ("created_by", "changed_by")
_BY_IN_FINDINGS = ("created_by", "changed_by", "closed_by")


class PostgresPersonalData:
    """What is kept of one person, and for how long."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_account(self, account_id: AccountId) -> dict[str, Any]:
        """Return everything that is kept of the account, by what it is; of others nothing that names them."""
        kept = {name: await self._rows(table, where) for name, (table, where) in _places(account_id).items()}
        own = {account_id, *(account["name"] for account in kept["account"])}
        for layer, column, rows in await self._named(await self.circles_of(account_id), own):
            # Of others in the same list nothing is told.
            kept[layer.name] = [
                {"circle_id": row.circle_id, "id": row.id, "name": row.name, column: mine}
                for row in rows
                if (mine := [each for each in getattr(row, column) if each["name"] in own])
            ]
        # Only that they were written down: what stands there is about those who live there.
        kept["households_recorded"] = await self._recorded_households(account_id)
        by_several = ("invitations", "incidents_raised", "proposals", "drills", "findings", "pacts")
        for row in (row for name in by_several for row in kept[name]):
            row.update({column: None for column in _PEOPLE if column in row and row[column] not in own})
        return kept

    async def circles_of(self, account_id: AccountId) -> frozenset[CircleId]:
        kept = union(
            select(MEMBERSHIP.c.circle_id).where(MEMBERSHIP.c.account_id == account_id),
            select(RESPONDER.c.circle_id).where(RESPONDER.c.account_id == account_id),
            select(INCIDENT.c.circle_id).where(INCIDENT.c.raised_by == account_id),
            select(FEATURE_IMPORT.c.circle_id).where(FEATURE_IMPORT.c.account_id == account_id),
            select(PROPOSAL.c.circle_id).where(_proposals_of(account_id)),
            select(DRILL.c.circle_id).where(_drills_of(account_id)),
            select(OBSERVATION.c.circle_id).where(OBSERVATION.c.by == account_id),
            select(FINDING.c.circle_id).where(_findings_of(account_id)),
            select(ROLL_CALL_MARK.c.circle_id).where(ROLL_CALL_MARK.c.by == account_id),
            select(HAZARD_STEP.c.circle_id).where(HAZARD_STEP.c.by == account_id),
            select(HOUSEHOLD.c.circle_id).where(_households_of(account_id)),
            select(REPORT.c.circle_id).where(REPORT.c.decided_by == account_id),
            select(INSPECTION.c.circle_id).where(INSPECTION.c.by == account_id),
            select(PACT.c.circle_id).where(_pacts_of(account_id)),
            select(SIGNATURE.c.circle_id).where(SIGNATURE.c.account_id == account_id),
            select(DUTY_RECORD.c.circle_id).where(DUTY_RECORD.c.created_by == account_id),
        )
        return frozenset(CircleId(each) for each in (await self._connection.execute(kept)).scalars())

    async def erase(self, account_id: AccountId, *, name: str) -> dict[str, int]:
        own_name = (
            await self._connection.execute(select(ACCOUNT.c.name).where(ACCOUNT.c.id == account_id))
        ).scalar_one()
        mine = RESPONDER.c.account_id == account_id
        people = (await self._connection.execute(select(RESPONDER).where(mine))).all()
        recipients = [each.id for each in people]
        circles = await self.circles_of(account_id)
        ids = {str(account_id), *map(str, recipients)}
        done = {
            "events": await erase_names(self._connection, EVENT, circles, ids, own_name=own_name, name=name),
            "drill_runs": sum(
                [
                    await erase_names(self._connection, table, circles, ids, own_name=own_name, name=name)
                    for table in (DRILL_RUN, DRILL_BASE)
                ]
            ),
            "observations": await self._count(
                update(OBSERVATION).where(OBSERVATION.c.by == account_id).values(by=None, by_name=name)
            ),
            "roll_call_marks": await self._count(
                update(ROLL_CALL_MARK).where(ROLL_CALL_MARK.c.by == account_id).values(by=None, by_name=name)
            ),
            "inspections": await self._count(
                update(INSPECTION).where(INSPECTION.c.by == account_id).values(by=None, by_name=name)
            ),
            "findings": sum(
                [
                    await self._count(
                        update(FINDING)
                        .where(FINDING.c[by] == account_id)
                        .values({by: None, f"{by}_name": name})
                    )
                    for by in _BY_IN_FINDINGS
                ]
            )
            # Who is to do it is written by name alone: namesakes in these circles are erased too.
            + await self._count(
                update(FINDING)
                .where(FINDING.c.owner_name == own_name, FINDING.c.circle_id.in_(circles))
                .values(owner_name=name)
            ),
            "hazard_steps": await self._count(
                update(HAZARD_STEP).where(HAZARD_STEP.c.by == account_id).values(by=None, by_name=name)
            ),
            # That a party agreed stays, and to what: the hash covers no name of a person.
            "pact_signatures": await self._count(
                update(SIGNATURE)
                .where(SIGNATURE.c.account_id == account_id)
                .values(account_id=None, account_name=name)
            ),
            "pacts": sum(
                [
                    await self._count(
                        update(PACT).where(PACT.c[by] == account_id).values({by: None, f"{by}_name": name})
                    )
                    for by in _BY_IN_PACTS
                ]
            ),
            "duty_records": await self._count(
                update(DUTY_RECORD)
                .where(DUTY_RECORD.c.created_by == account_id)
                .values(created_by=None, created_by_name=name)
            ),
            "roster": sum(
                [
                    await self._count(delete(table).where(table.c.responder_id.in_(recipients)))
                    for table in (SHIFT, PATTERN)
                ]
            ),
            "deliveries": await self._count(
                update(DELIVERY).where(DELIVERY.c.recipient_id.in_(recipients)).values(recipient_name=name)
            ),
            "incidents": await self._count(
                update(INCIDENT).where(INCIDENT.c.raised_by == account_id).values(raised_by_name=name)
            )
            # Who ended it is stored by name alone: namesakes in these circles are erased too.
            + await self._count(
                update(INCIDENT)
                .where(
                    INCIDENT.c.ended_by_name == own_name,
                    INCIDENT.c.circle_id.in_(circles),
                )
                .values(ended_by_name=name)
            ),
            "ladder_steps": await self._rename_steps(circles, account_id, name),
            "ladders": await self._count(
                update(LADDER_PROFILES)
                .where(LADDER_PROFILES.c.set_by_name == own_name, LADDER_PROFILES.c.circle_id.in_(circles))
                .values(set_by_name=name)
            ),
            "neighbours": await self._count(
                update(NEIGHBOUR)
                .where(NEIGHBOUR.c.set_by_name == own_name, NEIGHBOUR.c.circle_id.in_(circles))
                .values(set_by_name=name)
            ),
            "positions": await self._count(
                delete(POSITION).where(or_(false(), *(_while_in_unit(POSITION, each) for each in people)))
            ),
            "drill_tracks": await self._count(
                delete(DRILL_TRACK).where(
                    or_(false(), *(_while_in_unit(DRILL_TRACK, each) for each in people))
                )
            ),
            "receipts": await self._count(
                update(RECEIPT).where(RECEIPT.c.account_id == account_id).values(device="")
            ),
            "idempotency_keys": await self._count(
                delete(IDEMPOTENCY).where(IDEMPOTENCY.c.account_id == account_id)
            ),
            "units": await self._count(
                update(RESPONDER)
                .where(mine)
                .values(
                    name=name,
                    phone="",
                    account_id=None,
                    left_at=func.coalesce(RESPONDER.c.left_at, func.now()),
                )
            ),
            "contacts": await self._count(delete(CONTACT).where(CONTACT.c.account_id == account_id)),
            "quiet_hours": await self._count(
                delete(QUIET_HOURS).where(QUIET_HOURS.c.account_id == account_id)
            ),
            # That a message went out stays, without to whom: the address was with the contact alone.
            "messages": await self._count(
                delete(MESSAGE).where(MESSAGE.c.account_id == account_id, MESSAGE.c.alert_id.is_(None))
            )
            + await self._count(
                update(MESSAGE)
                .where(MESSAGE.c.account_id == account_id)
                .values(account_id=None, contact_id=None, detail="", service_message_id=None)
            ),
            "sessions": await self._count(delete(SESSION).where(SESSION.c.account_id == account_id)),
            "memberships": await self._count(delete(MEMBERSHIP).where(MEMBERSHIP.c.account_id == account_id)),
            "profiles": await self._count(
                update(PROFILE_TABLE)
                .where(PROFILE_TABLE.c.set_by_name == own_name, PROFILE_TABLE.c.circle_id.in_(circles))
                .values(set_by_name=name)
            ),
            "imports": await self._count(
                update(FEATURE_IMPORT)
                .where(FEATURE_IMPORT.c.account_id == account_id)
                .values(account_id=None, account_name=name)
            ),
            "proposals": await self._count(
                update(PROPOSAL)
                .where(PROPOSAL.c.received_by == account_id)
                .values(received_by=None, received_by_name=name)
            )
            + await self._count(
                update(PROPOSAL)
                .where(PROPOSAL.c.decided_by == account_id)
                .values(decided_by=None, decided_by_name=name)
            ),
            "reports": await self._count(
                update(REPORT)
                .where(REPORT.c.decided_by == account_id)
                .values(decided_by=None, decided_by_name=name)
            ),
            "drills": await self._count(
                update(DRILL)
                .where(DRILL.c.created_by == account_id)
                .values(created_by=None, created_by_name=name)
            )
            + await self._count(
                update(DRILL)
                .where(DRILL.c.changed_by == account_id)
                .values(changed_by=None, changed_by_name=name)
            ),
            "households": await self._rename_in_households(account_id, name),
            "invitations": await self._count(
                update(INVITATION).where(INVITATION.c.used_by == account_id).values(used_by=None, note="")
            )
            + await self._count(
                update(INVITATION).where(INVITATION.c.made_by == account_id).values(made_by=None)
            ),
        }
        for layer, column, rows in await self._named(circles, {own_name}):
            done[layer.name] = len(rows)
            for row in rows:
                listed: list[dict[str, Any]] = getattr(row, column)
                blanked = [_blank(each, name) if each["name"] == own_name else each for each in listed]
                where = and_(layer.table.c.circle_id == row.circle_id, layer.table.c.id == row.id)
                await self._connection.execute(update(layer.table).where(where).values({column: blanked}))
        await self._connection.execute(delete(ACCOUNT).where(ACCOUNT.c.id == account_id))
        return done

    async def may_be_followed(self, circle_id: CircleId, unit_id: UnitId) -> bool:
        on_an_alert = (
            select(DELIVERY.c.alert_id)
            .join(
                INCIDENT,
                (INCIDENT.c.circle_id == DELIVERY.c.circle_id) & (INCIDENT.c.id == DELIVERY.c.incident_id),
            )
            .where(
                DELIVERY.c.circle_id == circle_id,
                DELIVERY.c.unit_id == unit_id,
                DELIVERY.c.state.not_in([each.value for each in NOT_COUNTED_ON]),
                INCIDENT.c.ended_at.is_(None),
            )
            .exists()
        )
        found = await self._connection.execute(
            select(or_(UNIT.c.on_duty, on_an_alert)).where(
                UNIT.c.circle_id == circle_id, UNIT.c.id == unit_id
            )
        )
        return bool(found.scalar_one_or_none())

    async def delete_positions(self, *, before: datetime) -> int:
        return await self._count(delete(POSITION).where(POSITION.c.stored_at < before))

    async def delete_tickets(self, *, now: datetime) -> int:
        return await self._count(delete(LIVE_TICKET).where(LIVE_TICKET.c.expires_at <= now))

    async def delete_keys(self, *, before: datetime) -> int:
        return await self._count(delete(IDEMPOTENCY).where(IDEMPOTENCY.c.at < before))

    async def _recorded_households(self, account_id: AccountId) -> list[dict[str, Any]]:
        columns = HOUSEHOLD.c
        found = await self._connection.execute(
            select(columns.circle_id, columns.id, columns.changed_at).where(_households_of(account_id))
        )
        return [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name for it

    async def _rename_in_households(self, account_id: AccountId, name: str) -> int:
        changed = await self._count(
            update(HOUSEHOLD)
            .where(HOUSEHOLD.c.changed_by == account_id)
            .values(changed_by=None, changed_by_name=name)
        )
        return changed + await self._count(
            update(HOUSEHOLD)
            .where(HOUSEHOLD.c.consent_recorded_by == account_id)
            .values(consent_recorded_by=None, consent_recorded_by_name=name)
        )

    async def _named(
        self, circles: Collection[CircleId], names: Collection[Any]
    ) -> list[tuple[LayerTable[Any], str, Sequence[Any]]]:
        """Return the layers that name people, each with its column and the rows in which one of them is."""
        found = []
        for layer in LAYERS.values():
            for column in layer.people:
                listed = or_(
                    false(), *(layer.table.c[column].contains([{"name": name}]) for name in map(str, names))
                )
                query = select(layer.table).where(layer.table.c.circle_id.in_(circles), listed)
                found.append((layer, column, (await self._connection.execute(query)).all()))
        return found

    async def _rows(self, table: Any, where: ColumnElement[bool]) -> list[dict[str, Any]]:  # noqa: ANN401 - a table
        columns = [column for column in table.columns if column.name not in _SECRET]
        found = await self._connection.execute(select(*columns).where(where))
        return [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name for it

    async def _count(self, statement: Any) -> int:  # noqa: ANN401 - an update or a delete
        done = await self._connection.execute(statement)
        return int(done.rowcount)

    async def _rename_steps(self, circles: Collection[CircleId], account_id: AccountId, name: str) -> int:
        named = func.jsonb_set(LADDER_STEP.c.body, ["by_name"], func.to_jsonb(cast(name, Text)))
        return await self._count(
            update(LADDER_STEP)
            .where(LADDER_STEP.c.circle_id.in_(circles), LADDER_STEP.c.body["by"].astext == str(account_id))
            .values(body=named)
        )


def _places(account_id: AccountId) -> dict[str, tuple[Any, ColumnElement[bool]]]:
    people = select(RESPONDER.c.id).where(RESPONDER.c.account_id == account_id)
    units = select(RESPONDER.c.unit_id).where(
        RESPONDER.c.account_id == account_id, RESPONDER.c.left_at.is_(None)
    )
    return {
        "account": (ACCOUNT, ACCOUNT.c.id == account_id),
        "memberships": (MEMBERSHIP, MEMBERSHIP.c.account_id == account_id),
        "units": (RESPONDER, RESPONDER.c.account_id == account_id),
        "sessions": (SESSION, SESSION.c.account_id == account_id),
        "positions_of_own_units": (POSITION, POSITION.c.unit_id.in_(units)),
        "drill_tracks_of_own_units": (DRILL_TRACK, DRILL_TRACK.c.unit_id.in_(units)),
        "alerts_received": (DELIVERY, DELIVERY.c.recipient_id.in_(people)),
        "receipts": (RECEIPT, RECEIPT.c.account_id == account_id),
        "incidents_raised": (INCIDENT, INCIDENT.c.raised_by == account_id),
        "ladder_steps_by_hand": (LADDER_STEP, LADDER_STEP.c.body["by"].astext == str(account_id)),
        "imports": (FEATURE_IMPORT, FEATURE_IMPORT.c.account_id == account_id),
        "proposals": (PROPOSAL, _proposals_of(account_id)),
        "drills": (DRILL, _drills_of(account_id)),
        "observations": (OBSERVATION, OBSERVATION.c.by == account_id),
        "roll_call_marks": (ROLL_CALL_MARK, ROLL_CALL_MARK.c.by == account_id),
        "hazard_steps": (HAZARD_STEP, HAZARD_STEP.c.by == account_id),
        "findings": (FINDING, _findings_of(account_id)),
        "reports": (_DECIDED_REPORT, _DECIDED_REPORT.c.decided_by == account_id),
        "inspections": (INSPECTION, INSPECTION.c.by == account_id),
        "pacts": (PACT, _pacts_of(account_id)),
        "pact_signatures": (SIGNATURE, SIGNATURE.c.account_id == account_id),
        "duty_records": (DUTY_RECORD, DUTY_RECORD.c.created_by == account_id),
        "roster_shifts": (SHIFT, SHIFT.c.responder_id.in_(people)),
        "roster_patterns": (PATTERN, PATTERN.c.responder_id.in_(people)),
        "invitations": (
            INVITATION,
            or_(INVITATION.c.made_by == account_id, INVITATION.c.used_by == account_id),
        ),
        "contacts": (CONTACT, CONTACT.c.account_id == account_id),
        "quiet_hours": (QUIET_HOURS, QUIET_HOURS.c.account_id == account_id),
        "messages": (MESSAGE, MESSAGE.c.account_id == account_id),
        "requests": (IDEMPOTENCY, IDEMPOTENCY.c.account_id == account_id),
    }


def _proposals_of(account_id: AccountId) -> ColumnElement[bool]:
    return or_(PROPOSAL.c.received_by == account_id, PROPOSAL.c.decided_by == account_id)


def _drills_of(account_id: AccountId) -> ColumnElement[bool]:
    return or_(DRILL.c.created_by == account_id, DRILL.c.changed_by == account_id)


def _pacts_of(account_id: AccountId) -> ColumnElement[bool]:
    return or_(*(PACT.c[by] == account_id for by in _BY_IN_PACTS))


def _findings_of(account_id: AccountId) -> ColumnElement[bool]:
    return or_(*(FINDING.c[by] == account_id for by in _BY_IN_FINDINGS))


def _households_of(account_id: AccountId) -> ColumnElement[bool]:
    return or_(HOUSEHOLD.c.changed_by == account_id, HOUSEHOLD.c.consent_recorded_by == account_id)


def _blank(person: dict[str, Any], name: str) -> dict[str, Any]:
    return {**dict.fromkeys(person, ""), "name": name}


def _while_in_unit(table: Table, person: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a row
    """Places of a unit from before the person left it."""
    in_unit = table.c.unit_id == person.unit_id
    return in_unit if person.left_at is None else and_(in_unit, table.c.stored_at <= person.left_at)
