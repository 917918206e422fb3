-- What is there and does not work, such as a hydrant that is shut off.
ALTER TABLE facility ADD COLUMN out_of_service boolean NOT NULL DEFAULT false;
