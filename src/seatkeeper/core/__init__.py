"""The deciding core: pure Python, standard library only. No clock, no database, no log, no text for people."""
