"""The manual keeps step with the program: every command, option, connector, setting and panel is in it, no other."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from quarterdeck.demo.faults import fault_names
from tests.architecture.sources import PACKAGE, REPOSITORY, connector_names, shown

HELP = REPOSITORY / "resources" / "help"
LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")
CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
EVERYWHERE = {"--help", "--install-completion", "--show-completion"}


@pytest.fixture(scope="module")
def manual() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in sorted(HELP.glob("*.md")))


def commands() -> Iterator[tuple[str, Any]]:
    """Every command as it is typed, with its description; groups come before what they hold."""
    from quarterdeck.cli import app

    waiting: list[tuple[str, Any]] = [("quarterdeck", typer.main.get_command(app))]
    while waiting:
        typed, command = waiting.pop()
        yield typed, command
        inner = getattr(command, "commands", {})
        waiting += [(f"{typed} {name}", member) for name, member in inner.items() if not member.hidden]


def manifests() -> Iterator[dict[str, Any]]:
    for name in connector_names():
        yield tomllib.loads((PACKAGE / "connectors" / name / "manifest.toml").read_text(encoding="utf-8"))


def test_every_command_is_in_the_manual(manual: str) -> None:
    assert [typed for typed, _ in commands() if typed not in manual] == []


def test_every_option_is_in_the_manual(manual: str) -> None:
    options = {
        f"{typed} {option}"
        for typed, command in commands()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option not in EVERYWHERE and not getattr(parameter, "hidden", False)
    }
    assert sorted(option for option in options if option.split()[-1] not in manual) == []


def test_the_manual_names_no_command_that_does_not_exist(manual: str) -> None:
    existing = {typed.split()[1] for typed, _ in commands() if " " in typed}
    code = "\n".join(CODE.findall(manual))
    assert set(re.findall(r"\bquarterdeck ([a-z][a-z-]*)", code)) - existing == set()


def test_every_connector_and_each_of_its_settings_is_in_the_manual(manual: str) -> None:
    wanted = [
        word
        for manifest in manifests()
        for word in (f"`{manifest['id']}`", *(setting["label"] for setting in manifest.get("settings", [])))
    ]
    assert [word for word in wanted if word not in manual] == []


def test_every_fault_of_the_demo_bank_is_in_the_manual(manual: str) -> None:
    assert [name for name in fault_names() if f"`{name}`" not in manual] == []


def test_every_panel_has_a_page_of_its_own() -> None:
    panels = [path.parent.name for path in (PACKAGE / "ui" / "panels").glob("*/__init__.py")]
    assert [panel for panel in panels if not (HELP / f"{panel}.md").is_file()] == []


def test_the_pages_of_the_manual_lead_to_each_other() -> None:
    pages = sorted(HELP.glob("*.md"))
    links = {(page, target) for page in pages for target in LINK.findall(page.read_text(encoding="utf-8"))}
    local = {(page, page.parent / target) for page, target in links if "://" not in target}
    assert sorted(f"{shown(page)} -> {target.name}" for page, target in local if not target.exists()) == []
    assert {page.name for page in pages} - {target.name for _, target in local} <= {"index.md"}
