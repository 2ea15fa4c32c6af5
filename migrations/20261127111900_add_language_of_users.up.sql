-- The language in which a person reads pages and mails, as a tag of RFC 5646; without one, that of their browser.
ALTER TABLE users ADD COLUMN language text;
