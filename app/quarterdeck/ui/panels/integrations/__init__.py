"""Every integration with its state, why and since when, and the figures it is judged by; and what expires."""
