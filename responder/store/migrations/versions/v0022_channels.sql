-- A circle's accounts with services that carry messages, and by what each person can be reached there.
CREATE TABLE channel_service (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    settings JSONB NOT NULL,
    enabled BOOLEAN NOT NULL,
    outside_public BOOLEAN NOT NULL,
    reply_hash TEXT,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_channel_service PRIMARY KEY (circle_id, id),
    CONSTRAINT ck_channel_service_channel_known CHECK (channel IN ('ntfy', 'web_push', 'wecom_robot', 'wecom_app', 'dingtalk', 'feishu', 'sms', 'voice', 'email')),
    CONSTRAINT ck_channel_service_reply_hashed CHECK (reply_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_channel_service_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE UNIQUE INDEX ix_channel_service_name ON channel_service (circle_id, name) WHERE removed_at IS NULL;
CREATE INDEX ix_channel_service_reply_hash ON channel_service (reply_hash);
CALL keep_within_circle('channel_service');

CREATE TABLE contact (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    account_id UUID NOT NULL,
    service_id UUID NOT NULL,
    address TEXT NOT NULL,
    turn INTEGER NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    verified_at TIMESTAMP WITH TIME ZONE,
    code_hashes TEXT[] NOT NULL,
    code_expires_at TIMESTAMP WITH TIME ZONE,
    code_failures INTEGER NOT NULL,
    CONSTRAINT pk_contact PRIMARY KEY (circle_id, id),
    CONSTRAINT uq_contact_circle_id_account_id_service_id UNIQUE (circle_id, account_id, service_id),
    CONSTRAINT fk_contact_circle_id_service_id FOREIGN KEY(circle_id, service_id) REFERENCES channel_service (circle_id, id),
    CONSTRAINT fk_contact_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_contact_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
CREATE INDEX ix_contact_account_id ON contact (account_id);
CREATE INDEX ix_contact_service_id ON contact (circle_id, service_id, address);
CALL keep_within_circle('contact');

-- Minutes of the day in the circle's local time; a person without a row has no quiet hours.
CREATE TABLE quiet_hours (
    circle_id UUID NOT NULL,
    account_id UUID NOT NULL,
    from_minute INTEGER NOT NULL,
    until_minute INTEGER NOT NULL,
    CONSTRAINT pk_quiet_hours PRIMARY KEY (circle_id, account_id),
    CONSTRAINT ck_quiet_hours_of_a_day CHECK (from_minute BETWEEN 0 AND 1439 AND until_minute BETWEEN 0 AND 1439 AND from_minute <> until_minute),
    CONSTRAINT fk_quiet_hours_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_quiet_hours_account_id FOREIGN KEY(account_id) REFERENCES account (id)
);
CALL keep_within_circle('quiet_hours');

-- A circle without a row waits as long as `CHANNEL_TIMEOUT_S` says.
CREATE TABLE channel_policy (
    circle_id UUID NOT NULL,
    next_channel_after_s INTEGER NOT NULL,
    CONSTRAINT pk_channel_policy PRIMARY KEY (circle_id),
    CONSTRAINT ck_channel_policy_soon CHECK (next_channel_after_s BETWEEN 5 AND 600),
    CONSTRAINT fk_channel_policy_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CALL keep_within_circle('channel_policy');
