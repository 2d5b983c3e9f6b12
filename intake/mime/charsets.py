"""Bytes to text: the declared charset where it can be believed, then byte order marks, UTF-8, UTF-16, windows-1252."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Names seen in real mail that Python does not know, or that mean more than they say: what is declared as Latin-1 or
# ASCII is windows-1252 in practice (WHATWG Encoding), and GB2312 is its superset.
ALIASES = {
    "ansi": "cp1252",
    "ansi_x3.110-1983": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "x-user-defined": "cp1252",
    "x-unknown": "",
    "unknown-8bit": "",
    "default": "",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "cp65001": "utf-8",
    "65001": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "unicode": "utf-16",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "big5": "big5hkscs",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "iso-2022-jp": "iso2022_jp_ext",
}

# Codecs of Python that are no charsets of text, or that turn honest text into something else; "idna" and "punycode" are
# slow as well. A name may not reach them, whatever it says.
REFUSED = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape"}
    | {"mbcs", "oem", "charmap", "palmos"},
)

NAME = re.compile(r"[a-z0-9][a-z0-9._:+-]{0,39}")
DIGITS = b"0123456789-"
PASTED = {byte: bytes([byte]).decode("cp1252", "replace") for byte in (*range(0x80, 0xA1), 0xAD)}
FOREIGN = re.compile("[\udc80-\udcff]")  # Bytes that are no UTF-8, as surrogateescape (PEP 383) carries them.
BEYOND_ASCII = bytes(range(128, 256))

# Marks of byte order, the longer ones first because UTF-32's begins like UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@lru_cache(maxsize=256)
def codec_of(declared: str) -> str:
    """Give the name of Python's codec for a declared charset, or "" for none that can be used."""
    name = declared.strip(" \t'\"").lower().removeprefix("charset=")
    name = name.split(",")[0].split(";")[0].strip(" '\"")
    name = ALIASES.get(name, name)
    if not NAME.fullmatch(name):
        return ""
    try:
        info = codecs.lookup(f"cp{name}" if name.isdigit() else name)
    except (LookupError, ValueError, ImportError):
        return ""
    # Python keeps transforms such as base64 and zlib among its codecs, and says so only here.
    if info.name in REFUSED or not getattr(info, "_is_text_encoding", False):
        return ""
    return info.name


@lru_cache(maxsize=256)
def keeps_digits(codec: str) -> bool:
    """Tell whether ASCII digits are the same bytes in this charset."""
    try:
        return DIGITS.decode(codec) == DIGITS.decode("ascii")
    except (UnicodeError, LookupError):
        return False


def decode(data: bytes, declared: str = "") -> str:
    """Give the text, whatever the bytes are; NUL characters are dropped, because no reader shows them."""
    text = _decoded(data, codec_of(declared) if declared else "")
    return text.replace("\0", "") if "\0" in text else text


def other_reading(data: bytes, declared: str, text: str) -> str:
    """Give the bytes read as plain ASCII where the declared charset made something else of them; else "".

    A label such as utf-7, ISO-2022-JP or EBCDIC can hide digits from a scanner that a lenient reader would show.
    """
    if data.isascii():
        plain = data.decode("ascii").replace("\0", "")
        return "" if plain == text else plain
    codec = codec_of(declared) if declared else ""
    if codec and not keeps_digits(codec) and data.count(0) * 4 < len(data):
        return data.decode("cp1252", "replace").replace("\0", "")
    return ""


def _decoded(data: bytes, codec: str) -> str:
    if data.isascii() and (not codec or keeps_digits(codec)) and b"\x1b" not in data and b"\0" not in data:
        # Stateful charsets of seven bits, such as ISO-2022 and HZ, are the exception.
        return _strict(data, codec) if codec in {"utf-7", "hz"} else data.decode("ascii")
    for mark, marked in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(marked, "replace")
    if codec in {"", "cp1252", "iso8859-15", "utf-8"}:
        # Valid UTF-8 beyond ASCII is hardly ever anything else, whatever the label says.
        return _strict(data, "utf-8") or _nearly_utf8(data) or _unlabelled(data, codec)
    if codec.startswith(("utf-16", "utf-32")):
        if b"\0" not in data and data.isascii():
            return data.decode("ascii")
        # Without a mark the order of bytes is told by where the zeros are; RFC 2781 is not kept to.
        codec = wide_guess(data) or codec
    return _strict(data, codec) or _strict(data, "utf-8") or _unlabelled(data, codec)


def _nearly_utf8(data: bytes) -> str:
    """Give the text of UTF-8 with a few foreign bytes, such as dashes pasted from Windows; else "".

    Where Windows-1252 has marks and spaces they are read as it, so that a dash between two digits stays one; the rest
    is damaged characters, and shown as that.
    """
    text = data.decode("utf-8", "surrogateescape")
    beyond_ascii = len(data) - len(data.translate(None, BEYOND_ASCII))
    if len(FOREIGN.findall(text)) * 3 > beyond_ascii:
        return ""
    return FOREIGN.sub(lambda byte: PASTED.get(ord(byte[0]) - 0xDC00, "\ufffd"), text)


def _unlabelled(data: bytes, codec: str) -> str:
    if guess := wide_guess(data):
        return data.decode(guess, "replace")
    if codec and codec != "utf-8":
        try:
            return data.decode(codec, "replace")
        except (UnicodeError, ValueError):
            return data.decode("cp1252", "replace")
    return data.decode("cp1252", "replace")


def _strict(data: bytes, codec: str) -> str:
    """Give the text, or "" when the bytes are not this charset."""
    try:
        text = data.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return ""
    return text


def wide_guess(data: bytes) -> str:
    """Give the charset that the places of NUL bytes speak for, or ""."""
    sample = data[:4096]
    if sample.count(0) * 4 < len(sample) or len(sample) < 4:  # noqa: PLR2004 - one unit of UTF-32
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    fourth = len(sample) // 4
    if sample.count(0) >= fourth * 3 - 3:
        return "utf-32-le" if sample[3::4].count(0) >= sample[0::4].count(0) else "utf-32-be"
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else ""
