"""The bank's estate document: the shipped template with the addresses of this opening filled in."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timedelta
from string import Template

from quarterdeck.demo.bank import BankAddresses
from quarterdeck.demo.partner_health import PARTNERS
from quarterdeck.services.resources import read_resource_text

TEMPLATE = "demo/estate.yaml"
HISTORY = timedelta(days=91)


def estate_document(addresses: BankAddresses, opened_at: datetime) -> str:
    """The document as YAML text; every address stands in it as a quoted string.

    What it declares has been so for as long as the bank has a history.
    """
    found = {field.name: str(getattr(addresses, field.name)) for field in fields(addresses)}
    found |= {f"{partner.name}_status": addresses.status_page(partner.name) for partner in PARTNERS}
    found["since"] = (opened_at - HISTORY).date().isoformat()
    return Template(read_resource_text(TEMPLATE)).substitute({name: json.dumps(text) for name, text in found.items()})
