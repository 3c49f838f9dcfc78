"""The billing run over many workers on PostgreSQL: a queue hands out batches of accounts, the rows decide."""
