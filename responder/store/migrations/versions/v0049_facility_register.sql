-- Where a facility is found, who opens it, when it is open, and when it has to be inspected.
ALTER TABLE facility
    ADD COLUMN state TEXT NOT NULL DEFAULT 'in_service',
    ADD COLUMN where_to_find TEXT NOT NULL DEFAULT '',
    ADD COLUMN access_code TEXT NOT NULL DEFAULT '',
    ADD COLUMN holders JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN opening_hours TEXT NOT NULL DEFAULT '',
    ADD COLUMN inspection_days INTEGER,
    ADD COLUMN inspected_on DATE,
    ADD CONSTRAINT ck_facility_known_state CHECK (state IN ('in_service', 'faulty', 'removed')),
    ADD CONSTRAINT ck_facility_inspection_days_positive CHECK (inspection_days > 0);
UPDATE facility SET state = 'faulty' WHERE out_of_service;
ALTER TABLE facility DROP COLUMN out_of_service;

-- What was found when a facility was inspected. The facility may be removed later: what was found stays.
CREATE TABLE inspection (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    facility_id UUID NOT NULL,
    facility_name TEXT NOT NULL,
    facility_kind TEXT NOT NULL,
    round_id UUID NOT NULL,
    result TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by UUID,
    by_name TEXT NOT NULL,
    CONSTRAINT pk_inspection PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_inspection_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT ck_inspection_known_result CHECK (result IN ('ok', 'faulty'))
);
CREATE INDEX ix_inspection_at ON inspection (circle_id, at, id);
CREATE INDEX ix_inspection_facility_id ON inspection (circle_id, facility_id, at, id);
CALL keep_within_circle('inspection');

-- Kept apart: pictures are large.
CREATE TABLE inspection_photo (
    circle_id UUID NOT NULL,
    inspection_id UUID NOT NULL,
    media_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_inspection_photo PRIMARY KEY (circle_id, inspection_id),
    CONSTRAINT fk_inspection_photo_circle_id_inspection_id FOREIGN KEY (circle_id, inspection_id)
        REFERENCES inspection (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_inspection_photo_small CHECK (octet_length(content) <= 1048576)
);
CALL keep_within_circle('inspection_photo');
