-- A width that cannot be read is drawn as unknown, not as if nobody had written one.
ALTER TABLE road ADD COLUMN width_unread BOOLEAN NOT NULL DEFAULT false;
