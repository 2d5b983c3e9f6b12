"""What the program says of itself."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "sallyport-inquiries"


def program_version() -> str:
    """Give the version of the installed program; "source" where it runs from a folder of sources."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "source"
