"""Integrations as text for elsewhere: columns parted by tabs for a note, or a table of RFC 4180. Plain Python."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from quarterdeck.ui.panels.integrations.state import IntegrationLine
from quarterdeck.ui.panels.integrations.words import Translate
from quarterdeck.ui.theme.marks import state_word

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines_as_text(lines: Sequence[IntegrationLine], tr: Translate) -> str:
    """A line for each integration below a line of titles, its columns parted by tabs."""
    return "\n".join("\t".join(cell.replace("\t", " ") for cell in row) for row in _rows(lines, tr))


def lines_as_csv(lines: Sequence[IntegrationLine], tr: Translate) -> str:
    """The same as a table for a spreadsheet; no text is taken for a formula there."""
    page = StringIO()
    writer = csv.writer(page)
    for row in _rows(lines, tr):
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return page.getvalue()


def _rows(lines: Sequence[IntegrationLine], tr: Translate) -> list[tuple[str, ...]]:
    titles = (
        *(tr("Integration"), tr("Key"), tr("Domain"), tr("Partner"), tr("Tier"), tr("State"), tr("Why"), tr("Since")),
        *(tr("Available, 30 d"), tr("Response time"), tr("Errors"), tr("Per second"), tr("Claimed"), tr("Data age")),
    )
    return [titles, *(_row(line) for line in lines)]


def _row(line: IntegrationLine) -> tuple[str, ...]:
    return (
        *(line.name, line.entity_key, line.domain, line.partner, str(line.tier), state_word(line.state)),
        *(line.why.words, line.since, line.available.words, line.response.words, line.errors.words, line.rate.words),
        *(line.claim.words, line.age.words),
    )
