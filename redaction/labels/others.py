"""What people call numbers that are nobody's identifier: they keep a shape from being taken for one."""

from __future__ import annotations

from typing import Final

ANY_ID: Final = (
    "id", "id number", "id no", "id #", "i d", "identification", "identification number", "identifier",
    "número de identificación", "identificación", "identificação", "idantifikasyon", "编号", "號碼", "号码",
)  # fmt: skip

OTHER: Final = (
    # Correspondence and trade
    "confirmation", "conf", "conf no", "invoice", "inv", "ticket", "tracking", "order", "purchase order", "po", "p o",
    "reference", "ref", "receipt", "shipment", "shipping", "package", "parcel", "delivery", "gift reference",
    "gift card reference", "booking", "reservation", "transaction", "transaction id", "trans", "trace", "batch",
    "check number", "cheque number", "check no", "check #", "money order", "serial", "serial number", "s/n", "model",
    "part", "part number", "part no", "item", "sku", "upc", "isbn", "issn", "lot", "catalog", "catalogue", "quote",
    "estimate", "job", "job id", "job number", "job order", "requisition", "req", "posting", "vacancy", "bid",
    "meter", "barcode", "bar code", "scan code", "gtin", "asin", "doi", "fedex", "ups", "usps", "certified mail",
    # Agencies and courts. An appeal, a hearing, a determination, a registration are what people write about, with
    # their own number behind; only with "number" and its like are they names of another one.
    "case", "case no", "case number", "case id", "docket", "docket number", "docket no", "appeal number",
    "appeal no", "appeal #", "appeal id", "hearing number", "hearing no", "issue id", "issue number",
    "issue identification", "letter id", "letter number", "notice number", "omb", "omb no", "document id",
    "document number", "doc id", "determination number", "determination no", "determination #", "determination id",
    "file no", "file number", "statute", "policy", "policy no", "policy number", "license", "licence",
    "license number", "lic", "permit", "registration number", "registration no", "registration #", "reg no", "badge",
    "passport", "visa number", "alien number",
    "uscis", "receipt number", "medicaid", "medicare", "masshealth", "member", "member id", "member number",
    "group number", "group no", "subscriber", "patient", "mrn", "npi", "snap", "ebt id", "apid", "contract", "award",
    "cfda", "duns", "uei", "naics", "sic", "soc code", "onet", "o*net", "standard occupational classification",
    "occupation code", "cage", "cage code", "program code",
    # Machines
    "error", "error code", "code", "version", "build", "build number", "port", "ip", "ip address", "mac", "imei",
    "iccid", "pin", "access code", "security code", "verification code", "one-time code", "passcode", "otp",
    "session", "session id", "request id", "message id", "zoom", "meeting id", "webinar", "webex", "hash", "checksum",
    "uuid", "timestamp", "user id", "student id", "employee id", "employee number", "employee no", "badge number",
    "vin", "plate", "route", "bus", "flight", "train", "zip", "zip code", "zipcode", "postal code", "population",
    "extension number", "survey", "survey code", "coupon", "voucher", "unit number", "locker", "room", "suite", "apt",
    "box", "po box", "p o box", "pledge", "donation", "lottery", "raffle", "course", "class", "section", "crn", "gps",
    "coordinates", "latitude", "longitude", "parcel id", "deed", "book and page", "usd",
    # Spanish, Portuguese, French, Creole, Vietnamese, Chinese, Arabic, Russian, Korean, Italian
    "confirmación", "número de confirmación", "factura", "referencia", "pedido", "orden", "caso", "número de caso",
    "rastreo", "recibo", "código postal", "expediente", "código", "boleto", "carta", "confirmação", "fatura",
    "referência", "encomenda", "processo", "rastreamento", "protocolo", "caso número", "número do caso",
    "código do pedido", "confirmation numéro", "facture", "référence", "commande", "dossier", "numéro de dossier",
    "suivi", "code postal", "nimewo ka", "konfimasyon", "nimewo konfimasyon", "referans", "dosye", "resi",
    "mã xác nhận", "số xác nhận", "hóa đơn", "mã đơn hàng", "đơn hàng", "mã vận đơn", "số vụ", "mã bưu điện",
    "mã số xác nhận", "确认号", "确认号码", "确认码", "订单", "订单号", "发票", "发票号", "案件", "案件号", "案号",
    "快递单号", "单号", "邮编", "參考號", "参考号", "確認號碼", "確認碼", "訂單", "訂單號", "發票", "案件編號",
    "案號", "追踪号", "追蹤號", "رقم التأكيد", "التأكيد", "رقم الطلب", "فاتورة", "رقم القضية", "القضية", "مرجع",
    "رقم التتبع", "подтверждение", "номер подтверждения", "номер заказа", "заказ", "счет-фактура", "номер дела",
    "дело", "трек-номер", "индекс", "확인 번호", "확인번호", "주문 번호", "주문번호", "송장", "사건 번호", "사건번호",
    "운송장", "추적 번호", "numero d'ordine", "fattura", "conferma", "pratica",
)  # fmt: skip
