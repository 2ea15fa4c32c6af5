-- The people whose names pages mark: they left, have no part in launches, or had another name. Every page reads them.
CREATE INDEX users_marked ON users (id) WHERE NOT active OR NOT 'member' = ANY (roles) OR former_names <> '{}';
