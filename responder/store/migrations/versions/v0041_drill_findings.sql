-- What drills showed to be put right. Hazards and closures are not foreign keys: they may be removed.
CREATE TABLE drill_finding (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    drill_id UUID,
    objective TEXT,
    observation_id UUID,
    text TEXT NOT NULL,
    owner_id UUID,
    owner_name TEXT NOT NULL,
    due_on DATE,
    state TEXT NOT NULL,
    hazard_id UUID,
    closure_id UUID,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    version INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    created_by_name TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by UUID,
    changed_by_name TEXT NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by UUID,
    closed_by_name TEXT NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT pk_drill_finding PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_drill_finding_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_drill_finding_circle_id_drill_id FOREIGN KEY (circle_id, drill_id)
        REFERENCES drill (circle_id, id),
    CONSTRAINT fk_drill_finding_circle_id_observation_id FOREIGN KEY (circle_id, observation_id)
        REFERENCES drill_observation (circle_id, id),
    CONSTRAINT ck_drill_finding_known_state CHECK (state IN ('open', 'doing', 'closed', 'dropped')),
    CONSTRAINT ck_drill_finding_a_point_or_none CHECK ((lon IS NULL) = (lat IS NULL))
);
CREATE INDEX ix_drill_finding_created_at ON drill_finding (circle_id, created_at, id);
CALL keep_within_circle('drill_finding');
