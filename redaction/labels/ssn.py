"""What people call a Social Security number, by language; accents, case and gaps are folded when it is read."""

from __future__ import annotations

from typing import Final

LABELS: Final = (
    # English; the misspellings are the common ones of a hurried thumb.
    "social security number", "social security no", "social security", "social security card", "social sec",
    "soc sec", "soc. sec. number", "soc sec no", "social number", "social", "socials", "soc", "ssn", "s s n", "ssns",
    "ss", "s s", "ss#", "ssm", "snn", "ssan", "sosial", "ss #", "ss no", "ss number", "ss num", "ssn#", "ssnum",
    "sss number", "ss nr", "my ss", "my ssn", "my soc", "my socials", "socsec", "soc security", "socail security",
    "socail", "soical security", "soical", "scoial", "socal security", "social securty", "social secuirty",
    "social secrity", "social securit", "social security numer", "social security nubmer", "sosial security",
    "taxpayer social", "nine digit number", "nine digits", "9 digit number", "sin number",
    # Spanish
    "número de seguro social", "numero de seguridad social", "número de la seguridad social", "seguro social",
    "seguridad social", "núm de seguro social", "nss", "no de seguro social", "num. seguro", "mi seguro", "mi social",
    # Portuguese
    "número de segurança social", "número da segurança social", "segurança social", "seguro social número",
    "número do social", "número do seguro social", "meu social", "previdência social",
    # Haitian Creole and French
    "nimewo sekirite sosyal", "sekirite sosyal", "sosyal sekirite", "nimewo sosyal", "sosyal",
    "numéro de sécurité sociale", "sécurité sociale", "numéro de sécu", "assurance sociale",
    # Vietnamese
    "số an sinh xã hội", "an sinh xã hội", "số an sinh", "số xã hội", "số ssn", "an ninh xã hội", "an sinh",
    # Chinese
    "社会安全号码", "社会安全号", "社会安全码", "社安号码", "社安号", "社安码", "社安", "社会保障号码", "社会保障号",
    "社會安全號碼", "社會安全號", "社會安全碼", "社安號碼", "社安號", "社安碼", "社會保障號碼", "工卡号",
    "社会保险号码", "社会保险号", "社保号", "社會保險號", "工卡號", "白卡号",
    # Arabic and Persian
    "رقم الضمان الاجتماعي", "الضمان الاجتماعي", "الضمان الإجتماعي", "رقم الضمان", "الرقم الاجتماعي", "الضمان",
    "تأمین اجتماعی", "شماره تأمین اجتماعی",
    # Russian and Ukrainian
    "номер социального страхования", "социального страхования", "номер социального обеспечения",
    "социального обеспечения", "социальное страхование", "социальный номер", "номер соцстрахования", "соцстрахования",
    "соцстрах", "соушл", "соцномер", "сошиал", "номер соціального страхування", "соціального страхування",
    "соціального забезпечення",
    # Khmer
    "លេខសន្តិសុខសង្គម", "សន្តិសុខសង្គម", "លេខសុវត្ថិភាពសង្គម", "របបសន្តិសុខសង្គម",
    # Korean and Japanese
    "사회보장번호", "사회 보장 번호", "사회보장", "소셜번호", "소셜 번호", "소셜 시큐리티", "소셜", "쏘셜",
    "社会保障番号", "ソーシャルセキュリティ番号", "ソーシャル",
    # Italian, German, Polish, Greek, Albanian
    "numero di previdenza sociale", "previdenza sociale", "sicurezza sociale", "codice di sicurezza sociale",
    "sozialversicherungsnummer", "sozialversicherung", "numer ubezpieczenia społecznego", "ubezpieczenia społecznego",
    "numer social security", "αριθμός κοινωνικής ασφάλισης", "κοινωνικής ασφάλισης", "sigurimeve shoqërore",
    # Cape Verdean Creole, Somali, Tagalog, Hindi, Gujarati, Nepali, Amharic, Lao, Thai, Hebrew
    "siguransa sosial", "suguransa susial", "siguru susial", "lambarka sooshalka", "lambarka bulshada", "sooshal",
    "social ko", "सोशल सिक्योरिटी नंबर", "सोशल सिक्योरिटी", "सामाजिक सुरक्षा संख्या", "सामाजिक सुरक्षा", "सोशल",
    "સામાજિક સુરક્ષા", "সামাজিক নিরাপত্তা", "ਸਮਾਜਿਕ ਸੁਰੱਖਿਆ", "سوشل سیکیورٹی", "የሶሻል ሴኩሪቲ", "ሶሻል", "ເລກປະກັນສັງຄົມ",
    "ປະກັນສັງຄົມ", "หมายเลขประกันสังคม", "ประกันสังคม", "ביטוח לאומי", "סושיאל",
)  # fmt: skip
