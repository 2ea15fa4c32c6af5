-- The two group roles that signoff's migrations grant rights to; nobody logs in as them. Run once for
-- each PostgreSQL cluster, by a role that may create roles; running it again changes nothing.
--
--   signoff_app       the application: reads and adds, and can neither change nor remove history
--   signoff_redactor  may destroy a text that has to be forgotten
--
-- Roles belong to the whole cluster, not to one of its databases, so this is not a migration.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'signoff_app') THEN
        CREATE ROLE signoff_app NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'signoff_redactor') THEN
        CREATE ROLE signoff_redactor NOLOGIN;
    END IF;
EXCEPTION
    -- Another session created them at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
