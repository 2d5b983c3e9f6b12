"""Haitian Creole cues."""

from __future__ import annotations

from router.classification.cues import Cues

HARMLESS = Cues.of(
    "(mwen|m) (ta|vle|ta renmen|bezwen) (konnen|mande)",
    "(èske|eske) (mwen|m) (ka|dwe|kapab) (mande|travay|pote|vini|itilize|aplike)",
    "(kijan|kote|kilè|ki lè|ki jan) (mwen|m) (ka|kapab|dwe)",
    "si (mwen|m)",
)

OWN = Cues.of(
    "(mwen|m|pa m|pam|m'ap|map|mwen menm|m'te|mte)",
    "(dosye|lajan|chèk|peman|kont|odyans|apèl|travay|reklamasyon) (m|mwen|nou)",
    "(rele|ede|di|voye|ban|banm|peye|reponn) (m|mwen|nou)",
    "nou (te|pa|gen|ap|fè|resevwa|bezwen)",
)

IMPLIED = Cues.of(
    "(toujou|jiskaprezan|poko) (pa|anyen|ap)",
    "(refize|fèmen|sispann|koupe|bloke) (l|li|san|lajan|dosye)?",
    "poukisa (yo|li|l|mwen|m)",
    "yon moun te",
    "(yo|ou) (te|voye|di|pa) (voye|di|ban|bay|janm)?",
    "(manman|papa|frè|sè|mari|madanm|pitit|kouzen|vwazen) (m|mwen|nou)",
    "kisa moun sa a",
    "(ap|pa|te) (peye|vini|apwouve)",
    "(dosye|lèt|kat|kont|odyans|desizyon) (la|a|an|yo)",
    "(chèk|lajan|peman) (la|an|a) (ap|pa|te|poko)",
)

GENERAL = Cues.of(
    "(kote|ki kote|kibò|ki bò) (biwo|biwo a|nou|yo|ou|li|pou|sant)",
    "(kilè|ki lè|a kilè) (biwo|li|yo|nou|ou|sant)",
    "konbyen (jou|tan|semèn|lajan|kòb|moun|lè|dokiman)",
    "(èske|eske) (leta|gen|nou|yo|ou|biwo|yon|moun|sant|li)",
    "ki (dokiman|papye|kondisyon|lè|jan|moun|kalite|fòm)",
    "kijan (yon|yo|pou|moun|ou|sa)",
    "(moun|yon moun) (ki|ka|kapab|dwe) (pa|travay|mande|jwenn|aplike)?",
    "gen (kou|klas|fòmasyon|entèprèt|travay|plas|pakin)",
    "(lè biwo|adrès|enfòmasyon jeneral|kesyon jeneral|fòmilè)",
)

URGENT = Cues.of(
    "(touye tèt mwen|touye tèt m|m pa vle viv|mwen pa vle viv)",
    "(mete|voye) (nou|m|mwen) deyò ... (jodi a|demen)",
    "(jodi a|demen) ... (deyò|nan lari)",
    "(lòd pwoteksyon|l ap bat mwen|li bat mwen|li menase m|li menase mwen|li konnen kote m)",
    "(pa gen manje|san manje|pa gen ensilin|pa gen chofaj) ... (jodi a|demen|pitit|timoun)?",
    "odyans ... (jodi a|demen|nan inèdtan)",
)
