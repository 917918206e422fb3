-- Whose people read the text of an alert: an inject of a drill may be for some of its partners. None is all.
ALTER TABLE alert ADD COLUMN partner_ids UUID[] NOT NULL DEFAULT '{}';
