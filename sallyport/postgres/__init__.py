"""PostgreSQL for Sallyport: databases, logins and rights. `sallyport init --postgres` is what calls it."""

from sallyport.postgres.administering import Administrators, make_databases, parse_administrator, require_ours
from sallyport.postgres.granting import grant_rights
from sallyport.postgres.reach import PostgresFault, why_not
from sallyport.postgres.rights import OWNER, PROCESS_ROLES

__all__ = [
    "OWNER",
    "PROCESS_ROLES",
    "Administrators",
    "PostgresFault",
    "grant_rights",
    "make_databases",
    "parse_administrator",
    "require_ours",
    "why_not",
]
