-- The queue of messages, and after they were sent the proof of what became of them. Alerts and people are not
-- foreign keys: a thousand rows are added while the circle is locked, from deliveries whose keys were checked.
CREATE TABLE outgoing_message (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    service_id UUID NOT NULL,
    contact_id UUID,
    account_id UUID,
    recipient_id UUID,
    incident_id UUID,
    alert_id UUID,
    purpose TEXT NOT NULL,
    exercise BOOLEAN NOT NULL,
    severity TEXT NOT NULL,
    priority INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    state TEXT NOT NULL,
    queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    attempts INTEGER NOT NULL,
    unknown_outcomes INTEGER NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    accepted_at TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    opened_at TIMESTAMP WITH TIME ZONE,
    answered_at TIMESTAMP WITH TIME ZONE,
    failed_at TIMESTAMP WITH TIME ZONE,
    answer TEXT,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    service_message_id TEXT,
    CONSTRAINT pk_outgoing_message PRIMARY KEY (circle_id, id),
    CONSTRAINT ck_outgoing_message_state_known CHECK (state IN ('queued', 'sent', 'accepted', 'delivered', 'opened', 'answered', 'failed', 'stopped')),
    CONSTRAINT ck_outgoing_message_purpose_known CHECK (purpose IN ('alert', 'correction', 'verification', 'self_test')),
    CONSTRAINT ck_outgoing_message_leased_while_sent CHECK ((state = 'sent') = (leased_until IS NOT NULL)),
    CONSTRAINT ck_outgoing_message_of_an_alert CHECK ((purpose IN ('alert', 'correction')) = (alert_id IS NOT NULL)),
    CONSTRAINT fk_outgoing_message_circle_id_service_id FOREIGN KEY(circle_id, service_id) REFERENCES channel_service (circle_id, id)
);
-- One message a person, service and alert.
CREATE UNIQUE INDEX ix_outgoing_message_once ON outgoing_message (circle_id, alert_id, account_id, service_id) WHERE alert_id IS NOT NULL;
CREATE INDEX ix_outgoing_message_due_at ON outgoing_message (due_at) WHERE state IN ('queued', 'sent');
CREATE INDEX ix_outgoing_message_incident_id ON outgoing_message (circle_id, incident_id);
CREATE INDEX ix_outgoing_message_account_id ON outgoing_message (account_id);
CREATE INDEX ix_outgoing_message_service_message_id ON outgoing_message (circle_id, service_id, service_message_id) WHERE service_message_id IS NOT NULL;
CALL keep_within_circle('outgoing_message');

-- Requests of the last minute to each service, by all processes, and until when it takes no more.
CREATE TABLE service_budget (
    circle_id UUID NOT NULL,
    service_id UUID NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE[] NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_service_budget PRIMARY KEY (circle_id, service_id),
    CONSTRAINT fk_service_budget_circle_id_service_id FOREIGN KEY(circle_id, service_id) REFERENCES channel_service (circle_id, id) ON DELETE CASCADE
);
CALL keep_within_circle('service_budget');

-- One for each request, since one whose outcome is unknown may have arrived.
CREATE TABLE answer_link (
    circle_id UUID NOT NULL,
    token_hash TEXT NOT NULL,
    message_id UUID NOT NULL,
    CONSTRAINT pk_answer_link PRIMARY KEY (circle_id, token_hash),
    CONSTRAINT ck_answer_link_token_hashed CHECK (token_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_answer_link_circle_id_message_id FOREIGN KEY(circle_id, message_id) REFERENCES outgoing_message (circle_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_answer_link_token_hash ON answer_link (token_hash);
CREATE INDEX ix_answer_link_message_id ON answer_link (circle_id, message_id);
CALL keep_within_circle('answer_link');
