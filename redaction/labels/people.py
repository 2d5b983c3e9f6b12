"""What people call birth dates, telephones and the last digits of a number."""

from __future__ import annotations

from typing import Final

BIRTH: Final = (
    "dob", "d o b", "date of birth", "birth date", "birthdate", "birthday", "bday", "b-day", "born", "born on",
    "birth", "was born", "fecha de nacimiento", "nacimiento", "nací", "nací el", "nacido", "nacida", "fec nac",
    "f nac", "cumpleaños", "data de nascimento", "nascimento", "nasci", "nasci em", "nascido", "nascida",
    "dat nesans", "nesans", "mwen fèt", "fèt", "fèt le", "date de naissance", "naissance", "né le", "née le",
    "ngày sinh", "sinh ngày", "năm sinh", "sinh năm", "出生日期", "出生", "出生于", "生日", "生于", "生於",
    "تاريخ الميلاد", "الميلاد", "مواليد", "ولدت", "дата рождения", "рождения", "родился", "родилась", "дата рожд",
    "생년월일", "생일", "출생", "ថ្ងៃខែឆ្នាំកំណើត", "ថ្ងៃកំណើត", "កំណើត", "data di nascita", "nato il", "nata il",
    "nascita", "geburtsdatum", "geboren", "data urodzenia", "urodzony", "urodzona", "जन्म तिथि", "जन्म", "生年月日",
    "petsa ng kapanganakan", "kapanganakan",
)  # fmt: skip

PHONE: Final = (
    "phone", "phone number", "phone no", "phone #", "telephone", "telephone number", "tel", "tel no", "cell",
    "cell phone", "cellphone", "cell number", "mobile", "mobile number", "call", "call me", "call me at",
    "call me on", "call us at", "ring me on", "dial", "fax", "text me", "text me at", "reach me at", "my number is",
    "phone me", "whatsapp", "hotline", "ext", "extension", "landline", "contact number", "teléfono", "celular",
    "móvil", "llámeme", "llámame", "llamar", "telefone", "telemóvel", "ligue", "telefòn", "telefon", "rele m",
    "rele mwen", "téléphone", "portable", "appelez", "điện thoại", "số điện thoại", "đt", "sđt", "gọi", "电话",
    "手机", "電話", "手機", "هاتف", "رقم الهاتف", "جوال", "اتصل", "телефон", "тел", "мобильный", "звоните", "전화",
    "전화번호", "휴대폰", "연락처", "ទូរស័ព្ទ", "លេខទូរស័ព្ទ", "telefono", "cellulare",
)  # fmt: skip

LAST_FOUR: Final = (
    "last four", "last 4", "last four digits", "last 4 digits", "last four of", "last 4 of", "final four", "final 4",
    "ending in", "ending with", "ends in", "ends with", "ends w/", "ending w/", "ending", "last digits",
    "last for digits", "finishes in", "finishes with", "l4", "last4", "last-4", "last-four", "últimos cuatro",
    "últimos 4", "últimos cuatro dígitos", "últimos 4 dígitos", "últimos dígitos", "termina en", "terminado en",
    "que termina en", "terminación", "últimos quatro", "últimos quatro dígitos", "termina em", "terminado em",
    "final do", "kat dènye chif", "4 dènye chif", "dènye chif", "dènye 4 chif", "fini ak", "fini pa",
    "quatre derniers chiffres", "4 derniers chiffres", "derniers chiffres", "se termine par", "bốn số cuối",
    "4 số cuối", "số cuối", "后四位", "最后四位", "末四位", "尾号", "後四位", "最後四位", "末四碼", "尾號", "后4位",
    "最后4位", "后四位数", "末4位", "آخر أربعة أرقام", "آخر أربعة", "آخر 4", "последние четыре цифры",
    "последние четыре", "последние 4", "последние 4 цифры", "끝 네 자리", "마지막 네 자리", "끝 4자리", "뒷 4자리",
    "뒤 4자리", "뒷자리", "마지막 4자리", "លេខបួនខ្ទង់ចុងក្រោយ", "៤ខ្ទង់ចុងក្រោយ", "ultime quattro cifre",
    "ultime 4 cifre",
)  # fmt: skip
