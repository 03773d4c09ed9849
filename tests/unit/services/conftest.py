"""A real store for the services that need one."""

from tests.support.stores import store

__all__ = ["store"]
