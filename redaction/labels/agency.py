"""What people call the agency's own numbers: an employer's account and a claimant's number."""

from __future__ import annotations

from typing import Final

EMPLOYER_ACCOUNT: Final = (
    "ean", "e a n", "ean#", "dua", "dua number", "dua no", "dua #", "dua account", "dua account number", "dua acct",
    "dua id", "dua employer account", "dua employer account number", "dua employer number", "employer account",
    "employer account number", "employer account no", "employer acct", "employer acct no", "employers account",
    "employer's account", "employer dua", "ui account", "ui account number", "ui account no", "ui acct",
    "ui employer account", "ui number", "ui tax account", "ui employer number", "state employer account",
    "state employer number", "state account", "state account number", "state id", "state id number",
    "state unemployment account", "state unemployment id", "unemployment account", "unemployment account number",
    "unemployment insurance account", "unemployment tax account", "account with the agency", "account with dua",
    "account with you", "account with your agency", "account with the department", "account with the state",
    "agency account", "sui account", "sui number", "suta account", "suta number", "suta id", "sui id",
    "cuenta de empleador", "cuenta patronal", "número de cuenta del empleador", "cuenta del empleador", "cuenta dua",
    "número dua", "conta do empregador", "número da conta do empregador", "conta de empregador", "conta dua",
    "kont anplwayè", "nimewo kont anplwayè", "kont dua", "nimewo dua", "compte employeur", "compte d'employeur",
    "tài khoản chủ lao động", "số tài khoản chủ lao động", "雇主账号", "雇主账户", "雇主帐号", "雇主帳號", "雇主帳戶",
    "حساب صاحب العمل", "счет работодателя", "счёт работодателя", "고용주 계좌", "고용주 계정", "គណនីនិយោជក",
)  # fmt: skip

CLAIMANT: Final = (
    "claimant id", "claimant id number", "claimant number", "claimant no", "claimant #", "claimant",
    "claimant identification", "claimant's id", "claim id", "claim id number", "claim number", "claim no", "claim #",
    "claim num", "my claim", "cid", "customer id", "ui online id", "ui id", "dua claimant id", "id del reclamante",
    "número de reclamante", "id de reclamante", "número de reclamo", "número de reclamación", "reclamante",
    "id do requerente", "número do requerente", "requerente", "id do reclamante", "número da reivindicação",
    "id moun k ap reklame", "id reklamasyon", "nimewo reklamasyon", "id demandè", "nimewo demandè",
    "numéro de demandeur", "identifiant du demandeur", "numéro de réclamation", "mã số người yêu cầu",
    "mã người yêu cầu", "số hồ sơ", "mã số hồ sơ", "id người nộp đơn", "申请人编号", "申请人号码", "索赔人编号",
    "申請人編號", "申请人id", "申领人编号", "申領人編號", "رقم المطالب", "رقم المطالبة", "معرف المطالب",
    "номер заявителя", "id заявителя", "номер заявки", "청구자 번호", "청구인 번호", "청구 번호", "청구인 id",
    "លេខអ្នកទាមទារ", "លេខសម្គាល់អ្នកទាមទារ",
)  # fmt: skip
