-- The pact of a circle with its versions and signatures, duties that were done, and who is on call. The
-- table of before held one row a partner, written by the demo alone; no one could read or enter it.
DROP TABLE pact;
CREATE TABLE pact (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    body JSONB NOT NULL,
    annex JSONB,
    version INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    created_by_name TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by UUID,
    changed_by_name TEXT NOT NULL,
    CONSTRAINT pk_pact PRIMARY KEY (circle_id, id),
    CONSTRAINT uq_pact_circle_id_number UNIQUE (circle_id, number),
    CONSTRAINT fk_pact_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT ck_pact_known_state CHECK (state IN ('draft', 'signed', 'superseded'))
);
CALL keep_within_circle('pact');
CREATE TABLE pact_signature (
    circle_id UUID NOT NULL,
    pact_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    account_id UUID,
    account_name TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    document_hash TEXT NOT NULL,
    CONSTRAINT pk_pact_signature PRIMARY KEY (circle_id, pact_id, partner_id),
    CONSTRAINT fk_pact_signature_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_pact_signature_circle_id_pact_id FOREIGN KEY (circle_id, pact_id)
        REFERENCES pact (circle_id, id),
    CONSTRAINT fk_pact_signature_circle_id_partner_id FOREIGN KEY (circle_id, partner_id)
        REFERENCES partner (circle_id, id),
    CONSTRAINT ck_pact_signature_document_hashed CHECK (document_hash ~ '^[0-9a-f]{64}$')
);
CALL keep_within_circle('pact_signature');
CREATE TABLE duty_record (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    duty_id UUID NOT NULL,
    partner_id UUID,
    done_on DATE NOT NULL,
    note TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    created_by_name TEXT NOT NULL,
    CONSTRAINT pk_duty_record PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_duty_record_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_duty_record_done_on ON duty_record (circle_id, done_on);
CALL keep_within_circle('duty_record');
CREATE TABLE roster_pattern (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    responder_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    weekdays SMALLINT[] NOT NULL,
    starts TIME WITHOUT TIME ZONE NOT NULL,
    ends TIME WITHOUT TIME ZONE NOT NULL,
    since DATE NOT NULL,
    until DATE,
    made_until DATE NOT NULL,
    CONSTRAINT pk_roster_pattern PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_roster_pattern_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_roster_pattern_circle_id_unit_id FOREIGN KEY (circle_id, unit_id)
        REFERENCES unit (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_roster_pattern_circle_id_responder_id FOREIGN KEY (circle_id, responder_id)
        REFERENCES responder (circle_id, id) ON DELETE CASCADE
);
CALL keep_within_circle('roster_pattern');
CREATE TABLE roster_shift (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    responder_id UUID NOT NULL,
    partner_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    pattern_id UUID,
    asked_id UUID,
    has_begun BOOLEAN NOT NULL,
    has_ended BOOLEAN NOT NULL,
    CONSTRAINT pk_roster_shift PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_roster_shift_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_roster_shift_circle_id_unit_id FOREIGN KEY (circle_id, unit_id)
        REFERENCES unit (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_roster_shift_circle_id_responder_id FOREIGN KEY (circle_id, responder_id)
        REFERENCES responder (circle_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_roster_shift_ends_after_it_starts CHECK (ends_at > starts_at)
);
CREATE INDEX ix_roster_shift_ends_at ON roster_shift (circle_id, ends_at);
CREATE INDEX ix_roster_shift_waiting ON roster_shift (starts_at) WHERE NOT has_ended;
CALL keep_within_circle('roster_shift');
