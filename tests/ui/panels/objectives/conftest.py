"""A store with an hour of a service in it."""

from tests.support.stores import store

__all__ = ["store"]
