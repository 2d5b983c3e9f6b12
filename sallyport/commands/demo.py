"""`demo`: the whole program at work on inquiries that were written for it."""

from __future__ import annotations

from pathlib import Path

import click

from sallyport.demo.folder import DEFAULT_FOLDER


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Folder to make anew; one that holds anything else is left alone.",
)
@click.pass_context
def demo(ctx: click.Context, folder: Path) -> None:
    """See all of it at work: starts everything on loopback, sends made-up inquiries, and searches for their numbers.

    It ends by itself. Status 0 when all inquiries are accounted for and none of their numbers is found at rest.
    """
    # Late, so that no other command pays for what only the demonstration needs.
    from sallyport.demo.run import run_demo  # noqa: PLC0415 - as said

    ctx.exit(run_demo(folder))
