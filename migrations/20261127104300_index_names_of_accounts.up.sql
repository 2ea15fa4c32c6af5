-- Each page marks the names of deactivated accounts.
CREATE INDEX users_active_name ON users (active, name);
