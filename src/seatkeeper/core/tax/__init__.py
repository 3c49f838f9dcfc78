"""Value added tax: which category and rate a line has, and the tax of a document."""
