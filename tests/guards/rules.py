"""The rules as plain functions: a source in, its breaches out, each with its line."""

from __future__ import annotations

import ast
import builtins
import io
import itertools
import re
import tokenize
from collections.abc import Iterable, Iterator

from tests.guards.tree import Source

MODULE_LINES = 300
FUNCTION_LINES = 60
# A migration is one list of statements, written once and never changed: splitting it would hide the order.
MIGRATIONS = "records/migrations/"

# Words of other programs, or words that say nothing; the design says which words are used instead. What somebody else
# sent may be "encrypted"; what we do is to seal.
FORBIDDEN_WORDS = frozenset({
    "ticket", "tickets", "user", "users", "pii", "scrub", "util", "utils", "helper", "helpers", "manager", "managers",
    "sanitise", "sanitised", "sanitize", "sanitized", "encrypt",
})  # fmt: skip
FORBIDDEN_STARTS = ("process_", "handle_")
# Names that a library or a standard gives. Each with the reason; nothing else belongs here.
GIVEN_NAMES = {
    "FIELD_MANAGER": "the design's name of a role",
    "handle_exception": "aiosmtpd calls it; without it the other side hears the text of any exception",
    "handle_client": "aiosmtpd calls it",
    "handle_EHLO": "aiosmtpd calls it",
    "handle_HELO": "aiosmtpd calls it",
    "handle_MAIL": "aiosmtpd calls it",
    "handle_RCPT": "aiosmtpd calls it",
    "handle_DATA": "aiosmtpd calls it",
    "handle_error": "the standard library's and cheroot's servers call it",
    "process_bind_param": "SQLAlchemy calls it on the way into a column",
    "process_result_value": "SQLAlchemy calls it on the way out of a column",
    "process_conn": "cheroot calls it",
}

# Each package's base of errors. A class under a built-in exception must be one of these.
ERROR_BASES = {
    "redaction": "RedactionError",
    "records": "RecordsError",
    "intake": "IntakeError",
    "router": "RouterError",
    "sallyport": "SallyportError",
}
ERROR_ENDS = ("Error", "Exception", "Warning", "Exit")

LOG_CALLS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
LOGGERS = frozenset({"log", "logger", "_log", "_logger", "LOG", "LOGGER", "logging"})
# What a log line may hold: ids, kinds, counts, ports, times and reasons, all of them ours.
LOGGABLE = frozenset({
    "__name__", "channel", "incident", "kind", "name", "port", "purpose", "reason", "reference", "returncode",
    "role", "rule", "state", "status", "step", "template", "unit", "where",
})  # fmt: skip
# As a variable of its own, set from a table of known words; as an attribute of a request it is the other side's word.
LOGGABLE_VARIABLES = frozenset({"method"})
LOGGABLE_ENDS = ("_id", "_kind", "_reason")
# Calls that give a number or an id of our making whatever they are given.
LOGGABLE_CALLS = frozenset({"len", "type", "int", "token_hex", "sum", "round"})

ROUTES = frozenset({"get", "post", "put", "patch", "delete", "route"})


def functions_without_promise(source: Source) -> Iterator[str]:
    """Give the tests that do not say what they promise."""
    for node in source.functions():
        if node.name.startswith("test_") and not ast.get_docstring(node):
            yield f"{source.path}:{node.lineno}: {node.name} states no promise"


def too_long_functions(source: Source) -> Iterator[str]:
    """Give the functions that do not fit on a screen."""
    if source.path.startswith(MIGRATIONS):
        return
    for node in source.functions():
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES:
            yield f"{source.path}:{node.lineno}: {node.name} has {lines} lines, {FUNCTION_LINES} are allowed"


def too_long_module(source: Source) -> Iterator[str]:
    """Give the module if it is too long."""
    if source.path.startswith(MIGRATIONS):
        return
    lines = source.text.count("\n")
    if lines > MODULE_LINES:
        yield f"{source.path}: {lines} lines, {MODULE_LINES} are allowed"


def prints(source: Source) -> Iterator[str]:
    """Give every `print`: the command line speaks through click, everything else through the log."""
    for node in source.all_of(ast.Name):
        if node.id in {"print", "pprint"}:
            yield f"{source.path}:{node.lineno}: print"


def forbidden_names(source: Source) -> Iterator[str]:
    """Give what is named with a word that this project does not use."""
    for part in source.path.removesuffix(".py").split("/"):
        if _is_forbidden(part):
            yield f"{source.path}: the file's own name"
    for line, name in _defined_names(source):
        if name.lstrip("_") not in GIVEN_NAMES and _is_forbidden(name):
            yield f"{source.path}:{line}: {name}"


def _is_forbidden(name: str) -> bool:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return name.lstrip("_").startswith(FORBIDDEN_STARTS) or not FORBIDDEN_WORDS.isdisjoint(
        word.lower() for word in words
    )


def _defined_names(source: Source) -> Iterator[tuple[int, str]]:
    for node in ast.walk(source.tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name


def errors_outside_base(all_sources: Iterable[Source]) -> Iterator[str]:
    """Give the error classes that do not derive from their package's base."""
    everything = tuple(all_sources)
    classes = {
        (source.package, node.name): (source, node) for source in everything for node in source.all_of(ast.ClassDef)
    }
    for (package, name), (source, node) in classes.items():
        bases = set(_all_bases(package, name, {key: value[1] for key, value in classes.items()}))
        is_error = any(_is_foreign_error(base, package, classes) for base in bases)
        if is_error and name != ERROR_BASES.get(package) and ERROR_BASES.get(package) not in bases:
            yield f"{source.path}:{node.lineno}: {name} is not under {ERROR_BASES.get(package)}"


def _all_bases(package: str, name: str, classes: dict[tuple[str, str], ast.ClassDef]) -> Iterator[str]:
    node = classes.get((package, name))
    for base in node.bases if node else ():
        last = _last_name(base)
        if last and last != name:
            yield last
            yield from _all_bases(package, last, classes)


def _is_foreign_error(base: str, package: str, classes: dict[tuple[str, str], tuple[Source, ast.ClassDef]]) -> bool:
    if (package, base) in classes:
        return False
    known = getattr(builtins, base, None)
    if isinstance(known, type):
        return issubclass(known, BaseException)
    # A library's or another package's class is known by its name only.
    return base.endswith(ERROR_ENDS)


def unsafe_log_calls(source: Source) -> Iterator[str]:
    """Give the log calls that could carry a sender's words."""
    for node in source.all_of(ast.Call):
        if not _is_log_call(node):
            continue
        words = node.args[1:] if isinstance(node.func, ast.Attribute) and node.func.attr == "log" else node.args
        if not words or not (isinstance(words[0], ast.Constant) and isinstance(words[0].value, str)):
            yield f"{source.path}:{node.lineno}: the message is not a plain string"
        for value, is_number in zip(words[1:], _numbers(words[0] if words else None), strict=False):
            if not (is_number or _is_loggable(value)):
                yield f"{source.path}:{node.lineno}: {ast.unparse(value)}"
        # An exception's text may quote what it tripped over, and `extra` has no shape.
        for keyword in node.keywords:
            yield f"{source.path}:{node.lineno}: {keyword.arg}="


def _is_log_call(node: ast.Call) -> bool:
    if not (isinstance(node.func, ast.Attribute) and node.func.attr in LOG_CALLS):
        return False
    logger = node.func.value
    if isinstance(logger, ast.Call):
        return _last_name(logger.func) == "getLogger"
    return _last_name(logger) in LOGGERS


def _numbers(message: ast.expr | None) -> Iterator[bool]:
    """Say of each place in a message whether only a number fits it."""
    if isinstance(message, ast.Constant):
        for place in re.finditer(r"%[-#0 +]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])", str(message.value)):
            if place[1] != "%":
                yield place[1] in "dioxXeEfFgG"
    # Words without a place would be a fault of logging itself; they are judged by their names.
    yield from itertools.repeat(False)


def _is_loggable(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Call):
        return _last_name(value.func) in LOGGABLE_CALLS
    name = _last_name(value)
    if isinstance(value, ast.Name) and name in LOGGABLE_VARIABLES:
        return True
    return name in LOGGABLE or name.endswith(LOGGABLE_ENDS)


def views_without_rule(source: Source) -> Iterator[str]:
    """Give the desk's views that do not say, next to their route, what they need."""
    for node in source.functions():
        named = [_decorator(decorator) for decorator in node.decorator_list]
        routes = [place for place, name in enumerate(named) if name in ROUTES]
        # The rule stands below every route: above one, the route would be of the unguarded view.
        if routes and "needs" not in named[max(routes) + 1 :]:
            yield f"{source.path}:{node.lineno}: {node.name} declares no rule"
    for call in source.all_of(ast.Call):
        if _last_name(call.func) == "add_url_rule":
            yield f"{source.path}:{call.lineno}: add_url_rule goes around the rules"


def _decorator(node: ast.expr) -> str:
    return _last_name(node.func) if isinstance(node, ast.Call) else _last_name(node)


def silenced_without_reason(source: Source) -> Iterator[str]:
    """Give the comments that silence a check and do not say why, or silence more than one rule by name."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        text = token.string
        is_silencing = re.search(r"#\s*(noqa|type:\s*ignore|pragma|nosec)\b", text)
        has_reason = re.search(r"noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* - \w", text) or re.search(
            r"type: ignore\[[a-z-]+(, ?[a-z-]+)*\]  # \w", text
        )
        if is_silencing and not has_reason:
            yield f"{source.path}:{token.start[0]}: silenced without a reason"


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return _last_name(value)
        case _:
            return ""
