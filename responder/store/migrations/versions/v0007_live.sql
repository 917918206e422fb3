-- How often who is what in a circle has changed, so that gateways notice at once and look at its open sockets.
CREATE TABLE standing (
    circle_id UUID NOT NULL,
    revision BIGINT NOT NULL,
    CONSTRAINT pk_standing PRIMARY KEY (circle_id),
    CONSTRAINT ck_standing_revision_counts CHECK (revision > 0),
    CONSTRAINT fk_standing_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CALL keep_within_circle('standing');

CREATE FUNCTION note_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO standing (circle_id, revision)
    SELECT DISTINCT circle_id, 1 FROM changed ORDER BY circle_id
    ON CONFLICT (circle_id) DO UPDATE SET revision = standing.revision + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER standing_added AFTER INSERT ON membership
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_standing();
CREATE TRIGGER standing_changed AFTER UPDATE ON membership
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_standing();
CREATE TRIGGER standing_removed AFTER DELETE ON membership
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_standing();
CREATE TRIGGER standing_added AFTER INSERT ON responder
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_standing();
CREATE TRIGGER standing_changed AFTER UPDATE ON responder
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_standing();
CREATE TRIGGER standing_removed AFTER DELETE ON responder
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_standing();
