"""Classification by rules with reasons: general interest must be earned, and in doubt an inquiry is a case."""

from __future__ import annotations

from router.classification.decide import classify
from router.classification.values import IDENTIFIERS, Classification, Program, Requester

__all__ = ("IDENTIFIERS", "Classification", "Program", "Requester", "classify")
