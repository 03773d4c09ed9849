"""What was given out against what is used, how it is used by the hour, when it is full, and which sizes would do."""
