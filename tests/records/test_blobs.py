from datetime import timedelta

from records.blobs import REDACTED, after_earlier, insert_sealed, place_of
from records.sealing import seal


def test_what_is_written_anew_is_the_newest(stores, clock) -> None:
    """A text that replaces another is the one that is opened, though the clock was set back in between."""
    with stores.record.writing() as connection:
        for text in (b"old", b"new"):
            sealed = seal(text, inquiry_id="a" * 32, part=REDACTED)
            insert_sealed(connection, sealed, after_earlier(connection, "a" * 32, clock()))
            clock.now -= timedelta(hours=1)
        assert place_of(connection, "a" * 32, REDACTED) == sealed.place
