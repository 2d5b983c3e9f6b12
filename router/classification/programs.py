"""What a message is about: each program has cues of three strengths, and the strongest sum wins.

The order of the table breaks ties, from what is named by few and plain words to what is everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from router.classification.cues import Cues
from router.classification.values import Message, Program

STRONG, PLAIN = 3, 1
IN_SUBJECT = 1  # More, when a cue stands in the subject.
MOST_OF_ONE = 3  # How often one table counts; a long thread repeats itself.


@dataclass(frozen=True, slots=True)
class Topic:
    """One program: cues that name it, and cues that go with it."""

    program: Program
    strong: Cues
    plain: Cues


TABLE: tuple[Topic, ...] = (
    Topic(
        Program.SPAM_OTHER,
        Cues.of(
            "(out of office|automatic reply|auto-reply|toner|web traffic|your ranking|guaranteed)",
            "(seo|secure document|special offer|free trial|unsubscribe|crypto|lottery)",
            "(away until|i'm away|on vacation|schedule a demo|our platform|our product)",
        ),
        Cues.of("(discount|offer|demo|sale|quote|save|vendor|increase your)"),
    ),
    Topic(
        Program.FRAUD_ID_THEFT,
        Cues.of(
            "(identity theft|id theft|stolen identity|impostor|imposter|robocall|robot voice|phishing|scam|scams)",
            "(never filed|didn't file|did not file|in my name|somebody filed|someone filed|1099-g)",
            "(under the table|working and collecting|fraud|fraudulent|spoofed|smishing)",
            "(estafa|fraude|robo de identidad|nunca pedí|no soy yo|mensaje raro|golpe|roubo de identidade)",
            "(se pa mwen|pa t janm|vòlè idantite|lừa đảo|mạo danh)",
            "(诈骗|詐騙|冒名|盗用|盜用)",
            "(list|names) of ... claimants",
        ),
        Cues.of("(fake|real|stolen|suspicious|report it|never asked|unknown|strange|is it yours|text message)"),
    ),
    Topic(
        Program.PUBLIC_RECORDS,
        Cues.of(
            "(public records|records request|public record|freedom of information|foia|chapter 66|c. 66)",
            "(statistics request|contracts|registros públicos|registos públicos)",
            "信息公开",
        ),
        Cues.of("(request|policies|all versions|copies of|data by year|rates by year)"),
    ),
    Topic(
        Program.PRESS_LEGISLATIVE,
        Cues.of(
            "(copy desk|media question|reporter|journalist|press|newsroom|for a graphic|for a story|press deadline)",
            "(constituent|the senator|senator's|rep.|representative|state rep|mayor|mayor's office|legislative aide)",
            "(periodista|prensa|imprensa|jornalista|nhà báo|jounalis)",
            "(记者|記者)",
        ),
        Cues.of("(deadline|noon|unemployment rate|office|towns|figures|spokesperson)"),
    ),
    Topic(
        Program.APPEALS,
        Cues.of(
            "(hearing|hearings|appeal|appeals|appealed|examiner|docket|board of review|postpone|reschedule|testify)",
            "(audiencia|apelación|apelar|apelo|audiência|recurso|recorrer|remarcar|odyans|apèl|apel)",
            "(phiên xử|điều trần|kháng cáo|khang cao)",
            "(听证|聽證|上诉|上訴)",
        ),
        Cues.of("(witness|decision|by phone|in person|in-person|sit in|interpreter|judge|contest)"),
    ),
    Topic(
        Program.WAGE_RECORDS,
        Cues.of(
            "(wage|wages|earnings record|base period|quarters|stubs|w-2|pay stub|quarterly earnings|income check)",
            "(wrong wages|wage records|earned in q*|salarios reportados|base salarial|q3|q2|q1)",
            "(工资记录|工資記錄)",
        ),
        Cues.of("(earned|earnings|quarter|income|verify|verification|employer reported)"),
    ),
    Topic(
        Program.PRIVACY_ACCESS,
        Cues.of(
            "(privacy|subpoena|summons|my birthday|birth year|correct my|remove me|my name off|delete my|who sees)",
            "(certified copies|release form|blank release|consent|my own file|copy of my file|personal data|cookies)",
            "(graban|quién las oye|privacidad|privacidade|gravam|di trú|immigration|ice)",
            "(隐私|隱私|移民局)",
            "quyền riêng tư",
            "(vi prive|enfòmasyon prive|shared with|recorded|surveillance)",
        ),
        Cues.of("(records|copy|file|correct|release|court|confidential|my record|share)"),
    ),
    Topic(
        Program.TRAINING,
        Cues.of(
            "(section 30|training|course|courses|cna|grant|grants|ita|apprenticeship|apprentice|voucher|tuition|cdl)",
            "(my school|laptop|registrar|nursing assistant|certificate|curso|cursos|capacitación|escuela)",
            "(formação|treinamento|kou|fòmasyon|đào tạo|khóa học|la escuela)",
            "(培训|培訓|课程)",
        ),
        Cues.of("(school|class|classes|student|program|approved)"),
    ),
    Topic(
        Program.JOB_SEEKER,
        Cues.of(
            "(career center|job center|resume|resumé|job fair|jobquest|job quest|resea|seminar|refreshers|referral)",
            "(jobs|job listing|job listings|openings|the opening|interview workshop|mock interview|review on)",
            "(taller|entrevistas|empleos|vaga|vagas|emprego|travay|việc làm|tìm việc)",
            "(工作|招聘)",
            "(go back to work|can i print|looking for work|workshop|workshops|missed review|follow-up review)",
        ),
        Cues.of("(job|hire|hiring|counselor|center|excel|applications|print|fair|work)"),
    ),
    Topic(
        Program.EMPLOYER_TAX,
        Cues.of(
            "(contribution|contributions|employer account|ein|fein|quarterly|tax rate|experience rating|payroll|audit)",
            "(new employer|new employers|seasonal certification|employer webinar|the return|ach)",
            "(delinquent|estimated|1099|independent contractor|register as an employer|household employer|rate appeal)",
            "(impuestos|patrono nuevo|contribuciones|trimestre|food truck|contador|imposto|empregador|khai thuế)",
            "(thuế|patwon)",
            "(报税|報稅|雇主|少报|少報|超市)",
        ),
        Cues.of("(employer|employers|business|shop|rate|rates|staff|payment|owner|employees|workers|penalty|acct)"),
    ),
    Topic(
        Program.COMPLAINT,
        Cues.of(
            "(complaint|complain|rude|waiting room|broken link|error page|shame|disgrace|hung up on)",
            "(request another one|wrong person|counter|kiosk|disgusted)",
            "(queja|reclamación contra|la fila|reclamação|grosero|grosera|plent|khiếu nại|phàn nàn)",
            "(投诉|投訴)",
            "(link leads|website is down|page is down|captcha)",
        ),
        Cues.of("(link|website|adjudicator|clerk|woman at|man at|door|sign|cold)"),
    ),
    Topic(
        Program.GENERAL_INFO,
        Cues.of(
            "(address|directions|parking|elevator|phone hours|office hours|opening hours|hours|what floor|dmv|fax)",
            "(dirección|donde quedan|dónde quedan|horario|endereço|adrès|địa chỉ|industrial accidents|which bus)",
            "地址",
            "(emergency food|food tonight|shelter|snap|masshealth|211|left a message)",
        ),
        Cues.of("(office|phone|number|floor|located|location|open|close|form|reply)"),
    ),
    Topic(
        Program.UI_CLAIMS,
        Cues.of(
            "(unemployment|claim|claims|benefit|benefits|weekly|collecting|laid off|layoff)",
            "(adjudication|severance|waiting week|determination|monetary|back pay|quit|fired|plant closing)",
            "(holiday pay|vacation pay|part-time|partial benefits)",
            "(desempleo|reclamo|cobrar|cobro|pago|seguro|semana|desemprego|auxílio|chomaj|dosye|trợ cấp)",
            "thất nghiệp",
            "(balance|partial|eligible|eligibility|certify)",
            "(失业|失業|救济|救濟|补助)",
        ),
        Cues.of("(paid|pay|money|check|hours|week|weeks|stopped|denied|job|apply|applied|employer|rule)"),
    ),
)


def program_of(message: Message) -> Program:
    """Give the program; where nothing but a stray word is found, it is the one most people write about."""
    scores = [(_score(topic, message), topic.program) for topic in TABLE]
    best = max(score for score, _ in scores)
    return next(program for score, program in scores if score == best) if best > PLAIN else Program.UI_CLAIMS


def _score(topic: Topic, message: Message) -> int:
    strong = min(sum(1 for _ in topic.strong.all(message.text)), MOST_OF_ONE)
    plain = min(sum(1 for _ in topic.plain.all(message.text)), MOST_OF_ONE)
    subject = IN_SUBJECT if topic.strong.first(message.subject) else 0
    return STRONG * strong + PLAIN * plain + subject
