"""Roll-up: from every entity's own state and what depends on what to one root and its followers for each failure."""
