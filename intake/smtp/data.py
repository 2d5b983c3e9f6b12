"""Finds the end of a message and takes the added dots away, whatever the pieces it comes in (RFC 5321 section 4.5.2).

Only CRLF.CRLF ends a message. Everything else, a bare LF or CR and a NUL among it, is part of it and stays as it came:
a server that ends at less lets one message smuggle in a second one.
"""

from __future__ import annotations

END = b"\r\n.\r\n"
_BEGINNINGS = tuple(END[:length] for length in range(len(END) - 1, 0, -1))
# The end of the DATA command counts as the line end before the first line (RFC 5321 section 4.1.1.4).
_LINE_END = END[:2]


class EndOfData:
    """Reads one message. Memory is that of the piece given."""

    __slots__ = ("_carried", "_not_ours", "is_over", "rest")

    def __init__(self) -> None:
        self._carried = _LINE_END
        self._not_ours = len(_LINE_END)
        self.is_over = False
        # Bytes behind the end: the next commands of a sender that pipelines.
        self.rest = b""

    def feed(self, data: bytes) -> bytes:
        """Give what is certain of the message; up to four bytes wait for what comes next."""
        data = self._carried + data
        end = data.find(END)
        if end >= 0:
            self.is_over = True
            self.rest = data[end + len(END) :]
            data = data[: end + len(_LINE_END)]
        elif kept := _length_of_beginning(data):
            data, self._carried = data[:-kept], data[-kept:]
        else:
            self._carried = b""
        return self._as_sent(data)

    def _as_sent(self, data: bytes) -> bytes:
        # A CRLF-dot is never split: while it could be the beginning of the end, it was carried over whole.
        data = data.replace(b"\r\n.", _LINE_END)
        if self._not_ours and data:
            data, self._not_ours = data[self._not_ours :], 0
        return data


def _length_of_beginning(data: bytes) -> int:
    for beginning in _BEGINNINGS:
        if data.endswith(beginning):
            return len(beginning)
    return 0
