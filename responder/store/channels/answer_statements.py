"""Which message an answer is to: by its link, or by a digit that was sent back."""

from sqlalchemy import text

_ANSWERABLE = """
    SELECT message.circle_id, message.id, message.account_id, message.alert_id, message.incident_id,
           service.channel
    FROM outgoing_message AS message
    JOIN channel_service AS service ON service.circle_id = message.circle_id
         AND service.id = message.service_id
    JOIN incident ON incident.circle_id = message.circle_id AND incident.id = message.incident_id
    JOIN membership ON membership.circle_id = message.circle_id
         AND membership.account_id = message.account_id
    WHERE message.circle_id = :circle_id AND {which} AND message.purpose = 'alert' AND message.attempts > 0
      AND message.state <> 'stopped' AND incident.ended_at IS NULL
    ORDER BY message.queued_at DESC, message.id LIMIT 1
    FOR UPDATE OF message
"""
OF_LINK = text(_ANSWERABLE.format(which="message.id = :value AND message.answered_at IS NULL"))
# By a digit one may answer again: who accepted may find that they cannot come.
NEWEST = text(_ANSWERABLE.format(which="message.contact_id = :value"))
