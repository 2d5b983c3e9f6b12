"""Portuguese cues."""

from __future__ import annotations

from router.classification.cues import Cues

HARMLESS = Cues.of(
    "(eu quero|quero|queria|gostaria de|preciso|queremos) (saber|perguntar|entender)",
    "(nosso|meu) grupo",
    "se (eu|a gente|meu|minha|tenho|trabalho|ganho)",
    "(posso|podemos|devo) (pedir|solicitar|levar|usar|pagar|receber|trabalhar|recorrer|marcar)",
    "(documentos|papéis|formulários) (preciso|devo|tenho que)",
    "(preciso|devo|tenho que) (levar|separar|trazer|ter)",
    "(meus|minha) (alunos|turma)",
    "(pode|podem|poderia) (me)? (dizer|explicar|informar)",
)

OWN = Cues.of(
    "(eu|meu|minha|meus|minhas|mim|comigo|nós|nosso|nossa|nossos|nossas|me|a gente)",
    "(tenho|temos|sou|estou|fiz|fui|recebi|trabalhei|pedi|mandei|enviei|preenchi|liguei|perdi|ganhei|saí|mudei|"
    "solicitei|preciso|quero|posso|espero|entendi|entendo|sei|estava|trabalhava|recebia|moro|devo|abri|fechei)",
)

IMPLIED = Cues.of(
    "(ainda|até agora) (nada|não|espero|estou)",
    "(negaram|negado|negada|cortaram|bloquearam|bloqueado|suspenso|suspenderam|pararam|caiu|parou|demitiram)",
    "(remarcar|reabrir|liberar|corrigir|desbloquear)",
    "(diz|fala|aparece|deu) (que|erro|um|uma)",
    "(por que|porque) (não|foi|me|o|a)",
    "(meu|minha|seu|sua) (mãe|pai|irmão|irmã|marido|esposa|filho|filha|tio|tia|primo|prima|vizinho|patrão)",
    "(alguma|tem) (notícia|novidade|resposta)",
    "nome de",
    "(resultado|processo|saiu|aprovado|aprovada|aprovaram|liberado|pagamento)",
    "quando (sai|cai|recebo|vai cair|vai sair|pagam)",
    "(o|a|os|as) (dinheiro|conta|cartão|decisão|carta|pedido|benefício|audiência|cheque|entrevista)",
)

GENERAL = Cues.of(
    "(onde|quando|como|qual|quais|que|quem|quanto|quanta|quantos|quantas) (é|são|fica|ficam|se|tem|há|custa|dura|"
    "documentos|papéis|requisitos|horário|hora|horas|semanas|tempo|pode|podem|deve|faz|abre|fecha|precisa|recebe|escuta)",
    "(que|a que) horas",
    "(quais|que|qual) (documentos|requisitos|formulários|é|são|o|a)",
    "tem (vaga|vagas|curso|cursos|aula|aulas|estacionamento|intérprete|oficina|oficinas|alguém que)",
    "há (vaga|vagas|curso|cursos|aula|aulas|estacionamento)",
    "(horário|endereço|telefone|requisitos|folheto|manual|formulário em branco|site|página)",
    "(uma pessoa|um empregador|uma empresa|os trabalhadores|alguém|mãe que|pai que|quem trabalha|quem recebe)",
    "(pode receber|podem receber|se pode|é possível|é preciso|é verdade|é golpe)",
    "(pergunta|dúvida) geral",
)

URGENT = Cues.of(
    "(me matar|suicíd*|tirar minha vida|não quero viver|não quero mais viver)",
    "(medida protetiva|ordem de proteção)",
    "(hoje|amanhã) ... (despejo|despejado|despejada|despejados|pra rua|para a rua|na rua)",
    "(despejo|despejam|despejados) ... (hoje|amanhã)",
    "(ele|ela) (me achou|me persegue|me ameaça|me ameaçou|me bate|me bateu|sabe onde)",
    "(sem|não tenho) (insulina|comida|leite|aquecimento|remédio) ... (hoje|amanhã|filho|filha|bebê)",
    "(audiência|recurso) (é|vence) (hoje|amanhã|daqui a)",
)
