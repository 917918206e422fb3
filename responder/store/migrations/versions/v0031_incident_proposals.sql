-- What CAP messages of others propose, until a person raises an alert from it or does not.
CREATE TABLE incident_proposal (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    sender TEXT NOT NULL,
    identifier TEXT NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    message_type TEXT NOT NULL,
    exercise BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    texts JSONB NOT NULL,
    area JSONB,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    expires_at TIMESTAMP WITH TIME ZONE,
    refers_to JSONB NOT NULL,
    warnings JSONB NOT NULL,
    about_incident_id UUID,
    incident_id UUID,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_by UUID,
    received_by_name TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    decided_by_name TEXT,
    CONSTRAINT pk_incident_proposal PRIMARY KEY (circle_id, id),
    CONSTRAINT ck_incident_proposal_decided_or_open CHECK ((state = 'open') = (decided_at IS NULL)),
    CONSTRAINT ck_incident_proposal_confirmed_by_an_incident CHECK ((state = 'confirmed') = (incident_id IS NOT NULL)),
    CONSTRAINT ck_incident_proposal_a_point_or_none CHECK ((lon IS NULL) = (lat IS NULL)),
    CONSTRAINT fk_incident_proposal_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE UNIQUE INDEX uq_incident_proposal_message ON incident_proposal (circle_id, sender, identifier);
CREATE INDEX ix_incident_proposal_received_at ON incident_proposal (circle_id, received_at, id);
CALL keep_within_circle('incident_proposal');
