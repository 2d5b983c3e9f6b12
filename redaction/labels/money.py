"""What people call cards and bank accounts."""

from __future__ import annotations

from typing import Final

CARD: Final = (
    "card", "cards", "credit card", "debit card", "card number", "card no", "card ending", "visa", "visa card",
    "mastercard", "master card", "amex", "amex card", "american express", "discover card", "discover", "prepaid card",
    "bank card", "cc", "cc#", "cc number", "ccn", "way2go", "tarjeta", "tarjeta de crédito", "tarjeta de débito",
    "número de tarjeta", "cartão", "cartão de crédito", "cartão de débito", "número do cartão", "kat kredi",
    "kat debi", "kat", "carte de crédit", "carte bancaire", "carte bleue", "carte", "thẻ tín dụng", "số thẻ",
    "thẻ ghi nợ", "信用卡", "信用卡号", "银行卡号", "卡号", "借记卡", "信用卡號", "卡號", "بطاقة", "بطاقة الائتمان",
    "карта", "номер карты", "карты", "카드 번호", "카드번호", "카드", "លេខកាត", "កាត", "carta di credito",
)  # fmt: skip

BANK: Final = (
    "bank account", "bank account number", "bank acct", "bank acc", "bank", "checking account", "checking acct",
    "checking", "savings account", "savings acct", "savings", "saving account", "account number", "account no",
    "account", "acct", "acct no", "acct #", "acct number", "a/c", "acc no", "acc number", "acc", "deposit account",
    "direct deposit", "direct deposit to", "dda", "iban", "credit union account", "cuenta bancaria",
    "número de cuenta", "cuenta de cheques", "cuenta corriente", "cuenta de ahorros", "cuenta", "conta bancária",
    "número da conta", "conta corrente", "conta poupança", "conta", "kont labank", "nimewo kont", "kont bank", "kont",
    "compte bancaire", "numéro de compte", "compte", "tài khoản ngân hàng", "số tài khoản", "tài khoản", "银行账号",
    "银行账户", "账号", "帐号", "账户", "銀行帳號", "帳號", "帳戶", "حساب", "رقم الحساب", "الحساب البنكي",
    "номер счета", "номер счёта", "банковский счет", "счет", "счёт", "계좌 번호", "계좌번호", "계좌", "លេខគណនី",
    "គណនី", "conto corrente", "conto",
)  # fmt: skip

ROUTING: Final = (
    "routing", "routing number", "routing no", "routing #", "routing num", "rtn", "aba", "aba number", "aba routing",
    "aba routing number", "aba no", "aba #", "transit number", "bank routing", "bank routing number",
    "routing transit number", "routing code", "ach routing", "wire routing", "número de ruta", "ruta",
    "número de tránsito", "código de ruta", "número de rota", "número de roteamento", "roteamento",
    "código de roteamento", "nimewo routing", "nimewo wout", "numéro d'acheminement", "acheminement", "số định tuyến",
    "mã định tuyến", "định tuyến", "路由号码", "路由号", "汇款路由", "銀行路由號碼", "路由號", "رقم التوجيه",
    "التوجيه", "маршрутный номер", "라우팅 번호", "라우팅", "លេខផ្លូវ",
)  # fmt: skip
