"""The site's own style sheets, scripts and mark: a table in memory, so that a path can lead nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files

from flask import Blueprint, Response, abort, request

from intake.site.here import site
from intake.site.parts import Asset

blueprint = Blueprint("assets", __name__)
TYPES: Mapping[str, str] = {
    "tokens.css": "text/css",
    "site.css": "text/css",
    "site-form.js": "text/javascript",
    "site-print.js": "text/javascript",
    "site-mark.svg": "image/svg+xml",
}
# The address of an asset names its content, so a browser may keep it for good.
FOR_GOOD, FOR_NOW = "public, max-age=31536000, immutable", "public, max-age=300"


def load() -> Mapping[str, Asset]:
    """Read all assets."""
    return {name: _read(name, media_type) for name, media_type in TYPES.items()}


@blueprint.get("/static/<name>")
def asset(name: str) -> Response:
    """Give an asset."""
    found = site().static.get(name)
    if found is None:
        abort(404)
    response = Response(found.body, mimetype=found.media_type)
    response.headers["Cache-Control"] = FOR_GOOD if request.args.get("v") == found.version else FOR_NOW
    return response


def _read(name: str, media_type: str) -> Asset:
    body = (files("templates") / "static" / name).read_bytes()
    version = hashlib.sha256(body).hexdigest()[:12]
    return Asset(body=body, media_type=media_type, version=version, address=f"/static/{name}?v={version}")
