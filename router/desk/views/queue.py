"""The queue, the way to one inquiry by its reference, and the sheet of keys."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from records.references import is_reference
from router.desk.needs import Rule, needs
from router.desk.panes import frame, queue_view

queue = Blueprint("queue", __name__)


@queue.get("/")
@needs(Rule.SIGNED_IN)
def page() -> str:
    """Show the queue with nothing opened."""
    return render_template("queue.html", queue=queue_view(), frame=frame())


@queue.get("/find")
@needs(Rule.SIGNED_IN)
def find() -> Any:
    """Go to an inquiry by its reference. What is no reference leads back to the queue."""
    reference = request.args.get("reference", "").strip().upper()
    if not is_reference(reference):
        return redirect(url_for("queue.page", refused="no-reference"), code=303)
    return redirect(url_for("inquiries.read", reference=reference), code=303)


@queue.get("/keys")
@needs(Rule.SIGNED_IN)
def keys() -> str:
    """Show what the keys do."""
    return render_template("keys.html", frame=frame())
