-- A drill as it runs: one row for each drill that was started. The body is the whole run; the other columns are what is
-- searched for.
CREATE TABLE drill_run (
    circle_id UUID NOT NULL,
    drill_id UUID NOT NULL,
    incident_id UUID,
    is_ongoing BOOLEAN NOT NULL,
    is_running BOOLEAN NOT NULL,
    -- When the next planned inject is due by itself; NULL when none is, or while the clock stands still.
    next_due_at TIMESTAMP WITH TIME ZONE,
    -- Whether an inject waits for what people do, and up to which event of the circle that was looked at.
    awaits_facts BOOLEAN NOT NULL,
    seen_seq BIGINT NOT NULL,
    -- How often it could not be looked after although it was due, and from when on it is tried again.
    failures INTEGER DEFAULT 0 NOT NULL,
    retry_at TIMESTAMP WITH TIME ZONE,
    body JSONB NOT NULL,
    CONSTRAINT pk_drill_run PRIMARY KEY (circle_id, drill_id),
    CONSTRAINT fk_drill_run_circle_id_drill_id FOREIGN KEY (circle_id, drill_id) REFERENCES drill (circle_id, id),
    CONSTRAINT fk_drill_run_circle_id_incident_id FOREIGN KEY (circle_id, incident_id)
        REFERENCES incident (circle_id, id),
    CONSTRAINT ck_drill_run_running_is_ongoing CHECK (is_ongoing OR NOT is_running),
    CONSTRAINT ck_drill_run_due_while_running CHECK (is_running OR next_due_at IS NULL)
);
CREATE INDEX ix_drill_run_ongoing ON drill_run (circle_id) WHERE is_ongoing;
CALL keep_within_circle('drill_run');
