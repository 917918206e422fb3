-- Pictures that injects of drills carry, and which of them goes with an alert's text. Kept apart: they are large.
CREATE TABLE inject_photo (
    circle_id UUID NOT NULL,
    drill_id UUID NOT NULL,
    id UUID NOT NULL,
    media_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_inject_photo PRIMARY KEY (circle_id, drill_id, id),
    CONSTRAINT fk_inject_photo_circle_id_drill_id FOREIGN KEY (circle_id, drill_id)
        REFERENCES drill (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_inject_photo_small CHECK (octet_length(content) <= 1048576)
);
CALL keep_within_circle('inject_photo');

ALTER TABLE alert ADD COLUMN photo_id UUID;
