-- Roll-calls of incidents: the doors as they stand, and every mark by which they came to it.
CREATE TABLE roll_call (
    circle_id UUID NOT NULL,
    incident_id UUID NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    buildings JSONB NOT NULL,
    CONSTRAINT pk_roll_call PRIMARY KEY (circle_id, incident_id),
    CONSTRAINT fk_roll_call_circle_id_incident_id FOREIGN KEY (circle_id, incident_id)
        REFERENCES incident (circle_id, id) ON DELETE CASCADE
);
CALL keep_within_circle('roll_call');

CREATE TABLE roll_call_door (
    circle_id UUID NOT NULL,
    incident_id UUID NOT NULL,
    building_id UUID NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    floor INTEGER,
    expected SMALLINT,
    state TEXT NOT NULL,
    people SMALLINT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_roll_call_door PRIMARY KEY (circle_id, incident_id, building_id, label),
    CONSTRAINT fk_roll_call_door_circle_id_incident_id FOREIGN KEY (circle_id, incident_id)
        REFERENCES roll_call (circle_id, incident_id) ON DELETE CASCADE,
    CONSTRAINT ck_roll_call_door_state_known
        CHECK (state IN ('out', 'not_found', 'refused', 'needs_carrying', 'unmarked'))
);
CALL keep_within_circle('roll_call_door');

CREATE TABLE roll_call_mark (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    building_id UUID NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL,
    people SMALLINT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    by UUID,
    by_name TEXT NOT NULL,
    CONSTRAINT pk_roll_call_mark PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_roll_call_mark_circle_id_incident_id FOREIGN KEY (circle_id, incident_id)
        REFERENCES roll_call (circle_id, incident_id) ON DELETE CASCADE,
    CONSTRAINT ck_roll_call_mark_state_known
        CHECK (state IN ('out', 'not_found', 'refused', 'needs_carrying', 'unmarked'))
);
CREATE INDEX ix_roll_call_mark_of_door ON roll_call_mark (circle_id, incident_id, building_id, label, at, id);
CALL keep_within_circle('roll_call_mark');
