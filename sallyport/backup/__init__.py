"""Backups of the record, of the key store, and of the key ring: taken while everything runs, each in its own place."""
