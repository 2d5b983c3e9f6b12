"""The command line: `sallyport`. Each command is a few lines that call one use case."""

from __future__ import annotations

import logging
import os
import resource
import sys
from importlib import import_module
from pathlib import Path

import click

from records.errors import RecordsError
from router.errors import RouterError
from sallyport.errors import AddressTaken, DatabaseAway, SallyportError, SettingsFault

HELP = """Sallyport takes in what the public writes to an agency, seals it, removes Social Security numbers and other
identifiers, decides whether it may be answered by e-mail, and routes it to staff with a need to know.

\b
First steps:
  sallyport init        make keys and databases (safe to run twice)
  sallyport staff add   add the first reader of the desk
  sallyport serve       start site, desk, gateway and workers
  sallyport demo        see all of it at work on made-up inquiries

Settings come from SALLYPORT_... variables or one TOML file (--settings FILE); `sallyport check-settings` lists and
checks them all.
"""


# In the order in which a newcomer needs them; the module of each is imported when it is called, because a role's
# process should hold and wait for its own room only.
COMMANDS = {
    "init": "setup:init",
    "check-settings": "setup:check_settings",
    "serve": "roles:serve",
    "demo": "demo:demo",
    "staff": "staff:staff",
    "ledger": "ledger:ledger",
    "wait": "ledger:wait",
    "original": "original:original",
    "audit": "audit:audit",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "destroy": "destroy:destroy",
    "doctor": "doctor:doctor",
    "scan": "text:scan",
    "classify": "text:classify",
    "site": "roles:SITE",
    "desk": "roles:DESK",
    "unsealer": "roles:UNSEALER",
    "smtp": "roles:SMTP",
    "lmtp": "roles:LMTP",
    "worker": "roles:WORKER",
    "metrics": "roles:METRICS",
    "role-keys": "roles:role_keys",
}


# Exit statuses of what may pass by itself; the supervisor starts such a role again.
PASSING = ((AddressTaken, 3), (DatabaseAway, 4))


class Commands(click.Group):
    """Finds a command when it is called, and says every known fault in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Keep the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module and give the command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"sallyport.commands.{module}"), name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what is known to go wrong is one clear message and status 2."""
        try:
            return super().invoke(ctx)
        except SettingsFault as fault:
            for line in fault.faults:
                click.echo(f"sallyport: {line}", err=True)
            sys.exit(2)
        except (SallyportError, RecordsError, RouterError) as fault:
            click.echo(f"sallyport: {fault}", err=True)
            sys.exit(next((status for kind, status in PASSING if isinstance(fault, kind)), 2))


@click.group(
    cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--settings", "settings_file", type=click.Path(path_type=Path), help="TOML file with settings.")
@click.version_option(package_name="sallyport-inquiries", prog_name="sallyport")
@click.pass_context
def sallyport(ctx: click.Context, settings_file: Path | None) -> None:
    """Run the group: only remembers where the settings are."""
    named = os.environ.get("SALLYPORT_SETTINGS")
    ctx.obj = settings_file or (Path(named) if named else None)
    if settings_file is not None:
        # Roles are processes of their own, and find the same file.
        os.environ["SALLYPORT_SETTINGS"] = str(settings_file.absolute())


def keep_no_core() -> None:
    """Let no crash write memory to disk: it holds plaintext and keys. Processes started from here inherit it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Run the command line."""
    keep_no_core()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    sallyport()
