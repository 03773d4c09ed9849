"""Questions about many series at once."""
