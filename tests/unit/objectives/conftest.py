"""A store with an hour of one service in it: states, samples, counters, a histogram, events."""

from tests.support.stores import store

__all__ = ["store"]
