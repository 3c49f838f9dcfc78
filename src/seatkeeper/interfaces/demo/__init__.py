"""The demonstration: real organisations with fourteen months of history, made by commands on a test clock."""
