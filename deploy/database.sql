-- The database and the two roles that sign in to it, after roles.sql. For psql 15 or newer, by a
-- superuser, with the passwords in the environment, where no list of processes shows them:
--
--   SIGNOFF_OWNER_PASSWORD=... SIGNOFF_WEB_PASSWORD=... psql -d postgres -f database.sql
--
--   signoff_owner  owns the database and runs the migrations    (MIGRATION_DATABASE_URL)
--   signoff_web    is who the application is: a signoff_app     (DATABASE_URL)
--
-- Running it again sets the passwords and changes nothing else.

\set ON_ERROR_STOP on
\getenv owner_password SIGNOFF_OWNER_PASSWORD
\getenv web_password SIGNOFF_WEB_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM (VALUES ('signoff_owner'), ('signoff_web')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE signoff_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE signoff_web LOGIN PASSWORD :'web_password';

SELECT 'GRANT signoff_app TO signoff_web'
WHERE NOT pg_has_role('signoff_web', 'signoff_app', 'MEMBER')
\gexec

SELECT 'CREATE DATABASE signoff OWNER signoff_owner ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'signoff')
\gexec

-- Whoever else has an account in this cluster stays outside.
REVOKE ALL ON DATABASE signoff FROM PUBLIC;
GRANT CONNECT ON DATABASE signoff TO signoff_app, signoff_redactor;
