"""Queue the messages of an alert in the transaction that adds its deliveries."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.channels.contact import LOCAL_ZONE
from responder.domain.channels.proof import ALERT_LASTS, CORRECTION_LASTS, GRACE_S
from responder.domain.channels.service import CHANNEL_TIMEOUT_S
from responder.domain.ids import AlertId, CircleId
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.store.incidents.alert_catalogue import PostgresAlertCatalogues

MESSAGE_CHANNEL = "responder_message"
"""Where those who send are woken: the id of the circle, nothing else."""

_LOOK = text(f"""
    SELECT bool_or(alert.message_type <> 'Alert') AS corrects,
           bool_or(alert.message_type = 'Cancel') AS cancels, min(incident.severity) AS severity,
           max(pg_notify('{MESSAGE_CHANNEL}', CAST(CAST(:circle_id AS uuid) AS text))::text) AS woken
    FROM alert
    JOIN incident ON incident.circle_id = alert.circle_id AND incident.id = alert.incident_id
    WHERE alert.circle_id = :circle_id AND alert.id = ANY (:alert_ids)
      AND EXISTS (SELECT FROM channel_service WHERE circle_id = :circle_id AND removed_at IS NULL)
""")  # noqa: S608 - the channel is the constant above
# Looked up for each person by keys (OFFSET 0 keeps it so): without statistics, as after an import, the
# planner would join a thousand people with a thousand contacts pair by pair.
_CALLED = """
    WITH about AS MATERIALIZED (
        SELECT alert.id AS alert_id, alert.exercise, alert.message_type, alert.reference_ids,
               alert.incident_id, incident.severity
        FROM alert
        JOIN incident ON incident.circle_id = alert.circle_id AND incident.id = alert.incident_id
        WHERE alert.circle_id = :circle_id AND alert.id = ANY (:alert_ids)
    ), called AS MATERIALIZED (
        SELECT about.*, given.recipient_id, responder.account_id,
               CASE WHEN about.message_type = 'Alert' THEN false ELSE EXISTS (
                   SELECT FROM responder AS same
                   CROSS JOIN LATERAL (
                       SELECT FROM delivery AS earlier
                       WHERE earlier.circle_id = :circle_id AND earlier.alert_id = ANY (about.reference_ids)
                         AND earlier.recipient_id = same.id
                       LIMIT 1
                   ) AS told
                   WHERE same.circle_id = :circle_id AND same.account_id = responder.account_id
               ) END AS was_told
        FROM unnest(CAST(:alerts AS uuid[]), CAST(:recipient_ids AS uuid[])) AS given (alert_id, recipient_id)
        CROSS JOIN LATERAL (
            SELECT account_id FROM responder
            WHERE circle_id = :circle_id AND id = given.recipient_id AND account_id IS NOT NULL
            OFFSET 0
        ) AS responder
        JOIN about ON about.alert_id = given.alert_id
    )
"""
# A person without an account has no contacts. All channels of a person are planned at once: one who confirms
# before the next is due is not sent it. What is due is judged again before it is sent.
_CALL = text(f"""{_CALLED}
    , person AS (
        SELECT called.*, quiet_hours.account_id IS NOT NULL AND called.severity <> 'red'
               AND CASE WHEN from_minute < until_minute
                        THEN now_minute >= from_minute AND now_minute < until_minute
                        ELSE now_minute >= from_minute OR now_minute < until_minute END AS is_quiet
        FROM called
        CROSS JOIN (
            SELECT CAST(extract(hour FROM local.at) * 60 + extract(minute FROM local.at) AS integer)
                   AS now_minute
            FROM (SELECT CAST(:now AS timestamptz) AT TIME ZONE :zone AS at) AS local
        ) AS clock
        LEFT JOIN quiet_hours ON quiet_hours.circle_id = :circle_id
             AND quiet_hours.account_id = called.account_id
        WHERE NOT called.was_told
    )
    INSERT INTO outgoing_message (
        circle_id, id, service_id, contact_id, account_id, recipient_id, incident_id, alert_id, purpose,
        exercise, severity, priority, turn, state, reason, queued_at, due_at, expires_at, attempts,
        unknown_outcomes, detail)
    SELECT :circle_id, gen_random_uuid(), planned.service_id, planned.contact_id, planned.account_id,
           planned.recipient_id, planned.incident_id, planned.alert_id, 'alert', planned.exercise,
           planned.severity, 9 + array_position(ARRAY['red', 'orange', 'yellow', 'blue'], planned.severity),
           planned.turn, CASE WHEN is_quiet THEN 'stopped' ELSE 'queued' END,
           CASE WHEN is_quiet THEN 'quiet_hours' ELSE '' END, :now,
           :held_until + make_interval(secs => :grace_s + planned.turn * COALESCE(
               (SELECT next_channel_after_s FROM channel_policy WHERE circle_id = :circle_id), :after_s)),
           :held_until + :lasts, 0, 0, ''
    FROM (
        SELECT person.*, contact.service_id, contact.id AS contact_id,
               row_number() OVER (
                   PARTITION BY person.alert_id, person.account_id
                   ORDER BY contact.turn, contact.id) - 1 AS turn
        FROM person
        CROSS JOIN LATERAL (
            SELECT id, service_id, turn FROM contact
            WHERE circle_id = :circle_id AND account_id = person.account_id AND verified_at IS NOT NULL
            OFFSET 0
        ) AS contact
        JOIN channel_service AS service ON service.circle_id = :circle_id
             AND service.id = contact.service_id AND service.enabled AND service.removed_at IS NULL
             AND NOT (person.exercise AND service.outside_public)
    ) AS planned
    ON CONFLICT DO NOTHING
""")  # noqa: S608 - the words above
_STOP = text("""
    UPDATE outgoing_message AS message SET state = 'stopped', reason = 'incident_ended'
    FROM alert
    WHERE alert.circle_id = :circle_id AND alert.id = ANY (:alert_ids) AND alert.message_type = 'Cancel'
      AND message.circle_id = :circle_id AND message.alert_id = ANY (alert.reference_ids)
      AND message.state = 'queued'
""")
# After `_STOP` in a statement of its own: it waits for what is being claimed just now, and this sees it.
_CORRECT = text(f"""{_CALLED}
    INSERT INTO outgoing_message (
        circle_id, id, service_id, contact_id, account_id, recipient_id, incident_id, alert_id, purpose,
        exercise, severity, priority, turn, state, reason, queued_at, due_at, expires_at, attempts,
        unknown_outcomes, detail)
    SELECT DISTINCT ON (called.alert_id, called.account_id, earlier.service_id)
           :circle_id, gen_random_uuid(), earlier.service_id, earlier.contact_id, called.account_id,
           called.recipient_id, called.incident_id, called.alert_id, 'correction', called.exercise,
           called.severity, 0, earlier.turn, 'queued', '', :now, :now, :now + :lasts, 0, 0, ''
    FROM called
    CROSS JOIN LATERAL (
        SELECT * FROM outgoing_message
        WHERE circle_id = :circle_id AND alert_id = ANY (called.reference_ids)
          AND account_id = called.account_id
        OFFSET 0
    ) AS earlier
    WHERE called.message_type <> 'Alert' AND (
        earlier.state IN ('sent', 'accepted', 'delivered', 'opened', 'answered')
        OR earlier.unknown_outcomes > 0)
    ORDER BY called.alert_id, called.account_id, earlier.service_id, earlier.queued_at DESC
    ON CONFLICT DO NOTHING
""")  # noqa: S608 - the words above


async def queue_messages(
    connection: AsyncConnection, circle_id: CircleId, deliveries: Sequence[Delivery]
) -> None:
    """
    Queue what the people of these deliveries are sent beside their open page, and wake those who send.

    A person who is called gets one message a channel, in their own order, until they confirm. Of a correction
    exactly those channels hear that may have carried what it corrects; what was only planned is stopped.
    """
    if not deliveries:
        return
    alert_ids = list({delivery.alert_id for delivery in deliveries})
    values = {"circle_id": circle_id, "alert_ids": alert_ids}
    look = (await connection.execute(_LOOK, values)).one()
    if look.corrects is None:
        return
    queued_at = max(max(delivery.times.values()) for delivery in deliveries)
    values |= {
        "alerts": [delivery.alert_id for delivery in deliveries],
        "recipient_ids": [delivery.recipient_id for delivery in deliveries],
        "now": queued_at,
    }
    if look.cancels:
        await _correct(connection, values, alert_ids, stop=True)
        return
    await connection.execute(
        _CALL,
        {
            **values,
            "zone": LOCAL_ZONE.key,
            "grace_s": GRACE_S,
            "after_s": CHANNEL_TIMEOUT_S,
            "lasts": ALERT_LASTS,
            "held_until": await _held_until(connection, circle_id, Severity(look.severity), now=queued_at),
        },
    )
    if look.corrects:
        await _correct(connection, values, alert_ids, stop=False)


async def _held_until(
    connection: AsyncConnection, circle_id: CircleId, severity: Severity, *, now: datetime
) -> datetime:
    """Return until when messages of this colour wait by the circle's quiet hours; red never does."""
    if severity is Severity.RED:
        return now
    found = await PostgresAlertCatalogues(connection).find(circle_id)
    catalogue = SHIPPED if found is None else found.catalogue
    return catalogue.quiet_until(severity, now=now)


async def _correct(
    connection: AsyncConnection, values: dict[str, object], alert_ids: Collection[AlertId], *, stop: bool
) -> None:
    if stop:
        await connection.execute(_STOP, {"circle_id": values["circle_id"], "alert_ids": list(alert_ids)})
    await connection.execute(_CORRECT, {**values, "lasts": CORRECTION_LASTS})
