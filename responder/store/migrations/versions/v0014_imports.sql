-- Ids of files are unique only within their source: what a thing is known by is kept apart from its own id.
CREATE TABLE source_key (
    circle_id UUID NOT NULL,
    noun TEXT NOT NULL,
    thing_id UUID NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    CONSTRAINT pk_source_key PRIMARY KEY (circle_id, noun, thing_id, source),
    CONSTRAINT fk_source_key_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);
CREATE INDEX ix_source_key_key ON source_key (circle_id, noun, key);

CREATE TABLE feature_import (
    circle_id UUID NOT NULL,
    id UUID NOT NULL,
    noun TEXT NOT NULL,
    source TEXT NOT NULL,
    source_declared BOOLEAN NOT NULL,
    file_name TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    account_id UUID,
    account_name TEXT NOT NULL,
    taken INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    doubtful INTEGER NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_feature_import PRIMARY KEY (circle_id, id),
    CONSTRAINT fk_feature_import_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);

CREATE TABLE imported_feature (
    circle_id UUID NOT NULL,
    import_id UUID NOT NULL,
    noun TEXT NOT NULL,
    thing_id UUID NOT NULL,
    is_new BOOLEAN NOT NULL,
    fingerprint TEXT NOT NULL,
    CONSTRAINT pk_imported_feature PRIMARY KEY (circle_id, import_id, noun, thing_id),
    CONSTRAINT fk_imported_feature_circle_id_import_id FOREIGN KEY(circle_id, import_id) REFERENCES feature_import (circle_id, id)
);

CREATE TABLE import_mapping (
    circle_id UUID NOT NULL,
    noun TEXT NOT NULL,
    source TEXT NOT NULL,
    body JSONB NOT NULL,
    CONSTRAINT pk_import_mapping PRIMARY KEY (circle_id, noun, source),
    CONSTRAINT fk_import_mapping_circle_id FOREIGN KEY(circle_id) REFERENCES circle (id)
);

CALL keep_within_circle('source_key');
CALL keep_within_circle('feature_import');
CALL keep_within_circle('imported_feature');
CALL keep_within_circle('import_mapping');
