"""How a secure connection is judged: by the authorities of this machine, by a given one, or not at all."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.texts import one_line


@dataclass(frozen=True, slots=True)
class TlsPolicy:
    """Whether certificates are verified, and by which authority file (PEM); an empty one means this machine's own."""

    verify: bool = True
    ca_file: str = ""

    def context(self) -> ssl.SSLContext:
        """A client context of this policy. Raises Misconfigured when the authority file cannot be used."""
        if not self.verify:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return context
        if not self.ca_file:
            return ssl.create_default_context()
        try:
            return ssl.create_default_context(cafile=str(Path(self.ca_file).expanduser()))
        except (OSError, ValueError) as fault:
            message = f"The certificate authority file {one_line(self.ca_file, 200)} cannot be used."
            raise Misconfigured(message, "Give a readable file with certificates in PEM form.") from fault
