-- Whoever became a planner or an observer was left in their units, and an invitation could promise such a role a
-- unit: shown as somebody whom alerts reach, and back in the unit unasked with the next change of role.
UPDATE responder SET left_at = now()
FROM membership
WHERE membership.circle_id = responder.circle_id AND membership.account_id = responder.account_id
    AND responder.left_at IS NULL AND membership.role IN ('planner', 'observer');

UPDATE invitation SET unit_id = NULL
WHERE role IN ('planner', 'observer') AND used_at IS NULL;
