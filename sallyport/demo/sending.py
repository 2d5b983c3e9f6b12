"""The samples on their way: mails over real SMTP, posts to the real form as a browser makes them."""

from __future__ import annotations

import http.client
import re
import smtplib
import zlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from records.values import Channel
from sallyport.demo.sample import Sample
from sallyport.errors import SallyportError

HOST = "127.0.0.1"
SECONDS = 30.0
TOKEN = re.compile(rb'name="csrf_token" value="([A-Za-z0-9_=-]+)"')
ACTION = re.compile(rb'<form class="form" method="post" action="([^"]+)"')
REFERENCE = re.compile(rb"<dd>([A-Z]{2,5}-[A-Z0-9-]+)</dd>")


class NotSent(SallyportError):
    """A sample was not taken; the message names the sample and the status, and nothing of what was sent."""


def send(sample: Sample, ports: Mapping[str, int]) -> str:
    """Send a sample by its channel. Give the reference of its receipt; a mail has none."""
    if sample.channel is Channel.FORM:
        return _post(sample, ports["site"])
    _mail(sample, ports["smtp"])
    return ""


def _mail(sample: Sample, port: int) -> None:
    try:
        with smtplib.SMTP(HOST, port, local_hostname=sample.greeting, timeout=SECONDS) as connection:
            connection.sendmail(sample.sender, [sample.recipient], sample.raw, mail_options=["BODY=8BITMIME"])
    except (smtplib.SMTPException, OSError) as fault:
        # An exception of smtplib may quote addresses: only its class is told.
        raise NotSent(f"not taken by the mail gateway: {sample.title} ({type(fault).__name__})") from None


def _post(sample: Sample, port: int) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS)
    try:
        path = "/" if sample.language == "en" else f"/{sample.language}/"
        connection.request("GET", path)
        page = connection.getresponse().read()
        token, action = TOKEN.search(page), ACTION.search(page)
        if token is None or action is None:
            raise NotSent(f"the site shows no form: {sample.title}")
        content_type, body = _multipart(sample, token[1].decode())
        connection.request("POST", urlsplit(action[1].decode()).path, body, {"Content-Type": content_type})
        answer = connection.getresponse()
        receipt = REFERENCE.search(answer.read())
    except (http.client.HTTPException, OSError) as fault:
        raise NotSent(f"not taken by the site: {sample.title} ({type(fault).__name__})") from None
    finally:
        connection.close()
    if answer.status != http.client.OK or receipt is None:
        raise NotSent(f"not taken by the site: {sample.title} (status {answer.status})")
    return receipt[1].decode()


def _multipart(sample: Sample, token: str) -> tuple[str, bytes]:
    """Give type and body of a post as browsers send it; `confirmed`: the warning was seen, and it is sent as it is."""
    pairs = (("csrf_token", token), ("confirmed", "1"), *sample.fields)
    pieces = [
        f'name="{name}"\r\n\r\n{value}'.replace("\n", "\r\n").replace("\r\r", "\r").encode() for name, value in pairs
    ]
    pieces += [
        f'name="files"; filename="{upload.name}"\r\nContent-Type: {upload.media_type}\r\n\r\n'.encode() + upload.content
        for upload in sample.files
    ]
    mark = f"----sallyport{zlib.crc32(b''.join(pieces)):08x}"
    head = f"--{mark}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(head + piece + b"\r\n" for piece in pieces) + f"--{mark}--\r\n".encode()
    return f"multipart/form-data; boundary={mark}", body
