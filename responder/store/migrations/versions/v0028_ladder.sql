-- Who is called when: the ladders of a circle, and the ladder of each incident with its steps.
CREATE TABLE ladder_profiles (
    circle_id UUID NOT NULL,
    content_hash TEXT NOT NULL,
    body JSONB NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    set_by_name TEXT NOT NULL,
    CONSTRAINT pk_ladder_profiles PRIMARY KEY (circle_id),
    CONSTRAINT ck_ladder_profiles_content_hashed CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_ladder_profiles_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CALL keep_within_circle('ladder_profiles');

CREATE TABLE ladder (
    circle_id UUID NOT NULL,
    incident_id UUID NOT NULL,
    body JSONB NOT NULL,
    CONSTRAINT pk_ladder PRIMARY KEY (circle_id, incident_id),
    CONSTRAINT fk_ladder_circle_id FOREIGN KEY(circle_id, incident_id) REFERENCES incident (circle_id, id)
);
CALL keep_within_circle('ladder');

-- A step is taken in the transaction that sets its state, with the circle's lock held: so it is taken once.
CREATE TABLE ladder_step (
    circle_id UUID NOT NULL,
    incident_id UUID NOT NULL,
    number INTEGER NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE,
    -- False from the end of the incident on: such steps are not looked at any more.
    is_live BOOLEAN NOT NULL,
    -- When a process last looked after a planned step.
    heartbeat_at TIMESTAMP WITH TIME ZONE,
    body JSONB NOT NULL,
    CONSTRAINT pk_ladder_step PRIMARY KEY (circle_id, incident_id, number),
    CONSTRAINT ck_ladder_step_state_known CHECK (state IN ('planned', 'taken', 'skipped', 'stopped', 'expired')),
    CONSTRAINT ck_ladder_step_decided_at_a_time CHECK ((state = 'planned') = (at IS NULL)),
    CONSTRAINT ck_ladder_step_expires_after_it_is_due CHECK (expires_at >= due_at),
    CONSTRAINT fk_ladder_step_circle_id FOREIGN KEY(circle_id, incident_id) REFERENCES ladder (circle_id, incident_id)
);
CREATE INDEX ix_ladder_step_due ON ladder_step (state, due_at) WHERE is_live;
CALL keep_within_circle('ladder_step');
