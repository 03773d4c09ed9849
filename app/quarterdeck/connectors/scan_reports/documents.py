"""Which documents are read, and what is wrong with one by its model, in words."""

from __future__ import annotations

from pydantic import ValidationError

from quarterdeck.sdk.texts import one_line

KNOWN = "SARIF 2.1.0, CycloneDX as JSON, OpenSCAP's results (ARF, XCCDF) and Lynis' report.dat are read here."


def fault_words(fault: ValidationError) -> str:
    """The first thing that is wrong with a document, with its place: `runs.0.tool: field required`."""
    first = fault.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return one_line(f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}", 200)
