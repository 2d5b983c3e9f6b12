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
)
