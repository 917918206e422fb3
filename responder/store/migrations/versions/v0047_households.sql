-- Households: door and count, and with consent who to ask for and what help is needed to get out.
CREATE TABLE household (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    building_id UUID NOT NULL,
    door TEXT NOT NULL,
    door_key TEXT NOT NULL,
    floor SMALLINT,
    people SMALLINT NOT NULL,
    consent_given_on DATE,
    consent_purpose TEXT,
    consent_recorded_by UUID,
    consent_recorded_by_name TEXT NOT NULL,
    consent_withdrawn_on DATE,
    language TEXT,
    contact_name TEXT NOT NULL,
    contact_phone TEXT NOT NULL,
    help_kinds TEXT[] NOT NULL,
    help_people SMALLINT NOT NULL,
    help_note TEXT NOT NULL,
    is_tenant BOOLEAN NOT NULL,
    landlord_name TEXT NOT NULL,
    landlord_phone TEXT NOT NULL,
    tenancy_until DATE,
    confirmed_on DATE NOT NULL,
    version INTEGER NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by UUID,
    changed_by_name TEXT NOT NULL,
    CONSTRAINT pk_household PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_household_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT fk_household_circle_id_building_id FOREIGN KEY (circle_id, building_id)
        REFERENCES building (circle_id, id),
    CONSTRAINT ck_household_people_counted CHECK (people >= 0 AND help_people >= 0),
    CONSTRAINT ck_household_consent_for_a_purpose CHECK ((consent_given_on IS NULL) = (consent_purpose IS NULL)),
    -- Without consent nothing is kept but door and count, whatever the application does.
    CONSTRAINT ck_household_details_with_consent CHECK (
        (consent_given_on IS NOT NULL AND consent_withdrawn_on IS NULL)
        OR (language IS NULL AND contact_name = '' AND contact_phone = '' AND help_kinds = '{}'
            AND help_people = 0 AND help_note = '' AND NOT is_tenant AND landlord_name = ''
            AND landlord_phone = '' AND tenancy_until IS NULL)
    )
);
CREATE UNIQUE INDEX ix_household_door ON household (circle_id, building_id, door_key);
CREATE INDEX ix_household_confirmed_on ON household (circle_id, confirmed_on);
CALL keep_within_circle('household');

-- What a search may begin with; by bytes, so that a beginning is a range of the index.
CREATE TABLE household_term (
    circle_id UUID NOT NULL,
    term TEXT COLLATE "C" NOT NULL,
    household_id UUID NOT NULL,
    CONSTRAINT pk_household_term PRIMARY KEY (circle_id, term, household_id),
    CONSTRAINT fk_household_term_circle_id_household_id FOREIGN KEY (circle_id, household_id)
        REFERENCES household (circle_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_household_term_household_id ON household_term (circle_id, household_id);
CALL keep_within_circle('household_term');

CREATE TABLE household_register (
    circle_id UUID NOT NULL,
    due_after_months SMALLINT NOT NULL,
    delete_after_months SMALLINT NOT NULL,
    CONSTRAINT pk_household_register PRIMARY KEY (circle_id),
    CONSTRAINT fk_household_register_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id),
    CONSTRAINT ck_household_register_due_before_deleted CHECK (
        due_after_months > 0 AND delete_after_months > due_after_months
    )
);
CALL keep_within_circle('household_register');

-- A file of buildings does not overrule the register: where there is one, it counts.
CREATE FUNCTION keep_counted_households() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    counted INTEGER;
BEGIN
    SELECT count(*) INTO counted FROM household
    WHERE household.circle_id = NEW.circle_id AND household.building_id = NEW.id;
    IF counted > 0 THEN
        NEW.households := counted;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_counted_households BEFORE UPDATE OF households ON building
    FOR EACH ROW EXECUTE FUNCTION keep_counted_households();
