CREATE EXTENSION IF NOT EXISTS postgis;

CREATE TABLE road_network (
    content_hash TEXT NOT NULL,
    arrays BYTEA NOT NULL,
    CONSTRAINT pk_road_network PRIMARY KEY (content_hash),
    CONSTRAINT ck_road_network_content_hashed CHECK (content_hash ~ '^[0-9a-f]{64}$')
);

CREATE TABLE circle (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    centre geometry(POINT,4326) NOT NULL,
    limit_s FLOAT NOT NULL,
    illustrative BOOLEAN NOT NULL,
    epoch TEXT NOT NULL,
    seq BIGINT DEFAULT '0' NOT NULL,
    roads_hash TEXT,
    roads_summary JSONB,
    CONSTRAINT pk_circle PRIMARY KEY (id),
    CONSTRAINT ck_circle_limit_s_positive CHECK (limit_s > 0 AND limit_s < 'Infinity'),
    CONSTRAINT ck_circle_seq_counts CHECK (seq >= 0),
    CONSTRAINT ck_circle_roads_whole CHECK ((roads_hash IS NULL) = (roads_summary IS NULL)),
    CONSTRAINT uq_circle_name UNIQUE (name),
    CONSTRAINT fk_circle_roads_hash FOREIGN KEY(roads_hash) REFERENCES road_network (content_hash)
);

CREATE TABLE account (
    id UUID NOT NULL,
    username TEXT NOT NULL,
    name TEXT NOT NULL,
    admin BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT ck_account_password_hashed CHECK (password_hash LIKE '$argon2id$%'),
    CONSTRAINT uq_account_username UNIQUE (username)
);

CREATE TABLE session (
    token_hash TEXT NOT NULL,
    account_id UUID NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (token_hash),
    CONSTRAINT ck_session_token_hashed CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_session_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE INDEX ix_session_account_id ON session (account_id);

CREATE TABLE live_ticket (
    ticket_hash TEXT NOT NULL,
    session_hash TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_live_ticket PRIMARY KEY (ticket_hash),
    CONSTRAINT fk_live_ticket_session_hash FOREIGN KEY(session_hash) REFERENCES session (token_hash) ON DELETE CASCADE
);
CREATE INDEX ix_live_ticket_session_hash ON live_ticket (session_hash);

CREATE TABLE partner (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    phone TEXT NOT NULL,
    CONSTRAINT pk_partner PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_partner_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);

CREATE TABLE pact (
    circle_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    duties TEXT[] NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    CONSTRAINT pk_pact PRIMARY KEY (circle_id, partner_id, valid_from),
    CONSTRAINT fk_pact_circle_id_partner_id FOREIGN KEY(circle_id, partner_id) REFERENCES partner (circle_id, id),
    CONSTRAINT ck_pact_ends_after_it_begins CHECK (valid_until >= valid_from),
    CONSTRAINT fk_pact_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);

CREATE TABLE membership (
    circle_id UUID NOT NULL,
    account_id UUID NOT NULL,
    role TEXT NOT NULL,
    partner_id UUID,
    CONSTRAINT pk_membership PRIMARY KEY (circle_id, account_id),
    CONSTRAINT fk_membership_circle_id_partner_id FOREIGN KEY(circle_id, partner_id) REFERENCES partner (circle_id, id),
    CONSTRAINT ck_membership_role_known CHECK (role IN ('coordinator', 'dispatcher', 'responder', 'planner', 'observer')),
    CONSTRAINT fk_membership_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_membership_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE INDEX ix_membership_account_id ON membership (account_id);

CREATE TABLE unit (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    partner_id UUID NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    kind TEXT NOT NULL,
    profile TEXT NOT NULL,
    turnout_s FLOAT NOT NULL,
    people INTEGER NOT NULL,
    on_duty BOOLEAN NOT NULL,
    capabilities TEXT[] NOT NULL,
    geometry geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_unit PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_unit_circle_id_partner_id FOREIGN KEY(circle_id, partner_id) REFERENCES partner (circle_id, id),
    CONSTRAINT ck_unit_turnout_s_finite CHECK (turnout_s >= 0 AND turnout_s < 'Infinity'),
    CONSTRAINT ck_unit_people_counted CHECK (people >= 0),
    CONSTRAINT ck_unit_on_earth CHECK (NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
    CONSTRAINT fk_unit_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_unit_geometry ON unit USING gist (geometry);

CREATE TABLE responder (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    account_id UUID,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    CONSTRAINT pk_responder PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_responder_circle_id_unit_id FOREIGN KEY(circle_id, unit_id) REFERENCES unit (circle_id, id),
    CONSTRAINT fk_responder_circle_id_partner_id FOREIGN KEY(circle_id, partner_id) REFERENCES partner (circle_id, id),
    CONSTRAINT fk_responder_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_responder_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE INDEX ix_responder_account_id ON responder (account_id);

CREATE TABLE position (
    circle_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    accuracy_m FLOAT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    geometry geometry(POINT,4326) NOT NULL,
    CONSTRAINT pk_position PRIMARY KEY (circle_id, unit_id),
    CONSTRAINT fk_position_circle_id_unit_id FOREIGN KEY(circle_id, unit_id) REFERENCES unit (circle_id, id),
    CONSTRAINT ck_position_accuracy_m_finite CHECK (accuracy_m >= 0 AND accuracy_m < 'Infinity'),
    CONSTRAINT ck_position_on_earth CHECK (NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
    CONSTRAINT fk_position_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_position_geometry ON position USING gist (geometry);
CREATE INDEX ix_position_stored_at ON position (circle_id, stored_at);
