"""Planned work: every window that runs, comes or is over, with its records, and the form that plans one."""
