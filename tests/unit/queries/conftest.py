"""A real store, empty."""

from tests.support.stores import store

__all__ = ["store"]
