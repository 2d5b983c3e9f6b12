"""Who seems to write: by the words people use of themselves. It changes the unit, never the channel."""

from __future__ import annotations

from router.classification.cues import Cues
from router.classification.values import Message, Requester

# The first that is found wins; offices are named before people, because they write about people.
TABLE: tuple[tuple[Requester, Cues], ...] = (
    (
        Requester.MACHINE,
        Cues.of(
            "(out of office|automatic reply|auto-reply|delivery failure|undeliverable)",
            "(mail delivery|not delivered|fuera de la oficina|resposta automática)",
        ),
    ),
    (
        Requester.LEGISLATOR,
        Cues.of("(senator|senator's|rep.|representative|mayor|mayor's|legislative|constituent|selectman|alcalde)"),
    ),
    (
        Requester.PRESS,
        Cues.of(
            "(reporter|journalist|copy desk|newsroom|press deadline|media question|deadline|for a graphic|periodista)",
        ),
    ),
    (
        Requester.LAWYER,
        Cues.of("(attorney|lawyer|paralegal|law office|law firm|subpoena|summons|we act for|abogado|advogado|luật sư)"),
    ),
    (
        Requester.EMPLOYER,
        Cues.of(
            "(our|my) (employees|employee|payroll|shop|store|company|business|salon|restaurant|workers|ein|account)",
            "(as an employer|our quarterly|our contributions|contribution rate|payroll reseller|fein|hr generalist)",
            "(mi|nuestro|nuestra) (empresa|negocio|restaurante|tienda)",
            "(minha|nossa) (empresa|loja)",
            "(我们公司|我們公司|我们店|超市|餐馆)",
        ),
    ),
    (
        Requester.THIRD_PARTY,
        Cues.of(
            "(my) (brother|sister|mother|father|mom|dad|son|daughter|husband|wife|uncle|aunt|cousin|friend|neighbor)",
            "(on behalf of|our client|our student|our tenant|our patient|registrar)",
            "(mi) (tío|tía|hermano|hermana|esposo|esposa|papá|mamá|hijo|hija|primo|prima)",
            "(minha mãe|meu pai|meu irmão|minha irmã|meu marido|minha esposa)",
            "(manman m|papa m|frè m|sè m|mari m|madanm mwen)",
            "(má tôi|mẹ tôi|ba tôi|chồng tôi|vợ tôi)",
        ),
    ),
    (
        Requester.CLAIMANT,
        Cues.of(
            "my (claim|benefits|benefit|weekly|hearing|appeal|unemployment|payment|payments|check|overpayment)",
            "(mi reclamo|mi pago|mi caso|meu seguro|minha semana|dosye m|chèk mwen)",
            "我的",
        ),
    ),
)


def requester_of(message: Message) -> Requester:
    """Give who seems to write."""
    return next((who for who, cues in TABLE if cues.first(message.text)), Requester.UNKNOWN)
