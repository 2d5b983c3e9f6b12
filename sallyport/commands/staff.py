"""`staff`: the roster at the command line."""

from __future__ import annotations

import secrets
import sys
from datetime import date

import click
from sqlalchemy import select

from records.clock import system_clock
from records.tables import OrganizationRow
from records.values import DataClass, Grant, OrganizationKind, Role
from router.accounts import canonical
from router.passwords import FAULTS, Passwords
from router.roster import NewReader, PasswordRefused, add_organization, add_reader
from sallyport.commands.common import settings_of, stores_of
from sallyport.errors import SallyportError
from sallyport.keys import ring
from sallyport.officer import Office, office
from sallyport.settings import Settings
from sallyport.wiring.staff import routes

AGENCY = "agency"


class NotAdded(SallyportError):
    """A reader could not be added; the message says why."""


@click.group()
def staff() -> None:
    """Add the people who work at the desk."""


@staff.command()
@click.argument("sign_in_name")
@click.option("--name", required=True, help="The person's name, as colleagues know it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="agent", show_default=True)
@click.option("--unit", "units", multiple=True, help="Unit to grant; may be given more than once.")
@click.option("--approved-by", help="Who approved the grants: a second person. Without it they open nothing yet.")
@click.option(
    "--data-class",
    "classes",
    multiple=True,
    type=click.Choice([kind.value for kind in DataClass]),
    help="Class of confidential data that the person is cleared for; may be given more than once.",
)
@click.option("--site", default="", help="Primary worksite.")
@click.option("--form-signed", is_flag=True, help="The confidentiality form was signed today.")
@click.option("--trained", is_flag=True, help="The training was completed today.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, not from a prompt.")
@click.pass_context
def add(  # noqa: PLR0913 - one argument for each option of the command
    ctx: click.Context,
    *,
    sign_in_name: str,
    name: str,
    role: str,
    units: tuple[str, ...],
    approved_by: str | None,
    classes: tuple[str, ...],
    site: str,
    form_signed: bool,
    trained: bool,
    password_stdin: bool,
) -> None:
    """Add a reader. Asks for a password; with none typed, one is made and shown once."""
    settings = settings_of(ctx)
    _require_units(settings, units)
    if approved_by and canonical(approved_by) in {canonical(sign_in_name), canonical(name)}:
        raise NotAdded("nobody approves their own grants: name a second person in --approved-by")
    today = system_clock().date()
    new = NewReader(
        sign_in_name=sign_in_name,
        name=name,
        role=Role(role),
        organization_id=AGENCY,
        site=site,
        started_on=today,
        form_signed_on=today if form_signed else None,
        trained_on=today if trained else None,
        data_classes=frozenset(DataClass(kind) for kind in classes),
        grants=tuple(grant(unit, approved_by, today) for unit in units),
    )
    typed = _password(from_stdin=password_stdin)
    password = typed or secrets.token_urlsafe(15)
    with stores_of(settings) as stores, office(stores, ring(settings)) as opened:
        ensure_agency(opened, settings.agency)
        try:
            add_reader(opened.books, Passwords(), new, password=password, added_by="officer", now=system_clock())
        except PasswordRefused as refused:
            raise NotAdded(FAULTS[str(refused)]) from None
    click.echo(f"Added {sign_in_name}." + ("" if typed else f" Password, shown this once: {password}"))


def grant(unit: str, approved_by: str | None, today: date) -> Grant:
    """Give a grant that is in force from today, if somebody approved it."""
    return Grant(unit=unit, approved_by=approved_by, approved_on=today if approved_by else None, reviewed_on=today)


def ensure_agency(opened: Office, title: str) -> None:
    """Write the agency itself into the roster of organizations, once."""
    with opened.stores.record.writing() as connection:
        if connection.execute(select(OrganizationRow.id).where(OrganizationRow.id == AGENCY)).first() is None:
            add_organization(connection, AGENCY, title, OrganizationKind.AGENCY)


def _require_units(settings: Settings, units: tuple[str, ...]) -> None:
    known = {unit.name for unit in routes(settings).units}
    if unknown := sorted(set(units) - known):
        raise NotAdded(f"no such unit: {', '.join(unknown)}; the routes file has {', '.join(sorted(known))}")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    prompt = "Password (empty: one is made)"
    return str(
        click.prompt(prompt, default="", show_default=False, hide_input=True, confirmation_prompt=True, err=True)
    )
