"""The parser in a process of its own: bytes on a pipe in, a plain result on a pipe out, and nothing else.

It is started as `python -I -S parser_child.py PARENT` with an empty environment, PARENT being the folder that holds
the package `intake`: isolated mode puts neither the script's folder nor the working directory on the path, so the child
finds exactly this copy, installed or in a checkout. Frames are four bytes of length, the highest first, and a payload.
The first frame holds the budget as JSON, each further one a letter (F for what may be a form, M for a mail) and the
bytes of a submission; each answer is JSON.
"""

from __future__ import annotations

import json
import sys
from typing import BinaryIO

LENGTH_BYTES = 4


def read_frame(stream: BinaryIO) -> bytes | None:
    """Read one frame; None when the other side closed the pipe."""
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    size = int.from_bytes(head, "big")
    payload = stream.read(size)
    return payload if len(payload) == size else None


def write_frame(stream: BinaryIO, payload: bytes) -> None:
    """Write one frame."""
    stream.write(len(payload).to_bytes(LENGTH_BYTES, "big"))
    stream.write(payload)
    stream.flush()


def encode(plain: object) -> bytes:
    """Give the JSON of a plain value; no character is escaped that need not be, which halves the size of most mails."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer frames until the pipe is closed. Memory that runs out is said and ends the process."""
    # Late, because isolated mode finds the package only after `main` has named its folder.
    from intake.mime import Budget, parse  # noqa: PLC0415 - as said
    from intake.submission import held, to_plain  # noqa: PLC0415 - as said

    first = read_frame(source)
    if first is None:
        return
    budget = Budget(**json.loads(first))
    write_frame(sink, b"{}")
    while (frame := read_frame(source)) is not None:
        try:
            # The first byte says whether our own web form's block may stand in front.
            answer = encode(to_plain(parse(frame[1:], budget, may_be_form=frame[:1] == b"F")))
        except MemoryError:
            del frame
            write_frame(sink, encode(to_plain(held("too-much-memory"))))
            return
        write_frame(sink, answer)


def main(arguments: list[str]) -> None:
    """Run the child."""
    sys.path.insert(0, arguments[1])
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main(sys.argv)
