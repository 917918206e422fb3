"""The statements of the queue of messages."""

from typing import NamedTuple

from sqlalchemy import TextClause, text

# Whether the service took it is not known: once more with the same id, and then it is called failed.
TAKE_BACK = text("""
    WITH dead AS (
        SELECT circle_id, id FROM outgoing_message
        WHERE state = 'sent' AND leased_until <= :now
        FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE outgoing_message AS message
        SET state = CASE WHEN unknown_outcomes > 0 THEN 'failed' ELSE 'queued' END,
            failed_at = CASE WHEN unknown_outcomes > 0 THEN CAST(:now AS timestamptz) END,
            unknown_outcomes = unknown_outcomes + 1, reason = 'outcome_unknown', leased_until = NULL,
            due_at = :now
        FROM dead WHERE message.circle_id = dead.circle_id AND message.id = dead.id
        RETURNING message.circle_id, message.alert_id, message.account_id, message.state
    )
    SELECT circle_id, alert_id, account_id FROM taken WHERE state = 'failed' AND alert_id IS NOT NULL
""")
DUE = text("""
    SELECT message.circle_id, message.service_id, service.channel, service.settings,
           count(*) FILTER (WHERE message.priority = 0) AS corrections,
           count(*) FILTER (WHERE message.priority > 0) AS others
    FROM outgoing_message AS message
    JOIN channel_service AS service ON service.circle_id = message.circle_id
         AND service.id = message.service_id
    LEFT JOIN service_budget AS budget ON budget.circle_id = message.circle_id
         AND budget.service_id = message.service_id
    WHERE message.state = 'queued' AND message.due_at <= :now
      AND (budget.blocked_until IS NULL OR budget.blocked_until <= :now)
    GROUP BY message.circle_id, message.service_id, service.channel, service.settings
    ORDER BY min(message.priority), min(message.due_at)
""")
NEXT_DUE = text("SELECT min(due_at) FROM outgoing_message WHERE state = 'queued' AND due_at > :now")
# Judged once more when it is due: a person who confirmed, by whatever way, is sent nothing further; a person
# whose page took the alert has some seconds to confirm. Looked up by keys, which OFFSET 0 sees to.
_CALLED = """
    LEFT JOIN LATERAL (
        SELECT delivery.state, delivery.times, delivery.incident_id, delivery.unit_id
        FROM (
            SELECT id FROM responder
            WHERE account_id = {of}.account_id AND circle_id = {of}.circle_id OFFSET 0
        ) AS responder
        CROSS JOIN LATERAL (
            SELECT state, times, incident_id, unit_id FROM delivery
            WHERE circle_id = {of}.circle_id AND alert_id = {of}.alert_id AND recipient_id = responder.id
            OFFSET 0
        ) AS delivery
        LIMIT 1
    ) AS called ON true
"""
_CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT circle_id, id, alert_id, account_id, purpose, turn, expires_at, insists FROM outgoing_message
        WHERE {due} {at_most}
        FOR UPDATE SKIP LOCKED
    ), seen AS MATERIALIZED (
        SELECT due.id, due.expires_at <= :now AS expired,
               due.purpose = 'alert' AND called.state NOT IN ('queued', 'sent')
                   AND NOT (due.insists AND called.state IN ('delivered', 'seen')) AS confirmed,
               due.purpose = 'alert' AND incident.ended_at IS NOT NULL AS ended,
               CASE WHEN due.purpose = 'alert' AND called.state = 'sent' AND due.turn = 0
                    THEN CAST(called.times ->> 'sent' AS timestamptz) + make_interval(secs => :online_s)
               END AS later
        FROM due {called}
        LEFT JOIN incident ON incident.circle_id = due.circle_id AND incident.id = called.incident_id
    ), judged AS MATERIALIZED (
        SELECT id, CASE WHEN expired THEN 'failed' WHEN confirmed OR ended THEN 'stopped'
                        WHEN later > :now THEN 'queued' ELSE 'sent' END AS state,
               CASE WHEN expired THEN 'expired' WHEN confirmed THEN 'confirmed'
                    WHEN ended THEN 'incident_ended' ELSE '' END AS reason, later
        FROM seen
    )
    UPDATE outgoing_message AS message
    SET state = judged.state,
        reason = COALESCE(NULLIF(judged.reason, ''), message.reason),
        failed_at = CASE WHEN judged.state = 'failed' THEN :now END,
        due_at = CASE WHEN judged.state = 'queued' THEN judged.later ELSE message.due_at END,
        leased_until = CASE WHEN judged.state = 'sent' THEN CAST(:lease_until AS timestamptz) END,
        attempts = message.attempts + CAST(judged.state = 'sent' AS integer),
        sent_at = CASE WHEN judged.state = 'sent' THEN COALESCE(sent_at, :now) ELSE sent_at END
    FROM judged
    WHERE message.circle_id = :circle_id AND message.id = judged.id
    RETURNING message.id, message.state, {request} AS request
"""
_DUE = """
    circle_id = :circle_id AND service_id = :service_id AND state = 'queued' AND due_at <= :now
    AND priority {which} 0
"""
_AT_MOST = "ORDER BY priority, due_at, turn, id LIMIT :most"
# What is due for the members of a group about one alert goes out as one request.
_OF_GROUP = "COALESCE({of}.alert_id, {of}.id)"
_AT_MOST_OF_GROUP = """
    AND COALESCE(alert_id, id) IN (
        SELECT COALESCE(alert_id, id) FROM outgoing_message WHERE {due}
        GROUP BY 1 ORDER BY min(priority), min(due_at), 1 LIMIT :most)
    ORDER BY priority, due_at, turn, id
"""


class ClaimStatements(NamedTuple):
    """Claim corrections, or what else is due for one service."""

    corrections: TextClause
    others: TextClause


def _claim(which: str, *, of_group: bool) -> TextClause:
    due = _DUE.format(which=which)
    return text(
        _CLAIM.format(
            due=due,
            at_most=_AT_MOST_OF_GROUP.format(due=due) if of_group else _AT_MOST,
            called=_CALLED.format(of="due"),
            request=_OF_GROUP.format(of="message") if of_group else "message.id",
        )
    )


CLAIM = ClaimStatements(_claim("=", of_group=False), _claim(">", of_group=False))
CLAIM_OF_GROUP = ClaimStatements(_claim("=", of_group=True), _claim(">", of_group=True))
OPEN_BUDGET = text("""
    INSERT INTO service_budget (circle_id, service_id, requested_at) VALUES (:circle_id, :service_id, '{}')
    ON CONFLICT DO NOTHING
""")
READ_BUDGET = text("""
    SELECT requested_at FROM service_budget
    WHERE circle_id = :circle_id AND service_id = :service_id FOR UPDATE
""")
USE_BUDGET = text("""
    UPDATE service_budget SET requested_at = :requested_at
    WHERE circle_id = :circle_id AND service_id = :service_id
""")
BLOCK = text("""
    UPDATE service_budget SET blocked_until = GREATEST(blocked_until, :until)
    WHERE circle_id = :circle_id AND service_id = :service_id
""")
CLAIMED = text("""
    SELECT message.circle_id, message.id, message.purpose, message.exercise, message.severity,
           message.expires_at, message.attempts, message.unknown_outcomes, message.contact_id,
           message.service_id, message.incident_id, message.alert_id, message.account_id, message.link_key,
           service.channel, service.settings, service.enabled, service.removed_at, service.outside_public,
           contact.address, contact.verified_at, circle.name AS circle_name,
           circle.name_en AS circle_name_en, account.language
    FROM outgoing_message AS message
    JOIN channel_service AS service ON service.circle_id = message.circle_id
         AND service.id = message.service_id
    JOIN circle ON circle.id = message.circle_id
    LEFT JOIN contact ON contact.circle_id = message.circle_id AND contact.id = message.contact_id
    LEFT JOIN account ON account.id = message.account_id
    WHERE message.id = ANY (:ids)
    ORDER BY message.priority, message.due_at, message.turn, message.id
""")
ADD_LINKS = text("""
    INSERT INTO answer_link (circle_id, message_id, token_hash)
    SELECT circle_id, message_id, token_hash
    FROM unnest(CAST(:circle_ids AS uuid[]), CAST(:message_ids AS uuid[]), CAST(:hashes AS text[]))
         AS made (circle_id, message_id, token_hash)
    ON CONFLICT DO NOTHING
""")
# Of two codes on the way either counts: the first may have arrived although no one said so.
ADD_CODE = text("""
    UPDATE contact SET code_hashes = (code_hashes || CAST(:code_hash AS text))[
            GREATEST(cardinality(code_hashes), 1):], code_expires_at = :expires_at
    WHERE circle_id = :circle_id AND id = :contact_id
""")
PUT = text("""
    WITH verdict AS (
        SELECT * FROM jsonb_to_recordset(CAST(:verdicts AS jsonb)) AS said (
            circle_id uuid, id uuid, attempt integer, state text, at timestamptz, due_at timestamptz,
            unknown_outcomes integer, reason text, detail text, service_message_id text)
    ), done AS (
        UPDATE outgoing_message AS message
        SET state = CASE WHEN message.state IN ('sent', 'queued', 'failed') THEN verdict.state
                         ELSE message.state END,
            leased_until = NULL,
            due_at = CASE WHEN verdict.state = 'queued' THEN verdict.due_at ELSE message.due_at END,
            accepted_at = CASE WHEN verdict.state = 'accepted' THEN verdict.at ELSE message.accepted_at END,
            failed_at = CASE WHEN verdict.state = 'failed' THEN verdict.at END,
            unknown_outcomes = GREATEST(message.unknown_outcomes, verdict.unknown_outcomes),
            reason = verdict.reason, detail = verdict.detail,
            service_message_id = COALESCE(verdict.service_message_id, message.service_message_id),
            link_key = CASE WHEN verdict.state = 'queued' THEN message.link_key ELSE gen_random_uuid() END
        FROM verdict
        WHERE message.circle_id = verdict.circle_id AND message.id = verdict.id
          -- That it was taken counts however late it is known; a refusal counts for the last request alone.
          AND (verdict.state = 'accepted'
               OR (message.state = 'sent' AND message.attempts = verdict.attempt))
        RETURNING message.circle_id, message.alert_id, message.account_id, message.state
    )
    SELECT circle_id, alert_id, account_id FROM done WHERE state = 'failed' AND alert_id IS NOT NULL
""")
# Also what was stopped since a device has the alert: its person has not answered, and may be asleep.
INSIST = text("""
    WITH person AS (
        SELECT DISTINCT account_id FROM responder
        WHERE circle_id = :circle_id AND id = ANY (:recipient_ids) AND account_id IS NOT NULL
    ), waiting AS (
        SELECT DISTINCT ON (message.account_id) message.id
        FROM outgoing_message AS message JOIN person ON person.account_id = message.account_id
        WHERE message.circle_id = :circle_id AND message.alert_id = :alert_id AND message.purpose = 'alert'
          AND message.attempts = 0 AND message.expires_at > :now
          AND (message.state = 'queued' OR (message.state = 'stopped' AND message.reason = 'confirmed'))
        ORDER BY message.account_id, message.turn
    )
    UPDATE outgoing_message AS message
    SET state = 'queued', reason = '', insists = true, due_at = LEAST(message.due_at, :now)
    FROM waiting
    WHERE message.circle_id = :circle_id AND message.id = waiting.id
      -- Once more: it may have been sent while this waited for its row.
      AND message.attempts = 0 AND message.state IN ('queued', 'stopped')
""")
WAKE = text("SELECT pg_notify(:channel, CAST(CAST(:circle_id AS uuid) AS text))")
NEXT_CHANNEL = text("""
    UPDATE outgoing_message AS message SET due_at = LEAST(message.due_at, :now)
    FROM unnest(CAST(:circle_ids AS uuid[]), CAST(:alert_ids AS uuid[]), CAST(:account_ids AS uuid[]))
         AS failed (circle_id, alert_id, account_id)
    WHERE message.circle_id = failed.circle_id AND message.alert_id = failed.alert_id
      AND message.account_id = failed.account_id AND message.state = 'queued' AND message.purpose = 'alert'
      AND message.turn = (
          SELECT min(waiting.turn) FROM outgoing_message AS waiting
          WHERE waiting.circle_id = failed.circle_id AND waiting.alert_id = failed.alert_id
            AND waiting.account_id = failed.account_id AND waiting.state = 'queued' AND waiting.attempts = 0)
""")
