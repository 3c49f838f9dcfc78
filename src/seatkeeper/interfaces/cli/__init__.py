"""The command line: tables for people, `--json` for machines. Django is only imported by what needs it."""
