"""No test talks to anything but this machine: it would pass or fail with somebody else's weather."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class NetworkForbidden(RuntimeError):
    """A test tried to reach beyond this machine; no ``OSError``, lest a connector take it for the world's fault."""


@dataclass(slots=True)
class LoopbackOnly:
    """Replaces the ways out of Python's ``socket`` module while installed, and keeps what was tried."""

    _tried: list[str] = field(default_factory=list)
    _originals: dict[str, Callable[..., Any]] = field(default_factory=dict)

    def install(self) -> None:
        """Close the ways out. Names below ``.invalid`` stay what they are by definition: unknown."""
        for way in ("connect", "connect_ex", "sendto"):
            self._originals[way] = getattr(socket.socket, way)
            setattr(socket.socket, way, self._guarded(self._originals[way]))
        self._originals["getaddrinfo"] = socket.getaddrinfo
        socket.getaddrinfo = self._resolve

    def uninstall(self) -> None:
        """Give the module back as it was."""
        socket.getaddrinfo = self._originals.pop("getaddrinfo")
        for way, original in self._originals.items():
            setattr(socket.socket, way, original)

    def taken(self) -> list[str]:
        """One sentence per attempt since the last call, also for those whose error was swallowed."""
        tried, self._tried = self._tried, []
        return tried

    def _guarded(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def reach(sock: socket.socket, *args: Any) -> Any:
            if sock.family in {socket.AF_INET, socket.AF_INET6}:
                self._check(str(args[-1][0]))
            return original(sock, *args)

        return reach

    def _resolve(self, host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
        if name.rstrip(".").endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        self._check(name)
        return self._originals["getaddrinfo"](host, *args, **kwargs)

    def _check(self, host: str) -> None:
        if not _is_local(host):
            sentence = f"an attempt to reach {host!r} over the network"
            self._tried.append(sentence)
            raise NetworkForbidden(sentence)


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host in {"localhost", ""} or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
