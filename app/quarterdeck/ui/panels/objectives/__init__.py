"""What was promised, what is left of each budget, and the ledger behind every share."""
