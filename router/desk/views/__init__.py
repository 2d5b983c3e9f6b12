"""The desk's views, one blueprint per part of the work."""

from router.desk.views.acts import acts
from router.desk.views.door import door
from router.desk.views.inquiries import inquiries
from router.desk.views.originals import originals
from router.desk.views.queue import queue

ALL = (door, queue, inquiries, acts, originals)

__all__ = ["ALL"]
