DROP TABLE launch_tags;
