DROP TABLE roles;
DROP TABLE known_browsers;
DROP TABLE setup_token;
DROP TABLE invitations;
DROP TABLE users;
