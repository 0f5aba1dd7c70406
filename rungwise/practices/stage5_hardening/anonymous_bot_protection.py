"""Protection against bots where no account is needed."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import ANYWHERE, HCL, HTML, JAVASCRIPT, PHP, PROGRAM, YAML, Language, Look, both, code, dependency, either
from rungwise.facts import BY_SESSION, UNASKED_WRITES
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.abuse_rate_limiting import OWN_PASSWORD
from rungwise.practices.stage5_hardening.input_validation import BROWSER

VERIFIED = either(
    code(
        r"(?i)(turnstile/v0|hcaptcha\.com|recaptcha/api|recaptcha\.net/recaptcha/api|friendlycaptcha\.com/api\S*)/?siteverify"
        r"|\brecaptchaenterprise\b",
        PROGRAM, strings=True, example='URL = "https://challenges.cloudflare.com/turnstile/v0/siteverify"',
    ),
    code(
        r"(?i)\b(\w+_)?(verify|check|validate|assess|is_?valid)_?(the)?(re|h)?_?(captcha|turnstile|honey_?pot)\w*\(|\b(re"
        r"|h)?captcha\w*(\.|::|->)(verify|check|validate|assess|is_?valid)\w*\(|\bverify_recaptcha\b"
        r"|\b(captcha|turnstile|honey_?pot)_?(verif|check|validat)\w*\(",
        PROGRAM, but_not=BROWSER, example="if not verify_captcha(token):",
    ),
    dependency(
        gem="recaptcha rails_cloudflare_turnstile invisible_captcha",
        composer="spatie/laravel-honeypot ryangjchandler/laravel-cloudflare-turnstile anhskohbo/no-captcha buzz/laravel-h-captcha"
        " biscolab/laravel-recaptcha google/recaptcha mews/captcha",
        go="github.com/mojocn/base64Captcha github.com/dchest/captcha github.com/steambap/captcha",
        nuget="reCAPTCHA.AspNetCore", hex="hcaptcha recaptcha",
        pypi="django-recaptcha django-turnstile django-hcaptcha django-honeypot django-simple-captcha",
    ),
    code(
        r"\b(Captcha|EWZRecaptcha(V3)?|Recaptcha3?|Turnstile|HCaptcha|Hcaptcha|FriendlyCaptcha|Altcha|Honeypot)Type::class",
        PHP, example="$builder->add('captcha', CaptchaType::class)",
    ),
    both(
        dependency(npm="better-auth"),
        code(
            r"\bcaptcha\(\{[^;]{0,200}\bsecret_?[kK]ey\b",
            JAVASCRIPT, but_not=BROWSER, example="plugins: [captcha({ provider: P, secretKey: env.TURNSTILE_SECRET })]",
        ),
    ),
)  # fmt: skip
WIDGET = dependency(
    npm="@marsidev/react-turnstile react-google-recaptcha @hcaptcha/react-hcaptcha altcha react-turnstile vue-turnstile",
)  # fmt: skip


TRANSLATED = "**/{lang,langs,locale,locales,i18n,translations}/**"
"""Words for whatever a framework could say, used or not."""
MENTIONED = code(
    r"(?i)captcha|turnstile|honey_?pot|bot_?(id|check|detect|protect|manag)|arcjet|altcha|friendly.?challenge|proof_?of_?work|\bwaf",
    (*PROGRAM, *HTML, *YAML, *HCL), strings=True, where=ANYWHERE, but_not=TRANSLATED, example="captcha_required: bool",
)  # fmt: skip


BY_OPERATORS = ("**/{Console,console,cli}/**", "**/management/commands/**", "{bin,scripts,tasks}/**", "**/*seed*")
"""Where those who run the product make accounts."""
SIGN_UP = either(
    code(
        r"(?i)\b(post|route|path|url|match|get|resources?|handle(func)?|scope|action)\w*\b[^\n]{0,30}([\"'/:]sign[-_]?up|[\"'](/?(api|auth|users?|accounts?|identity|public|v\d|:\w+))*/?(register|registrations?|create[-_]?account)|:registrations?)\b",
        PROGRAM, strings=True, but_not=(*BROWSER, *BY_OPERATORS), example='app.post("/signup", handler)',
    ),
    code(
        r"\b(class|def|func|fn|function|async) (\(\w+ \*?\w+\) )?\w*(SignUp|Signup|sign_up|signup|UserRegist|RegisterUser|register_user|registerUser|AccountRegist|RegisterController|RegistrationsController|RegistrationView)\w*",
        PROGRAM, but_not=(*BROWSER, *BY_OPERATORS), example="class RegistrationsController",
    ),
    dependency(gem="devise", composer="laravel/breeze laravel/ui"),
    code(r"\bFeatures::registration\(\)", PHP, example="        Features::registration(),"),
)  # fmt: skip
"""Where strangers make an account. Comparing a password shows only that there are accounts."""
HANDED_OVER = dependency(
    gem="omniauth-auth0 omniauth-okta omniauth-cognito-idp gds-sso",
    npm="@auth0/nextjs-auth0 @auth0/auth0-react @auth0/auth0-angular @auth0/auth0-vue express-openid-connect @clerk/nextjs @clerk/clerk-react @clerk/express"
    " @workos-inc/authkit-nextjs @kinde-oss/kinde-auth-nextjs",
    composer="auth0/login", nuget="Auth0.AspNetCore.Authentication", maven="com.auth0:auth0-spring-security-api com.okta.spring:okta-spring-boot-starter",
)  # fmt: skip
"""A service whose pages people sign up on."""
FIRST = code(
    r"(?i)\b(register|create|add|sign_?up|set_?up)_?(the_?)?(first|initial)_?(user|admin|account|owner)\w*",
    PROGRAM, but_not=(*BROWSER, *BY_OPERATORS), example="public async Task<UserDto> RegisterFirstUser(RegisterDto dto)",
)  # fmt: skip
"""An account that is made once, when the product is set up."""
PASSWORDS = either(OWN_PASSWORD, dependency(composer="laravel/fortify laravel/jetstream laravel/breeze laravel/ui"))
OPEN = code(
    r"(?i)(disable|close)\w{0,12}_?(sign_?ups?|registrations?)\w*[\"']?\)?\s*(=\s*|(=>|:=|[,:]|=[^=\n])[^\n]{0,60}\b)(false|0)\b"
    r"|(allow|enable|open)\w{0,12}_?(sign_?ups?|registrations?)\w*[\"']?\)?\s*(=\s*|(=>|:=|[,:]|=[^=\n])[^\n]{0,60}\b)(true|1)\b",
    (*PROGRAM, Language.PROPERTIES), strings=True, but_not=BROWSER, example="DISABLE_SIGNUP=false",
)  # fmt: skip
"""Where nobody says otherwise, strangers are let in."""
CLOSED = code(
    r"(?i)\b\w*(invit(e|ation)s?_?only|require_?invit\w*|invit(e|ation)_?required|open_?sign_?ups?|single_?user_?mode"
    r"|(allow|disable|enable|disallow|open)\w{0,12}_?(sign_?ups?|registrations?)|(sign_?ups?|registrations?)_?(is_?)?(enabled?|disabled?|allowed|open|closed))\w*",
    PROGRAM, strings=True, example="if settings.allow_signups:",
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """Who signs up strangers with passwords of their own, and never names a challenge, has none. Elsewhere nothing seen is a question."""
    if VERIFIED.find(look) or WIDGET.find(look):
        return None
    sign_up, first = SIGN_UP.find(look), FIRST.find(look)
    if first and {signal.path for signal in sign_up} <= {signal.path for signal in first}:
        return Verdict(Status.NOT_APPLICABLE, (), "Only the first account is made without an invitation.")
    if (
        sign_up
        and not PASSWORDS.find(look)
        and not BY_SESSION.find(look)
        and not UNASKED_WRITES.find(look)
        and HANDED_OVER.find(look)
    ):
        return Verdict(Status.NOT_APPLICABLE, (), "Another service makes the accounts, and keeps scripts out.")
    if sign_up and PASSWORDS.find(look) and not MENTIONED.find(look):
        if (closed := CLOSED.find(look)) and not OPEN.find(look):
            return Verdict(
                Status.NOT_SEEN, closed, f"No challenge was seen; by {closed[0].path} sign-up may be closed to strangers."
            )
        return Verdict(Status.ABSENT, sign_up, "Strangers can sign up here, and no challenge is named anywhere.")
    if (unasked := BY_SESSION.find(look)) and not MENTIONED.find(look):
        return Verdict(Status.ABSENT, unasked, "Whoever writes first becomes a user here, and no challenge is named anywhere.")
    if (unasked := UNASKED_WRITES.find(look)) and not MENTIONED.find(look):
        return Verdict(Status.ABSENT, unasked, "Anybody may write here without signing in, and no challenge is named anywhere.")
    return Verdict(Status.NOT_SEEN, (), "No challenge was seen in the code; one at the edge would not show here.")


PRACTICE = Practice(
    id="anonymous-bot-protection",
    stage=Stage.HARDENING,
    title="Forms that anybody may send tell people from scripts",
    why="Limits by address hit people behind one router and miss a botnet; a challenge bound to a session does better.",
    advice=(
        "Put Turnstile or a similar challenge on sign-up and contact forms, and verify its answer on the server.",
        "Keep the passed challenge with the session, and limit what that session may do.",
    ),
    looked_for="a captcha, a challenge or a honeypot that the server verifies",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.ANONYMOUS_WRITES,),
    guide="https://stack.convex.dev/rate-limiting",
    question="What stops a script from making a thousand accounts?",
    not_for="products where each write needs an account, and internal tools",
    after=("abuse-rate-limiting",),
    present=(VERIFIED,),
    partial=(WIDGET,),
    judge=judge,
    uses=(PASSWORDS, SIGN_UP, FIRST, OPEN, CLOSED, MENTIONED, HANDED_OVER, BY_SESSION, UNASKED_WRITES),
)
