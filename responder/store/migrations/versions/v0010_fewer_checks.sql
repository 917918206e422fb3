-- An alert, an incident and a responder are of a circle that there is, and each of these rows names one of the
-- same circle. Looking the circle up once more for each of a thousand people took a tenth of their receipts' time.
ALTER TABLE delivery DROP CONSTRAINT fk_delivery_circle_id;
ALTER TABLE receipt DROP CONSTRAINT fk_receipt_circle_id;
