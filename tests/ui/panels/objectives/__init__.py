"""The Objectives panel."""
