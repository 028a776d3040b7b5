"""A server of mail at the wire: takes letters, or answers as a server in trouble does."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of the machine; `refuses` is what it answers to a letter instead of taking it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuses = ""

    @property
    def port(self) -> int:
        return self.server_address[1]

    def mailers(self) -> dict[str, object]:
        """How the installation names this server."""
        options = {"host": "127.0.0.1", "port": self.port, "timeout": 5}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 mail.example")
        for line in self.rfile:
            word = line.decode().strip().upper()
            if word.startswith("QUIT"):
                self._say("221 bye")
                return
            if word.startswith("RCPT"):
                self.server.recipients.append(line.decode().split("<")[1].split(">")[0])
            if word == "DATA":
                self._take()
            else:
                self._say("250 mail.example")

    def _take(self) -> None:
        if self.server.refuses:
            self._say(self.server.refuses)
            return
        self._say("354 go on")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.letters.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        self._say("250 taken")

    def _say(self, sentence: str) -> None:
        self.wfile.write(f"{sentence}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server of mail while the test does."""
    server = MailServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
