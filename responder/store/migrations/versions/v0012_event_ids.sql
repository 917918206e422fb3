-- A restored database goes on with numbers that clients have already seen with other events. A random id for each
-- event tells the two histories apart; neither system identifier, timeline nor transaction number does.
ALTER TABLE event ADD COLUMN id UUID NOT NULL DEFAULT gen_random_uuid();

-- The id of the last event, beside its number. NULL before the first.
ALTER TABLE circle ADD COLUMN event_id UUID;
UPDATE circle SET event_id = event.id FROM event WHERE event.circle_id = circle.id AND event.seq = circle.seq;

-- What a place is called that nobody has named is made up in both languages.
ALTER TABLE incident ADD COLUMN label_en TEXT NOT NULL DEFAULT '';
