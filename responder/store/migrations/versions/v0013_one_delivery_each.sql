-- A person in two called units was called, counted and answered for twice. They have one delivery now, which names
-- the unit that they go with and all units that they were called in.
ALTER TABLE delivery ADD COLUMN unit_ids UUID[];
ALTER TABLE receipt ADD COLUMN unit_id UUID;
UPDATE delivery SET unit_ids = ARRAY[unit_id];

CREATE TEMPORARY TABLE called_twice ON COMMIT DROP AS
WITH called AS (
    SELECT delivery.circle_id, delivery.alert_id, delivery.recipient_id, delivery.unit_id, delivery.state,
        delivery.times,
        COALESCE(responder.account_id::text,
                 CASE WHEN responder.phone = '' THEN responder.id::text
                      ELSE concat_ws(chr(31), responder.partner_id, responder.name, responder.phone) END) AS person,
        responder.left_at IS NOT NULL AS has_left,
        delivery.state = 'withdrawn' AS is_withdrawn,
        incident.ended_at IS NULL AS is_open,
        array_position(ARRAY['queued', 'sent', 'delivered', 'seen', 'declined', 'accepted', 'en_route', 'on_scene',
                             'withdrawn', 'released'], delivery.state) AS rank,
        (SELECT min(member.turn)
         FROM jsonb_array_elements(incident.response_circle -> 'members') WITH ORDINALITY AS member (body, turn)
         WHERE member.body ->> 'unit_id' = delivery.unit_id::text) AS turn
    FROM delivery
    JOIN incident ON incident.circle_id = delivery.circle_id AND incident.id = delivery.incident_id
    JOIN responder ON responder.circle_id = delivery.circle_id AND responder.id = delivery.recipient_id
)
SELECT called.*,
    -- The first stays: by a recipient who has left, and by a call that was withdrawn, nobody can be told any more.
    row_number() OVER (
        PARTITION BY circle_id, alert_id, person
        ORDER BY has_left, is_withdrawn, rank DESC, turn NULLS LAST, recipient_id
    ) AS place,
    count(*) OVER (PARTITION BY circle_id, alert_id, person) AS times_called
FROM called;
DELETE FROM called_twice WHERE times_called = 1;

WITH kept AS (SELECT * FROM called_twice WHERE place = 1),
unit AS (
    SELECT kept.circle_id, kept.alert_id, kept.recipient_id, other.unit_id, min(other.turn) AS turn,
        min(other.place) AS place
    FROM kept JOIN called_twice AS other USING (circle_id, alert_id, person)
    WHERE other.place = 1
        OR (NOT (other.has_left AND other.is_open) AND (kept.is_withdrawn OR NOT other.is_withdrawn))
    GROUP BY kept.circle_id, kept.alert_id, kept.recipient_id, other.unit_id
),
units AS (
    SELECT circle_id, alert_id, recipient_id,
        array_agg(unit_id ORDER BY turn NULLS LAST, place) AS unit_ids
    FROM unit GROUP BY circle_id, alert_id, recipient_id
),
reached AS (
    SELECT kept.circle_id, kept.alert_id, kept.recipient_id, reached.state,
        (array_agg(reached.at ORDER BY reached.at::timestamptz))[1] AS at
    FROM kept JOIN called_twice AS other USING (circle_id, alert_id, person)
    CROSS JOIN jsonb_each_text(other.times) AS reached (state, at)
    WHERE kept.is_withdrawn OR reached.state <> 'withdrawn'
    GROUP BY kept.circle_id, kept.alert_id, kept.recipient_id, reached.state
),
moments AS (
    SELECT circle_id, alert_id, recipient_id, jsonb_object_agg(state, at) AS times
    FROM reached GROUP BY circle_id, alert_id, recipient_id
)
UPDATE delivery SET unit_ids = units.unit_ids, times = moments.times
FROM units JOIN moments USING (circle_id, alert_id, recipient_id)
WHERE delivery.circle_id = units.circle_id AND delivery.alert_id = units.alert_id
    AND delivery.recipient_id = units.recipient_id;

DELETE FROM delivery USING called_twice AS other
WHERE other.place > 1 AND delivery.circle_id = other.circle_id AND delivery.alert_id = other.alert_id
    AND delivery.recipient_id = other.recipient_id;

-- Clients that hold both deliveries read everything afresh.
UPDATE circle SET epoch = substr(md5(random()::text || clock_timestamp()::text), 1, 16)
WHERE id IN (SELECT circle_id FROM called_twice);

ALTER TABLE delivery ALTER COLUMN unit_ids SET NOT NULL;
ALTER TABLE delivery ADD CONSTRAINT ck_delivery_goes_with_one_of_its_units CHECK (unit_id = ANY (unit_ids));
