"""A store of its own for every test that wants one."""

from tests.support.stores import store

__all__ = ["store"]
