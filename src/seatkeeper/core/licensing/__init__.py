"""Who holds a licence, and what happens when a pool has fewer seats than holders."""
