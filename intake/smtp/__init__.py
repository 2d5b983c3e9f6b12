"""The SMTP and LMTP gateway: says 250 only when what it was given is durable."""

from intake.smtp.dialects import LMTP, SMTP, Dialect
from intake.smtp.limits import Limits
from intake.smtp.server import SmtpServer

__all__ = ["LMTP", "SMTP", "Dialect", "Limits", "SmtpServer"]
