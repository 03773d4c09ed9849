"""Every connection with a health of its own; adding, testing, editing and removing them."""
