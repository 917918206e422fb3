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
