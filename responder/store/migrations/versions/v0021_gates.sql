-- Gates on the way: how they are locked, how to get through, and who holds the key.
CREATE TABLE gate (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    note TEXT NOT NULL,
    holders JSONB NOT NULL,
    geometry geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_gate PRIMARY KEY (circle_id, id),
    CONSTRAINT ck_gate_on_earth CHECK (NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
    CONSTRAINT fk_gate_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_gate_geometry ON gate USING gist (geometry);
CALL keep_within_circle('gate');
