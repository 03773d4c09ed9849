"""A probe: one address asked again and again over HTTP, TLS, TCP or DNS."""
