"""Spanish cues."""

from __future__ import annotations

from router.classification.cues import Cues

HARMLESS = Cues.of(
    "(quiero|quisiera|querría|queremos|quería|necesito|me gustaría) (saber|preguntar|explicarles|conocer|entender)",
    "(para|a) mis (alumnos|estudiantes|lectores|clases)",
    "(me|nos) (puede|pueden|podría|podrían) (decir|explicar|informar)",
    "(dígame|díganme|me dicen|me dice) (dónde|cuándo|cómo|cuál|qué|si)",
    "(doy|damos) clases",
    "si (yo|me|mi|tengo|trabajo|gano|estoy|quiero)",
    "(puedo|podemos|debo|debemos) (pedir|solicitar|ir|llevar|apelar|usar|pagar|cobrar|trabajar)",
    "yo no tengo caso",
    "no tengo (caso|reclamo)",
    "(no les pido|estoy retirado|ya estoy jubilado)",
)

OWN = Cues.of(
    "(yo|mi|mis|mí|mío|mía|míos|conmigo|nosotros|nosotras|nuestro|nuestra|nuestros|nuestras|nos|me)",
    "(llámeme|contésteme|ayúdeme|ayúdenme|llamenme|dígame|mándeme|envíeme|páguenme|páguen|dejarme|avíseme|respóndame)",
    "(tengo|tenemos|soy|somos|estoy|estamos|hice|hicimos|fui|cobré|trabajé|renuncié|pedí|envié|mandé|recibí|apliqué|"
    "llené|llamé|perdí|gané|dejé|presenté|solicité|certifiqué|puse|vi|llegué|entiendo|necesito|quiero|espero|puedo)",
    "(cobraba|trabajaba|estaba|ganaba|vivo|debo|llevo|abrí|cerré|subí|firmé|mudé|reclamé|reporté|apelé)",
)

IMPLIED = Cues.of(
    "(todavía|aún) (nada|no|espero|sale|dice)",
    "(negaron|negado|negada|denegado|denegada|denegaron|descontaron|cortaron|pararon|suspendieron|despidieron|cerraron)",
    "(su|el|la) (caso|reclamo|cheque|pago|dinero|carta|audiencia|apelación|decisión|sobrepago) (de|del|que|no|se|dice)",
    "(mi|su) (tío|tía|hermano|hermana|esposo|esposa|papá|mamá|hijo|hija|primo|prima|vecino|vecina|abuelo|abuela|ex)",
    "(por qué|porqué) (me|le|no|se|la|lo|mi)",
    "(dice|sale|salió|aparece) (que|error|un|una|el|la)",
    "(es usted|son ustedes) los que",
    "(alguna|hay) (noticia|novedad|respuesta)",
    "(mire|mira) esto",
    "la escuela",
    "reclamo (número|no|num)",
    "nombre de",
    "(el|la|los|las|mi|su) (cuenta|tarjeta|decisión|audiencia|carta|solicitud|depósito|apelación|reclamo|entrevista)",
    "(depositan|depositaron|salió|bloqueada|bloqueado|falta para)",
    "(llega|llegó|aprobaron|aprobado|aprobada|sale en|el pago|el cheque|el dinero|lo pagan|le pagan)",
)

GENERAL = Cues.of(
    "(dónde|donde|cuándo|cuando|cómo|como|cuál|cuáles|qué|que|quién|quiénes|cuánto|cuánta|cuántos|cuántas) "
    "(es|son|está|están|queda|quedan|se|hay|cuesta|cuestan|dura|requisitos|documentos|papeles|horario|hora|horas|oye|"
    "puede|pueden|tiene|tienen|tiempo|significa|semanas|pide|piden|debe|deben|hace|abren|cierran|ofrecen|cubre|paga)",
    "(qué|que) (requisitos|documentos|papeles|horas|formularios|es|pasa|oficina)",
    "a (qué|que) hora",
    "por (qué|que) no (abren|hay|ponen)",
    "hay (taller|talleres|videos|video|clases|cursos|ayuda|estacionamiento|otra|oficina|una|un|algún|intérprete)",
    "(horario|dirección|teléfono|ubicación|requisitos|folleto|manual|formulario en blanco|página web|sitio web)",
    "(tienen|ofrecen|dan|graban|aceptan|piden|comparten|atienden|hablan|está|es) "
    "(taller|talleres|videos|cursos|clases|ustedes|el|la|los|las|información|ayuda|formularios|verdad|posible)",
    "(las llamadas las graban)",
    "(una persona|un patrono|un empleador|una empresa|los trabajadores|la gente|alguien|un negocio|un food truck)",
    "(handbook|available|en español)",
    "(lo borro|estafa|mensaje raro|fraude)",
    "(pregunta|consulta|duda) general",
    "(se puede|se pueden|se necesita|se necesitan|se requiere|hay que|tiene que|tienen que)",
)

URGENT = Cues.of(
    "orden de (protección|alejamiento|restricción)",
    "(matarme|suicid*|quitarme la vida|no quiero vivir|ya no quiero vivir)",
    "(me|nos) (desalojan|sacan|botan|echan) ... (hoy|mañana)",
    "(hoy|mañana) ... (desalojan|sacan de la casa|desalojo|a la calle|el sheriff)",
    "(sabe|saben) dónde (trabajo|vivo|estoy)",
    "(me|nos) (espera|persigue|sigue|amenaza|amenazó|pega|golpea|pegó|golpeó)",
    "(sin|no tengo|no tenemos) (insulina|comida|leche|calefacción|medicina) ... (hoy|mañana|niños|bebé|hijos)",
    "(audiencia|apelación) (es|vence) (hoy|mañana|en una hora)",
)
