-- A step that could not be taken is tried again later, and later each time, by whatever process is up then.
ALTER TABLE ladder_step
    ADD COLUMN failures INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN retry_at TIMESTAMP WITH TIME ZONE;
