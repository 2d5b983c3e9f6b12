"""The walk over a message's parts, in their order, with a stack of its own instead of the interpreter's."""

from __future__ import annotations

import re
from dataclasses import replace

from intake.mime.charsets import decode
from intake.mime.fields import gather_header, gather_inner_header, gather_part_header
from intake.mime.headers import Content, Headers, split
from intake.mime.kinds import Kind, looks_like_text, recognise
from intake.mime.leaf import Leaf
from intake.mime.leaves import READERS
from intake.mime.multipart import Cut, cut, guess_boundary
from intake.mime.plain import runs
from intake.mime.regions import AttachmentDraft, Gathering, Region, Shape
from intake.mime.transfer import undo
from intake.submission import Place

UNSAFE_IN_NAME = re.compile(r"[\x00-\x1f\x7f]+")
# Signatures stand beside what they sign; they are scanned, but are no files for a reader.
SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
    | {"application/pgp-encrypted"},
)
LONGEST_NAME = 255


def walk(gathering: Gathering, first: Region) -> None:
    """Read a region and everything inside it; raises `OverBudget`."""
    stack = [first]
    while stack:
        region = stack.pop()
        gathering.purse.enter(region.depth)
        stack.extend(reversed(_read(gathering, region)))


def normalised(data: bytes) -> bytes:
    """Give all line ends as LF: mail servers in front do the like, and a lone CR may not hide a delimiter."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _read(gathering: Gathering, region: Region) -> list[Region]:
    if region.shape is Shape.FILE:
        return _read_file(gathering, region)
    # What comes out of a transfer encoding or an archive has line ends of its own.
    headers, body = split(region.data if region.depth == 0 else normalised(region.data))
    content = headers.content(region.default_type)
    label = region.attachment.label if region.attachment else "message"
    if region.shape is Shape.PART:
        gather_part_header(gathering, headers, content, label)
    elif region.depth == 0:
        gathering.headers, gathering.media_type = headers, content.media_type
        gather_header(gathering, headers)
        for name in content.names:
            gathering.add(Place.FILE_NAME, label, name)
    else:
        gather_inner_header(gathering, headers, label, is_hidden=region.is_hidden)
    if content.media_type.startswith("multipart/"):
        found = _cut(gathering, content, body)
        if found is not None:
            return _parts(gathering, region, content, found, label)
        content = replace(content, media_type="text/plain")
    return _read_body(gathering, region, headers, content, body)


def _cut(gathering: Gathering, content: Content, body: bytes) -> Cut | None:
    """Cut a multipart body at its boundary, at one it seems to use, or after undoing an encoding it may not have."""
    most = gathering.purse.budget.parts
    boundary = content.parameter("boundary").rstrip().encode("utf-8", "replace")
    found = cut(body, boundary, most) if boundary else None
    if found is None and (guess := guess_boundary(body)):
        gathering.flags.add("broken-structure")
        found = cut(body, guess, most)
    if found is None and content.encodings and content.encodings[0] in {"base64", "quoted-printable"}:
        plain = normalised(undo(body, content.encodings[0]).data)
        gathering.purse.decode(len(plain))
        found = cut(plain, boundary, most) if boundary else None
    return found


def _parts(gathering: Gathering, region: Region, content: Content, found: Cut, label: str) -> list[Region]:
    for outside in (found.preamble, found.epilogue):
        gathering.add(Place.HIDDEN, label, decode(outside))
    subtype = content.media_type.partition("/")[2]
    if subtype == "encrypted":
        gathering.flags.add("encrypted")
        gathering.has_encrypted_words = True
        if region.attachment is None and not region.is_hidden:
            # Whatever stands around it, such as a list's footer, is not what was written to us (RFC 3156).
            gathering.hold = gathering.hold or "encrypted"
    inner = replace(
        region,
        data=b"",
        shape=Shape.PART,
        depth=region.depth + 1,
        default_type="message/rfc822" if subtype == "digest" else "text/plain",
        alternative=gathering.new_alternative() if subtype == "alternative" else region.alternative,
    )
    return [replace(inner, data=part) for part in found.parts] + [
        replace(inner, data=part, is_hidden=True) for part in found.late_parts
    ]


def _read_body(gathering: Gathering, region: Region, headers: Headers, content: Content, body: bytes) -> list[Region]:
    encodings = tuple(dict.fromkeys(content.encodings)) or ("",)
    undone = undo(body, encodings[0])
    gathering.purse.decode(len(undone.data))
    name = content.names[0] if content.names else ""
    kind, media_type = recognise(undone.data, content.media_type, name)
    attachment = region.attachment
    is_listed = not region.is_hidden and not region.is_member and content.media_type not in SIGNATURES
    if is_listed and (kind is Kind.MESSAGE or _is_file(headers, content)) and kind is not Kind.SIGNED:
        attachment = gathering.attach(_shown_name(name), media_type, len(undone.data))
    leaf = Leaf(
        data=undone.data,
        region=region,
        gathering=gathering,
        media_type=media_type,
        charset=content.parameter("charset"),
        is_flowed=content.parameter("format").lower() == "flowed",
        deletes_space=content.parameter("delsp").lower() == "yes",
        name=name,
        attachment=attachment,
    )
    if content.media_type == "message/partial":
        # One piece of a message that was sent in several (RFC 2046 section 5.2.2).
        leaf.fail("broken")
    # Where a second header names another encoding, some readers undo that one.
    others = [undo(body, encoding).data for encoding in encodings[1:3]]
    regions = [
        leaf.inside(data, is_hidden=True)
        for data in (*undone.leftovers, *others)
        if data != undone.data and looks_like_text(data)
    ]
    if content.media_type in SIGNATURES and kind is not Kind.TEXT:
        leaf.note(runs(leaf.data, gathering.purse.budget.runs), place=Place.RAW)
        return regions
    return [*READERS[kind](_hidden_signature(leaf, content)), *regions]


def _hidden_signature(leaf: Leaf, content: Content) -> Leaf:
    if content.media_type not in SIGNATURES:
        return leaf
    return replace(leaf, region=replace(leaf.region, is_hidden=True))


def _is_file(headers: Headers, content: Content) -> bool:
    if content.disposition == "attachment" or content.names:
        return True
    return headers.has("content-type") and not content.media_type.startswith(("text/", "message/", "multipart/"))


def _read_file(gathering: Gathering, region: Region) -> list[Region]:
    kind, media_type = recognise(region.data, region.default_type, region.name)
    attachment: AttachmentDraft | None = region.attachment
    if attachment is None and not region.is_hidden:
        attachment = gathering.attach(_shown_name(region.name), media_type, len(region.data))
        gathering.add(Place.FILE_NAME, attachment.label, region.name)
    leaf = Leaf(
        data=region.data,
        region=region,
        gathering=gathering,
        media_type=media_type,
        name=region.name,
        attachment=attachment,
    )
    return READERS[kind](leaf)


def _shown_name(name: str) -> str:
    """Give a file's name without folders and control characters."""
    bare = UNSAFE_IN_NAME.sub("", name).replace("\\", "/").rpartition("/")[2]
    return bare.strip()[:LONGEST_NAME]
