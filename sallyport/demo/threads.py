"""Samples: forwarded threads, attachments, and digits that hide from a simple search."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

from sallyport.demo.mails import attached, by_mail, forwarded, raw_mail, several, words
from sallyport.demo.sample import Pen, Sample, Writing

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")  # noqa: RUF001 - these letters are the point
NON_BREAKING_HYPHEN, ZERO_WIDTH_SPACE = "\u2011", "\u200b"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def quoted_thread(pen: Pen) -> Sample:
    """Tell how the number stands two answers down in a quoted thread, and is broken over its lines."""
    number = pen.ssn()
    text = f"""
Any news on this? It has been ten days.

Teresa

On Tue, Nov 10, 2026, Teresa Moynihan wrote:
> Hi, sorry, I forgot the number. Here it is.
>
> On Mon, Nov 9, 2026, Teresa Moynihan wrote:
>> My claim was denied for "failure to respond" but I did respond, by fax.
>> The fax had my name and SSN {number[:7]}
>> {number[7:]} on it, and the date of the letter.
"""
    return by_mail(
        pen,
        title="Quoted thread, broken over lines",
        name="Teresa Moynihan",
        address="tmoynihan@example.net",
        subject="Re: Re: denied claim",
        part=words(text),
        mailbox="claims",
    )


def forwarded_mail(pen: Pen) -> Sample:
    """Tell how a daughter forwards her father's mail, whole."""
    number = pen.ssn()
    inner = raw_mail(
        pen,
        name="Manuel Andrade",
        address="mandrade@example.org",
        to="lena.andrade@example.org",
        subject=f"my unemployment {number}",
        part=words(f"Lena can you write to them, they sent me the wrong weeks again. my number {number}. Pai"),
    )
    text = (
        "My father asked me to send you this, he is not good with computers. What does he have to do about his claim?"
    )
    return by_mail(
        pen,
        title="Forwarded mail as attachment",
        name="Lena Andrade",
        address="lena.andrade@example.org",
        subject="Fwd: my father's claim",
        part=several("mixed", words(text), forwarded(inner)),
    )


def table_of_wages(pen: Pen) -> Sample:
    """Tell of a table of five former employees, as a payroll service sends it."""
    rows = [
        f"{name},{pen.ssn().replace('-', '')},{wages}"
        for name, wages in (
            ("Aldrich Tom", "8214.50"),
            ("Bento Maria", "7990.00"),
            ("Cho Daniel", "9105.75"),
            ("Dubois Claire", "6650.20"),
            ("Eze Grace", "7201.00"),
        )
    ]
    content = "employee,ssn,q3 wages\r\n" + "\r\n".join(rows) + "\r\n"
    federal = pen.ein()
    text = (
        f"Attached are the Q3 wages of the five people you asked about. Our FEIN is {federal}. Regards, Harbor Payroll"
    )
    return by_mail(
        pen,
        title="Wage table (CSV), five people",
        name="Harbor Payroll Services",
        address="reports@harborpayroll.example",
        subject="Wage detail as requested",
        part=several("mixed", words(text), attached("q3-wages.csv", "text/csv", content.encode())),
        mailbox="employers",
    )


def text_attached(pen: Pen) -> Sample:
    """Tell of a statement in a text file, with the number in it."""
    number = pen.ssn()
    content = f"""STATEMENT

I, Robert Quill, social security number {number}, was laid off on September 4. The company says I was offered other
work. That is not true. Nobody called me.
"""
    return by_mail(
        pen,
        title="Statement in a text file",
        name="Robert Quill",
        address="rquill@example.com",
        subject="Statement for my claim",
        part=several(
            "mixed",
            words("My statement is attached. Please put it with my claim. R. Quill"),
            attached("statement.txt", "text/plain", content.encode()),
        ),
    )


def document_attached(pen: Pen) -> Sample:
    """Tell of an office document whose number is cut into runs, as word processors do."""
    number = pen.ssn()
    runs = "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in ("My SSN: ", number[:2], number[2:5], number[5:]))
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{NAMESPACE}"><w:body><w:p>{runs}</w:p>'
        "<w:p><w:r><w:t>I ask for a new decision on my claim because the doctor's note came late.</w:t></w:r></w:p>"
        "</w:body></w:document>"
    )
    return by_mail(
        pen,
        title="Office document, number in runs",
        name="Hannah Weiss",
        address="hweiss@example.org",
        subject="Request for a new decision",
        part=several(
            "mixed",
            words("My request is in the attached document. Thank you, Hannah Weiss"),
            attached("request.docx", DOCX_TYPE, _office_document(body)),
        ),
        mailbox="hearings",
    )


def full_width_digits(pen: Pen) -> Sample:
    """Tell of digits of a keyboard set to Chinese."""
    number = pen.ssn().translate(FULL_WIDTH)
    text = f"""
您好，我十月份失业，网上申请以后一直没有收到钱。
我的社会安全号码是 {number} 。请问我的申请有什么问题？
我英文不好，请打电话时找会中文的人。

陈美玲
"""  # noqa: RUF001 - Chinese punctuation is what people type
    return by_mail(
        pen,
        title="Chinese, full-width digits",
        name="陈美玲",
        address="meiling.chen@example.com",
        subject="失业金申请没有收到钱",
        part=words(text, encoding="base64"),
    )


def odd_hyphens(pen: Pen) -> Sample:
    """Tell of words copied from a document: hyphens that are none, and characters without width between the digits."""
    first, second, third = pen.ssn().split("-")
    number = f"{first}{NON_BREAKING_HYPHEN}{second}{NON_BREAKING_HYPHEN}{third[:2]}{ZERO_WIDTH_SPACE}{third[2:]}"
    text = f"""
Copying from the determination: "Claimant SSN {number}, not available for work". I was available for work every day that
week! How do I appeal this?

Andre Baptiste
"""
    return by_mail(
        pen,
        title="Odd hyphens, signs without width",
        name="Andre Baptiste",
        address="abaptiste@example.net",
        subject="not available for work??",
        part=words(text, encoding="quoted-printable"),
        mailbox="hearings",
    )


def in_other_headers(pen: Pen) -> Sample:
    """Tell of a web mailer that puts its form's fields into header fields."""
    number, account = pen.ssn(), pen.employer_account()
    text = (
        "Please cancel my appointment of Thursday, I found work. Do I still certify for that week? Thanks, Priya Raman"
    )
    return by_mail(
        pen,
        title="Number in an X- header",
        name="Priya Raman",
        address="priya.raman@example.org",
        subject="cancel my appointment",
        part=words(text),
        headers=(f"X-Form-SSN: {number}", f"Keywords: employer account {account}", "X-Mailer: FormMail 1.9"),
    )


def in_the_address(pen: Pen) -> Sample:
    """Tell of somebody whose mail address holds the number: it may not even be used to acknowledge."""
    number, in_host_name = pen.ssn().replace("-", ""), pen.ssn()
    text = "when does my benefit year end and do i have to file again. i am still out of work"
    sample = by_mail(
        pen,
        title="Number in address and host name",
        name="",
        address=f"claim.{number}@example.net",
        subject="benefit year",
        part=words(text),
    )
    return replace(sample, greeting=f"pc-{in_host_name}.example.net")


def _office_document(body: str) -> bytes:
    """Give the smallest document that word processors open, built by hand."""
    types = (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{DOCX_TYPE}.main+xml"/></Types>'
    )
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", types), ("word/document.xml", body)):
            # A fixed time, so that the same sample is the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 9, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return into.getvalue()


THREADS: tuple[Writing, ...] = (
    quoted_thread,
    forwarded_mail,
    table_of_wages,
    text_attached,
    document_attached,
    full_width_digits,
    odd_hyphens,
    in_other_headers,
    in_the_address,
)
