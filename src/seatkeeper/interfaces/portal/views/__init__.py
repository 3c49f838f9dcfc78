"""Pages: parse, one query or one command call, render."""
