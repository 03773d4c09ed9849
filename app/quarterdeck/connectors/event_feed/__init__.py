"""Business and technical events over HTTP: JSON, JSON lines or CloudEvents, page by page with a cursor."""
