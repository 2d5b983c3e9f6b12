"""The public site: the form, its receipt, and the pages around it."""

from intake.site.app import make_site
from intake.site.settings import SiteSettings

__all__ = ["SiteSettings", "make_site"]
