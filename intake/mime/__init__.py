"""Raw bytes in, a `Submission` out, whatever the bytes are.

The standard library's parser is not used: under its modern policy more than one in a hundred odd real mails raises,
deep nests exhaust the stack, and one mail of 24 kB took it six seconds. Here every byte of a message is walked once per
level, within a budget, and what no rule claims is scanned all the same.
"""

from intake.mime.budget import Budget
from intake.mime.reading import parse

__all__ = ["Budget", "parse"]
