"""A connector's quality as data: what it claims by the scale, and whether the evidence it names exists."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Claim(BaseModel):
    """What a connector says of one line of the scale."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Literal["done", "not_applicable", "missing"]
    evidence: tuple[str, ...] = ()
    reason: str = ""


def quality_scale() -> dict[str, str]:
    """The lines of the scale: name and what it asks."""
    table = tomllib.loads((files("quarterdeck.sdk.testing") / "quality_scale.toml").read_text("utf-8"))
    return {name: str(line["words"]) for name, line in table.items()}


def load_quality(file: Path) -> dict[str, Claim]:
    """The claims of a `quality.toml`. Raises ValueError naming the file when it does not hold."""
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        return {name: Claim.model_validate(claim) for name, claim in table.items()}
    except ValueError as fault:
        message = f"{file}: {fault}"
        raise ValueError(message) from fault


def judge_quality(folder: Path, repository: Path) -> tuple[str, ...]:
    """Where a connector's `quality.toml` does not hold: lines left out, unknown, without reason or without evidence.

    `folder` is the connector's, `repository` is where paths of tests begin. `missing` needs a reason like
    `not_applicable`, and is an honest answer.
    """
    claims = load_quality(folder / "quality.toml")
    scale = quality_scale()
    complaints = [f"{name} is not answered" for name in scale if name not in claims]
    complaints += [f"{name} is not on the scale" for name in claims if name not in scale]
    for name, claim in claims.items():
        if claim.status != "done" and not claim.reason:
            complaints.append(f"{name} is {claim.status} without a reason")
        if claim.status == "done" and not claim.evidence:
            complaints.append(f"{name} is done without evidence")
        complaints += [
            f"{name}: {one} does not exist" for one in claim.evidence if not _exists(one, folder, repository)
        ]
    return tuple(complaints)


def _exists(evidence: str, folder: Path, repository: Path) -> bool:
    path, _, function = evidence.partition("::")
    file = next((place / path for place in (folder, repository) if (place / path).exists()), None)
    if file is None:
        return False
    if not function:
        return True
    pattern = rf"^\s*(?:async )?def {re.escape(function)}\("
    return file.is_file() and re.search(pattern, file.read_text("utf-8"), re.MULTILINE) is not None
