"""What people write, with what is to be found in it marked: `«078-05-1120¦US_SSN»`. All numbers are invented."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from redaction import Kind

MARK = re.compile("«([^¦]*)¦([A-Z_]+)»")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text, and the places in it where something is to be found."""

    text: str = field(repr=False)
    places: tuple[tuple[str, Kind], ...] = field(repr=False)


def read(marked: str) -> Written:
    """Read a text with marks."""
    return Written(
        text=MARK.sub(lambda mark: mark[1], marked),
        places=tuple((mark[1], Kind(mark[2])) for mark in MARK.finditer(marked)),
    )


FOUND = (
    # Social Security numbers, by separators
    "My SSN is «219-41-7706¦US_SSN», thank you.",
    "«219-41-7706¦US_SSN»",
    "I am «219 41 7706¦US_SSN» and nobody calls back",
    # A damaged character between digits
    "SSN «219\ufffd41\ufffd7706¦US_SSN»",
    # What the writing is about is no name of the number behind it
    "Appeal of determination «219-41-7706¦US_SSN»",
    "my hearing «219-41-7706¦US_SSN»",
    "Employer account registration «46-1137705¦US_EIN»",
    "Appeal of determination «46-1137705¦US_EIN»",
    "soc sec «219.41.7706¦US_SSN»",
    "my social, it is «219417706¦US_SSN», please look me up",
    "ssn «219–41–7706¦US_SSN»",
    "ssn «219−41−7706¦US_SSN»",
    "ssn «219‑41‑7706¦US_SSN»",
    "ssn «219\u00a041\u00a07706¦US_SSN»",
    "ssn «219\u202f41\u202f7706¦US_SSN»",
    "social «219/41/7706¦US_SSN»",
    "social «219_41_7706¦US_SSN»",
    "ssn «219 - 41 - 7706¦US_SSN»",
    "ssn «219--41--7706¦US_SSN»",
    "ssn «219-417706¦US_SSN»",
    "ssn «219 417 706¦US_SSN»",
    "ssn «21941-7706¦US_SSN»",
    "ssn «219,41,7706¦US_SSN»",
    "ssn «219·41·7706¦US_SSN»",
    "SSN «2 1 9 4 1 7 7 0 6¦US_SSN»",
    "SSN «2-1-9-4-1-7-7-0-6¦US_SSN»",
    "social: «2.1.9.4.1.7.7.0.6¦US_SSN»",
    "SSN:«219417706¦US_SSN»thanks",
    "ID«219-41-7706¦US_SSN»x",
    "My social security number is «219-41-\n7706¦US_SSN»\nPlease call.",
    "My social security number is «219-41-\r\n7706¦US_SSN»",
    "> > My SSN is «219-41-\n> > 7706¦US_SSN»\n> > thanks",
    "ssn is «21941\n7706¦US_SSN»",
    # and by encodings
    "ssn «２１９-４１-７７０６¦US_SSN»",
    "الضمان الاجتماعي: «٢١٩-٤١-٧٧٠٦¦US_SSN»",
    "ssn «۲۱۹۴۱۷۷۰۶¦US_SSN»",
    "सोशल सिक्योरिटी नंबर «२१९-४१-७७०६¦US_SSN»",
    "ssn «②①⑨-④①-⑦⑦⓪⑥¦US_SSN»",
    "ssn «𝟐𝟏𝟗-𝟒𝟏-𝟕𝟕𝟎𝟔¦US_SSN»",
    "ssn «2\u200b1\u200b9-4\u200b1-77\ufeff06¦US_SSN»",
    "ssn «219\u00ad-41-\u00ad7706¦US_SSN»",
    "ssn «2\u03361\u03369\u0336-41-7706¦US_SSN»",
    "ssn «2️⃣1️⃣9️⃣4️⃣1️⃣7️⃣7️⃣0️⃣6¦US_SSN»",
    "ssn «219=2D41=2D7706¦US_SSN»=20\nthanks=20",
    "ssn «219=E2=80=9141=E2=80=917706¦US_SSN»",
    "ssn «219-41-=\n7706¦US_SSN»",
    "ssn=«219%2D41%2D7706¦US_SSN»",
    "<td>SSN</td><td>«219&#45;41&#45;7706¦US_SSN»</td>",
    "SSN: «219&ndash;41&ndash;7706¦US_SSN»",
    "SSN: «219&nbsp;41&nbsp;7706¦US_SSN»",
    "ssn «219-<b>41</b>-7706¦US_SSN»",
    'ssn «219-<span style="color:#111111">41</span><wbr>-7706¦US_SSN»',
    "ssn «219-**41**-7706¦US_SSN»",
    "ssn **«219-41-7706¦US_SSN»**",
    "ssn «219\\-41\\-7706¦US_SSN»",
    "ssn «219\\u002d41\\u002d7706¦US_SSN»",
    "<!-- SSN: «219-41-7706¦US_SSN» -->hello",
    '<input name="ssn" value="«219417706¦US_SSN»">',
    # and by where the label stands
    "«219417706¦US_SSN» is my social",
    "«219417706¦US_SSN» (SSN)",
    "SSN\n«219417706¦US_SSN»",
    "Social Security Number:\n\n«219417706¦US_SSN»",
    "S.S.N. «219417706¦US_SSN»",
    "SS# «219417706¦US_SSN»",
    "SS # «219417706¦US_SSN»",
    "my soical security is «219417706¦US_SSN»",
    "SSNs: «219417706¦US_SSN», «318556203¦US_SSN» and «402117735¦US_SSN»",
    "name;ssn;pay\nGil;«219417706¦US_SSN»;100\nRay;«318556203¦US_SSN»;200",
    "name | social | pay\nGil | «219417706¦US_SSN» | 100\nRay | «318556203¦US_SSN» | 200",
    "name,ssn\nGil,«19417706¦US_SSN»\nRay,«5417706¦US_SSN»",
    '"last, first",soc sec,pay\n"Gil, A",«219417706¦US_SSN»,100',
    "<table><tr><th>Name</th><th>SSN</th></tr><tr><td>Gil</td><td>«219417706¦US_SSN»</td></tr></table>",
    "my social is «two one nine, four one, seven seven zero six¦US_SSN»",
    "ssn: «two nineteen forty one seventy seven oh six¦US_SSN»",
    "mi seguro social es «dos uno nueve cuatro uno siete siete cero seis¦US_SSN»",
    "meu social é «dois um nove quatro um sete sete zero seis¦US_SSN»",
    "社安号 «二一九四一七七〇六¦US_SSN»",
    "social security number «2l9-4l-77O6¦US_SSN»",
    "ssn «21941770¦US_SSN» i think",
    # and by language
    "Mi número de seguro social es «219417706¦US_SSN»",
    "Meu número de segurança social é «219417706¦US_SSN»",
    "Nimewo sekirite sosyal mwen se «219417706¦US_SSN»",
    "Số an sinh xã hội của tôi là «219417706¦US_SSN»",
    "so an sinh xa hoi: «219417706¦US_SSN»",
    "我的社会安全号是«219417706¦US_SSN»",
    "我的社安號碼：«219417706¦US_SSN»",
    "رقم الضمان الاجتماعي الخاص بي هو «219417706¦US_SSN»",
    "Мой номер социального страхования «219417706¦US_SSN»",
    "លេខសន្តិសុខសង្គម «219417706¦US_SSN»",
    "제 소셜번호는 «219417706¦US_SSN» 입니다",
    "numéro de sécurité sociale : «219417706¦US_SSN»",
    "il mio numero di previdenza sociale «219417706¦US_SSN»",
    # Parts of one
    "last four of my social: «7706¦PARTIAL_SSN»",
    "the last 4 digits are «7706¦PARTIAL_SSN» (SSN)",
    "My SSN ends in «7706¦PARTIAL_SSN»",
    "SSN «XXX-XX-7706¦PARTIAL_SSN»",
    "«***-**-7706¦PARTIAL_SSN»",
    "los últimos cuatro de mi seguro social son «7706¦PARTIAL_SSN»",
    # Tax numbers
    "Our federal EIN is «61-7360684¦US_EIN».",
    "Our federal EIN is «61 7360684¦US_EIN».",
    "FEIN «61.7360684¦US_EIN»",
    "The employer tax id on the form is «61‑7360684¦US_EIN».",
    "FEIN «6 1 7 3 6 0 6 8 4¦US_EIN»",
    "Maria Khan «61-7360684¦US_EIN»",
    "E.I.N. «617360684¦US_EIN»",
    "fein «61-7360684¦US_EIN» owner «219-41-7706¦US_SSN»",
    "firm,fein,ssn\nOak,«617360684¦US_EIN»,«219417706¦US_SSN»",
    "雇主识别号 «617360684¦US_EIN»",
    "ITIN «912-70-3456¦US_ITIN»",
    "my social is «912-70-3456¦US_ITIN»",
    # Cards and banks
    "I tried to pay the overpayment with card «4111 1111 1111 1111¦CREDIT_CARD».",
    "card number «4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1¦CREDIT_CARD» exp 04/29",
    "Amex «3782-822463-10005¦CREDIT_CARD»",
    "«4111-1111-1111-1111¦CREDIT_CARD»",
    "routing number «011000015¦ROUTING_NUMBER» account number «220365710¦BANK_ACCOUNT»",
    "número de cuenta «1220365710¦BANK_ACCOUNT»",
    # The agency's numbers
    "State employer account no. «5123-4567¦STATE_EMPLOYER_ACCOUNT».",
    "UI account number: «51234567¦STATE_EMPLOYER_ACCOUNT»",
    "our account with the agency is «5123 4567¦STATE_EMPLOYER_ACCOUNT»",
    "our account with the agency is «5 1 2 3 4 5 6 7¦STATE_EMPLOYER_ACCOUNT»",
    "Claim still pending «5123-4567¦STATE_EMPLOYER_ACCOUNT»",
    "Claimant ID «42322694¦CLAIMANT_ID» needs a new PIN",
    "https://example.test/c?id=«219417706¦CLAIMANT_ID»",
    '<a href="https://example.test/c?id=«219417706¦CLAIMANT_ID»">my claim</a>',
    "«claim.¦EMAIL»«219417706¦CLAIMANT_ID»«@example.test¦EMAIL»",
    # Birth dates
    "DOB «05/06/1970¦DATE_OF_BIRTH»",
    "I was born on «August 1, 1988¦DATE_OF_BIRTH»",
    "nací el «3 de mayo de 1990¦DATE_OF_BIRTH»",
    "出生日期：«1988年8月1日¦DATE_OF_BIRTH»",
    "ngày sinh «01-08-1988¦DATE_OF_BIRTH»",
    # How to reach somebody
    "Ring me on «857-555-0134¦PHONE».",
    "tel «+1 (857) 555-0134¦PHONE»",
    "write to «nora.k+ui@mail.example.com¦EMAIL», please",
    "I moved to «19 Summer St, Salem, MA 01970¦POSTAL_ADDRESS».",
    "My name is «Ana Melo¦PERSON».",
    "Regards,\n«Thomas Reilly¦PERSON»",
)

CLEAN = (
    "determination number 46-1137705",
    "registration no. 46-1137705",
    "",
    "When does the job fair begin?",
    "Do I have to give my SSN to the career center?",
    "Confirmation number 300118834",
    "Ticket id 418200931 is closed.",
    "Your reference 220-11-8834 on the letter of May 2.",
    "Case 2023-441-2208 was postponed.",
    "Tracking 781122330918 says returned.",
    "Model 666-10-2204 forklift",
    "Shipment 12-5561902 came broken.",
    "Invoice 2024-0081, PO 4500100220, total $440.18",
    "ISBN 978-1-4028-9462-6 for the class",
    "From 198.51.100.24 I get error 403.",
    "At 2024-08-01 10:22:41 it failed.",
    "sha256 prefix 9f118820937b",
    "c. 151A, §25(e)(2) was used against me.",
    "Send form 1099-G and W-4 please.",
    "35 hours x $18.50 = $647.50 in 2023-2024",
    "Mail it to 01609-2247.",
    "I was laid off on 05/06/2024 after 12 years, 3 months.",
    "SOC code 29-1141, NAICS 238220",
    "número de confirmación 300118834",
    "确认号 300118834",
    "one two three, go!",
    "The year 2024 was my last; 2019-2023 I was employed.",
    "[SSN 1] is mine, [CLAIMANT ID 2] too",
)
