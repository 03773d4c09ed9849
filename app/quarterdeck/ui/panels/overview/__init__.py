"""What needs attention first, then the figures, then the integrations by domain."""
