"""A real PostgreSQL server on loopback, from Debian's package, its data in a temporary folder."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.support.peers import require_program
from tests.support.prometheus_peer import END_SECONDS, HOST, free_port
from tests.support.waiting import wait_until

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
START_SECONDS = 30.0
SETTINGS = ("fsync=off", "unix_socket_directories=", f"listen_addresses={HOST}", "max_connections=60")


class PostgresServer:
    """A server that lets the user in without a password, and can be stopped and started again."""

    def __init__(self, command: list[str], folder: Path, port: int, user: str) -> None:
        self._command = command
        self._folder = folder
        self._port = port
        self._user = user
        self._numbers = count()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=subprocess.STDOUT, cwd=self._folder, user=_user(self._user)
            )
        wait_until(self.answers, "the server lets us in", within_seconds=START_SECONDS)

    def stop(self) -> None:
        """End it at once, breaking off every connection."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(END_SECONDS)
            self._process = None

    def address(self, user: str = "", database: str = "postgres") -> str:
        """Where a user (the server's own by default) finds a database."""
        return f"postgresql+psycopg://{user or self._user}@{HOST}:{self._port}/{database}"

    def new_place(self) -> str:
        """The address of a place without tables: a new user's own schema, made faster than a new database."""
        name = f"store_{next(self._numbers)}"
        execute(self.address(), f"CREATE ROLE {name} LOGIN")
        execute(self.address(), f"CREATE SCHEMA {name} AUTHORIZATION {name}")
        return self.address(name)

    def answers(self) -> bool:
        """Whether it lets anybody in."""
        try:
            execute(self.address(), "SELECT 1")
        except OperationalError:
            return False
        return True


def execute(address: str, statement: str) -> None:
    """Run a statement at an address outside any transaction."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server for the length of the block; the test is skipped, or fails where ``CI`` is set, without the program."""
    initdb, postgres = _program("initdb"), _program("postgres")
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="quarterdeck-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        data, port = folder / "data", free_port()
        making = [initdb, "-D", str(data), "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(making, check=True, capture_output=True, cwd=folder, user=_user(user))
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        server = PostgresServer([postgres, "-D", str(data), "-p", str(port), *options], folder, port, user)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _program(name: str) -> str:
    """Debian keeps the server's programs outside the search path."""
    folders = os.pathsep.join([os.environ.get("PATH", ""), *map(str, DEBIAN_PROGRAMS.glob("*/bin"))])
    return shutil.which(name, path=folders) or require_program(name)


def _user(name: str) -> str | None:
    """Whom to start as: the server refuses to run as root."""
    return name if os.geteuid() == 0 else None
