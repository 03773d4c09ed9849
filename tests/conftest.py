"""What holds for every test; the guards stand in ``tests/support/guards``."""

pytest_plugins = ["tests.support.guards.plugin"]
