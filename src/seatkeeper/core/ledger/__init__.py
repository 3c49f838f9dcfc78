"""What each event posts."""
