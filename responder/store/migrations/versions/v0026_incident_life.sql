-- How far an open incident has come, and what was said at its end. What was open stays as raised; what had ended keeps
-- its reason.
ALTER TABLE incident
    ADD COLUMN stage TEXT NOT NULL DEFAULT 'raised',
    ADD COLUMN stage_times JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN end_note TEXT NOT NULL DEFAULT '',
    ADD COLUMN merged_into UUID,
    ADD CONSTRAINT ck_incident_stage_known CHECK (stage IN ('raised', 'confirmed', 'under_control')),
    ADD CONSTRAINT ck_incident_merged_into_another CHECK ((end_reason IS NOT DISTINCT FROM 'merged') = (merged_into IS NOT NULL)),
    ADD CONSTRAINT ck_incident_not_merged_into_itself CHECK (merged_into IS DISTINCT FROM id),
    ADD CONSTRAINT fk_incident_circle_id_merged_into FOREIGN KEY(circle_id, merged_into) REFERENCES incident (circle_id, id);

-- Why each alert was sent; until now there were the call and the end.
ALTER TABLE alert
    ADD COLUMN cause TEXT NOT NULL DEFAULT 'raised',
    ADD COLUMN text TEXT NOT NULL DEFAULT '';
UPDATE alert SET cause = incident.end_reason FROM incident
WHERE alert.message_type = 'Cancel' AND incident.circle_id = alert.circle_id AND incident.id = alert.incident_id
    AND incident.end_reason IS NOT NULL;
-- A client that comes back is told the same by the log as by a snapshot.
UPDATE event SET body = jsonb_set(body, '{alert,cause}', body -> 'incident' -> 'end_reason')
WHERE kind = 'incident_ended' AND NOT (body -> 'alert') ? 'cause';
