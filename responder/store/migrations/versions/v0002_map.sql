CREATE TABLE building (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    use TEXT NOT NULL,
    storeys INTEGER,
    year INTEGER,
    fire_rating INTEGER,
    households INTEGER NOT NULL,
    entrances JSONB NOT NULL,
    geometry geometry(GEOMETRY,4326) NOT NULL,
    CONSTRAINT pk_building PRIMARY KEY (circle_id, id),
    CONSTRAINT ck_building_storeys_possible CHECK (storeys BETWEEN 0 AND 300),
    CONSTRAINT ck_building_year_possible CHECK (year BETWEEN 1 AND 2200),
    CONSTRAINT ck_building_fire_rating_known CHECK (fire_rating BETWEEN 1 AND 4),
    CONSTRAINT ck_building_households_counted CHECK (households >= 0),
    CONSTRAINT ck_building_areal CHECK (GeometryType(geometry) IN ('POLYGON', 'MULTIPOLYGON')),
    CONSTRAINT ck_building_on_earth CHECK (NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
    CONSTRAINT fk_building_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_building_geometry ON building USING gist (geometry);

CREATE TABLE hazard (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    grade TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    note TEXT NOT NULL,
    geometry geometry(GEOMETRY,4326) NOT NULL,
    CONSTRAINT pk_hazard PRIMARY KEY (circle_id, id),
    CONSTRAINT ck_hazard_on_earth CHECK (NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
    CONSTRAINT fk_hazard_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_hazard_geometry ON hazard USING gist (geometry);

CREATE TABLE facility (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    partner_id UUID,
    note TEXT NOT NULL,
    geometry geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_facility PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_facility_circle_id_partner_id FOREIGN KEY(circle_id, partner_id) REFERENCES partner (circle_id, id),
    CONSTRAINT ck_facility_on_earth CHECK (NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
    CONSTRAINT fk_facility_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_facility_geometry ON facility USING gist (geometry);

CREATE TABLE closure (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    wider_than_m FLOAT,
    higher_than_m FLOAT,
    heavier_than_t FLOAT,
    profiles TEXT[],
    hazard_id UUID,
    starts_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    lifted_at TIMESTAMP WITH TIME ZONE,
    geometry geometry(GEOMETRY,4326) NOT NULL,
    CONSTRAINT pk_closure PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_closure_circle_id_hazard_id FOREIGN KEY(circle_id, hazard_id) REFERENCES hazard (circle_id, id),
    CONSTRAINT ck_closure_wider_than_m_positive CHECK (wider_than_m > 0 AND wider_than_m < 'Infinity'),
    CONSTRAINT ck_closure_higher_than_m_positive CHECK (higher_than_m > 0 AND higher_than_m < 'Infinity'),
    CONSTRAINT ck_closure_heavier_than_t_positive CHECK (heavier_than_t > 0 AND heavier_than_t < 'Infinity'),
    CONSTRAINT ck_closure_ends_after_it_begins CHECK (ends_at > starts_at),
    CONSTRAINT ck_closure_on_earth CHECK (NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
    CONSTRAINT fk_closure_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_closure_geometry ON closure USING gist (geometry);

CREATE TABLE road (
    circle_id UUID NOT NULL,
    road_id INTEGER NOT NULL,
    class TEXT NOT NULL,
    name TEXT,
    width_m FLOAT,
    oneway SMALLINT NOT NULL,
    layer SMALLINT NOT NULL,
    geometry geometry(LINESTRING,4326) NOT NULL,
    CONSTRAINT pk_road PRIMARY KEY (circle_id, road_id),
    CONSTRAINT ck_road_width_m_positive CHECK (width_m > 0 AND width_m < 'Infinity'),
    CONSTRAINT fk_road_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_road_geometry ON road USING gist (geometry);
