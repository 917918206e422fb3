-- What a drill is replayed from: the circle as it was when the drill was started, and where the units that take part
-- were from then on. Everything else is in the log.
CREATE TABLE drill_base (
    circle_id UUID NOT NULL,
    drill_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    body JSONB NOT NULL,
    CONSTRAINT pk_drill_base PRIMARY KEY (circle_id, drill_id),
    CONSTRAINT fk_drill_base_circle_id_drill_id FOREIGN KEY (circle_id, drill_id)
        REFERENCES drill_run (circle_id, drill_id)
);
CALL keep_within_circle('drill_base');

CREATE TABLE drill_track (
    circle_id UUID NOT NULL,
    drill_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    -- When the unit was there, and when that was known.
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    accuracy_m DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_drill_track PRIMARY KEY (circle_id, drill_id, unit_id, at),
    CONSTRAINT fk_drill_track_circle_id_drill_id FOREIGN KEY (circle_id, drill_id)
        REFERENCES drill_run (circle_id, drill_id)
);
CREATE INDEX ix_drill_track_stored_at ON drill_track (stored_at);
CALL keep_within_circle('drill_track');

-- By the database, so that whatever process stores a position need not know of drills.
CREATE FUNCTION keep_drill_track() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO drill_track (circle_id, drill_id, unit_id, at, stored_at, lon, lat, accuracy_m)
    SELECT NEW.circle_id, drill_run.drill_id, NEW.unit_id, NEW.at, NEW.stored_at, ST_X(NEW.geometry),
           ST_Y(NEW.geometry), NEW.accuracy_m
    FROM drill_run
    WHERE drill_run.circle_id = NEW.circle_id AND drill_run.is_ongoing AND drill_run.incident_id IS NOT NULL
      AND (drill_run.body -> 'partner_ids' = '[]' OR EXISTS (
          SELECT FROM unit WHERE unit.circle_id = NEW.circle_id AND unit.id = NEW.unit_id
              AND jsonb_exists(drill_run.body -> 'partner_ids', unit.partner_id::TEXT)))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_drill_track AFTER INSERT OR UPDATE ON position
    FOR EACH ROW EXECUTE FUNCTION keep_drill_track();
