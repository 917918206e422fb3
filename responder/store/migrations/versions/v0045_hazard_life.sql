-- Hazards are followed from when they are seen until they are closed; the four former states are renamed.
UPDATE hazard SET state = renamed.state
FROM (VALUES ('open', 'seen'), ('notified', 'assigned'), ('fixing', 'mending'), ('fixed', 'closed'))
    AS renamed (former, state)
WHERE hazard.state = renamed.former;

-- The numbers and ids of events stay, so a client that comes back resumes where it was.
UPDATE event SET body = jsonb_set(event.body, '{hazard,state}', to_jsonb(renamed.state))
FROM (VALUES ('open', 'seen'), ('notified', 'assigned'), ('fixing', 'mending'), ('fixed', 'closed'))
    AS renamed (former, state)
WHERE event.kind = 'hazard_changed' AND event.body -> 'hazard' ->> 'state' = renamed.former;

-- What drills are replayed from.
UPDATE drill_base SET body = jsonb_set(drill_base.body, '{hazards}', (
    SELECT coalesce(jsonb_agg(
        CASE each ->> 'state'
            WHEN 'open' THEN jsonb_set(each, '{state}', '"seen"')
            WHEN 'notified' THEN jsonb_set(each, '{state}', '"assigned"')
            WHEN 'fixing' THEN jsonb_set(each, '{state}', '"mending"')
            WHEN 'fixed' THEN jsonb_set(each, '{state}', '"closed"')
            ELSE each
        END ORDER BY number), '[]')
    FROM jsonb_array_elements(drill_base.body -> 'hazards') WITH ORDINALITY AS listed (each, number)
))
WHERE jsonb_array_length(drill_base.body -> 'hazards') > 0;

ALTER TABLE hazard
    ADD COLUMN owner_id UUID,
    ADD COLUMN due_on DATE,
    ADD COLUMN step_count INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN reopened_count INTEGER NOT NULL DEFAULT 0,
    ADD CONSTRAINT ck_hazard_known_state
        CHECK (state IN ('seen', 'assigned', 'mending', 'mended', 'verified', 'closed')),
    ADD CONSTRAINT fk_hazard_circle_id_owner_id FOREIGN KEY (circle_id, owner_id)
        REFERENCES partner (circle_id, id);
ALTER TABLE hazard ALTER COLUMN step_count DROP DEFAULT, ALTER COLUMN reopened_count DROP DEFAULT;

CREATE TABLE hazard_step (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    hazard_id UUID NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by UUID,
    by_name TEXT NOT NULL,
    note TEXT NOT NULL,
    owner_id UUID,
    due_on DATE,
    photo_id UUID,
    source TEXT NOT NULL,
    closure_ids UUID[] NOT NULL,
    CONSTRAINT pk_hazard_step PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_hazard_step_circle_id_hazard_id FOREIGN KEY (circle_id, hazard_id)
        REFERENCES hazard (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT uq_hazard_step_number UNIQUE (circle_id, hazard_id, number)
);
CALL keep_within_circle('hazard_step');

CREATE TABLE hazard_photo (
    circle_id UUID NOT NULL,
    hazard_id UUID NOT NULL,
    id UUID NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    media_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    small BYTEA NOT NULL,
    CONSTRAINT pk_hazard_photo PRIMARY KEY (circle_id, hazard_id, id),
    CONSTRAINT fk_hazard_photo_circle_id_hazard_id FOREIGN KEY (circle_id, hazard_id)
        REFERENCES hazard (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_hazard_photo_small CHECK (octet_length(content) <= 1048576 AND octet_length(small) <= 65536)
);
CALL keep_within_circle('hazard_photo');

CREATE TABLE hazard_rules (
    circle_id UUID NOT NULL,
    general_days INTEGER NOT NULL,
    major_days INTEGER NOT NULL,
    same_place_m DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_hazard_rules PRIMARY KEY (circle_id),
    CONSTRAINT fk_hazard_rules_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT ck_hazard_rules_days_possible
        CHECK (general_days BETWEEN 0 AND 365 AND major_days BETWEEN 0 AND 365),
    CONSTRAINT ck_hazard_rules_same_place_m_possible CHECK (same_place_m BETWEEN 0 AND 500)
);
CALL keep_within_circle('hazard_rules');
