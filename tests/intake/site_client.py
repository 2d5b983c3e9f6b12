"""A browser's part in the tests of the site: it speaks HTTP over a real socket with the real server."""

from __future__ import annotations

import http.client
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape
from types import MappingProxyType
from urllib.parse import urlencode

from intake.site import SiteSettings, make_site
from intake.site.warning import Scan
from records.digests import DigestKeys, DigestPurpose
from redaction import Finding, Kind
from sallyport.web import Limits, WebServer
from tests.intake.fakes import FakeAcceptor

SETTINGS = SiteSettings(
    agency="Department of Employment",
    telephone="617-555-0100",
    mailbox="inquiries@agency.example",
    policy_version="1.0",
    policy_date=date(2026, 11, 1),
    postal_lines=("Department of Employment", "Inquiry Desk", "100 Example Street", "Boston, MA 02100"),
    security_contact="mailto:security@agency.example",
)
NUMBER = "987-65-4321"
QUICK = Limits(head_seconds=2, grace=0.6, threads=8, bodies=4)
Files = Sequence[tuple[str, str, bytes]]


def digest_keys() -> DigestKeys:
    return DigestKeys({DigestPurpose.FORM_TOKEN.value: bytes(range(32))})


def find_numbers(text: str) -> tuple[Finding, ...]:
    """Stands for the redaction library: 3-2-4 and nothing else."""
    return tuple(
        Finding(kind=Kind.US_SSN, start=found.start(), end=found.end(), confidence=1.0, rule="3-2-4")
        for found in re.finditer(r"\d{3}-\d{2}-\d{4}", text)
    )


class HandClock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Give the time it was turned to."""
        return self.now

    def turn(self, **by: int) -> None:
        """Turn it on."""
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Page:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str = field(repr=False)

    @property
    def token(self) -> str:
        """Give the form's token."""
        return str(re.findall(r'name="csrf_token" value="([^"]+)"', self.body)[0])

    @property
    def codes(self) -> list[str]:
        """Reference and access code of a receipt."""
        return re.findall(r"<dd>([^<]+)</dd>", self.body)

    def value(self, name: str) -> str:
        """Give what a field of the form holds."""
        area = re.findall(rf'(?s)<textarea id="{name}".*?>\n(.*?)</textarea>', self.body)
        line = re.findall(rf'<input type="\w+" id="{name}" name="{name}" value="([^"]*)"', self.body)
        return unescape((area or line)[0])

    def error_of(self, name: str) -> str:
        """Give the sentence at a field."""
        found = re.findall(rf'(?s)id="{name}-e">.*?</span>(.*?)</span>', self.body)
        return unescape(found[0]) if found else ""


@dataclass(frozen=True, slots=True)
class Client:
    """Asks one server."""

    port: int

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Page:
        """Ask once, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Page(answer.status, dict(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()

    def get(self, path: str = "/") -> Page:
        """Get a page."""
        return self.ask("GET", path)

    def token(self) -> str:
        """Open the form and give its token."""
        return self.get().token

    def post(
        self,
        path: str = "/",
        filled: Mapping[str, str] = MappingProxyType({}),
        *,
        files: Files = (),
        headers: Mapping[str, str] = MappingProxyType({}),
        **fields: str,
    ) -> Page:
        """Post as a browser does: multipart, with a boundary that is another each time."""
        body, content_type = multipart([*filled.items(), *fields.items()], files)
        return self.ask("POST", path, body, {"Content-Type": content_type, **headers})

    def post_plain(self, **fields: str) -> Page:
        """Post urlencoded, as small programs do."""
        return self.ask("POST", "/", urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"})


def multipart(fields: Sequence[tuple[str, str]], files: Files = ()) -> tuple[bytes, str]:
    boundary = f"----boundary{secrets.token_hex(8)}"
    parts = [(f'name="{name}"', value.encode()) for name, value in fields]
    parts += [
        (f'name="{name}"; filename="{file}"\r\nContent-Type: application/pdf', data) for name, file, data in files
    ]
    lines = [
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + value + b"\r\n"
        for head, value in parts
    ]
    return b"".join(lines) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


@dataclass(slots=True)
class House:
    """A site that runs: its client, its acceptor, its clock."""

    client: Client
    acceptor: FakeAcceptor
    clock: HandClock


@contextmanager
def running_site(
    settings: SiteSettings = SETTINGS, scan: Scan = find_numbers, limits: Limits = QUICK
) -> Iterator[House]:
    """Serve the site on a free port."""
    acceptor, clock = FakeAcceptor(), HandClock()
    app = make_site(acceptor, digest_keys(), settings, clock, scan)
    server = WebServer(app, "127.0.0.1", 0, max_body=60_000_000, limits=limits)
    port = server.start()
    try:
        yield House(Client(port), acceptor, clock)
    finally:
        server.stop(grace=2)
