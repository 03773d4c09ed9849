"""The stores these tests write into."""

from tests.support.stores import store

__all__ = ["store"]
