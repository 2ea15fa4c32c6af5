DROP TABLE tree_nodes, texts, events;
