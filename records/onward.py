"""Where an inquiry goes next: what one side decides of it, and the other writes in a commit of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from records.values import InquiryFacts, RedactedInquiry, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """A step on: the compartment that may open what was redacted, the state, its columns, and the job that follows."""

    compartment: str
    state: State
    columns: Mapping[str, Any]
    job: str


# Decides the step of an inquiry that is being admitted, from its redacted text. Whatever it raises, the inquiry is
# admitted all the same, and goes the long way: by the job that follows, with its tries and its hold.
Decide = Callable[[InquiryFacts, RedactedInquiry], Onward]
