-- Runs once, when the volume is empty. The application owns its database and is no superuser.
CREATE ROLE responder LOGIN;
CREATE DATABASE responder OWNER responder;
\connect responder
CREATE EXTENSION postgis;
