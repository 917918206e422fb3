-- How much of what the people of an incident were told has been passed on to those of a neighbouring circle who help.
ALTER TABLE neighbour_call ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;
-- What was sent before is not news any more.
UPDATE neighbour_call SET passed = (
    SELECT count(*) FROM alert
    WHERE alert.circle_id = neighbour_call.from_circle_id AND alert.incident_id = neighbour_call.from_incident_id
);
