ALTER TABLE session
    ADD COLUMN id UUID NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN device TEXT NOT NULL DEFAULT '',
    ADD COLUMN address TEXT NOT NULL DEFAULT '',
    ADD COLUMN last_seen_at TIMESTAMP WITH TIME ZONE;
UPDATE session SET last_seen_at = opened_at;
ALTER TABLE session
    ALTER COLUMN last_seen_at SET NOT NULL,
    ALTER COLUMN id DROP DEFAULT,
    ALTER COLUMN device DROP DEFAULT,
    ALTER COLUMN address DROP DEFAULT,
    ADD CONSTRAINT uq_session_id UNIQUE (id);

ALTER TABLE responder ADD COLUMN left_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE attempt (
    key TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_attempt PRIMARY KEY (key),
    CONSTRAINT ck_attempt_key_hashed CHECK (key ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_attempt_failures_counted CHECK (failures >= 0)
);
CREATE INDEX ix_attempt_last_at ON attempt (last_at);

CREATE TABLE invitation (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    token_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    partner_id UUID,
    unit_id UUID,
    note TEXT NOT NULL,
    made_by UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    used_by UUID,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_invitation PRIMARY KEY (circle_id, id),
    CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash),
    CONSTRAINT ck_invitation_token_hashed CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_invitation_role_known CHECK (role IN ('coordinator', 'dispatcher', 'responder', 'planner', 'observer')),
    CONSTRAINT ck_invitation_ends_once CHECK (used_at IS NULL OR withdrawn_at IS NULL),
    CONSTRAINT fk_invitation_circle_id_partner_id FOREIGN KEY(circle_id, partner_id) REFERENCES partner (circle_id, id),
    CONSTRAINT fk_invitation_circle_id_unit_id FOREIGN KEY(circle_id, unit_id) REFERENCES unit (circle_id, id),
    CONSTRAINT fk_invitation_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);

-- The head of each chain, beside the chain: what is cut off its end is missed. The nil id is the platform's own.
CREATE TABLE audit_head (
    circle_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_audit_head PRIMARY KEY (circle_id),
    CONSTRAINT ck_audit_head_seq_counts CHECK (seq >= 0),
    CONSTRAINT ck_audit_head_hashed CHECK (hash ~ '^[0-9a-f]{64}$')
);

CREATE TABLE audit (
    circle_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    origin TEXT,
    subject_kind TEXT,
    subject TEXT,
    detail JSONB NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY (circle_id, seq),
    CONSTRAINT ck_audit_seq_from_one CHECK (seq > 0),
    CONSTRAINT ck_audit_hashed CHECK (hash ~ '^[0-9a-f]{64}$')
);
CREATE INDEX ix_audit_at ON audit (circle_id, at);

-- Who it was, in the clear: no part of the chain, so that it can be forgotten.
CREATE TABLE audit_person (
    circle_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    part TEXT NOT NULL,
    account_id UUID NOT NULL,
    address TEXT,
    device TEXT,
    CONSTRAINT pk_audit_person PRIMARY KEY (circle_id, seq, part),
    CONSTRAINT ck_audit_person_part_known CHECK (part IN ('actor', 'subject')),
    CONSTRAINT fk_audit_person_circle_id_seq FOREIGN KEY(circle_id, seq) REFERENCES audit (circle_id, seq)
);
CREATE INDEX ix_audit_person_account_id ON audit_person (account_id);

CREATE TABLE audit_salt (
    account_id UUID NOT NULL,
    salt BYTEA NOT NULL,
    CONSTRAINT pk_audit_salt PRIMARY KEY (account_id),
    CONSTRAINT ck_audit_salt_long_enough CHECK (octet_length(salt) >= 32)
);

INSERT INTO audit_head (circle_id, seq, hash) VALUES ('00000000-0000-0000-0000-000000000000', 0, repeat('0', 64));
INSERT INTO audit_head (circle_id, seq, hash) SELECT id, 0, repeat('0', 64) FROM circle;
-- With every circle begins its chain, so that one without a head was tampered with.
CREATE FUNCTION begin_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_head (circle_id, seq, hash) VALUES (NEW.id, 0, repeat('0', 64));
    RETURN NULL;
END;
$$;
CREATE TRIGGER audit_begins AFTER INSERT ON circle FOR EACH ROW EXECUTE FUNCTION begin_audit();

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_head_is_never_emptied BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (NEW.seq <= OLD.seq OR NEW.circle_id <> OLD.circle_id)
    EXECUTE FUNCTION refuse_change_of_audit();

-- What the clock does: kept here, so that whatever was due while nobody ran is done when somebody does.
CREATE TABLE chore (
    name TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_chore PRIMARY KEY (name)
);

CALL keep_within_circle('invitation');
CALL keep_within_circle('audit_head');
CALL keep_within_circle('audit');
CALL keep_within_circle('audit_person');
-- Whoever signs in is in no circle yet: the platform's chain can be added to by everybody, and read by nobody.
CREATE POLICY platform_too ON audit_head USING (circle_id = '00000000-0000-0000-0000-000000000000');
CREATE POLICY platform_too ON audit FOR INSERT WITH CHECK (circle_id = '00000000-0000-0000-0000-000000000000');
CREATE POLICY platform_too ON audit_person FOR INSERT WITH CHECK (circle_id = '00000000-0000-0000-0000-000000000000');

-- A log is added to. Also the triggers say so, for whoever has the right by another way.
REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM responder_app;
REVOKE DELETE, TRUNCATE ON audit_head FROM responder_app;
