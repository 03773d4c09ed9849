"""The same behaviour on a server."""
