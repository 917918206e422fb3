CREATE TABLE profile_table (
    circle_id UUID NOT NULL,
    content_hash TEXT NOT NULL,
    body JSONB NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    set_by_name TEXT NOT NULL,
    CONSTRAINT pk_profile_table PRIMARY KEY (circle_id),
    CONSTRAINT ck_profile_table_content_hashed CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_profile_table_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);

CREATE TABLE criticality (
    circle_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    people_pass BOOLEAN NOT NULL,
    run_id UUID,
    step TEXT NOT NULL,
    share FLOAT NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    code TEXT,
    version TEXT,
    computed_at TIMESTAMP WITH TIME ZONE,
    result JSONB,
    CONSTRAINT pk_criticality PRIMARY KEY (circle_id, subject_id, people_pass),
    CONSTRAINT ck_criticality_share_of_one CHECK (share BETWEEN 0 AND 1),
    CONSTRAINT ck_criticality_result_whole CHECK ((version IS NULL) = (result IS NULL) AND (version IS NULL) = (computed_at IS NULL)),
    CONSTRAINT fk_criticality_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);

CALL keep_within_circle('profile_table');
CALL keep_within_circle('criticality');
