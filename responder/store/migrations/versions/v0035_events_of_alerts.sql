-- CAP documents say what an incident was like at each alert; these are few of the events in the log.
CREATE INDEX ix_event_of_alert ON event (circle_id, incident_id)
    WHERE kind IN ('alert_raised', 'alert_updated', 'incident_moved', 'incident_ended');
