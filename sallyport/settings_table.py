"""Every setting by name: its default, and what it is."""

from __future__ import annotations

# Name, default (None: none), what it is. `sallyport check-settings` and the operator's guide show this table.
TABLE: tuple[tuple[str, str | None, str], ...] = (
    ("DATA", "var", "folder of all that is kept"),
    ("DATABASE_URL", None, "database of the record; default: SQLite in the data folder"),
    ("KEYS_URL", None, "database of the key store; default: SQLite in the data folder, a file of its own"),
    ("REDIS_URL", None, "Redis for several workers; served by a later version"),
    ("MASTER_KEY_FILE", None, "file of the master key; default: in the data folder (move it elsewhere)"),
    ("SITE_LISTEN", "127.0.0.1:8000", "address and port of the public site"),
    ("DESK_LISTEN", "127.0.0.1:8001", "address and port of the desk"),
    ("SMTP_LISTEN", "127.0.0.1:2525", "address and port of the mail gateway"),
    ("LMTP_LISTEN", None, "address and port for LMTP; off by default"),
    ("RELAY", None, "host:port of the mail server that sends for us"),
    ("OUTBOX", None, "folder for outgoing mail where there is no relay; default: outbox in the data folder"),
    ("MAILBOXES", "inquiries@example.test", "our addresses, separated by commas"),
    ("TRUSTED_PROXIES", "", "addresses of proxies that speak for browsers, separated by commas"),
    ("ROUTES", None, "routes file; default: the one that comes with the program"),
    ("CHECKPOINTS", None, "folder for checkpoints of the audit log; default: in the data folder (copy it elsewhere)"),
    ("AGENCY", "Department of Employment", "name that the public reads"),
    ("AGENCY_TELEPHONE", "617-555-0100", "number that the public may call"),
    ("AGENCY_ADDRESS", "", "postal address that the public may write to, lines separated by semicolons"),
    ("SECURITY_CONTACT", "", "mailto: or https: address for reports of security faults"),
    ("TIME_ZONE", "America/New_York", "time zone of the pages"),
    ("FROM", None, "sender of our mail; default: the first mailbox"),
    ("REFERENCE_PREFIX", "INQ", "two to five capital letters before every reference"),
    ("POLICY_VERSION", "2026-11-21", "version of the privacy policy in force"),
    ("POLICY_DATE", "2026-11-21", "day on which that version took effect"),
    ("RECORD_SERIES", "INQ-1", "record series of the retention schedule"),
    ("MESSAGE_SIZE", "36700160", "largest message in bytes"),
    ("CONNECTIONS", "200", "SMTP connections at one time"),
    ("IDLE_SECONDS", "300", "seconds of silence before an SMTP connection is closed"),
    ("RECIPIENTS", "1000", "recipients of one message"),
    ("TLS_CERTIFICATE", None, "certificate file for STARTTLS"),
    ("TLS_KEY", None, "key file for STARTTLS"),
)
