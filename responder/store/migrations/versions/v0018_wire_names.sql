-- The numbers and ids of events stay, so a client that comes back resumes where it was.
UPDATE event SET
    kind = 'deliveries_updated',
    body = body - 'delivery'
        || jsonb_build_object('kind', 'deliveries_updated', 'deliveries', jsonb_build_array(body -> 'delivery'))
WHERE kind = 'delivery_advanced';

UPDATE event SET kind = renamed.name, body = jsonb_set(event.body, '{kind}', to_jsonb(renamed.name))
FROM (VALUES
    ('deliveries_advanced', 'deliveries_updated'),
    ('circle_recomputed', 'response_circle_updated'),
    ('closure_set', 'closure_created')
) AS renamed (former, name)
WHERE event.kind = renamed.former;

ALTER TABLE criticality RENAME COLUMN people_pass TO pedestrians_pass;
ALTER TABLE criticality RENAME COLUMN share TO progress;
ALTER TABLE criticality RENAME CONSTRAINT ck_criticality_share_of_one TO ck_criticality_progress_of_one;
-- What was computed may have taken a minute, so it is kept.
UPDATE criticality SET result = result - ARRAY['people_pass', 'left_out', 'roads_left_out', 'things']
    || jsonb_build_object(
        'pedestrians_pass', result -> 'people_pass',
        'excluded', result -> 'left_out',
        'roads_excluded', result -> 'roads_left_out',
        'features', (
            SELECT COALESCE(jsonb_agg(thing - 'what' || jsonb_build_object('type', thing -> 'what') ORDER BY place), '[]')
            FROM jsonb_array_elements(result -> 'things') WITH ORDINALITY AS stored (thing, place)
        )
    )
WHERE result IS NOT NULL;

ALTER TABLE feature_import RENAME COLUMN taken TO created;
