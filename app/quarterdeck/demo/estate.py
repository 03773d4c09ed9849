"""The bank's estate document: the shipped template with the addresses of this opening filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from string import Template

from quarterdeck.demo.bank import DEFAULT_SEED, BankAddresses
from quarterdeck.demo.partner_health import PARTNERS
from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.resources import read_resource_text

TEMPLATE = "demo/estate.yaml"
HISTORY = timedelta(days=91)
_DAYS_AGO = {"since": HISTORY.days, "reviewed": 130, "reviewed_before": 215, "restored": 120, "restored_before": 200}
"""How long ago the days lie that the template names."""
_NAME = "demo-bank"
_NAME_OF_SEED = re.compile(rf"{_NAME}(?:-(-?\d+))?", re.ASCII)


def document_name(seed: int) -> str:
    """The name of a bank's document: every seed's bank is one of its own."""
    return _NAME if seed == DEFAULT_SEED else f"{_NAME}-{seed}"


def seed_for(wanted: int | None, documents: Iterable[str], place: str) -> int:
    """The seed to run over a store that holds these documents: the wanted one, else that of the bank it holds, else 7.

    `place` says where the store is. Raises OperatorError when it holds the bank of another seed.
    """
    found = (_NAME_OF_SEED.fullmatch(name) for name in documents)
    held = sorted({int(name[1]) if name[1] else DEFAULT_SEED for name in found if name})
    if wanted is None:
        return held[0] if held else DEFAULT_SEED
    if held and wanted not in held:
        message = f"{place} holds the bank of seed {held[0]}; that of seed {wanted} would be mixed into its past."
        raise OperatorError(
            message,
            f"Run `quarterdeck demo --seed {wanted} --profile demo-{abs(wanted)}` for the other one, or "
            f"`quarterdeck demo --seed {held[0]}` to go on with this one.",
        )
    return wanted


def estate_document(addresses: BankAddresses, opened_at: datetime, seed: int = DEFAULT_SEED) -> str:
    """The document as YAML text; every address stands in it as a quoted string.

    What it declares has been so for as long as the bank has a history.
    """
    found = {field.name: str(getattr(addresses, field.name)) for field in fields(addresses)}
    found |= {f"{partner.name}_status": addresses.status_page(partner.name) for partner in PARTNERS}
    found["document"] = document_name(seed)
    found |= {name: (opened_at - timedelta(days=days)).date().isoformat() for name, days in _DAYS_AGO.items()}
    return Template(read_resource_text(TEMPLATE)).substitute({name: json.dumps(text) for name, text in found.items()})
