"""The import contracts catch what they are for: a skeleton of the program, with and without planted violations."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import REPOSITORY, project

PACKAGES = (
    "domain", "analysis", "sdk", "services", "storage", "exporters", "demo", "connectors", "connectors/one",
    "connectors/two", "ui", "ui/shell", "ui/panels", "ui/panels/left", "ui/panels/right", "ui/charts", "ui/widgets",
    "ui/theme", "ui/tasks",
)  # fmt: skip
MODULES = (
    "__main__", "cli", "anomalies_commands", "claims_commands", "store_commands", "policies_commands",
    "notices_commands", "policy_trial_commands",
    "patterns_commands", "errors_commands",
    "maintenance_commands", "what_if_commands", "waivers_commands", "risks_commands", "estate_commands",
    "objectives_commands", "command_options", "desktop", "desk", "launching", "bootstrap", "composition",
    *(f"ui/panels/{panel}/{part}" for panel in ("left", "right") for part in ("view", "presenter", "state")),
)  # fmt: skip
VIOLATIONS = {
    "Layers": ("domain/upward.py", "import quarterdeck.services"),
    "UI layers": ("ui/widgets/upward.py", "import quarterdeck.ui.charts"),
    "Panels do not know each other": ("ui/panels/left/sideways.py", "import quarterdeck.ui.panels.right"),
    "Connectors do not know each other": ("connectors/one/sideways.py", "import quarterdeck.connectors.two"),
    "Connectors see only the sdk and the domain": ("connectors/one/inward.py", "import quarterdeck.services"),
    "Qt stays in the ui": ("demo/painting.py", "import PySide6.QtCore"),
    "SQL stays in storage": ("services/queries.py", "import sqlalchemy"),
    "Charts are the only users of pyqtgraph": ("ui/shell/plotting.py", "import pyqtgraph"),
    "No cycles between siblings": ("domain/circular.py", "import quarterdeck.analysis\nimport quarterdeck.sdk"),
    "Presenters are plain Python": ("ui/panels/left/presenter.py", "import PySide6.QtCore"),
    "Views do not call services": ("ui/panels/left/view.py", "import quarterdeck.services"),
    "The domain needs the standard library only": ("domain/arrays.py", "import numpy"),
    "The headless root never reaches the ui": ("bootstrap.py", "import quarterdeck.ui.theme"),
}


def skeleton(root: Path) -> Path:
    """A package with every layer and nothing in it; returns its folder."""
    package = root / "quarterdeck"
    for folder in ("", *PACKAGES):
        (package / folder).mkdir(parents=True)
        (package / folder / "__init__.py").touch()
    for module in MODULES:
        (package / f"{module}.py").touch()
    (package / "services" / "inward.py").write_text("import quarterdeck.analysis\nimport quarterdeck.domain\n")
    (package / "analysis" / "inward.py").write_text("import quarterdeck.domain\n")
    return package


def verdicts(root: Path) -> dict[str, bool]:
    """Contract by contract, whether the package below ``root`` keeps it, by the project's own configuration."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    command += ["--config", str(REPOSITORY / "pyproject.toml")]
    environment = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200", "NO_COLOR": "1"}
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=120)
    found = re.findall(r"^(.+?) (KEPT|BROKEN)\b", run.stdout, re.MULTILINE)
    return {name.strip(): verdict == "KEPT" for name, verdict in found}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    root = tmp_path_factory.mktemp("planted")
    package = skeleton(root)
    for path, line in VIOLATIONS.values():
        (package / path).write_text(f"{line}\n")
    return verdicts(root)


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract["name"] for contract in project()["tool"]["importlinter"]["contracts"]} == VIOLATIONS.keys()


def test_a_program_that_keeps_to_the_layers_breaks_no_contract(tmp_path: Path) -> None:
    skeleton(tmp_path)
    assert verdicts(tmp_path) == dict.fromkeys(VIOLATIONS, True)


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_breaks_its_contract(planted: dict[str, bool], contract: str) -> None:
    assert planted[contract] is False


def test_a_folder_outside_the_contract_breaks_the_layers(tmp_path: Path) -> None:
    package = skeleton(tmp_path)
    (package / "undeclared").mkdir()
    (package / "undeclared" / "__init__.py").touch()
    assert verdicts(tmp_path)["Layers"] is False
