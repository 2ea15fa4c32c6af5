DROP TRIGGER checkpoints_of_newest_key ON checkpoints;
DROP FUNCTION refuse_checkpoint_of_earlier_key();
ALTER TABLE keys DROP COLUMN statement;
