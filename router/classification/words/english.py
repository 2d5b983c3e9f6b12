"""English cues."""

from __future__ import annotations

from router.classification.cues import Cues
from router.classification.values import words_of

# First persons that are no matter of one's own: ways of asking, and hypotheses.
HARMLESS = Cues.of(
    "(i'd|we'd|i would|we would) (only|just|really)? (like|love) to (know|learn|see|read|ask|understand|hear|read up)",
    "(i|we|i'd|we'd) (only|just|do|don't)? (want|wanted|wish|need|hope|like) to (know|learn|see|read|ask|understand|"
    "hear|explain|find out)",
    "(i'd|we'd|i would|we would) (like|love) (the|a|an|some|information|info|your)",
    "(i|we) (only|just) (need|want|wish) (the|to) (number|address|name|link|form|hours|know|ask)?",
    "(can|could|may|might) (i|we|one) (ask|know|get|have|find|see|come|bring|use|walk|print|read|collect|work|file|"
    "apply|appeal|register|sign up|pay|order|download|request|show)",
    "(how|where|when|what|which|whom|who|what time) (can|could|do|does|would|should|may|must) (i|we)",
    "(do|must|should|would) (i|we) (need|have|get)",
    "if (i|we|my|our|i'm|we're|i've|we've)",
    "(i'm|i am|we're|we are) (a|an|the) ... (student|teacher|librarian|reporter|journalist|researcher|professor|tutor|"
    "volunteer|writer)",
    "(i'm|i am|we're|we are) (doing|writing|preparing|working on|putting together|making|updating) (a|an|our|the|some)",
    "(i'm|i am|we're|we are) (just)? (curious|wondering)",
    "(i|we) (was|were|am|are)? (wonder|wondering)",
    "for (my|our) (class|students|newsletter|paper|report|thesis|article|binder|website|blog|readers|members|patrons|"
    "project|presentation|lesson|onboarding|town|senior|guide|handbook)",
    "(my|our) (class|students|newsletter|thesis|article|readers|members|patrons|professor|teacher|library|council)",
    "(tell|let|show|send|point|give|mail|email) (me|us) (know|a|an|to|some|where|how|what|when|which|whether|if)",
    "(i've|i have|we've|we have) (never|nothing) (applied|scheduled|pending|filed|collected)",
    "(i've|i have|we've|we have) no (claim|case|dealings)",
    "(excuse|believe) me",
    "(will|would|am|are) (i|we) be? (asked|required|expected) (for|to)?",
    "what (i|we) (type|write|send|enter)",
    "(i'm|i am) (currently|now)? (away|out of|on vacation|on leave|traveling)",
    "we (can|could|offer|provide|sell|help) (boost|you|your|businesses|companies|agencies|offer|save|increase)",
    "may i (show|introduce|offer|suggest|recommend)",
    "the (appeal|appeals|hearing|hearings|application|claim|claims|account) (form|forms|process|office|procedure|"
    "procedures|system|deadline|page)",
)

# The first person, and what belongs to it: whatever is left of it makes a matter one's own.
OWN = Cues.of(
    "(i|i'm|i've|i'd|i'll|im|ive|me|my|mine|myself)",
    "(we|we're|we've|we'd|we'll|us|our|ours|ourselves)",
)

# What only makes sense about somebody's matter, though it says neither whose nor which.
IMPLIED = Cues.of(
    "any (news|update|updates|word|progress)",
    "still (nothing|no|not|waiting|pending|closed|zero|locked|says|processing|don't|haven't|down)",
    "(it|this|that|which|portal|screen|letter|notice|page) (says|said|shows|showed|keeps|reads)",
    "(did|was|has|have) (it|this|that|they|these|those|he|she)",
    "(is|are) (he|she|they|these|those)",
    "(he|she|they|you) (said|told|promised|sent|stopped|cut|denied|closed|left|lost|never|took|owe|keep|kept|fired|"
    "lent|gave)",
    "(he's|she's|they've|you've) (been|got|sent|stopped|denied|lost|never|taken|told|collecting|working)",
    "(his|her|hers|their) (claim|case|money|benefits|hearing|check|file|wages|appeal|payment|records|name|job|employer|"
    "grant|voucher|address|repayment|address)",
    "your (letter|call|voicemail|message|decision|investigator|adjudicator|client)",
    "(why|how come) (was|were|did|has|have|am)",
    "(why|how come) (is|are) (it|this|the|they)",
    "why",
    "(overpaid|denied|disqualified|adjudication|reinstate|reopen|restore|backdate|redetermination|delinquent)",
    "(call|phone|reach|contact|ring) (back|him|her|them)",
    "please (release|fix|check|review|process|approve|unlock|reset|cancel|postpone|reschedule|correct|remove)",
    "kindly (release|send|forward|check|review|process|approve|look)",
    "(behalf of|constituent|power of attorney|waiver form|your client|the above)",
    "(subpoena|summons|warrant|garnishment|deposition) (attached|for|enclosed|of|-)",
    "(claim|case|file|records|wages|earnings|hearing|benefits|history) (of|for) (mr|mrs|ms|miss|dr|the claimant)",
    "(list|names|accounts|addresses) of ... (claimants|customers|employees|alumni|graduates|applicants)",
    "(friend|cousin|neighbor|neighbour|coworker|landlord|roommate) (got|has|is|was|who|works|took|would)",
    "(against|by|from) ... (llc|inc|corp|co|pc|llp)",
    "(last|past) (week|month|night|monday|tuesday|wednesday|thursday|friday)",
    "wrong (amount|name|wages|address|date|week|quarter|employer|birthday|account)",
    "which (unit|person|one|ones|paper|papers)",
    "but which",
    "(thrown|fired|let go|laid off) (on|in|from|by)",
    "(collects|collecting) (while|and)",
    "the (claim|hearing|letter|interview|decision|notice|appeal|deposit|account|1099|quarter|card|mean)",
    "(locked|flagged|missed|forgot|restart|restarted|rejected|fails|failed|expired|vanished|disappeared|bounced)",
    "(never|hasn't|didn't|not) (came|come|arrive|arrived|received|posted|working|work|updated)",
    "(is|are|went|gone) missing",
    "(got|was|were|been|being) (cut|fired|married|laid off|denied|stopped|let go|told|locked|hurt|sick|paid)",
    "(quit|lost|kept|left|moved|walked) (out|the|over|because|after|off|from|to)",
    "(is|are|was|weeks|week|much|money|time|anything) left",
    "record of a (claim|case|payment|wage)",
    "under the name",
    "next (payment|check|deposit)",
    "(on file|kick in|kicks in|is refused|was refused)",
    "what is (it|wrong)",
    "wrong with",
    "no (deposit|payment|money|check|answer|response|reply|call)",
    "(this|these|those) (form|payment|payments|letter|notice|weeks|code|question|number|message|check)",
    "(can|could|will|would) you (call|help|fix|check|look|resend)",
    "(need|want|how) to (cancel|fix|answer|dial|resend|change|correct|unlock)",
    "(a|the|is a) delay",
    "manager's name",
    "what (now|next|happens now|happens next)",
    "(someone|somebody|anybody|anyone) (call|help|check|tell|look|fix|explain)",
    "(child support|garnish|garnishment) (order|for)?",
    "is there a way",
    "(how|where|when) (is|was) (it|that)",
    "whose (claim|case|payment|benefits|account|hearing)",
    "since (monday|tuesday|wednesday|thursday|friday|saturday|sunday|last|the)",
    "(husband|wife|mother|mom|dad|father|son|daughter|spouse) (got|was|is|can|come|lost|did|does|has)",
    "(starting|going to) (school|work|a job)",
    "again",
    "the (money|check|payment|deposit|interview|voicemail|overpayment)",
    "name (of|is)",
    "under the table",
    "working and collecting",
    "following up",
    "(go|went|come|gone) (thru|through)",
    "(when|where) will it",
    "(when|where) will the (money|payment|payments|check)",
    "(posted|paid|processed|approved|received|mailed) yet",
    "just (fix|pay|call|tell|release)",
)

# What is asked when the right answer is the same for anybody.
GENERAL = Cues.of(
    "(office|phone|opening|business|walk-in|holiday|your|center|lobby|call) hours",
    "hours (of|on|for|open|are)",
    "until what time",
    "what time (do|does|are|is)",
    "(where|when|how|what|which|who) (is|are|do|does|can|could|will|would|should|may|must|sees|counts|approves|pays)",
    "(what|which) (documents|papers|information|forms|quarters|rules|law|laws|notices|towns|hours|days|state)",
    "what's (the|a|covered|in|on|included)",
    "where's (the|your|a)",
    "how (long|much|many|often|soon|far|early|late)",
    "(is|are) there",
    "are ... (accepted|allowed|required|open|closed)",
    "(can|do|are) (noncitizens|interns|seniors|retirees|parents|people|employees|freelancers|contractors)",
    "(do|does|are|is|can|will|would) (you|the|a|an|people|someone|somebody|anyone|workers|employers|contributions|"
    "veterans|students|teachers|immigrants|one|businesses|companies|claimants|holiday|part|your|public)",
    "(can|do) (i|we)",
    "(in general|generally|for anyone|general question|hypothetically)",
    "(please|kindly|could you|can you|would you) (cite|explain|provide|post|point|clarify|define|share)",
    "definition of",
    "(looking|asking|searching) for (a|an|the|general|information)",
    "(handbook|brochure|leaflet|flyer|pamphlet|booklet|newsletter|blank form|template|templates)",
    "(website|web site|webpage|broken link|link leads|typo|captcha|font)",
    "(waiting room|parking|wheelchair|elevator|restroom|bathroom|front desk|kiosk)",
    "(statistics|media question|dataset|unemployment rate|public records law|policies)",
    "(web traffic|ranking|toner|discount|unsubscribe|special offer|free trial|demo|seo|payroll is suspended)",
    "(out of office|automatic reply|auto-reply|away until)",
    "(robocall|robot voice|scam|phishing|spoofed|imposter)",
    "(is|are|does|do) ... (required|taxable|allowed|legal|counted|available|free|count|qualify|mailed|posted|matter)",
    "(does|do|will|is|are) ... (affect|cover|covered|include|included|reimbursed|taxed|wages|earnings|income)",
    "is it (true|legal|possible|allowed|ok|okay|required)",
    "(true|legal|ok|allowed) or",
    "how (a|an) (person|business|employer|worker|company)",
    "(could|can|would|will) you please? (send|email|mail) (the|a|an|some)? (instructions|form|forms|link|brochure|"
    "handbook|booklet|list|rules|guidelines|schedule|address|number|policy|statistics)",
    "please (send|email|mail) (the|a|an|some)? (instructions|form|forms|link|brochure|handbook|statistics|rules)",
    "does (it|this) (matter|count|apply)",
)

# Life, safety, a home or the right to a hearing, today or tomorrow.
URGENT = Cues.of(
    "(kill|hurt|harm|shoot) (myself|himself|herself|themselves|you|somebody|someone|everyone)",
    "(suicide|suicidal|end it all|ending it|end my life|take my life|want to die|better off dead)",
    "(no reason|nothing left) to live for?",
    "(counted|count|take|took|swallow|swallowed) (all)? (the|my|these)? pills",
    "(don't|do not|dont|can't) (want to)? (be here|live|wake up|go on) (anymore|any more|tomorrow)?",
    "(restraining|protection|protective) order",
    "(he|she) (found|follows|followed|stalks|beats|beat|hits|hit|threatened|threatens) me",
    "(he|she) (is following|waits for|is waiting for|will kill|is outside) me?",
    "he (knows|found out|finds out) where i (work|live|am)",
    "(ex|ex-husband|husband|boyfriend|stalker) (kept|keeps) (coming|following|calling|showing)",
    "(bring|bringing|got|have) (a|my) (gun|rifle|weapon|knife)",
    "(blow|burn) (up|down|it|you|your|the) ... (office|building|place|down|up)",
    "(evicted|eviction|sheriff|constable|put out|locked out|lockout|foreclosure) ... (today|tomorrow|tonight)",
    "(today|tomorrow|tonight) ... (evicted|eviction|sheriff|constable|locked out|on the street)",
    "(sleep|sleeping) in (my|the|our) car tonight",
    "(out of|no|without) (insulin|oxygen|formula|heat|food|medicine) ... (today|tonight|tomorrow|left)",
    "(insulin|formula|heat|food) ... (tonight|by tomorrow|runs out)",
    "(hasn't|haven't|has not|have not) eaten",
    "(hearing|appeal) (is|starts|ends) (today|tomorrow|this morning|now)",
    "(call|hearing) is in (an|one|1|two|2|half an) (hour|hours)",
    "(i'll|i will|gonna|i am going to|i'm going to) (bring|come down|show up|burn|shoot|make you|hurt|blow)",
    "hearing's (at|today|tomorrow)",
    "(last day|deadline) (to|for) (appeal|a hearing) is (today|tomorrow)",
    "(appeal|hearing) (is due|due|expires|ends) (today|tomorrow)",
)

# What everybody shares: "the office" is nobody's matter, and "the judge" is somebody's.
SHARED = words_of(
    "office offices center centers centre agency state department division website site page pages link form forms "
    "handbook booklet brochure leaflet guide manual rule rules law laws statute policy policies regulation regulations "
    "maximum minimum average weekly rate rates deadline hours address number numbers phone fax process procedure "
    "public general definition list statistics data instructions schedule seminar workshop workshops class classes "
    "waiting elevator door lobby building entrance parking bathroom restroom line lines counter desk kiosk sign ad "
    "radio newsletter press media base period difference same best right way mall boston lowell springfield "
    "worcester holiday holidays year month term word words wording senator mayor commonwealth country world books "
    "unemployment law's table tables fair library week requirements requirement program programs introductory tax "
    "taxes system stub template templates questionnaire quarterly fee cost amount main entry internet "
    "hearings appeals "
    "hard weekend weekends morning afternoon evening meantime street town city region union public's names",
)

# What a question of general interest is about, beside what everybody shares.
ANYBODY = words_of(
    "people person persons someone somebody anyone anybody worker workers employee employees employer employers "
    "business businesses company companies claimant claimants applicant applicants student students teacher teachers "
    "veterans veteran immigrants noncitizens seniors retirees teenagers freelancers contractors interns citizens "
    "resident residents vendors shop shops nonprofit nonprofits researchers universities reporters parents moms "
    "claims benefits benefit unemployment contributions wages earnings income bonuses bonus tip tips severance "
    "vacation holiday pension mileage jury duty training course courses cna apprenticeship jobs job fairs resume "
    "interpreter interpreters language languages records copies notices forms appeal appeals hearing hearings "
    "weeks privacy cookies fraud scam robocall letter typo captcha toner discount demo ranking quote traffic "
    "video information open minutes "
    "videos lawyer schools school print type available handbook captions tty webinar option options "
    "refreshers food continued pay working openings vacancies apply collect",
)
