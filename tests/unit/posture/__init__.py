"""Policies: what their files may say, what their rules mean, and the dated verdicts they lead to."""
