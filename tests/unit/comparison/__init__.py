"""Two ranges compared, and what changed in words."""
