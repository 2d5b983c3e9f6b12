"""The acknowledgement's words in the languages served. They speak of channels, and of nothing that was written."""
# ruff: noqa: RUF001 - the letters and marks of the languages are what they are.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language."""

    subject: str
    # With {reference}, {telephone} and {relay}.
    text: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        subject="We received your message",
        text="""\
Hello,

we received your message. Your reference is {reference}.

General questions are answered by email. Questions about a person's own
case are answered by telephone or letter only, because email is not
private enough for that.

If we do not have your phone number or mailing address, call
{telephone} (relay {relay}) and say the reference.

Please do not send Social Security numbers by email. We do not need
them to answer, and we remove them when we find them.

This email was sent by a machine; nobody reads replies to it. It holds
nothing from your message, on purpose.""",
    ),
    "es": Words(
        subject="Recibimos su mensaje",
        text="""\
Hola:

Recibimos su mensaje. Su número de referencia es {reference}.

Las preguntas generales se responden por correo electrónico. Las
preguntas sobre el caso de una persona se responden solo por teléfono
o por carta, porque el correo electrónico no es lo bastante privado.

Si no tenemos su teléfono o su dirección postal, llame al
{telephone} (relevo {relay}) y diga la referencia.

Por favor, no envíe números de Seguro Social por correo electrónico.
No los necesitamos para responder, y los quitamos cuando los vemos.

Este mensaje lo envió una máquina; nadie lee las respuestas. A
propósito, no contiene nada de lo que usted escribió.""",
    ),
    "pt": Words(
        subject="Recebemos a sua mensagem",
        text="""\
Olá,

recebemos a sua mensagem. A sua referência é {reference}.

Perguntas gerais são respondidas por e-mail. Perguntas sobre o caso de
uma pessoa são respondidas só por telefone ou por carta, porque o
e-mail não é privado o bastante.

Se não temos o seu telefone ou endereço postal, ligue para
{telephone} (retransmissão {relay}) e diga a referência.

Por favor, não envie números do Seguro Social por e-mail. Não
precisamos deles para responder, e os removemos quando os vemos.

Esta mensagem foi enviada por uma máquina; ninguém lê as respostas. De
propósito, ela não contém nada do que você escreveu.""",
    ),
    "ht": Words(
        subject="Nou resevwa mesaj ou a",
        text="""\
Bonjou,

nou resevwa mesaj ou a. Nimewo referans ou se {reference}.

Nou reponn kesyon jeneral yo pa imèl. Kesyon sou dosye yon moun, nou
reponn yo sèlman nan telefòn oswa pa lèt, paske imèl pa prive ase
pou sa.

Si nou pa gen nimewo telefòn ou oswa adrès lapòs ou, rele
{telephone} (relè {relay}) epi di referans lan.

Tanpri pa voye nimewo Sekirite Sosyal pa imèl. Nou pa bezwen yo pou
nou reponn, epi nou retire yo lè nou jwenn yo.

Se yon machin ki voye imèl sa a; pèsonn pa li repons yo. Nou fè espre
pou l pa gen anyen ladan l nan sa ou te ekri a.""",
    ),
    "zh": Words(
        subject="我们已收到您的来信",
        text="""\
您好：

我们已收到您的来信。您的查询编号是 {reference}。

一般问题用电子邮件答复。有关个人案件的问题只用电话或信件答复，
因为电子邮件不够保密。

如果我们没有您的电话号码或邮寄地址，请致电 {telephone}
（中继服务 {relay}），并说出编号。

请不要用电子邮件发送社会安全号码。我们答复时不需要它，
发现时会将其删除。

本邮件由机器发出，无人阅读对它的回复。邮件中特意不含您来信的任何内容。""",
    ),
    "vi": Words(
        subject="Chúng tôi đã nhận được thư của quý vị",
        text="""\
Kính chào quý vị,

Chúng tôi đã nhận được thư của quý vị. Mã số tham chiếu là {reference}.

Câu hỏi chung được trả lời qua email. Câu hỏi về hồ sơ riêng của một
người chỉ được trả lời qua điện thoại hoặc thư, vì email không đủ
riêng tư.

Nếu chúng tôi chưa có số điện thoại hoặc địa chỉ gửi thư của quý vị,
xin gọi {telephone} (chuyển tiếp {relay}) và cho biết mã số tham chiếu.

Xin đừng gửi số An Sinh Xã Hội qua email. Chúng tôi không cần số đó
để trả lời, và sẽ xóa khi thấy.

Email này do máy gửi; không ai đọc thư trả lời. Chúng tôi cố ý không
ghi lại điều gì trong thư của quý vị.""",
    ),
}

# A line in each language on how to get help, whatever the language of the text above it.
HELP_LINES: Mapping[str, str] = {
    "en": "Free interpreters: call {telephone}.",
    "es": "Intérpretes gratuitos: llame al {telephone}.",
    "pt": "Intérpretes gratuitos: ligue para {telephone}.",
    "ht": "Entèprèt gratis: rele {telephone}.",
    "zh": "免费口译服务：请致电 {telephone}。",
    "vi": "Thông dịch viên miễn phí: xin gọi {telephone}.",
}
