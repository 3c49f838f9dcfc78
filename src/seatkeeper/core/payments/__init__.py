"""Payments: what their outcome changes, paying an invoice, and dunning."""
