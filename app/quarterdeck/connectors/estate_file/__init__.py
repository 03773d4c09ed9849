"""The estate declared in a file, applied whenever the file changes."""
