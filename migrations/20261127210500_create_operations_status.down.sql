DROP TABLE served_database;
DROP TABLE operations_status;
