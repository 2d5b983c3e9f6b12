"""How much is measured: the full run, a quick look, and what the tests run to see that everything still works."""

from __future__ import annotations

from dataclasses import dataclass

KIBIBYTE = 1 << 10
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The amounts of one run. Each figure is the median of `repetitions`."""

    repetitions: int
    # Accept over SMTP: (size of a mail, how many of them), and numbers of sessions at a time.
    mails: tuple[tuple[int, int], ...]
    sessions: tuple[int, ...]
    # Accept in the process: sizes of a group, and how many submissions each repetition accepts.
    groups: tuple[int, ...]
    accepts: int
    # The way to routed: the backlog, the workers' numbers, and mails sent one by one to an idle worker.
    backlog: int
    workers: tuple[int, ...]
    single_mails: int
    # Redaction: the size of a text for rates, and the sizes over which time per byte is compared.
    text: int
    text_sizes: tuple[int, ...]
    # Sealing: wraps and openings per repetition, and the size of what is sealed.
    wraps: int
    sealed: int
    # Growth: inquiries already there; accepts and claims per repetition.
    inquiries: tuple[int, ...]
    claims: int
    # History: inquiries that went all the way, and how many more are taken the same way in each repetition.
    routed: tuple[int, ...]
    more: int
    # A long backlog, to see whether its end goes as fast as its beginning.
    drained: int
    # Memory: mails with a large attachment, how many of them at a time, and how many a worker reads.
    large_mails: int
    large_size: int
    large_sessions: int
    large_read: int


FULL = Scale(
    repetitions=3,
    mails=((4 * KIBIBYTE, 400), (MEBIBYTE, 40)),
    sessions=(1, 20),
    groups=(1, 4, 16, 64),
    accepts=256,
    backlog=600,
    workers=(1, 2),
    single_mails=30,
    text=100 * KIBIBYTE,
    text_sizes=(10 * KIBIBYTE, 100 * KIBIBYTE, MEBIBYTE, 5 * MEBIBYTE),
    wraps=1000,
    sealed=8 * MEBIBYTE,
    inquiries=(1_000, 100_000),
    claims=20,
    routed=(1_000, 100_000),
    more=200,
    drained=2400,
    large_mails=100,
    large_size=20 * MEBIBYTE,
    large_sessions=10,
    large_read=10,
)
QUICK = Scale(
    repetitions=2,
    mails=((4 * KIBIBYTE, 100), (MEBIBYTE, 10)),
    sessions=(1, 20),
    groups=(1, 64),
    accepts=128,
    backlog=120,
    workers=(1, 2),
    single_mails=8,
    text=50 * KIBIBYTE,
    text_sizes=(10 * KIBIBYTE, 100 * KIBIBYTE, MEBIBYTE),
    wraps=200,
    sealed=2 * MEBIBYTE,
    inquiries=(1_000, 20_000),
    claims=10,
    routed=(1_000, 10_000),
    more=60,
    drained=600,
    large_mails=20,
    large_size=20 * MEBIBYTE,
    large_sessions=10,
    large_read=4,
)
TINY = Scale(
    repetitions=1,
    mails=((KIBIBYTE, 4),),
    sessions=(2,),
    groups=(1, 2),
    accepts=4,
    backlog=4,
    workers=(1,),
    single_mails=1,
    text=2000,
    text_sizes=(1000, 2000),
    wraps=2,
    sealed=1000,
    inquiries=(5, 10),
    claims=2,
    routed=(5, 10),
    more=2,
    drained=8,
    large_mails=2,
    large_size=MEBIBYTE,
    large_sessions=2,
    large_read=1,
)
