-- A message that is sent again has the same link, so that services know its text as the same. The link is derived from
-- this number; once what became of the message is known, another number takes its place, and no one can derive it.
ALTER TABLE outgoing_message ADD COLUMN link_key UUID NOT NULL DEFAULT gen_random_uuid();
