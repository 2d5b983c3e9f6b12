"""The one place where adapters are built from settings and keys; nothing is built at import.

Two modules, so that a process of the public side never loads the staff's.
"""
