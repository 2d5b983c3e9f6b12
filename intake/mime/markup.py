"""HTML to readable text, and to the text it hides: one pass, linear whatever it holds, nothing executed or fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

# A tag with quoted attribute values; possessive, so that a failing quote costs one pass.
TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]{0,200})((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
SPACE = re.compile(r"[ \t\n\r\f]+")
SPACES = re.compile(r" {2,}")
EMPTY_LINES = re.compile(r"\n{3,}")
DATA_URI = re.compile(r"""data:([^,;"'\s]{0,100})((?:;[^,;"'\s]{0,100}){0,5}),([^"'\s>]+)""", re.IGNORECASE)
STYLE_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|mso-hide\s*:\s*all", re.IGNORECASE
)
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?=[\s=/]|$)", re.IGNORECASE)
# Attributes worth scanning: four digits not far apart, an address, or something escaped.
WORTH_SCANNING = re.compile(r"\d\D{0,8}+\d\D{0,8}+\d\D{0,8}+\d|@|&#|%[0-9a-f]{2}", re.IGNORECASE)

BREAKS = frozenset(
    (  # noqa: SIM905 - a table that is read as text
        "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol optgroup option p pre section "
        "select summary table tbody textarea tfoot thead tr ul"
    ).split(),
)
# Of these, the ones that stand apart by an empty line; the others only begin a new one.
PARAGRAPHS = frozenset({"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr", "pre"})
CELLS = frozenset({"td", "th"})
# Elements whose content is no text for readers, up to their closing tag and nothing else.
SILENT = frozenset({"script", "style", "title", "noembed", "noframes", "xmp", "template"})
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUri:
    """A file inside a data: URI."""

    media_type: str
    is_base64: bool
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What HTML shows, what it holds besides, and the files inside it."""

    shown: str = field(repr=False)
    hidden: str = field(repr=False)
    files: tuple[DataUri, ...] = field(default=(), repr=False)


def read_html(source: str) -> Reading:
    """Give the readable text of HTML, and the rest. Inline tags vanish, block tags break lines, cells become tabs."""
    reader = _Reader(source)
    reader.run()
    return Reading(shown=_tidy("".join(reader.shown)), hidden=_hidden(reader), files=_files(source))


def _hidden(reader: _Reader) -> str:
    return "\n".join(line for line in (text.strip() for text in reader.hidden) if line)


def _files(source: str) -> tuple[DataUri, ...]:
    if "data:" not in source.lower():
        return ()
    return tuple(
        DataUri(media_type=match[1].lower(), is_base64="base64" in match[2].lower(), content=match[3])
        for match in DATA_URI.finditer(source)
    )


def _tidy(text: str) -> str:
    lines = (SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    return EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


class _Reader:
    """Where the reading stands; a name in `_inside` means that an element is open that is not displayed."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.shown: list[str] = []
        self.hidden: list[str] = []
        self._inside = ""
        self._depth = 0
        self._kept: list[str] = []
        self._preformatted = 0
        # Once a quoted attribute ran to the end of the text, quotes no longer count.
        self._trusts_quotes = True
        # Names of silent elements that are not closed anywhere behind here.
        self._unclosed: set[str] = set()

    def run(self) -> None:
        source, position = self._source, 0
        while True:
            opening = source.find("<", position)
            self._text(source[position:] if opening < 0 else source[position:opening])
            if opening < 0:
                break
            position = self._markup(opening)
        if self._inside:
            # Never closed: a browser would have closed it with its parent, so it is better shown.
            self.shown.extend(self._kept)

    def _text(self, raw: str) -> None:
        if not raw:
            return
        if not self._preformatted:
            raw = SPACE.sub(" ", raw)
        text = unescape(raw) if "&" in raw else raw
        (self._kept if self._inside else self.shown).append(text)

    def _markup(self, opening: int) -> int:
        """Read what begins with `<` here, and give where it ends."""
        source = self._source
        following = source[opening + 1 : opening + 2]
        if source.startswith("<!--", opening):
            return self._comment(opening, "-->", 4)
        if following in {"!", "?"}:
            return self._comment(opening, ">", 2)
        is_tag = following.isalpha() or (following == "/" and source[opening + 2 : opening + 3].isalpha())
        if not is_tag:
            self._text("<")
            return opening + 1
        match = TAG.match(source, opening) if self._trusts_quotes else None
        if match is not None:
            return self._tag(match[1] == "/", match[2].lower(), match[3], match.end())
        self._trusts_quotes = False
        end = source.find(">", opening)
        if end < 0:
            self._text(source[opening:])
            return len(source)
        name, _, attributes = source[opening + 1 : end].partition(" ")
        return self._tag(name.startswith("/"), name.strip("/").lower(), attributes, end + 1)

    def _comment(self, opening: int, closing: str, skip: int) -> int:
        end = self._source.find(closing, opening + skip)
        content = self._source[opening + skip :] if end < 0 else self._source[opening + skip : end]
        self.hidden.append(content)
        return len(self._source) if end < 0 else end + len(closing)

    def _tag(self, is_end: bool, name: str, attributes: str, end: int) -> int:  # noqa: FBT001 - one call, beside it
        if (attributes and WORTH_SCANNING.search(attributes)) or "@" in name or len(name) > 20:  # noqa: PLR2004 - no element's name is as long
            text = unescape(f"{name} {attributes}")
            self.hidden.append(unquote(text) if "%" in text else text)
        if name in SILENT and not is_end:
            return self._silent(name, end)
        if self._inside:
            self._within(name, is_end=is_end)
        elif not is_end and name not in VOID and _is_hidden(attributes):
            self._inside, self._depth = name, 1
        if name == "pre":
            self._preformatted = max(0, self._preformatted + (-1 if is_end else 1))
        pieces = self._kept if self._inside else self.shown
        if name in BREAKS:
            # A writer's empty line is a break inside a block of its own; blocks alone leave none between them.
            if name == "br" or name in PARAGRAPHS or not _ends_line(pieces):
                pieces.append("\n")
        elif name in CELLS and is_end:
            pieces.append("\t")
        return end

    def _within(self, name: str, *, is_end: bool) -> None:
        """Count the elements of the same name inside one that is not displayed."""
        if name != self._inside:
            return
        self._depth += -1 if is_end else 1
        if self._depth == 0:
            self.hidden.append(_tidy("".join(self._kept)))
            self._inside, self._kept = "", []

    def _silent(self, name: str, end: int) -> int:
        """Pass over an element whose content is not markup."""
        if name in self._unclosed:
            return end
        closing = re.compile(rf"</{name}\b", re.IGNORECASE).search(self._source, end)
        if closing is None:
            # Never closed: what follows may be all there is to read.
            self._unclosed.add(name)
            return end
        self.hidden.append(self._source[end : closing.start()])
        return closing.start()


def _ends_line(pieces: list[str]) -> bool:
    last = pieces[-1] if pieces else "\n"
    if last == " " and len(pieces) > 1:
        last = pieces[-2]
    return last.endswith("\n")


def _is_hidden(attributes: str) -> bool:
    if STYLE_HIDES.search(attributes):
        return True
    return "hidden" in attributes.lower() and bool(HIDDEN_ATTRIBUTE.search(QUOTED.sub("", attributes)))
