"""The desk's forms. Their token is bound to the session (`router.desk.session`), not to a cookie of Flask's."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, PasswordField, StringField, TextAreaField  # type: ignore[import-untyped]  # no types
from wtforms.csrf.core import CSRF  # type: ignore[import-untyped]  # no types
from wtforms.form import BaseForm  # type: ignore[import-untyped]  # no types
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError  # type: ignore[import-untyped]  # no types

from router.desk import session

LONGEST_ID = 64
LARGEST_VERSION = 2**31


class SessionToken(CSRF):  # type: ignore[misc]  # wtforms is not typed
    """A form token made from the session's cookie."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        """Give the token that this browser's forms carry."""
        del csrf_token_field
        return session.form_token()

    def validate_csrf_token(self, form: BaseForm, field: Field) -> None:
        """Refuse a token of another browser or session."""
        del form
        if not session.is_form_token(field.data or ""):
            raise ValidationError("form token")


class TokenForm(FlaskForm):  # type: ignore[misc]  # flask-wtf is not typed
    """A form with nothing but its token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Use our token."""

        csrf = True
        csrf_class = SessionToken
        csrf_field_name = "form_token"


class SignInForm(TokenForm):
    """A name and a password."""

    name = StringField("Name", validators=[InputRequired(), Length(max=LONGEST_ID)])
    password = PasswordField("Password", validators=[InputRequired()])


class ActForm(TokenForm):
    """An act on an inquiry, with the version that its page showed, and one choice from a table."""

    version = IntegerField(validators=[InputRequired(), NumberRange(min=0, max=LARGEST_VERSION)])
    choice = StringField(validators=[Optional(), Length(max=LONGEST_ID)])


class TextForm(ActForm):
    """An act with a text that the reader typed."""

    text = TextAreaField(validators=[InputRequired()])
