"""The parts the site works with: what its views are given, and its own files as they lie in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.ports import Acceptor
from intake.site.languages import Texts
from intake.site.settings import SiteSettings
from intake.site.tokens import FormTokens
from intake.site.warning import Scan
from records.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file's bytes, media type, and the address that names its content."""

    body: bytes = field(repr=False)
    media_type: str
    version: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the views work with."""

    acceptor: Acceptor
    tokens: FormTokens
    settings: SiteSettings
    clock: Clock
    scan: Scan
    texts: Mapping[str, Texts]
    static: Mapping[str, Asset]
