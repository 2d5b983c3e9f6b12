"""The roles, each a process of its own: site, desk, unsealer, smtp, lmtp, worker."""
