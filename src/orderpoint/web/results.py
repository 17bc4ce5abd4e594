"""Serving a folder of results on this machine, for the eyes of who started it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"


class _ResultsHandler(SimpleHTTPRequestHandler):
    """Serves the files of one folder; the bare address is the report."""

    def do_GET(self) -> None:
        self._open_report()
        super().do_GET()

    def do_HEAD(self) -> None:
        self._open_report()
        super().do_HEAD()

    def _open_report(self) -> None:
        if self.path.split("?")[0] == "/":
            self.path = "/report.html"

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        """Say nothing: the terminal belongs to the user."""


def serve_results(folder: Path, port: int, ready: Callable[[str], None]) -> None:
    """Serve `folder` on this machine's own address until interrupted (KeyboardInterrupt ends it quietly).

    `ready` is called with the address once it answers. Port 0 takes any free one. Raises OSError where the port is
    taken.
    """
    handler = partial(_ResultsHandler, directory=str(folder))
    with ThreadingHTTPServer((HOST, port), handler) as server:
        ready(f"http://{HOST}:{server.server_address[1]}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
