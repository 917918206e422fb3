-- A message by which the ladder insists on an answer: that a device has the alert does not stop it.
ALTER TABLE outgoing_message ADD COLUMN insists BOOLEAN NOT NULL DEFAULT false;
