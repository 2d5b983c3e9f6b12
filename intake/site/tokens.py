"""Form tokens: a random id, the time of issue and an HMAC; and what is derived from them.

The site sets no cookie (policy: A5), so the token cannot be tied to a visitor. It shows that the form was ours and not
older than a day, and its id lets the same form be sent twice and be taken once.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from records.clock import Clock
from records.digests import DigestKeys, DigestPurpose
from records.references import code_from

ID_LENGTH, TIME_LENGTH, MAC_LENGTH = 16, 8, 32
VALID_SECONDS = 24 * 60 * 60  # A day: a form may be begun in the evening and sent in the morning.


class TokenState(StrEnum):
    """What a posted token is."""

    VALID = "valid"
    EXPIRED = "expired"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class TokenRead:
    """A posted token's state, and its id unless it is wrong."""

    state: TokenState
    id: bytes = field(default=b"", repr=False)


class FormTokens:
    """Issues and reads tokens."""

    def __init__(self, digests: DigestKeys, clock: Clock, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._digests, self._clock, self._random = digests, clock, random

    def issue(self) -> str:
        """Give a new token."""
        seconds = int(self._clock().timestamp())
        head = self._random(ID_LENGTH) + seconds.to_bytes(TIME_LENGTH, "big")
        return base64.urlsafe_b64encode(head + self._digest(b"token", head)).rstrip(b"=").decode()

    def read(self, text: str) -> TokenRead:
        """Read a posted token."""
        try:
            raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return TokenRead(TokenState.WRONG)
        head, mac = raw[:-MAC_LENGTH], raw[-MAC_LENGTH:]
        if len(head) != ID_LENGTH + TIME_LENGTH or not hmac.compare_digest(mac, self._digest(b"token", head)):
            return TokenRead(TokenState.WRONG)
        age = int(self._clock().timestamp()) - int.from_bytes(head[ID_LENGTH:], "big")
        if age < 0:
            return TokenRead(TokenState.WRONG)
        return TokenRead(TokenState.VALID if age <= VALID_SECONDS else TokenState.EXPIRED, head[:ID_LENGTH])

    def identity(self, token_id: bytes, content: bytes) -> bytes:
        """Give what one submission is known by: its token and a digest of what was filled in.

        The token alone would not do: who goes back in the browser, writes another question and sends the same form
        again must not be shown the first one's receipt while the second is lost.
        """
        return self._digest(b"identity", token_id + content)

    def access_code(self, identity: bytes) -> str:
        """Give the receipt's access code, 80 bits: the same for the same submission, and kept nowhere."""
        return code_from(self._digest(b"access", identity))

    def _digest(self, use: bytes, data: bytes) -> bytes:
        return self._digests.digest(DigestPurpose.FORM_TOKEN, use + b" " + data)
