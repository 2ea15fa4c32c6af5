-- What signoff's migrations grant to: two group roles that nobody signs in as. Once for each
-- PostgreSQL cluster, by a role that may create roles; running it again changes nothing.
--
--   signoff_app       the application: reads and adds, and can neither change nor remove history
--   signoff_redactor  the one who may destroy a text that has to be forgotten
--
-- Roles belong to the whole cluster and databases come and go in it, so this is no migration.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'signoff_app') THEN
        CREATE ROLE signoff_app NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'signoff_redactor') THEN
        CREATE ROLE signoff_redactor NOLOGIN;
    END IF;
EXCEPTION
    -- Somebody else made them at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
