"""The desk: the staff's web application. It holds no key and opens nothing itself; the unsealer does."""

from router.desk.app import make_desk
from router.desk.services import DeskServices, DeskSettings, renew_routes

__all__ = ["DeskServices", "DeskSettings", "make_desk", "renew_routes"]
