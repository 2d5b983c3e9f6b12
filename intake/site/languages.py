"""The catalogue: all texts of the site in six languages, one TOML file each, shipped with the templates."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

# Code in our URLs -> the language tag that HTML wants, and the language's own name.
LANGUAGES: Mapping[str, tuple[str, str]] = {
    "en": ("en", "English"),
    "es": ("es", "Español"),
    "pt": ("pt", "Português"),
    "ht": ("ht", "Kreyòl ayisyen"),
    "zh": ("zh-Hans", "中文"),
    "vi": ("vi", "Tiếng Việt"),
}
DEFAULT = "en"
Texts = Mapping[str, Any]


def load_texts(code: str, **fill: str) -> Texts:
    """Read one language; `{telephone}` and the like are filled in, other braces stay."""
    raw = (files("templates") / "site" / "texts" / f"{code}.toml").read_text(encoding="utf-8")
    texts: Texts = _filled(tomllib.loads(raw), fill)
    return texts


def language_of(path: str) -> str:
    """Give the language of a path's first part; the default where it has none."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in LANGUAGES else DEFAULT


def say_date(texts: Texts, moment: datetime) -> str:
    """Write a date as the language does."""
    dates = texts["dates"]
    return str(dates["date"]).format(
        weekday=dates["weekdays"][moment.weekday()],
        day=moment.day,
        month=dates["months"][moment.month - 1],
        year=moment.year,
    )


def say_time(texts: Texts, moment: datetime) -> str:
    """Write a time of day as the language does."""
    dates = texts["dates"]
    half = dates["pm"] if moment.hour >= 12 else dates["am"]  # noqa: PLR2004 - noon
    return str(dates["time"]).format(hour=moment.hour % 12 or 12, hour24=moment.hour, minute=moment.minute, half=half)


def _filled(value: Any, fill: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, fill) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, fill) for inner in value]
    text = str(value)
    for name, instead in fill.items():
        text = text.replace("{" + name + "}", instead)
    return text
