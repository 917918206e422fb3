-- A circle's own kinds of incident and warning colours; without a row it has those that are shipped. Incidents store
-- the code of their kind as before, and all former codes are among those that are shipped.
CREATE TABLE alert_catalogue (
    circle_id UUID NOT NULL,
    version TEXT NOT NULL,
    body JSONB NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_alert_catalogue PRIMARY KEY (circle_id),
    CONSTRAINT ck_alert_catalogue_version_hashed CHECK (version ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_alert_catalogue_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CALL keep_within_circle('alert_catalogue');
