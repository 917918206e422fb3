-- The second wall between circles, under the application's own checks: whatever a query forgets to say, it
-- gets rows of no circle but the one that its transaction was begun for, and that only for a member.
--
-- Every transaction begins with act_for(account, circle) or act_as_system(circle). Both speak until its end
-- and no longer; a transaction that says neither sees nothing of any circle.

-- The role that the application works as: it owns nothing, so no policy lets it by. An administrator's start
-- makes it (the private cluster, docker compose); elsewhere the owner does, where the server lets it.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'responder_app') THEN
            CREATE ROLE responder_app LOGIN;
        END IF;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN
            NULL; -- Another database of this server was migrated in the same moment.
    END;
    IF NOT pg_has_role(CURRENT_USER, 'responder_app', 'MEMBER') THEN
        EXECUTE format('GRANT responder_app TO %I', CURRENT_USER);
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role responder_app is missing, or % may not act as it', CURRENT_USER USING HINT = format(
            'As an administrator of the server: CREATE ROLE responder_app LOGIN; GRANT responder_app TO %I;',
            CURRENT_USER
        );
END $$;

CREATE FUNCTION acting_circle() RETURNS UUID LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CAST(NULLIF(current_setting('responder.circle_id', true), '') AS UUID);
COMMENT ON FUNCTION acting_circle IS 'The circle that this transaction may see, if any';

CREATE FUNCTION acting_account() RETURNS UUID LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CAST(NULLIF(current_setting('responder.account_id', true), '') AS UUID);
COMMENT ON FUNCTION acting_account IS 'Whoever this transaction works for, if it is somebody';

CREATE FUNCTION acts_for_system() RETURNS BOOLEAN LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE(current_setting('responder.system', true) = 'on', false);
COMMENT ON FUNCTION acts_for_system IS 'This transaction is work for all circles: said aloud, never by default';

CREATE FUNCTION act_for(account UUID, circle UUID) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('responder.system', 'off', true);
    PERFORM set_config('responder.account_id', COALESCE(CAST(account AS TEXT), ''), true);
    PERFORM set_config('responder.circle_id', '', true);
    -- One's own memberships can be seen without a circle: see the policy.
    IF EXISTS (
        SELECT FROM membership WHERE membership.circle_id = circle AND membership.account_id = account
    ) THEN
        PERFORM set_config('responder.circle_id', CAST(circle AS TEXT), true);
    END IF;
END $$;
COMMENT ON FUNCTION act_for IS
    'Until the transaction ends: work for an account, in a circle that it sees only as a member';

CREATE FUNCTION act_as_system(circle UUID) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('responder.system', CASE WHEN circle IS NULL THEN 'on' ELSE 'off' END, true);
    PERFORM set_config('responder.account_id', '', true);
    PERFORM set_config('responder.circle_id', COALESCE(CAST(circle AS TEXT), ''), true);
END $$;
COMMENT ON FUNCTION act_as_system IS
    'Until the transaction ends: work that is nobody''s, in one circle, or in all of them for NULL';

CREATE PROCEDURE keep_within_circle(kept REGCLASS) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', kept);
    -- The owner too, so that an application that came in under the wrong name sees no more.
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', kept);
    -- The subqueries are asked once for a statement, not for every row.
    EXECUTE format(
        'CREATE POLICY of_the_circle ON %s USING ((SELECT acts_for_system()) OR circle_id = (SELECT acting_circle()))',
        kept
    );
END $$;
COMMENT ON PROCEDURE keep_within_circle IS 'Call it for every new table with a circle_id';

CALL keep_within_circle('alert');
CALL keep_within_circle('building');
CALL keep_within_circle('closure');
CALL keep_within_circle('delivery');
CALL keep_within_circle('event');
CALL keep_within_circle('facility');
CALL keep_within_circle('hazard');
CALL keep_within_circle('idempotency');
CALL keep_within_circle('incident');
CALL keep_within_circle('membership');
CALL keep_within_circle('pact');
CALL keep_within_circle('partner');
CALL keep_within_circle('position');
CALL keep_within_circle('receipt');
CALL keep_within_circle('responder');
CALL keep_within_circle('road');
CALL keep_within_circle('unit');

-- Whoever signs in must learn where they belong, before they choose a circle.
CREATE POLICY ones_own ON membership FOR SELECT USING (account_id = (SELECT acting_account()));

ALTER TABLE circle ENABLE ROW LEVEL SECURITY;
ALTER TABLE circle FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_circle ON circle
    USING ((SELECT acts_for_system()) OR id = (SELECT acting_circle()));
CREATE POLICY ones_own ON circle FOR SELECT
    USING (id IN (SELECT circle_id FROM membership WHERE account_id = (SELECT acting_account())));

-- Accounts and sessions are of no circle. A name is looked up before anybody is signed in, so they can be
-- read; but once somebody is, nobody else's can be changed.
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY to_be_read ON account FOR SELECT USING (true);
CREATE POLICY ones_own ON account
    USING (COALESCE(id = (SELECT acting_account()), true));
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE session FORCE ROW LEVEL SECURITY;
CREATE POLICY to_be_read ON session FOR SELECT USING (true);
CREATE POLICY ones_own ON session
    USING (COALESCE(account_id = (SELECT acting_account()), true));

-- What the application may do, also with the tables to come. Which migrations there were, it may only read.
DO $$
DECLARE
    owned REGCLASS;
BEGIN
    FOR owned IN
        SELECT oid FROM pg_class
        WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
            AND relowner = CURRENT_USER::regrole AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO responder_app', owned);
    END LOOP;
END $$;
GRANT SELECT ON alembic_version TO responder_app;
GRANT USAGE ON SCHEMA public TO responder_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO responder_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO responder_app;
