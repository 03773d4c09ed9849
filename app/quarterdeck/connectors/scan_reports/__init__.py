"""Reports of security and compliance scanners, read from files or over HTTP."""
