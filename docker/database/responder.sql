-- What only the server's administrator can do, run at every start. Whatever is there stays as it is.
-- On a PostgreSQL of your own: psql --set=ON_ERROR_STOP=1 --dbname=postgres --file=docker/database/responder.sql

-- The owner, who migrates, and the application, which owns nothing so that row-level security binds it.
SELECT 'CREATE ROLE responder LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'responder')
\gexec
SELECT 'CREATE ROLE responder_app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'responder_app')
\gexec
GRANT responder_app TO responder;
-- An administrator of the machine sees all circles in psql; the application's connections set this themselves.
ALTER ROLE responder SET responder.system = 'on';

SELECT 'CREATE DATABASE responder OWNER responder' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'responder')
\gexec
\connect responder
CREATE EXTENSION IF NOT EXISTS postgis;
ALTER EXTENSION postgis UPDATE;
-- So that spatial indexes stay in use behind row-level security: comparing two boxes tells nothing of either.
ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF;
