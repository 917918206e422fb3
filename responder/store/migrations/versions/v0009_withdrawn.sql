-- Whoever accepted an alert may say that they cannot come after all.
ALTER TABLE delivery DROP CONSTRAINT ck_delivery_state_known;
ALTER TABLE delivery ADD CONSTRAINT ck_delivery_state_known CHECK (state IN ('queued', 'sent', 'delivered', 'seen', 'declined', 'accepted', 'en_route', 'on_scene', 'withdrawn', 'released'));
