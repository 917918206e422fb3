-- One number says on which roads, units, figures and doors an answer about reach rests. It grows with everything
-- that changes who can be there in time, in the same transaction.
ALTER TABLE circle ADD COLUMN reach_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN reach_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN reach_version BIGINT NOT NULL DEFAULT 0;

-- Rows that change only leave a note in the transaction. Counting up needs the circle's row, which alerts wait for:
-- it is done together with the next write to that row, which an event is, or at the latest at commit.
CREATE FUNCTION note_reach_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    changed TEXT;
    noted TEXT := COALESCE(current_setting('responder.reach_changed', true), '');
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NULL;
    END IF;
    changed := CASE WHEN TG_OP = 'DELETE' THEN OLD.circle_id ELSE NEW.circle_id END;
    IF strpos(noted, changed) = 0 THEN
        PERFORM set_config('responder.reach_changed', noted || changed || ' ', true);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION count_reach_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    noted TEXT := COALESCE(current_setting('responder.reach_changed', true), '');
BEGIN
    IF strpos(noted, NEW.id::TEXT) > 0 THEN
        PERFORM set_config('responder.reach_changed', replace(noted, NEW.id || ' ', ''), true);
    ELSIF NEW.roads_hash IS NOT DISTINCT FROM OLD.roads_hash AND NEW.limit_s = OLD.limit_s THEN
        RETURN NEW;
    END IF;
    NEW.reach_version := OLD.reach_version + 1;
    RETURN NEW;
END $$;

CREATE FUNCTION count_reach_change_at_commit() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    changed UUID := CASE WHEN TG_OP = 'DELETE' THEN OLD.circle_id ELSE NEW.circle_id END;
BEGIN
    IF strpos(COALESCE(current_setting('responder.reach_changed', true), ''), changed::TEXT) > 0 THEN
        UPDATE circle SET seq = seq WHERE id = changed;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_reach_change BEFORE UPDATE ON circle
    FOR EACH ROW EXECUTE FUNCTION count_reach_change();

CREATE PROCEDURE changes_reach(changing REGCLASS) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER note_reach_change AFTER INSERT OR UPDATE OR DELETE ON %s '
        'FOR EACH ROW EXECUTE FUNCTION note_reach_change()', changing
    );
    EXECUTE format(
        'CREATE CONSTRAINT TRIGGER count_reach_change_at_commit AFTER INSERT OR UPDATE OR DELETE ON %s '
        'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_reach_change_at_commit()', changing
    );
END $$;
COMMENT ON PROCEDURE changes_reach IS 'Call it for every table whose rows decide who can be there in time';

CALL changes_reach('building');
CALL changes_reach('closure');
CALL changes_reach('partner');
CALL changes_reach('profile_table');
CALL changes_reach('unit');
