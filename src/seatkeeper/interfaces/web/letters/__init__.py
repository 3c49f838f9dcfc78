"""Mail in words: what the outbox tells, in the account's language, plain and HTML."""
