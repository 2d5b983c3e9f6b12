"""The key store's tables, in a database of their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import KeyBase


class WrapRow(KeyBase):
    """A blob's content key, sealed to one compartment. Deleting its wraps destroys a blob."""

    __tablename__ = "wrap"
    blob_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    compartment: Mapped[str] = mapped_column(String(80), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(16))
    suite: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(index=True)


class TombstoneRow(KeyBase):
    """An inquiry that was destroyed: replayed over a restored record, so that it stays destroyed."""

    __tablename__ = "tombstone"
    inquiry_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
