"""Objectives: their ledger, their budget, and what is recorded of them."""
