"""What numbers mean: pure functions over arrays and graphs.

Methods are kept apart from the use cases that ask for them, so that each can be scored on recorded data alone.
"""
