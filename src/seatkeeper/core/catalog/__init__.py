"""What is sold: products, plans, prices with effective dates, and the policies they point to."""
