"""Files that people write: read safely, checked against one table, with errors that name file, line and right name."""
