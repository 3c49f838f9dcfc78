"""What the web doors share: frame, words, formats, static files."""
