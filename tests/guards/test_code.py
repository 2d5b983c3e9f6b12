"""Every rule holds for the whole code, and every rule fails on a breach."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.guards import rules
from tests.guards.tree import Source, sources

Rule = Callable[[Source], Iterator[str]]
EVERYWHERE = ("redaction", "records", "intake", "router", "sallyport", "templates", "tests")
PACKAGES = EVERYWHERE[:-1]

# The rule, the folders it is for, and a breach of it.
RULES: dict[str, tuple[Rule, tuple[str, ...], str]] = {
    "promises": (rules.functions_without_promise, ("tests",), "def test_it():\n    assert True\n"),
    "functions": (rules.too_long_functions, EVERYWHERE, "def long():\n" + "    call()\n" * 60),
    "modules": (rules.too_long_module, PACKAGES, "value = 1\n" * 301),
    "prints": (rules.prints, PACKAGES, "def show(value):\n    print(value)\n"),
    "names": (rules.forbidden_names, PACKAGES, "class UserManager:\n    pass\n"),
    "logs": (rules.unsafe_log_calls, PACKAGES, "log.info('from %s', sender)\n"),
    "views": (rules.views_without_rule, ("router",), "@desk.get('/')\ndef page():\n    return ''\n"),
    "reasons": (rules.silenced_without_reason, EVERYWHERE, "import os  # " + "noqa: F401\n"),
}


@pytest.mark.parametrize("name", RULES)
def test_the_code_keeps_the_rule(name: str) -> None:
    """No file of the project breaks the rule."""
    rule, folders, _ = RULES[name]
    breaches = [breach for source in sources(*folders) for breach in rule(source)]
    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize("name", RULES)
def test_a_breach_is_seen(name: str) -> None:
    """The rule fails on a file that breaks it, and on that file only for what it breaks."""
    rule, folders, breach = RULES[name]
    assert len(list(rule(Source(f"{folders[0]}/breach.py", breach)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "ticket = 1",
        "def find(user_id): ...",
        "self.pii_found = True",
        "def handle_mail(): ...",
        "def process_inquiry(): ...",
        "def sanitise(text): ...",
        "class KeyHelper: ...",
        "def encrypt_part(part): ...",
    ],
)
def test_each_unused_word_is_seen(text: str) -> None:
    """A word that the design does not use is found in functions, arguments, attributes and classes."""
    assert list(rules.forbidden_names(Source("records/part.py", text)))


@pytest.mark.parametrize("path", ["records/utils.py", "router/helpers/forms.py", "intake/session_manager.py"])
def test_a_file_that_says_nothing_is_seen(path: str) -> None:
    """A module or folder with an empty name is found."""
    assert list(rules.forbidden_names(Source(path, "")))


@pytest.mark.parametrize("text", ["def reuse(): ...", "accused = 1", "def handle_exception(self): ...", "x = piid"])
def test_words_within_words_are_left_alone(text: str) -> None:
    """Only whole words count, and what aiosmtpd calls may be named as it wants."""
    assert not list(rules.forbidden_names(Source("records/part.py", text)))


@pytest.mark.parametrize(
    "call",
    [
        "log.info(f'from {sender}')",
        "log.info('from ' + sender)",
        "log.warning('subject %s', inquiry.subject)",
        "log.error('failed', exc_info=True)",
        "log.error('failed: %s', fault)",
        "log.error('failed: %s', str(fault))",
        "log.info('%s', request.method)",
        "logger.info('took', extra={'a': body})",
        "logging.getLogger('x').info('%s', address)",
        "logging.warning(text)",
        "log.log(10, '%r', envelope)",
        "log.info('%d of %s', count, sender)",
        "log.info('100%% of %s', sender)",
    ],
)
def test_each_way_for_content_into_a_log_is_seen(call: str) -> None:
    """A line of the log cannot be given what a sender may have written."""
    assert list(rules.unsafe_log_calls(Source("intake/part.py", call)))


@pytest.mark.parametrize(
    "call",
    [
        "log.info('ready port=%s', port)",
        "log.error('failed: %s', type(fault).__name__)",
        "log.info('taken: %s', job.inquiry_id)",
        "log.info('group of %d', len(group))",
        "log.info('method=%s', method)",
        "log.info('swept uploads=%d in %.1f s for %s', uploads, took, role)",
        "counts.error(text)",
    ],
)
def test_ids_kinds_and_counts_may_be_logged(call: str) -> None:
    """What is ours may be in the log."""
    assert not list(rules.unsafe_log_calls(Source("intake/part.py", call)))


@pytest.mark.parametrize(
    "text",
    [
        "@needs(Rule.LISTED)\n@desk.get('/')\ndef page(): ...",
        "@desk.post('/a')\n@desk.post('/b')\ndef act(): ...",
        "app.add_url_rule('/', view_func=page)",
    ],
)
def test_each_way_round_a_clearance_rule_is_seen(text: str) -> None:
    """A view whose rule is missing, or stands where it guards nothing, is found."""
    assert list(rules.views_without_rule(Source("router/desk/part.py", text)))


def test_every_error_is_under_its_packages_base() -> None:
    """No package lets an error out that its callers cannot catch by one name."""
    breaches = list(rules.errors_outside_base(sources()))
    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize(
    "text",
    [
        "class Lost(Exception): ...",
        "class Lost(ValueError): ...",
        "class Lost(smtplib.SMTPException): ...",
        "class Lost(RecordsError): ...",
        "class Odd(Exception): ...\nclass Lost(Odd): ...",
    ],
)
def test_an_error_outside_its_base_is_seen(text: str) -> None:
    """An error under a built-in, a library's or another package's class alone is found."""
    base = Source("intake/errors.py", "class IntakeError(Exception): ...")
    assert list(rules.errors_outside_base([base, Source("intake/part.py", text)]))


def test_an_error_with_two_bases_may_stand_under_both() -> None:
    """An error may be a built-in's as well, as long as it is its package's."""
    base = Source("intake/errors.py", "class IntakeError(Exception): ...\nclass OurFault(IntakeError): ...")
    assert not list(rules.errors_outside_base([base, Source("intake/part.py", "class Lost(OurFault, OSError): ...")]))
