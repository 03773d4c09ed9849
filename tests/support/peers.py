"""Real programs a test talks to: needed where the gates run, optional on a developer's machine."""

import os
import shutil

import pytest


def require_program(name: str) -> str:
    """The path of the program ``name``; without it the test is skipped, or fails where ``CI`` is set."""
    if found := shutil.which(name):
        return found
    sentence = f"the program {name} is not installed; packaging/test.sh installs it where it may"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)
