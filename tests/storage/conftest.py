"""Stores to test with."""

from tests.support.stores import store

__all__ = ["store"]
