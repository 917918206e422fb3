CREATE TABLE incident (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    exercise BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    geometry geometry(POINT,4326) NOT NULL,
    label TEXT NOT NULL,
    building_id UUID,
    entrance TEXT,
    note TEXT NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    raised_by UUID NOT NULL,
    raised_by_name TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    end_reason TEXT,
    ended_by_name TEXT,
    response_circle JSONB NOT NULL,
    CONSTRAINT pk_incident PRIMARY KEY (circle_id, id),
    CONSTRAINT ck_incident_ended_for_a_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT ck_incident_ended_by_a_person CHECK ((ended_at IS NULL) = (ended_by_name IS NULL)),
    CONSTRAINT ck_incident_on_earth CHECK (NOT ST_IsEmpty(geometry) AND ST_XMin(geometry) >= -180 AND ST_XMax(geometry) <= 180 AND ST_YMin(geometry) >= -90 AND ST_YMax(geometry) <= 90),
    CONSTRAINT fk_incident_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_incident_ended_at ON incident (circle_id, ended_at, id);
CREATE INDEX ix_incident_geometry ON incident USING gist (geometry);

CREATE TABLE alert (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    message_type TEXT NOT NULL,
    exercise BOOLEAN NOT NULL,
    headline TEXT NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reference_ids UUID[] NOT NULL,
    CONSTRAINT pk_alert PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_alert_circle_id_incident_id FOREIGN KEY(circle_id, incident_id) REFERENCES incident (circle_id, id),
    CONSTRAINT fk_alert_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_alert_incident_id ON alert (circle_id, incident_id);

CREATE TABLE delivery (
    circle_id UUID NOT NULL,
    alert_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    incident_id UUID NOT NULL,
    recipient_name TEXT NOT NULL,
    unit_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    state TEXT NOT NULL,
    times JSONB NOT NULL,
    CONSTRAINT pk_delivery PRIMARY KEY (circle_id, alert_id, recipient_id),
    CONSTRAINT fk_delivery_circle_id_alert_id FOREIGN KEY(circle_id, alert_id) REFERENCES alert (circle_id, id),
    CONSTRAINT fk_delivery_circle_id_incident_id FOREIGN KEY(circle_id, incident_id) REFERENCES incident (circle_id, id),
    CONSTRAINT fk_delivery_circle_id_recipient_id FOREIGN KEY(circle_id, recipient_id) REFERENCES responder (circle_id, id),
    CONSTRAINT ck_delivery_state_known CHECK (state IN ('queued', 'sent', 'delivered', 'seen', 'declined', 'accepted', 'en_route', 'on_scene', 'released')),
    CONSTRAINT fk_delivery_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_delivery_incident_id ON delivery (circle_id, incident_id);
CREATE INDEX ix_delivery_recipient_id ON delivery (circle_id, recipient_id);

CREATE TABLE receipt (
    circle_id UUID NOT NULL,
    action_id UUID NOT NULL,
    account_id UUID NOT NULL,
    alert_id UUID NOT NULL,
    state TEXT NOT NULL,
    device TEXT NOT NULL,
    device_at TIMESTAMP WITH TIME ZONE NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_receipt PRIMARY KEY (circle_id, action_id, account_id),
    CONSTRAINT fk_receipt_circle_id_alert_id FOREIGN KEY(circle_id, alert_id) REFERENCES alert (circle_id, id),
    CONSTRAINT fk_receipt_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_receipt_alert_id ON receipt (circle_id, alert_id);

CREATE TABLE event (
    circle_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    incident_id UUID,
    kind TEXT NOT NULL,
    body JSONB NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (circle_id, seq),
    CONSTRAINT fk_event_circle_id_incident_id FOREIGN KEY(circle_id, incident_id) REFERENCES incident (circle_id, id),
    CONSTRAINT ck_event_seq_from_one CHECK (seq > 0),
    CONSTRAINT ck_event_kind_as_in_body CHECK (body ->> 'kind' = kind),
    CONSTRAINT fk_event_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);

CREATE TABLE idempotency (
    circle_id UUID NOT NULL,
    account_id UUID NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    incident_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_idempotency PRIMARY KEY (circle_id, account_id, key),
    CONSTRAINT fk_idempotency_circle_id_incident_id FOREIGN KEY(circle_id, incident_id) REFERENCES incident (circle_id, id),
    CONSTRAINT fk_idempotency_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
