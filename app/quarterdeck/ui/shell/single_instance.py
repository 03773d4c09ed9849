"""One window per store: a second start raises the first one's window and ends."""

from __future__ import annotations

import getpass
import hashlib
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_RAISE: Final = b"raise\n"
_HEARD: Final = b"heard\n"
_WAIT_MS: Final = 1000
_LONGEST_NAME: Final = 32


def instance_name(store_id: str) -> str:
    """The socket's name for a store and the user who runs us; says nothing of either."""
    digest = hashlib.sha256(f"{getpass.getuser()}\0{store_id}".encode()).hexdigest()
    return f"quarterdeck-{digest[:_LONGEST_NAME]}"


class SingleInstance(QObject):
    """`raise_requested` comes when a second start asked for this window."""

    raise_requested = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self) -> bool:
        """Become the window of this store; False when another one is and has come to the front.

        Waits for the other's answer for a second at most. A socket that nobody listens on was left by a crash.
        """
        if self._ask_the_first():
            return False
        if not self._server.listen(self._name):
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)
        return True

    def release(self) -> None:
        """Stop listening."""
        self._server.close()

    def _ask_the_first(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_WAIT_MS):
            return False
        socket.write(_RAISE)
        is_answered = socket.waitForReadyRead(_WAIT_MS) and bytes(socket.readAll().data()) == _HEARD
        socket.disconnectFromServer()
        return is_answered

    def _greet(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.readyRead.connect(self._answer)
            socket.disconnected.connect(socket.deleteLater)

    def _answer(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket) and socket.canReadLine():
            asked = bytes(socket.readLine(len(_RAISE) + 1).data())
            if asked == _RAISE:
                socket.write(_HEARD)
                socket.flush()
                self.raise_requested.emit()
