"""The locks are complete: every requirement at one version, with hashes, from nowhere in particular."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import REPOSITORY, project

RUNTIME = REPOSITORY / "packaging" / "requirements.lock"
DEVELOPMENT = REPOSITORY / "packaging" / "requirements-dev.lock"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+) \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    """The version of every distribution named in ``lock`` together with at least one hash."""
    return {match[1]: match[2] for match in PIN.finditer(lock.read_text(encoding="utf-8"))}


def declared(*, with_development: bool) -> list[Requirement]:
    described = project()
    names = described["project"]["dependencies"] + described["build-system"]["requires"]
    if with_development:
        names = names + described["project"]["optional-dependencies"]["dev"]
    return [Requirement(name) for name in names]


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=lambda lock: lock.name)
def test_every_line_of_a_lock_is_a_pin_a_hash_or_a_comment(lock: Path) -> None:
    text = PIN.sub("", lock.read_text(encoding="utf-8"))
    assert [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")] == []


@pytest.mark.parametrize(("lock", "with_development"), [(RUNTIME, False), (DEVELOPMENT, True)], ids=["runtime", "dev"])
def test_a_lock_satisfies_what_the_project_declares(lock: Path, *, with_development: bool) -> None:
    locked = pins(lock)
    unmet = [
        str(requirement)
        for requirement in declared(with_development=with_development)
        if not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"))
    ]
    assert unmet == []


def test_both_locks_agree_on_the_runtime() -> None:
    development = pins(DEVELOPMENT)
    assert {name: development.get(name) for name in pins(RUNTIME)} == pins(RUNTIME)


def test_the_qt_that_ends_the_process_is_not_locked() -> None:
    assert pins(RUNTIME)["pyside6-essentials"] != "6.12.0"
