"""Samples: posts to the form of the public site."""

from __future__ import annotations

from dataclasses import dataclass, field

from records.values import Channel
from sallyport.demo.sample import Pen, Sample, Upload, Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a person fills in; an empty field is sent empty, as browsers do."""

    message: str = field(repr=False)
    kind: str = "unsure"
    subject: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    best_time: str = "any"
    postal_address: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    spoken_language: str = "en"

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Give names and values in the order of the page."""
        return tuple((name, getattr(self, name)) for name in self.__slots__)


def by_form(pen: Pen, title: str, filled: Filled, *, language: str = "en", files: tuple[Upload, ...] = ()) -> Sample:
    """Give a sample that comes by the form. Call it last: it takes what the pen has planted by then."""
    return Sample(
        title=title,
        channel=Channel.FORM,
        planted=pen.planted,
        language=language,
        fields=filled.pairs(),
        files=files,
    )


def form_general(pen: Pen) -> Sample:
    """Tell of a question that is everybody's, without a word about oneself."""
    filled = Filled(
        message="Is the job center in Brockton open on Columbus Day? Can I use the computers without registering?",
        kind="general",
        email="kmiller@example.org",
    )
    return by_form(pen, "Form, opening on a holiday", filled)


def form_number_in_message(pen: Pen) -> Sample:
    """Tell how the warning was shown, and the number was left in all the same."""
    filled = Filled(
        message=f"my payment is on hold since october 3. ssn {pen.ssn()}. i need it for food. someone call me please",
        kind="own",
        name="Tanya Brooks",
        phone=pen.phone(),
        best_time="morning",
        email="tbrooks@example.net",
    )
    return by_form(pen, "Form, number left in the message", filled)


def form_number_everywhere(pen: Pen) -> Sample:
    """Tell of numbers in the fields for other things: subject, name, address."""
    filled = Filled(
        message="I was told to put my number in the form. Is my claim active again after I went back to school?",
        kind="own",
        subject=f"claim of {pen.ssn()}",
        name=f"Devon Clarke ({pen.claimant()} claimant ID)",
        phone=pen.phone(),
        postal_address=f"Devon Clarke\n77 Union St, Apt 3\nLynn MA 01902\nSSN: {pen.ssn()}",
        email="dclarke@example.com",
    )
    return by_form(pen, "Form, numbers in other fields", filled)


def form_spanish(pen: Pen) -> Sample:
    """Tell of the Spanish page."""
    filled = Filled(
        message=f"Mi seguro social es {pen.ssn()}. Me bloquearon la cuenta y no puedo reclamar la semana. ¿Qué hago?",
        kind="own",
        name="José Luis Peña",
        phone=pen.phone(),
        spoken_language="es",
    )
    return by_form(pen, "Form, Spanish, locked account", filled, language="es")


def form_portuguese_general(pen: Pen) -> Sample:
    """Tell of the Portuguese page, a question that is everybody's."""
    filled = Filled(
        message="Onde posso encontrar a lista dos cursos de inglês gratuitos nos centros de emprego? Obrigada.",
        kind="general",
        email="cidalia@example.org",
        spoken_language="pt",
    )
    return by_form(pen, "Form, Portuguese, courses", filled, language="pt")


def form_vietnamese(pen: Pen) -> Sample:
    """Tell of the Vietnamese page."""
    filled = Filled(
        message=f"Tôi nhận được thư nói rằng tôi phải trả lại tiền. Số an sinh xã hội: {pen.ssn()}. Xin giải thích.",
        kind="own",
        name="Trần Văn Minh",
        phone=pen.phone(),
        spoken_language="vi",
    )
    return by_form(pen, "Form, Vietnamese, overpayment", filled, language="vi")


def form_haitian(pen: Pen) -> Sample:
    """Tell of the Haitian Creole page; the writer leaves nothing but a telephone number."""
    filled = Filled(
        message="Mwen te rele senk fwa. Kijan mwen ka konnen si demann chomaj mwen an aksepte?",
        kind="own",
        phone=pen.phone(),
        spoken_language="ht",
    )
    return by_form(pen, "Form, Haitian Creole, status of a claim", filled, language="ht")


def form_chinese(pen: Pen) -> Sample:
    """Tell of the Chinese page."""
    filled = Filled(
        message=f"我的雇主没有给我工资单，我怎么申请失业金？我的社安号 {pen.ssn().replace('-', ' ')}",  # noqa: RUF001 - as people type
        kind="own",
        name="王建国",
        phone=pen.phone(),
        spoken_language="cmn",
    )
    return by_form(pen, "Form, Chinese, no pay stubs", filled, language="zh")


def form_file(pen: Pen) -> Sample:
    """Tell of a file with the form, its name and its text each with a number."""
    in_name, in_text = pen.ssn(), pen.ssn()
    content = f"Doctor's note for Alice Monroe, patient SSN {in_text}: unable to work from 9/14 to 9/28.\r\n".encode()
    filled = Filled(
        message="You asked for the doctor's note for my claim. Here it is. Please confirm that it is enough.",
        kind="own",
        name="Alice Monroe",
        phone=pen.phone(),
        email="amonroe@example.net",
    )
    upload = Upload(name=f"note {in_name.replace('-', '')}.txt", media_type="text/plain", content=content)
    return by_form(pen, "Form, a file with a number in its name", filled, files=(upload,))


def form_employer(pen: Pen) -> Sample:
    """Tell of an employer at the form."""
    filled = Filled(
        message=f"We sold the business in July. Federal employer identification number {pen.ein()}, UI account number: "
        f"{pen.employer_account()}. How do we close our account, and who files the last report?",
        kind="own",
        subject="closing our account",
        name="Nguyen Family Nails LLC",
        phone=pen.phone(),
        email="info@nfnails.example",
    )
    return by_form(pen, "Form, an employer closes an account", filled)


def form_complaint(pen: Pen) -> Sample:
    """Tell of a complaint about how somebody was spoken to."""
    filled = Filled(
        message="I want to make a complaint. The person at the Quincy office laughed when I asked for an interpreter "
        "for my mother. I was there on November 12 around 2 pm. I would like a written answer.",
        kind="unsure",
        name="Mei Wong",
        postal_address="5 Elm Court\nQuincy MA 02169",
        phone=pen.phone(),
    )
    return by_form(pen, "Form, a complaint", filled)


FORMS: tuple[Writing, ...] = (
    form_general,
    form_number_in_message,
    form_number_everywhere,
    form_spanish,
    form_portuguese_general,
    form_vietnamese,
    form_haitian,
    form_chinese,
    form_file,
    form_employer,
    form_complaint,
)
