"""`serve`, and each role alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module

import click

from records.keyring import read_master
from sallyport.commands.common import settings_of
from sallyport.databases import await_ready, open_stores
from sallyport.demo.folder import DEFAULT_FOLDER, demo_environment
from sallyport.errors import CannotStart
from sallyport.keys import ROLES, arriving, bundle, ring
from sallyport.log import configure
from sallyport.roles.running import run_role
from sallyport.settings import Settings
from sallyport.supervisor import START_SECONDS, Child, Supervisor, role_command

SUMMARY = {
    "site": "Run the public site alone.",
    "desk": "Run the desk alone.",
    "unsealer": "Run the unsealer alone: the only role that opens inquiries for readers.",
    "smtp": "Run the mail gateway (SMTP) alone.",
    "lmtp": "Run the mail gateway (LMTP) alone.",
    "worker": "Run a worker alone: admits, routes, acknowledges.",
    "metrics": "Answer Prometheus on a port of this machine: counts, and nothing of any inquiry.",
}
WELCOME = f"""The demonstration's inquiries are served until Ctrl-C:
  the desk   http://{{desk}}  (names and passwords: {DEFAULT_FOLDER}/readers.txt)
  the site   http://{{site}}"""
KEYS_HELP = """

\b
Its keys come from (first found): --keys-fd N, an inherited descriptor; systemd's LoadCredential under the name
sallyport-keys (make it with `sallyport role-keys`); the key ring, where this process may read the master key."""


@click.command()
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 16), help="Worker processes.")
@click.option("--demo", "is_demo", is_flag=True, help="Serve the inquiries of `sallyport demo` for browsing.")
@click.pass_context
def serve(ctx: click.Context, workers: int, is_demo: bool) -> None:  # noqa: FBT001 - click gives a flag
    """Start site, desk, unsealer, gateway and workers, each a process of its own, and keep them running.

    Prints one JSON line {"ready": true, "ports": {...}, "pids": {...}} when it serves. SIGTERM stops it: mail under way
    is finished first.
    """
    configure("serve")
    if is_demo:
        # Roles are processes of their own, and read the same variables.
        os.environ.update(demo_environment())
    settings = settings_of(ctx)
    configure("serve", form=settings.log)
    if is_demo:
        click.echo(WELCOME.format(site=settings.site_listen, desk=settings.desk_listen), err=True)
    supervise(settings, workers, click.echo)


def supervise(settings: Settings, workers: int, say: Callable[[str], None]) -> None:
    """Start all roles and stay until told to stop."""
    keys = ring(settings)
    stores = open_stores(settings)
    await_ready(settings, stores, START_SECONDS)
    stores.close()
    names = ["unsealer", "site", "desk", "smtp", *(["lmtp"] if settings.lmtp_listen else [])]
    children = [_child(settings, name, name) for name in names]
    if settings.metrics_listen is not None:
        children.append(_child(settings, "metrics", "metrics"))
    children += [_child(settings, "worker", f"worker-{number + 1}") for number in range(workers)]
    del keys
    Supervisor(settings, children).run(say)


def _child(settings: Settings, role: str, name: str) -> Child:
    return Child(
        role=role, name=name, command=role_command(role, "--name", name), keys=lambda: bundle(ring(settings), role)
    )


def _alone(role: str) -> click.Command:
    @click.command(role, help=SUMMARY[role] + KEYS_HELP)
    @click.option("--keys-fd", type=int, help="Descriptor from which the keys are read.")
    @click.option("--ready-fd", type=int, hidden=True)
    @click.option("--port", type=int, hidden=True)
    @click.option("--name", default=role, show_default=True, help="Name in logs and for job leases.")
    @click.pass_context
    def run(ctx: click.Context, keys_fd: int | None, ready_fd: int | None, port: int | None, name: str) -> None:
        settings = settings_of(ctx)
        module = "smtp" if role == "lmtp" else role
        run_role(
            role,
            import_module(f"sallyport.roles.{module}").run,
            settings=settings,
            keys=lambda: arriving(role, keys_fd, settings),
            name=name,
            port=port,
            parent=keys_fd,
            ready=ready_fd,
        )

    return run


@click.command("role-keys")
@click.argument("role", type=click.Choice(sorted(ROLES)))
@click.pass_context
def role_keys(ctx: click.Context, role: str) -> None:
    """Write the keys of one role to standard output, for systemd's LoadCredential. Keep them like the master key."""
    settings = settings_of(ctx)
    read_master(settings.master_key_file)
    if sys.stdout.isatty():
        raise CannotStart("these are keys: send them to a file or to systemd-creds, not to a terminal")
    sys.stdout.buffer.write(bundle(ring(settings), role).to_json())


SITE, DESK, UNSEALER, SMTP, LMTP, WORKER, METRICS = (
    _alone(role) for role in ("site", "desk", "unsealer", "smtp", "lmtp", "worker", "metrics")
)
