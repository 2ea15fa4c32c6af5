DROP INDEX users_marked;
