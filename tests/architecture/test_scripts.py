"""The two commands of the readme: what they say and ask for when the system lacks something."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import REPOSITORY
from tests.support.peers import require_program

PREPARE = REPOSITORY / "packaging" / "prepare.sh"
SCRIPTS = sorted((REPOSITORY / "packaging").glob("*.sh"))

AS_ANYONE = 'as_root() { "$@"; }'


def shell(script: str) -> subprocess.CompletedProcess[str]:
    """What ``script`` prints after the functions of ``prepare.sh`` were read."""
    lines = f'set -eu\n. "{PREPARE}"\n{script}\n'
    return subprocess.run(["sh", "-c", lines, PREPARE], capture_output=True, text=True, check=False, timeout=60)


def test_the_scripts_please_the_shell_checker() -> None:
    checker = require_program("shellcheck")
    run = subprocess.run(
        [checker, "--external-sources", *SCRIPTS], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert run.stdout == ""


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libEGL.so.1", "libegl1"),
        ("libGLdispatch.so.0", "libglvnd0"),
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libxcb-icccm.so.4", "libxcb-icccm4"),
        ("libxcb-render-util.so.0", "libxcb-render-util0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libwayland-cursor.so.0", "libwayland-cursor0"),
    ],
)
def test_a_missing_library_is_named_by_its_package(library: str, package: str) -> None:
    assert shell(f"package_of {library}").stdout.strip() == package


def test_without_the_right_to_install_the_missing_package_is_said_in_words() -> None:
    run = shell("may_install() { false; }\ninstall_packages libegl1 libgl1 || echo refused")
    assert run.stdout.strip() == "refused"
    assert "apt-get install libegl1 libgl1" in run.stderr


def test_a_renamed_library_is_asked_for_under_its_new_name(tmp_path: Path) -> None:
    lists = tmp_path / "apt-cache"
    lists.write_text('#!/bin/sh\n[ "$2" = libglib2.0-0t64 ]\n')
    lists.chmod(0o755)
    asked = f"PATH={tmp_path}:$PATH\ncurrent_name libglib2.0-0\ncurrent_name libegl1"
    assert shell(asked).stdout.split() == ["libglib2.0-0t64", "libegl1"]


def test_services_are_held_back_only_while_packages_are_installed(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    held = f'hold_services\n"{policy}" || echo "held: $?"\nrelease_services'
    assert shell(f"{AS_ANYONE}\nservice_policy={policy}\n{held}").stdout.strip() == "held: 101"
    assert not policy.exists()


def test_a_policy_somebody_else_made_is_left_alone(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_text("theirs")
    shell(f"{AS_ANYONE}\nservice_policy={policy}\nhold_services\nrelease_services")
    assert policy.read_text() == "theirs"
