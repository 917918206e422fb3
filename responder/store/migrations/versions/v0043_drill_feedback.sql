-- What participants say of a drill, without an account: neither who nor when is kept.
CREATE TABLE drill_feedback_link (
    circle_id UUID NOT NULL,
    drill_id UUID NOT NULL,
    token TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_drill_feedback_link PRIMARY KEY (circle_id, drill_id),
    CONSTRAINT fk_drill_feedback_link_circle_id_drill_id FOREIGN KEY (circle_id, drill_id)
        REFERENCES drill (circle_id, id)
);
CREATE UNIQUE INDEX ix_drill_feedback_link_token ON drill_feedback_link (token);
CALL keep_within_circle('drill_feedback_link');

CREATE TABLE drill_feedback (
    circle_id UUID NOT NULL,
    drill_id UUID NOT NULL,
    id UUID NOT NULL,
    ratings SMALLINT[] NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT pk_drill_feedback PRIMARY KEY (circle_id, drill_id, id),
    CONSTRAINT fk_drill_feedback_circle_id_drill_id FOREIGN KEY (circle_id, drill_id)
        REFERENCES drill (circle_id, id)
);
CALL keep_within_circle('drill_feedback');
