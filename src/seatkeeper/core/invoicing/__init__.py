"""From days and holdings to lines, from lines to documents."""
