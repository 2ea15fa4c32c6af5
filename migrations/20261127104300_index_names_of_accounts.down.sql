DROP INDEX users_active_name;
