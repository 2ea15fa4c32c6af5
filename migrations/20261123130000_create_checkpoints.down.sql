DROP TABLE checkpoint_witnesses, checkpoints, keys;
