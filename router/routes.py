"""Routes: an ordered table of rules in a file of the agency's, read once, checked whole, and never half-loaded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from records.values import DataClass
from router.errors import RouterError
from router.routing import VOCABULARY, Route, RouteFacts, Routes, Rule, Unit, due_at, facts_of

__all__ = ("Route", "RouteFacts", "Routes", "RoutesFault", "Rule", "Unit", "due_at", "facts_of", "parse")

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_SLUG = 48  # A unit's name is part of the name of its compartment, and of a column 64 wide.
LATEST_DUE = 60
TABLES = re.compile(r"^\s*\[\[\s*(unit|route)\s*\]\]", re.MULTILINE)
UNIT_KEYS = frozenset({"name", "title", "data_classes", "telephone"})
ROUTE_KEYS = frozenset({"rule", "when", "unit", "due_days", "notice"})


class RoutesFault(RouterError):
    """The file cannot be used. `faults` names all that is wrong with it, each with the line of its table."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def parse(text: str) -> Routes:
    """Read the table; `RoutesFault` names every fault at once."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RoutesFault((f"the file is not TOML: {error}",)) from None
    reading = _Reading(document, _lines(text))
    units, rules = reading.units(), reading.rules()
    reading.whole(units, rules)
    if reading.faults:
        raise RoutesFault(tuple(reading.faults))
    return Routes(units=units, rules=rules)


def _lines(text: str) -> Mapping[str, tuple[int, ...]]:
    """Give the line on which each `[[unit]]` and each `[[route]]` begins."""
    found: dict[str, tuple[int, ...]] = {"unit": (), "route": ()}
    for match in TABLES.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        found[match[1]] = (*found[match[1]], line)
    return found


class _Reading:
    """One reading of a file: gathers the faults, and gives what could be read so that more faults can be found."""

    def __init__(self, document: Mapping[str, Any], lines: Mapping[str, tuple[int, ...]]) -> None:
        self._document = document
        self._lines = lines
        self.faults: list[str] = []

    def units(self) -> tuple[Unit, ...]:
        return tuple(self._unit(where, table) for where, table in self._tables("unit", UNIT_KEYS))

    def rules(self) -> tuple[Rule, ...]:
        return tuple(self._rule(where, table) for where, table in self._tables("route", ROUTE_KEYS))

    def whole(self, units: tuple[Unit, ...], rules: tuple[Rule, ...]) -> None:
        """Look for the faults that no single table has."""
        self.faults += [f"the file: unknown key {key!r}" for key in sorted(set(self._document) - {"unit", "route"})]
        self._twice("unit", [unit.name for unit in units])
        self._twice("route", [rule.name for rule in rules])
        known = {unit.name: unit for unit in units}
        for number, rule in enumerate(rules):
            where = self._where("route", number, rule.name)
            unit = known.get(rule.unit)
            if unit is None:
                self.faults.append(f"{where}: unit {rule.unit!r} is not declared")
            elif not rule.when.get("data_class", frozenset()) <= {kind.value for kind in unit.data_classes}:
                self.faults.append(f"{where}: unit {rule.unit!r} does not handle this data_class")
            if not rule.when and number < len(rules) - 1:
                self.faults.append(f"{where}: it always holds, so no rule after it is ever reached")
        if not rules:
            self.faults.append("the file: there is no route")
        elif rules[-1].when:
            where = self._where("route", len(rules) - 1, rules[-1].name)
            self.faults.append(f"{where}: the last route must always hold; take its conditions away")

    def _tables(self, kind: str, keys: frozenset[str]) -> list[tuple[str, Mapping[str, Any]]]:
        tables = self._document.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.faults.append(f"the file: {kind!r} must be tables, each under [[{kind}]]")
            return []
        found = []
        for number, table in enumerate(tables):
            where = self._where(kind, number, table.get("name", table.get("rule", "")))
            self.faults += [f"{where}: unknown key {key!r}" for key in sorted(set(table) - keys)]
            found.append((where, table))
        return found

    def _unit(self, where: str, table: Mapping[str, Any]) -> Unit:
        classes = self._words(where, table, "data_classes", VOCABULARY["data_class"])
        return Unit(
            name=self._slug(where, table, "name"),
            title=self._text(where, table, "title"),
            telephone=self._text(where, table, "telephone"),
            data_classes=frozenset(DataClass(word) for word in classes),
        )

    def _rule(self, where: str, table: Mapping[str, Any]) -> Rule:
        when = table.get("when", {})
        if not isinstance(when, dict):
            self.faults.append(f"{where}: 'when' must be a table of conditions")
            when = {}
        unknown = sorted(set(when) - set(VOCABULARY))
        self.faults += [f"{where}: unknown condition {name!r}" for name in unknown]
        conditions = {name: self._condition(where, when, name) for name in VOCABULARY if name in when}
        return Rule(
            name=self._slug(where, table, "rule"),
            unit=self._text(where, table, "unit"),
            due_days=self._days(where, table),
            notice=self._text(where, table, "notice", is_wanted=False),
            when=conditions | {name: frozenset() for name in unknown},
        )

    def _condition(self, where: str, when: Mapping[str, Any], name: str) -> frozenset[str]:
        words = self._words(where, when, name, VOCABULARY[name])
        return frozenset(word.casefold() for word in words) if name == "mailbox" else words

    def _words(self, where: str, table: Mapping[str, Any], key: str, known: frozenset[str] | None) -> frozenset[str]:
        value = table.get(key)
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
            self.faults.append(f"{where}: {key!r} must be a word or a list of words")
            return frozenset()
        strange = [word for word in words if known is not None and word not in known]
        if known is not None:
            choice = ", ".join(sorted(known))
            self.faults += [f"{where}: {key!r} has no value {word!r}; it is one of {choice}" for word in strange]
        return frozenset(words) - frozenset(strange)

    def _text(self, where: str, table: Mapping[str, Any], key: str, *, is_wanted: bool = True) -> str:
        value = table.get(key, "")
        if isinstance(value, str) and (value.strip() or not is_wanted):
            return value
        self.faults.append(f"{where}: {key!r} must be a text")
        return ""

    def _slug(self, where: str, table: Mapping[str, Any], key: str) -> str:
        value = self._text(where, table, key)
        if value and (len(value) > LONGEST_SLUG or SLUG.fullmatch(value) is None):
            self.faults.append(f"{where}: {key!r} must be small letters, digits and hyphens, {LONGEST_SLUG} at most")
        return value

    def _days(self, where: str, table: Mapping[str, Any]) -> int:
        value = table.get("due_days")
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LATEST_DUE:
            return value
        self.faults.append(f"{where}: 'due_days' must be a whole number from 0 to {LATEST_DUE}")
        return 0

    def _twice(self, kind: str, names: list[str]) -> None:
        for number, name in enumerate(names):
            if name and name in names[:number]:
                self.faults.append(f"{self._where(kind, number, name)}: this name is taken already")

    def _where(self, kind: str, number: int, name: object) -> str:
        lines = self._lines[kind]
        line = f"line {lines[number]}, " if number < len(lines) else ""
        return f"{line}{kind} {number + 1}" + (f" ({name})" if name else "")
