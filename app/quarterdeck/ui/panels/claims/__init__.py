"""What partners claim of themselves against what is measured: shares, delays, and the log of disagreements."""
