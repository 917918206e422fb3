-- What a circle has agreed with another of the installation: which of its own units that one may call.
-- Help can be asked for when both have such a row, and is asked for by a row in the circle that helps.
CREATE TABLE neighbour (
    circle_id UUID NOT NULL,
    neighbour_id UUID NOT NULL,
    unit_ids UUID[] NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    set_by_name TEXT NOT NULL,
    CONSTRAINT pk_neighbour PRIMARY KEY (circle_id, neighbour_id),
    CONSTRAINT ck_neighbour_is_another CHECK (circle_id <> neighbour_id),
    CONSTRAINT fk_neighbour_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CALL keep_within_circle('neighbour');

CREATE TABLE neighbour_call (
    circle_id UUID NOT NULL,
    from_circle_id UUID NOT NULL,
    from_incident_id UUID NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    -- The incident by which the circle's own people are called.
    incident_id UUID,
    -- As it was last told to the circle that asked.
    called INTEGER NOT NULL,
    coming INTEGER NOT NULL,
    CONSTRAINT pk_neighbour_call PRIMARY KEY (circle_id, from_circle_id, from_incident_id),
    CONSTRAINT ck_neighbour_call_state_known CHECK (state IN ('asked', 'called', 'expired', 'ended')),
    CONSTRAINT ck_neighbour_call_called_by_an_incident CHECK (state <> 'called' OR incident_id IS NOT NULL),
    CONSTRAINT fk_neighbour_call_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_neighbour_call_open ON neighbour_call (state) WHERE state IN ('asked', 'called');
CALL keep_within_circle('neighbour_call');
