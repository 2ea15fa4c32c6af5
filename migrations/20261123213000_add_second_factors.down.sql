DROP FUNCTION owes_second_factor;
DROP INDEX launches_owner_idx;
DROP TABLE settings;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
