"""Scenario files: a story on a simulated clock, through the same commands, database code and run as production."""
