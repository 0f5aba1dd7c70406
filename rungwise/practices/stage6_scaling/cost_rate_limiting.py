"""A limit for each user on what costs money."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import (
    CSHARP,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    Look,
    beside,
    both,
    code,
    dependency,
    either,
)
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.abuse_rate_limiting import ANYWHERE_ELSE
from rungwise.practices.stage5_hardening.input_validation import BROWSER

COSTLY = r"(?:sms|whatsapp|(?:phone|voice)_?call|ai|llm|gpt|openai|prompt|chat(?:bot)?|agent|assistant|completion|inference|generation|image|transcription|embedding|credit|usage|spend(?:ing)?|cost)"
CALL = either(
    code(
        r"\b(openai|client|openai_client|anthropic)\.(chat\.completions|completions|responses|images|embeddings|messages|audio)\.(create|parse|stream|generate)\("
        r"|\b(ChatOpenAI|AzureChatOpenAI|ChatAnthropic|ChatGoogleGenerativeAI|GenerativeModel|ChatVertexAI|ChatBedrock\w*)\(|\b(litellm\.)?a?completion\(|\breplicate\.run\(",
        PYTHON, example="client.chat.completions.create(model=model)",
    ),
    code(
        r"\b(streamText|generateText|generateObject|streamObject|generateImage|experimental_generateImage)\(|\.(chat\.completions|responses|images|messages|embeddings|beta\.chat\.completions)\.(create|generate|stream|parse)\("
        r"|\bnew (ChatOpenAI|ChatAnthropic|ChatGoogleGenerativeAI)\(|\breplicate\.run\(|\bgenerateContent(Stream)?\(",
        JAVASCRIPT, but_not=BROWSER, example="await openai.chat.completions.create({ model })",
    ),
    code(
        r"\bCreateChatCompletion(Stream)?\(|\.Chat\.Completions\.New(Streaming)?\(|\bllms\.GenerateFromSinglePrompt\(", GO,
        example="client.CreateChatCompletion(ctx, request)",
    ),
    code(
        r"\b(OpenAI|RubyLLM|Anthropic)(::Client\.new|\.chat)\b|\bclient\.chat\(parameters:|\bchat\.completions\.create\(", RUBY,
        example="client = OpenAI::Client.new",
    ),
    code(r"\bOpenAI::(chat|completions|responses|client)\(", PHP, example="OpenAI::chat()->create([])"),
    code(r"\bChat(Language)?Model\b|\bChatClient\b|\bOpenAiChatModel\b", JVM, example="ChatClient chat"),
    code(r"\bIChatClient\b|\bIChatCompletionService\b|\bCompleteChat(Streaming)?(Async)?\(", CSHARP, example="IChatClient chat"),
    code(r"\bCreateChatCompletionRequestArgs\b", RUST, example="CreateChatCompletionRequestArgs::default()"),
    code(r"\bLLMChain\.run\(|\bOpenAI\w*\.(chat_completion|chat_completions|completions)\(", ELIXIR, example="LLMChain.run(chain)"),
    code(
        r"https://api\.(openai\.com/v1/(chat/completions|completions|responses|embeddings|images|audio)|anthropic\.com/v1/(messages|complete))\b",
        PROGRAM, strings=True, but_not=BROWSER, example='fetch("https://api.openai.com/v1/chat/completions", request)',
    ),
    code(
        r"\.messages\.create\(|\bcalls\.create\(|\bMessageCreator\b|\bMessageResource\.Create\w*\(|\bMessage\.creator\(", PROGRAM, but_not=BROWSER,
        example="client.messages.create(to=number)",
    ),
)  # fmt: skip
"""A call that costs money each time."""
QUOTA = either(
    code(
        rf"(?i)\b\w*{COSTLY}s?_?(quota|allowance|budget|rate_?limit\w*|credits?_?limit|limit_?(exceeded|reached)|monthly_?limit|daily_?limit)\w*"
        rf"|\b(daily|monthly|weekly|hourly)_?\w*{COSTLY}s?_?\w*(limit|quota|cap|budget|count)\b|\b(sms|call|ai|llm|credit|generation)s?_limit\b"
        rf"|\b(authorize|check|enforce|assert|consume|reserve|has|within|exceed(s|ed)?)_?\w*{COSTLY}s?_?(limit|quota|credit|budget|allowance)\w*\("
        r"|\b(deduct|consume|decrement|charge|reserve|spend)_?(user_?|org_?|team_?|account_?)?(credits?|tokens|quota)\w*\("
        r"|\b\w*(daily|monthly|weekly|hourly)_?(message|send(ing)?|notification)s?_?(limit|quota|cap)\w*\("
        r"|\b(check|enforce|assert)_?(token|credit|ai)s?_?(usage|quota|limit|balance)\w*\("
        r"|\b(check|enforce|assert|consume|increment|get|is)_?(user_?|org\w*_?|team_?|account_?|monthly_?|daily_?|over_?)+(quota\w*|usage_?limit\w*|credits\w*|credit(_?(balance|limit|usage|count)\w*)?)\(",
        PROGRAM, but_not=(*BROWSER, "**/*{vendor,sdk}*/**"), example="if not TokenBucket.authorize_sms(user): return profile.sms_limit",
    ),
    code(
        r"\b(limit|check|reserve|rateLimit|checkRateLimit)\(\s*ctx,\s*[^)]{0,200}\bkey:\s*(\w+\.)*\w*(?i:user|org|account|team|identity|owner)\w*", JAVASCRIPT,
        strings=True, files="**/convex/**", example='await rateLimiter.limit(ctx, "llmTokens", { key: userId, count: 100 })',
    ),
    both(
        dependency(npm="autumn-js @useautumn/convex @polar-sh/sdk @openmeter/sdk lago-javascript-client", pypi="openmeter", gem="lago-ruby-client"),
        code(r"\b(autumn|openmeter|lago|entitlements?)\w*\.(check|track|value|entitlements)\b", JAVASCRIPT + PYTHON + RUBY, example="await autumn.check({ featureId })"),
    ),
)  # fmt: skip
"""A limit that is counted for each user, organisation or account."""
NEXT_TO_CALL = beside(
    code(
        r"(?i)\b\w*(rate_?limit\w*|limiter|quota\w*|throttle\w*|usage_?limit\w*|credits?)((\.|::|->)\w+)*\(|\bthrottle_classes\b|@limiter\b",
        PROGRAM, but_not=BROWSER, example="await ratelimit.limit(userId)",
    ),
    CALL,
)  # fmt: skip
ONE_IMPORT_AWAY = both(
    CALL,
    beside(
        code(
            r"(?i)^\s*(import|from|use|require|require_relative|const|var|let|using|alias)\b[^\n]*[/.\"':_]"
            r"(ai|llms?|open_?ai|gpt|anthropic|claude|gemini|chat_?bot|completions?|sms|twilio|transcri\w+|embeddings?|image_?gen\w*)[\"';\s./_:]",
            PROGRAM, strings=True, but_not=BROWSER, example='import { summarize } from "../lib/ai";',
        ),
        code(
            r"(?i)\b\w*(rate_?limit\w*|limiter|throttle\w*)((\.|::|->)\w+)*\(|\bthrottle_classes\b|@limiter\b|\brate_limit to:",
            PROGRAM, but_not=BROWSER, example="const { success } = await ratelimit.limit(userId);",
        ),
    ),
)  # fmt: skip
"""A limit in the handler itself, where the module that it imports makes the call."""
COUNTED = both(
    CALL,
    code(
        r"\bMAX_\w+_PER_(USER|ORG\w*|TEAM|ACCOUNT|WORKSPACE|TENANT|PROJECT|PLAN|DAY|MONTH)\b"
        r"|\b(?i:(has|is|check|did)_?(passed|reached|exceeded|over|above|at|hit)_?\w*(limit|quota))\w*\("
        r"|(?i)\b\w*count\w*(\(\))?\s*>=?\s*[\w.>-]*\b(plan|tier|subscription|package)s?\w*(\.|->|\[)\w*(limit|max|quota)",
        PROGRAM, but_not=BROWSER, example="if await Project.count() >= user.plan.project_limit:",
    ),
)  # fmt: skip
"""How many things of a kind an account may have: that bounds what they cost only roughly."""
CAPPED = code(
    # That a request may have such a field, as its type says, caps nothing.
    r"(?i)\b(with_?|set_?)?max_?(output_?|completion_?)?tokens\b[\"']?\]?\s*"
    r"((=>?|:=?|,)\s*[^\n]{0,60}?(\b\d|max|tokens?\b|limit)|\(\s*\w|[,}]\s*$)",
    PROGRAM, strings=True, but_not=(*BROWSER, "**/types/**"), example="max_tokens=500,",
)  # fmt: skip

OWN_KEYS = code(
    r"(?i)\b(user|member|account|workspace|org(anization)?|team|tenant|byo)s?_?\w*(openai|anthropic|llm|ai|gemini|provider)_?(api_?)?keys?\b|\bbring_?your_?own_?key\b|\bbyok\b",
    PROGRAM, but_not=BROWSER, example="key = decrypt(user.user_openai_api_key); byok = True",
)  # fmt: skip
"""Where the bill is the user's own."""

HALF = (COUNTED, CAPPED, ANYWHERE_ELSE)


def judge(look: Look) -> Verdict | None:
    """Where calls that cost money are seen and no limit of any sort is, that is a gap."""
    for whole in (QUOTA, NEXT_TO_CALL, ONE_IMPORT_AWAY):
        if signals := whole.find(look):
            return Verdict(Status.PRESENT, signals)
    if keys := OWN_KEYS.find(look):
        return Verdict(Status.NOT_APPLICABLE, keys, "Users bring their own keys.")
    calls = CALL.find(look)
    if not calls or any(half.find(look) for half in HALF):
        return None
    return Verdict(Status.ABSENT, calls, "Calls that cost money are made here, and no limit or quota was found anywhere.")


PRACTICE = Practice(
    id="cost-rate-limiting",
    stage=Stage.SCALING,
    title="One user cannot spend the month's budget",
    why="A single eager account on the free plan can use up in a night what was meant for everybody.",
    advice=(
        "On Convex, limit tokens for each user with the rate limiter component, and reserve them before the call.",
        "Elsewhere, keep a token bucket for each account in Redis or Postgres, and count the real cost afterwards.",
        "Set a hard spending alert at the provider.",
    ),
    looked_for="a limit or quota for each user or organisation before an expensive call",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.EXPENSIVE_CALLS,),
    guide="https://stack.convex.dev/rate-limiting",
    question="What is the most that one free user can cost you in a day?",
    not_for="products where users bring their own keys",
    after=("server-side-identity",),
    partial=HALF,
    judge=judge,
    uses=(CALL, QUOTA, NEXT_TO_CALL, ONE_IMPORT_AWAY, OWN_KEYS),
)
