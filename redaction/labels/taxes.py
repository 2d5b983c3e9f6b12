"""What people call tax numbers: of employers, of individuals, and of either."""

from __future__ import annotations

from typing import Final

EMPLOYER: Final = (
    "ein", "e i n", "eins", "fein", "f e i n", "fid", "feid", "fein#", "ein#", "federal ein", "federal id",
    "federal i d", "fed id", "fed ein", "federal tax id", "federal tax number", "fed tax id", "federal employer id",
    "federal employer identification number", "federal identification number", "federal identification",
    "employer identification number", "employer identification", "employer id number", "employer id",
    "employer tax id", "employers tax id", "employer's tax id", "employer tax number", "employer number",
    "employer's id", "company tax id", "company tax number", "company ein", "company's tax id", "corporate tax id",
    "firm tax id", "firm's tax id", "business tax id", "business tax number", "business id",
    "business identification number", "business number", "business ein", "company id", "our tax id", "our tax number",
    "irs number", "shop tax id", "store tax id", "restaurant tax id", "llc tax id", "payer's tin", "payer tin",
    "nonprofit tax id", "employer tin", "business tin", "company tin",
    # Spanish and Portuguese
    "número de identificación del empleador", "identificación del empleador", "número de identificación patronal",
    "identificación patronal", "número de empleador", "número federal de la empresa", "id federal", "número federal",
    "identificación fiscal de la empresa", "id del empleador", "número de identificação do empregador",
    "identificação do empregador", "número do empregador", "identificação patronal", "id do empregador",
    "número fiscal da empresa", "identificação federal", "identificación federal",
    # Haitian Creole and French
    "nimewo idantifikasyon anplwayè", "idantifikasyon anplwayè", "nimewo anplwayè",
    "numéro d'identification de l'employeur", "numéro d'identification d'employeur", "identification de l'employeur",
    "numéro d'employeur", "nimewo konpayi",
    # Vietnamese
    "mã số thuế doanh nghiệp", "mã số thuế công ty", "số nhận dạng chủ lao động",
    "mã số nhận dạng chủ sử dụng lao động", "mã số doanh nghiệp", "số nhận dạng người sử dụng lao động",
    "mã số chủ lao động",
    # Chinese
    "雇主识别号码", "雇主识别号", "雇主身份识别号", "雇主税号", "公司税号", "联邦税号", "雇主識別號碼", "雇主識別號",
    "公司稅號", "聯邦稅號", "雇主稅號",
    # Arabic, Russian, Khmer, Korean, Italian
    "رقم تعريف صاحب العمل", "رقم صاحب العمل", "الرقم الضريبي للشركة", "идентификационный номер работодателя",
    "номер работодателя", "инн работодателя", "инн компании", "លេខសម្គាល់និយោជក", "លេខអត្តសញ្ញាណនិយោជក",
    "고용주 식별 번호", "고용주식별번호", "고용주 번호", "사업자 번호", "codice datore di lavoro", "partita iva",
    "numero di identificazione del datore di lavoro",
)  # fmt: skip

INDIVIDUAL: Final = (
    "itin", "i t i n", "itins", "individual taxpayer identification number", "individual taxpayer id",
    "individual tax id", "individual taxpayer", "tax id for individuals",
    "número de identificación personal del contribuyente", "itin número", "identificación personal del contribuyente",
    "número de contribuinte individual", "contribuinte individual", "nimewo itin", "个人报税号", "个人税号",
    "個人報稅號", "個人稅號", "mã số thuế cá nhân", "w7 number", "atin",
)  # fmt: skip

EITHER: Final = (
    "tax id", "tax id number", "taxid", "tax number", "taxpayer id", "taxpayer identification number",
    "taxpayer number", "tin", "t i n", "tax identification number", "tax identification", "número de contribuyente",
    "número de impuestos", "id de impuestos", "identificación fiscal", "número de contribuinte", "número fiscal",
    "nif", "nimewo taks", "numéro fiscal", "mã số thuế", "税号", "報稅號", "报税号", "稅號", "الرقم الضريبي", "инн",
    "налоговый номер", "납세자 번호", "លេខពន្ធ", "codice fiscale", "irs id", "w-9 number", "w9 number",
)  # fmt: skip
