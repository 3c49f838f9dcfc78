"""Plumbing that has never heard of an invoice: clock, bulk writer, journal, tokens, command registry."""
