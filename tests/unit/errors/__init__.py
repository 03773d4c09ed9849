"""Which events tell failures, and by what patterns they are told."""
