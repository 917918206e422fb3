-- In which language messages go out to a person.
ALTER TABLE account ADD COLUMN language TEXT NOT NULL DEFAULT 'zh-CN';
ALTER TABLE account ADD CONSTRAINT ck_account_language_known CHECK (language IN ('zh-CN', 'en'));
