"""The life of a subscription: every command of DOMAIN.md 7, and what the billing run does by itself (8)."""
