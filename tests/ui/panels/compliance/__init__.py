"""The Compliance panel: its words, its presenter, and what it does under a person's hands."""
