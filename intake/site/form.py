"""The form: its fields, its token, and what is asked for.

Only a question is required. For the rest the form asks once and never stands in the way: a person who writes about
their own case and leaves neither telephone nor address, or writes a number that cannot be one, is told so with the
form as they filled it in; sent again, it is taken as it is (the form then carries `asked`). A program that posts
`confirmed=1` is not asked at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (  # type: ignore[import-untyped]  # WTForms has no types
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.csrf.core import CSRF  # type: ignore[import-untyped]  # as above
from wtforms.validators import ValidationError  # type: ignore[import-untyped]  # as above

from intake.site.body import FILE_SIZE, FILES, Posted
from intake.site.tokens import FormTokens, TokenRead, TokenState

KINDS = ("own", "general", "unsure")
NEEDS = ("interpreter", "relay", "video")
TIMES = ("any", "morning", "noon", "afternoon")
SPOKEN = ("en", "es", "pt", "ht", "cmn", "yue", "vi", "other")
FEWEST_DIGITS, MOST_DIGITS = 7, 15  # A local number; ITU-T E.164's limit.
NOTHING: MultiDict[str, str] = MultiDict()


class TokenCSRF(CSRF):  # type: ignore[misc]  # as above
    """WTForms' guard, with our tokens instead of a session: the public site has none."""

    def setup_form(self, form: Any) -> Any:
        """Remember the tokens that the form was given."""
        self.tokens: FormTokens = form.meta.csrf_context
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        """Give the posted token while it is good, so that sending twice is one submission; else a new one."""
        posted = csrf_token_field.data or ""
        return posted if self.tokens.read(posted).state is TokenState.VALID else self.tokens.issue()

    def validate_csrf_token(self, form: Any, field: Any) -> None:  # noqa: ARG002 - WTForms calls it so
        """Refuse what is not a good token of ours."""
        if self.tokens.read(field.data or "").state is not TokenState.VALID:
            raise ValidationError("token")


class InquiryForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Errors are keys of the catalogue's `errors`."""

    class Meta:
        """WTForms' own way to be configured."""

        csrf = True
        csrf_class = TokenCSRF
        csrf_field_name = "csrf_token"

    message = TextAreaField()
    kind = RadioField(choices=KINDS, validate_choice=False)
    subject = StringField()
    name = StringField()
    phone = StringField()
    best_time = SelectField(choices=TIMES, validate_choice=False)
    postal_address = TextAreaField()
    email = StringField()
    spoken_language = SelectField(choices=SPOKEN, validate_choice=False)
    need = SelectMultipleField(choices=NEEDS, validate_choice=False)
    asked = HiddenField()
    confirmed = HiddenField()

    def __init__(self, tokens: FormTokens, posted: Posted | None = None, spoken: str = "en") -> None:
        fields = NOTHING if posted is None else posted.fields
        # WTForms takes an empty mapping for nothing posted: it then shows the defaults.
        super().__init__(formdata=fields, meta={"csrf_context": tokens}, data={"spoken_language": spoken})
        self._posted = posted
        self.token: TokenRead = tokens.read(fields.get("csrf_token", ""))
        self.file_error = ""

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the writer has seen the warning and sends as it is."""
        return bool(self.confirmed.data == "1")

    @property
    def has_asked(self) -> bool:
        """Tell whether the form asked before, or must not."""
        return bool(self.asked.data == "1") or self.is_confirmed

    @property
    def faults(self) -> tuple[tuple[str, str], ...]:
        """Give field and error key of each fault, in the order of the page."""
        found = tuple((name, str(errors[0])) for name, errors in self.errors.items() if name and name != "csrf_token")
        return (*found, ("files", self.file_error)) if self.file_error else found

    def validate(self, extra_validators: Any = None) -> bool:
        """Check everything; faults are then in `faults`."""
        self.file_error = _file_error(self._posted.files if self._posted else ())
        return bool(super().validate(extra_validators=extra_validators)) and not self.file_error

    def validate_message(self, field: Any) -> None:
        """Ask for a question, within bounds."""
        if not (field.data or "").strip():
            raise ValidationError("message_missing")
        self._check_length()

    def validate_phone(self, field: Any) -> None:
        """Ask once for a way to answer a case, and for a number that can be one."""
        if self.has_asked:
            return
        typed = (field.data or "").strip()
        if not typed and self.kind.data == "own" and not (self.postal_address.data or "").strip():
            raise ValidationError("contact_missing")
        if typed and not FEWEST_DIGITS <= len(re.sub(r"\D", "", typed)) <= MOST_DIGITS:
            raise ValidationError("phone_odd")

    def validate_email(self, field: Any) -> None:
        """Ask once for an address that can be one; what is deliverable is not for us to guess."""
        typed = (field.data or "").strip()
        if typed and not self.has_asked and not re.fullmatch(r"[^\s@]+@[^\s@]+", typed):
            raise ValidationError("email_odd")

    def _check_length(self) -> None:
        if self._posted and self._posted.too_long:
            raise ValidationError("too_long")


def _file_error(sizes: Sequence[int]) -> str:
    if len(sizes) > FILES:
        return "files_many"
    return "files_large" if any(size > FILE_SIZE for size in sizes) else ""
