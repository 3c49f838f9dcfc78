"""Statements of the seller's bank account."""
