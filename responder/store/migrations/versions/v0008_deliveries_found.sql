-- Somebody's one delivery is found without reading all that they ever had: receipts take as long after years
-- as on the first day.
DROP INDEX ix_delivery_recipient_id;
CREATE INDEX ix_delivery_recipient_id ON delivery (circle_id, recipient_id, alert_id);

-- What somebody never confirmed is looked for each time that they connect.
CREATE INDEX ix_delivery_unconfirmed ON delivery (circle_id, recipient_id) WHERE state IN ('queued', 'sent');
