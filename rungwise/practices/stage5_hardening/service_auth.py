"""Machine-to-machine calls and webhooks that prove who they are."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.clues import ELIXIR, GO, JAVASCRIPT, PHP, PROGRAM, PYTHON, RUBY, beside, both, code, dependency, either
from rungwise.facts import CLIENT_ALONE
from rungwise.model import Effort, Fact, Observable, Role, Stage
from rungwise.practices.stage5_hardening.input_validation import BROWSER

FOR_MACHINES = (
    "**/*{webhook,Webhook,hooks,callback,internal,apiKey,api_key,ApiKey,apikey,metrics,scim,middleware,Middleware,auth,Auth}*",
    "**/*{controller,Controller,handler,Handler,_api}*",
    "**/{webhooks,webhook,hooks,api,controllers,handlers,middleware,auth,integrations,gateways,views}/**",
)  # fmt: skip
"""Where requests from other machines are taken in, by the names that such files have."""
NOT_SERVED = ("**/*{sdk,jwt,Jwt,JWT,oidc,Oidc,saml,Saml,token,Token,badge,commit,release,update}*", "**/{sdk,cli,cmd,scripts}/**")
"""Where signatures are of other things: of releases, of commits, of tokens."""
SENDER = r"(?:hook|request|payload|body|http|message|event|github|gitlab|slack|stripe|paypal|qstash|twilio|mailgun|sendgrid|shopify|discord)"
SIGNED = either(
    code(
        rf"\b[cC]onstruct_?[eE]vent(Async)?\(|(?i:\b(verify|validate|is_?valid)_?(\w*{SENDER}\w*)?(signature|hmac)\w*\()"
        r"|(?i:\bverify_?webhook\w*\()|\bnew Webhook\(\s*(process|env|secret)",
        PROGRAM, but_not=(*BROWSER, *NOT_SERVED), example="stripe.webhooks.constructEvent(body, signature, secret)",
    ),
    # HTTP Signatures, as servers of a federation send them.
    code(
        r"\bhttpsig\.NewVerifier\(|\bhttpSignature\.(parseRequest|verify\w*)\(|\bHttpSignatures::Verifier\b",
        (*GO, *JAVASCRIPT, *RUBY), but_not=BROWSER, example="verifier, err := httpsig.NewVerifier(request)",
    ),
    both(
        dependency(npm="svix standardwebhooks @octokit/webhooks"),
        code(r"\bnew Webhooks?\(", JAVASCRIPT, but_not=BROWSER, example="new Webhook(secret).verify(body, headers)"),
    ),
    beside(
        code(
            r"(?i)\b\w*(hook|signature|internal_?(api|token|secret)|api_?key|cron|bearer|hmac)\w*",
            PROGRAM, files=FOR_MACHINES, but_not=BROWSER, strings=True, example="def webhook(request):",
        ),
        code(
            r"\btimingSafeEqual\(|\bcompare_digest\(|\b(secure_compare|fixed_length_secure_compare)!?\b|\bhmac\.Equal\("
            r"|\bConstantTimeCompare\(|\bFixedTimeEquals\(|\bhash_equals\(|\bMessageDigest\.isEqual\(|\bverify_slice\("
            r"|\bconstant_time_(compare|eq)\(|\bsafe_?[eE]qual\w*\(|\bverify\w*\([^)]{0,80}\bsignature\b",
            PROGRAM, files=FOR_MACHINES, but_not=BROWSER, example="hmac.compare_digest(expected, signature)",
        ),
    ),
)  # fmt: skip
"""What other machines send is checked against a signature or a secret."""
KEYED = either(
    code(
        r"\bhttp_basic_authenticate_with\b|\bauthenticate_with_http_token\b|\bauthenticate_or_request_with_http_(token|basic)\b",
        RUBY, example="http_basic_authenticate_with(name:, password:)",
    ),
    dependency(gem="gds-sso", pypi="djangorestframework-api-key"),
    code(
        r"(?i)\b\w*api_?(key|token)_?(auth\w*|guard|middleware|strategy|filter|login)\b"
        r"|\b(require|authenticate|verify|validate|check)_?((with|by|the|request|client)_?)*(api|application|app|service|internal)"
        r"_?(key|token|secret|or_?client)\b",
        PROGRAM, but_not=BROWSER, example="class ApiTokenGuard implements Guard",
    ),
    code(
        r"\b[aA][pP][iI]_?[kK]eys?(\.objects)?\.(find|first|First|single|Single|where|Where|get|filter|lookup|Any)\w*\(|\b[aA]uthenticate_?([bB]y|[wW]ith)"
        r"_?(PAT|[tT]oken|[pP]ersonal|[aA]ccess|[aA]pi)\w*\(",
        PROGRAM, but_not=BROWSER, example="const key = await prisma.apiKey.findUnique({ where: { hash } });",
    ),
    CLIENT_ALONE,
    beside(
        code(
            r"(?i)['\"]x-(\w+-)*(api-?key|secret|token)['\"]",
            PROGRAM, strings=True, but_not=BROWSER, example="$given = $this->header('X-API-Key', '');",
        ),
        code(
            r"(?i)\b(expected|configured|provided|given|received|supplied)_?(api_?)?(key|secret|token) *[!=]==? *[$\w]",
            PROGRAM, but_not=BROWSER, example="return $given_key === $expected_key;",
        ),
    ),
    code(
        r"\b[aA]uth(enticate|orize)?(By|With)?A(PI|pi)(Key|Token)\w*\(",
        GO, example="api.Use(auth.AuthAPIKey())",
    ),
    code(
        r"\bclass \w*(Client|Consumer|Service|Machine|Partner|AccessKey)Auth(entication|orization)?(Filter|Middleware|Guard)\b",
        PROGRAM, but_not=BROWSER, example="class ConsumerAuthenticationFilter implements Filter {",
    ),
    code(
        r"\bTokenAuthentication\b|\bAPIKeyHeader\(|\bauth:(api|sanctum)\b",
        (*PYTHON, *PHP), strings=True, example='"rest_framework.authentication.TokenAuthentication",',
    ),
    code(
        r"(?i)\bwithIndex\(\s*[\"'](by_?)?((api|service|worker|machine)_?)?(key|secret|token)(_?hash)?[\"']\s*,\s*\(?q\)? =>\s*q\s*\.eq\(",
        JAVASCRIPT, strings=True, files="**/convex/**", example='.withIndex("apiKey", (q) => q.eq("apiKey", args.apiKey))',
    ),
    code(
        r"!==? *[`'\"]?(Bearer \$\{)?process\.env\.\w*(SECRET|KEY|TOKEN)\b|\bprocess\.env\.\w*(SECRET|KEY|TOKEN) *!==? *\w*(?i:auth|args|key|secret|token|header|bearer)",
        JAVASCRIPT, strings=True, but_not=BROWSER, example="if (args.apiKey !== process.env.SERVICE_API_KEY) {",
    ),
    beside(
        code(
            r":(\w+_)?(api|metrics|internal|service|webhook|cron)(_\w+)?_(secret|token|key)s?\b",
            ELIXIR, files="**/*_web/**", example="plug :check_auth, :api_secret",
        ),
        code(r"\bget_req_header\(\w+, *\"authorization\"\)", ELIXIR, strings=True, example='get_req_header(conn, "authorization")'),
    ),
)  # fmt: skip
"""Other machines have keys or tokens of their own."""
NAMED = code(
    r"(?i)\b(webhook|cron|internal_api|metrics)_(secret|token|key)\b|x-hub-signature|stripe-signature|svix-signature",
    PROGRAM, strings=True, but_not=BROWSER, example='os.environ["WEBHOOK_SECRET"]',
)  # fmt: skip

PRACTICE = Practice(
    id="service-auth",
    stage=Stage.HARDENING,
    title="Webhooks and workers prove who they are",
    why="An endpoint for machines without a secret or a signature believes the whole internet.",
    advice=(
        "Verify webhooks with the provider's own helper on the raw body, and compare in constant time.",
        "On Convex, take an API key in a builder of its own; later keep keys in a table with owner and expiry.",
        "Accept the old and the new key for a day, so that rotating needs no courage.",
    ),
    looked_for="a signature, secret or token check in the handlers of webhooks and internal endpoints",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.MACHINE_ENDPOINTS, Fact.HTTP_API),
    guide="https://stack.convex.dev/custom-functions",
    question="Which webhooks come in, and how is each one verified?",
    after=("secrets-in-env",),
    present=(SIGNED, KEYED),
    partial=(NAMED,),
)
