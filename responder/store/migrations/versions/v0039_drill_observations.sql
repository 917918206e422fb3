-- What people observe in a drill. Photos are kept apart: they are large and looked at one by one.
CREATE TABLE drill_observation (
    circle_id UUID NOT NULL,
    drill_id UUID NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    by UUID,
    by_name TEXT NOT NULL,
    partner_id UUID,
    verdict TEXT NOT NULL,
    text TEXT NOT NULL,
    objective TEXT,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    CONSTRAINT pk_drill_observation PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_drill_observation_circle_id_drill_id FOREIGN KEY (circle_id, drill_id)
        REFERENCES drill (circle_id, id),
    CONSTRAINT ck_drill_observation_verdict_known CHECK (verdict IN ('good', 'improve', 'note')),
    CONSTRAINT ck_drill_observation_a_point_or_none CHECK ((lon IS NULL) = (lat IS NULL))
);
CREATE INDEX ix_drill_observation_of_drill ON drill_observation (circle_id, drill_id, at, id);
CALL keep_within_circle('drill_observation');

CREATE TABLE observation_photo (
    circle_id UUID NOT NULL,
    observation_id UUID NOT NULL,
    media_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_observation_photo PRIMARY KEY (circle_id, observation_id),
    CONSTRAINT fk_observation_photo_circle_id_observation_id FOREIGN KEY (circle_id, observation_id)
        REFERENCES drill_observation (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_observation_photo_small CHECK (octet_length(content) <= 1048576)
);
CALL keep_within_circle('observation_photo');
