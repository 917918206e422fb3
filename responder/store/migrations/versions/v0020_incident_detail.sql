-- The numbers and ids of events stay, so a client that comes back resumes where it was.
UPDATE event SET body = body - 'picture' || jsonb_build_object('detail', body -> 'picture')
WHERE kind IN ('alert_raised', 'alert_extended') AND body ? 'picture';
