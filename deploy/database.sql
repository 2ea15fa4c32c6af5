-- The database and the two roles that log in to it; run after roles.sql, with psql 15 or newer, as a
-- superuser, with the passwords in the environment, so that the process list does not show them:
--
--   SIGNOFF_OWNER_PASSWORD=... SIGNOFF_WEB_PASSWORD=... psql -d postgres -f database.sql
--
--   signoff_owner  owns the database and runs the migrations    (MIGRATION_DATABASE_URL)
--   signoff_web    is the application: a member of signoff_app     (DATABASE_URL)
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

-- In a cluster of the locale C, PostgreSQL takes no letter outside ASCII for a letter: a search for one would find others.
SELECT 'CREATE DATABASE signoff OWNER signoff_owner ENCODING ''UTF8'' TEMPLATE template0'
    || CASE WHEN locale IN ('C', 'POSIX')
                AND EXISTS (SELECT FROM pg_collation WHERE lower(collname) IN ('c.utf-8', 'c.utf8'))
            THEN ' LC_COLLATE ''C.UTF-8'' LC_CTYPE ''C.UTF-8''' ELSE '' END
FROM (SELECT datctype FROM pg_database WHERE datname = 'template0') AS cluster (locale)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'signoff')
\gexec

-- Other accounts of this cluster get no access.
REVOKE ALL ON DATABASE signoff FROM PUBLIC;
GRANT CONNECT ON DATABASE signoff TO signoff_app, signoff_redactor;
