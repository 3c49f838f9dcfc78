"""The benchmarks: `python -m bench` (or `make bench`) prints the speeds on SQLite and on PostgreSQL."""
