"""Samples: mails in the other languages that the agency serves."""

from __future__ import annotations

from sallyport.demo.mails import by_mail, words
from sallyport.demo.sample import Pen, Sample, Writing


def spanish_claim(pen: Pen) -> Sample:
    """Tell of a mail in Spanish: a claim that waits, and a mother who is afraid."""
    number, phone = pen.ssn(), pen.phone()
    text = f"""
Buenas tardes:

Hace cinco semanas que pedí el desempleo y todavía no me han pagado ni un dólar. Mi número de seguro social es
{number}. He llamado muchas veces y la grabación me corta.
Tengo tres niños y me van a quitar la luz. Por favor llámenme al {phone},
no hablo mucho inglés.

María del Carmen Ortiz
"""
    return by_mail(
        pen,
        title="Spanish, claim without payment",
        name="María del Carmen Ortiz",
        address="mcortiz@example.net",
        subject="No me han pagado mi reclamación",
        part=words(text, charset="iso-8859-1", encoding="quoted-printable"),
        mailbox="claims",
    )


def spanish_hearing(pen: Pen) -> Sample:
    """Tell of a mail in Spanish: a letter that was not understood."""
    number = pen.ssn().replace("-", "")
    text = f"""
Me llegó una carta en inglés y creo que dice que perdí la apelación. Seguro social {number}. ¿Qué tengo que hacer y
hasta cuándo tengo tiempo? Gracias. Ramón Villalobos
"""
    return by_mail(
        pen,
        title="Spanish, letter about an appeal",
        name="Ramón Villalobos",
        address="ramonv@example.com",
        subject="carta de apelación",
        part=words(text, encoding="base64"),
        mailbox="hearings",
    )


def spanish_general(pen: Pen) -> Sample:
    """Tell of a mail in Spanish: a question that is everybody's."""
    text = "Buenos días, ¿cuál es el horario de la oficina de empleo en Lawrence y qué papeles hay que llevar? Gracias."
    return by_mail(
        pen,
        title="Spanish, office hours",
        name="Yesenia",
        address="yesenia.r@example.org",
        subject="horario de la oficina",
        part=words(text),
    )


def portuguese_claim(pen: Pen) -> Sample:
    """Tell of a mail in Portuguese: an overpayment that nobody explained."""
    number = pen.ssn()
    text = f"""
Boa tarde,

Recebi uma carta a dizer que tenho de devolver 1.920 dólares do seguro-desemprego. Eu declarei todas as horas que
trabalhei. O meu número do social é {number}. Não percebo o que fiz de errado e não tenho esse dinheiro. Alguém pode
ligar-me e falar português?

Fernanda Tavares
"""
    return by_mail(
        pen,
        title="Portuguese, overpayment",
        name="Fernanda Tavares",
        address="ftavares@example.net",
        subject="Carta para devolver dinheiro do desemprego",
        part=words(text, encoding="quoted-printable"),
        mailbox="overpayments",
    )


def haitian_claim(pen: Pen) -> Sample:
    """Tell of a mail in Haitian Creole: a claim that was stopped."""
    number = pen.ssn()
    text = f"""
Bonjou,

Yo sispann chomaj mwen depi twa semèn epi mwen pa konprann poukisa. Nimewo sosyal mwen se {number}. Mwen te reponn tout
kesyon yo sou sit la. Tanpri ede mwen, mwen gen pou m peye lwaye a. Èske gen yon moun ki pale kreyòl?

Rose-Laure Pierre
"""
    return by_mail(
        pen,
        title="Haitian Creole, claim stopped",
        name="Rose-Laure Pierre",
        address="rlpierre@example.org",
        subject="Chomaj mwen sispann",
        part=words(text),
        mailbox="claims",
    )


def vietnamese_claim(pen: Pen) -> Sample:
    """Tell of a mail in Vietnamese: a claim and a changed address."""
    number = pen.ssn()
    text = f"""
Kính gửi quý cơ quan,

Tôi đã nộp đơn xin trợ cấp thất nghiệp từ tháng 9 nhưng chưa nhận được tiền. Số an sinh xã hội của tôi là {number}. Tôi
mới đổi địa chỉ, có phải vì vậy mà tôi không nhận được thư không? Xin gọi lại cho tôi bằng tiếng Việt.

Nguyễn Thị Hoa
"""
    return by_mail(
        pen,
        title="Vietnamese, claim and new address",
        name="Nguyễn Thị Hoa",
        address="hoa.nguyen@example.com",
        subject="Chưa nhận được tiền trợ cấp thất nghiệp",
        part=words(text, encoding="base64"),
    )


LANGUAGES: tuple[Writing, ...] = (
    spanish_claim,
    spanish_hearing,
    spanish_general,
    portuguese_claim,
    haitian_claim,
    vietnamese_claim,
)
