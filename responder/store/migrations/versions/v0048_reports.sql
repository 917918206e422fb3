-- What residents report by a code at the wall, without an account: who and from where is not kept.
CREATE TABLE report_link (
    circle_id UUID NOT NULL,
    token TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_report_link PRIMARY KEY (circle_id),
    CONSTRAINT fk_report_link_circle_id FOREIGN KEY (circle_id) REFERENCES circle (id)
);
CREATE UNIQUE INDEX ix_report_link_token ON report_link (token);
CALL keep_within_circle('report_link');

CREATE TABLE report (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    building_id UUID,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    accuracy_m DOUBLE PRECISION,
    place TEXT NOT NULL,
    place_en TEXT NOT NULL,
    text TEXT NOT NULL,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    hazard_id UUID,
    shows_text BOOLEAN NOT NULL,
    shows_photo BOOLEAN NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    decided_by_name TEXT NOT NULL,
    CONSTRAINT pk_report PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_report_circle_id FOREIGN KEY (circle_id) REFERENCES circle (id),
    CONSTRAINT ck_report_on_earth CHECK (lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90),
    CONSTRAINT ck_report_decided_or_waiting CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CONSTRAINT ck_report_accepted_as_a_hazard CHECK ((state = 'accepted') = (hazard_id IS NOT NULL)),
    CONSTRAINT ck_report_dismissed_for_a_reason CHECK ((state = 'dismissed') = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX ix_report_code ON report (code);
CREATE INDEX ix_report_state ON report (circle_id, state, reported_at, id);
CALL keep_within_circle('report');

CREATE TABLE report_photo (
    circle_id UUID NOT NULL,
    report_id UUID NOT NULL,
    media_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_report_photo PRIMARY KEY (circle_id, report_id),
    CONSTRAINT fk_report_photo_circle_id_report_id FOREIGN KEY (circle_id, report_id)
        REFERENCES report (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_report_photo_small CHECK (octet_length(content) <= 1048576)
);
CALL keep_within_circle('report_photo');
