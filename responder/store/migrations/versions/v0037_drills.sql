-- Drills with their plans. What a plan refers to is in its body and not a foreign key: units and partners may go.
CREATE TABLE drill (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    state TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE,
    body JSONB NOT NULL,
    revision INTEGER NOT NULL,
    version TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    created_by_name TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by UUID,
    changed_by_name TEXT NOT NULL,
    CONSTRAINT pk_drill PRIMARY KEY (circle_id, id),
    CONSTRAINT ck_drill_known_state CHECK (state IN ('planned', 'running', 'paused', 'ended', 'called_off')),
    CONSTRAINT fk_drill_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_drill_created_at ON drill (circle_id, created_at, id);
CALL keep_within_circle('drill');
