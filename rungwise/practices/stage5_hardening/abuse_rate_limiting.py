"""Rate limits on sign-in, sign-up, reset and messages."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import (
    ANYWHERE,
    CSHARP,
    ELIXIR,
    HCL,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    SQL,
    YAML,
    Look,
    at_least,
    beside,
    both,
    code,
    dependency,
    either,
    matches,
    setting,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER

LIMIT = (
    r"(?i)\b\w*(rate_?limit|throttl(e|ing)|token_?bucket|lock_?out|brute_?force|too_?many)\w*((\.|::|->)\w+)*\(|\blimiter\.\w+\("
    r"|\b(add|check|clear|has|increment|record|reset)\w{0,20}(failed_?(login|attempt)|login_?(attempt|failure))\w*\("
)  # fmt: skip
SIGN_IN = (
    "**/*{login,account,session,password,signin,signIn,sign-in,signup,sign-up,register,registration,verification,invite}*",
    "**/*{Login,Account,Session,Password,Register,Registration,Verification,Invite}*", "**/{auth,authentication}.*",
    "**/{auth,login,account,accounts,session,sessions,identity,registration,authentication}/**",
    "**/{Auth,Identity,Account,Login}/**",
)  # fmt: skip
ELSEWHERE = (
    *BROWSER, "**/types.*", "**/*{locale,lang,client,Client}*", "**/{locale,locales,lang,i18n,translations,migrations,Migrations}/**",
)  # fmt: skip
"""Where words of sign-in are shown, translated or told by another service, and where columns are only declared."""
ON_SIGN_IN = code(
    LIMIT,
    PROGRAM, files=SIGN_IN, but_not=(*BROWSER, "**/types.*"), example="if not TokenBucket.authorize_login_email(email):",
)  # fmt: skip
ANSWERED_ON_SIGN_IN = code(
    r"(?i)\b(return|throw|raise|render|head|abort|status|send_?status|respond\w*|write_?header|json|put_status|\w*error)\b[^\n=!?]{0,60}\b(\w*too_?many_?requests|429)\b",
    PROGRAM, files=SIGN_IN, but_not=(*BROWSER, "**/*{client,Client,fetch,response}*", "**/types.*"),
    example="return echo.NewHTTPError(http.StatusTooManyRequests)",
)  # fmt: skip
"""Where people sign in, the answer that it is too often is given, whatever counts."""
COUNTED = code(
    r"(?i)\b(nb|num(ber)?)_?(of_?)?failed_?(log_?in|sign_?in|auth)\w*"
    r"|\b\w*(failed|bad|wrong|invalid)_?(log_?in|sign_?in|auth(entication)?|password)_?(attempt|tries|count|num|s\b)\w*"
    r"|\b\w*(log_?in|sign_?in|password)_?(attempt|failures|tries)\w*",
    PROGRAM, strings=True, but_not=ELSEWHERE, example="$this->db->table('users')->increment('nb_failed_login', 1);",
)  # fmt: skip
LOCKED = code(
    r"(?i)\b(\w+_)?(account|login|user|is)?_?(locked_?(until|at\b|out|till)|lock_?(until|expir|duration|out)|blocked_?until)\w*|\bis_?(locked|blocked)\b"
    r"|\b\w*(account_?locked|captcha)\w*",
    PROGRAM, strings=True, but_not=ELSEWHERE, example="return $user['locked_until'] > time();",
)  # fmt: skip
LOCK = code(
    r"(?i)\b(\w+_)?(account|login|user)?_?(locked_?until|lock_?until|lock_?expiration|account_?locked)\w*|\bLockedException\b|\bAuthenticationFailureBadCredentialsEvent\b",
    (*PROGRAM, *SQL), strings=True, but_not=ELSEWHERE, example="throw new LockedException(message);",
)  # fmt: skip
HINTED = either(COUNTED, LOCK)
"""Accounts that can be locked, or attempts that are counted: somebody thought of guessing."""
FRAMEWORK = either(
    ANSWERED_ON_SIGN_IN,
    # What counts wrong passwords and then locks the account, or asks for a captcha.
    beside(LOCKED, COUNTED),
    code(
        r"(?i)\brate_?limit\w*(\.|::)(check_limit_)?(register|login|sign_?up|sign_?in|reset|password|verif)\w*\(|\b(login"
        r"|sign_?in|sign_?up|registration|password_?reset)_?(rate_?limit|limiter|throttl)\w*",
        PROGRAM, but_not=BROWSER, example=".wrap(rate_limit.register())",
    ),
    dependency(pypi="django-allauth", npm="express-brute"),
    code(
        r"(?i)\b(failed|invalid|wrong)_?(login|sign_?in|password|pin)s?_?(attempts?_?)?(count|counter|limit)\w*"
        r"|\bmax(imum)?_?((failed|invalid)_?(login|sign_?in|attempt)|(login|sign_?in|password)_?(attempt|failure|tries|retries))s?\w*|\b(login|sign_?in|password)_?attempts?_?(before|until|left|limit|count)\w*",
        PROGRAM, but_not=(*BROWSER, "**/{migrations,Migrations}/**"), example="user.InvalidLoginAttemptCount++;",
    ),
    code(
        r"(?i)\b(rate_?limit(s|ers?|ing)?|limiters)\.(auth|log_?in|sign_?(in|up)|register|(reset_?)?password)\b",
        JAVASCRIPT, but_not=(*BROWSER, "**/types.*"), example="router.post(path, limiters.login, signIn);",
    ),
    code(
        r"[\"'/](log-?in|sign-?(in|up)|auth|register|(reset-?)?password)\b[^\n]*\b\w*([lL]imiter|[rR]ateLimit\w*|[tT]hrottle\w*)\b",
        JAVASCRIPT, strings=True, but_not=BROWSER, example="app.use('/api/auth', rateLimit({ windowMs, max }));",
    ),
    code(
        r"(?i)\b(create_?user|sign_?(up|in)|log_?in|(failed_?)?log_?ins?|register|join\w*|invit\w+|reset_?password|password_?reset|verif\w*"
        r"|(send_?|post_?|new_?)?(message|e?mail|sms|otp|invite|comment)\w*|\w*(e?mails?|sms|messages?|invites?))\w*:\s*\{\s*kind: *[\"'](token bucket|fixed window)[\"']",
        JAVASCRIPT, strings=True, files="**/convex/**", example='failedLogins: { kind: "token bucket", rate: 10, period: HOUR },',
    ),
    code(r"\buse PlugAttack\b|\bHammer\.(check_rate|hit)\w*\(", ELIXIR, example="Hammer.check_rate(key, scale, limit)"),
    code(r"@RateLimiter\b", JVM, files=SIGN_IN, example='@RateLimiter(name = "login")'),
    code(
        r":lockable\b|:brute_force_protection\b|\bconsecutive_failed_logins_limit\b",
        RUBY, example="devise :database_authenticatable, :lockable",
    ),
    code(
        r"\blockoutOnFailure: true\b|\bPasswordSignInAsync\([^;]{0,200},\s*true\s*\)|\bAccessFailedAsync\(|\bRequireRateLimiting\(|\[EnableRateLimiting",
        CSHARP, example="PasswordSignInAsync(name, password, remember, lockoutOnFailure: true)",
    ),
    code(r"^\s*login_throttling:", YAML, example="      login_throttling:"),
    code(
        r"\bRack::Attack\.(throttle|track)\b|^\s*rate_limit to:|\bthrottle\(",
        RUBY, example='Rack::Attack.throttle("logins/ip", limit: 5)',
    ),
    code(
        r"\bThrottlesLogins\b|\bthrottle:[\w,]+|\bRateLimiter::(for|attempt|hit)\(",
        PHP, strings=True, example="->middleware('throttle:6,1')",
    ),
    both(
        dependency(pypi="django-axes django-defender"),
        code(r"\baxes\b|\bdefender\b", PYTHON, strings=True, example='INSTALLED_APPS += ["axes"]'),
    ),
)  # fmt: skip
NOT_LIMITED = (*BROWSER, "**/*{github,client,Client,fetcher,response}*", "**/migrations/**")
NOT_JAVASCRIPT = tuple(language for language in PROGRAM if language not in JAVASCRIPT)
LIMITER = (
    r"\b\w*(rate_?limit(er|ers|s|ing)?|token_?bucket|lock_?out)((\.|::|->)\w+)*\("
    r"|\b\w*(request|login|user|ip|api|anon|scoped|view)_?throttl(e|ing|er)s?((\.|::|->)\w+)*\("
)
ANYWHERE_ELSE = either(
    code(
        rf"(?i){LIMITER}", NOT_JAVASCRIPT, but_not=NOT_LIMITED, example="if not self.rate_limiter.hit(key):",
    ),
    code(
        # A method whose parameters have types is only defined.
        rf"(?i)({LIMITER})\s*($|[^\w\s]|\w+\s*($|[^\w\s:?]))", JAVASCRIPT, but_not=NOT_LIMITED, example="await rateLimit(key, 10);",
    ),
    code(
        r"(?i)\bthrottl(e|ing|er)s?((\.|::|->)\w+)*\(\s*($|[^\sf]|f([^u\n]|u[^n\n]))",
        NOT_JAVASCRIPT, but_not=NOT_LIMITED, example="throttle.check(request)",
    ),
    code(
        # What is given a function calls that less often, whoever asks for it.
        r"(?i)\bthrottl(ing|ers?)((\.)\w+)*\(|\bthrottle(\.\w+)+\(|\bthrottle\(\s*[{\d]",
        JAVASCRIPT, but_not=NOT_LIMITED, example="router.post('/login', throttle({ limit: 5 }), login);",
    ),
    code(
        r"\bthrottle_classes\b|\bDEFAULT_THROTTLE_(RATES|CLASSES)\b", PYTHON, strings=True, example="throttle_classes = [BurstThrottle]",
    ),
    dependency(
        npm="@convex-dev/rate-limiter express-rate-limit rate-limiter-flexible @fastify/rate-limit @nestjs/throttler"
        " @upstash/ratelimit hono-rate-limiter express-slow-down koa-ratelimit",
        pypi="slowapi flask-limiter django-ratelimit fastapi-limiter limits django-axes", gem="rack-attack",
        crates="governor tower-governor actix-governor",
        go="github.com/ulule/limiter github.com/didip/tollbooth github.com/go-chi/httprate",
        maven="com.bucket4j:bucket4j_jdk17-core com.bucket4j:bucket4j-core", nuget="AspNetCoreRateLimit",
        hex="hammer ex_rated plug_attack",
    ),
    code(
        r"\blimit_req_zone\b|\brate_based_statement\b|\brateLimit:",
        (*YAML, In.PROPERTIES, *HCL), example="limit_req_zone $binary_remote_addr zone=login:10m rate=1r/s;",
    ),
)  # fmt: skip
THE_PRODUCT = either(
    both(
        at_least(25, either(ANYWHERE_ELSE, ON_SIGN_IN)),
        code(
            r"(?i)\brate[- ]?limit(ing|er)?s?\b",
            (In.MARKDOWN,), files="README*", where=ANYWHERE, example="**Rate limiting** for any API",
        ),
    ),
    setting("topic", "rate-limiting", "ratelimit", "rate-limiter", "ratelimiting"),
)  # fmt: skip
"""What its README announces and much of its code is about is what it sells."""
DELEGATED = dependency(
    npm="@clerk/nextjs @clerk/clerk-react @clerk/react @clerk/express @clerk/remix @clerk/react-router @clerk/tanstack-react-start @clerk/vue"
    " @auth0/nextjs-auth0 @auth0/auth0-react @auth0/auth0-vue @auth0/auth0-angular @workos-inc/authkit-nextjs @workos-inc/authkit-react"
    " @workos-inc/authkit-remix @workos-inc/authkit-react-router @kinde-oss/kinde-auth-nextjs @kinde-oss/kinde-auth-react",
    gem="gds-sso",
)  # fmt: skip
BY_ANOTHER = dependency(
    npm="next-auth @auth/core arctic openid-client", pypi="authlib social-auth-app-django mozilla-django-oidc",
    gem="omniauth omniauth-github", crates="oauth2 openidconnect", go="github.com/coreos/go-oidc golang.org/x/oauth2",
    nuget="Microsoft.AspNetCore.Authentication.OpenIdConnect",
)  # fmt: skip
REFUSED = code(
    r"(?i)\btoo many (requests|attempts|tries|login)|\b(status)?_?too_?many_?requests\b",
    PROGRAM, strings=True,
    but_not=(*BROWSER, "**/*{fetch,locale,lang,response,client}*", "**/{locale,locales,lang,i18n,translations}/**"),
    example='response = "Too many requests. Please try again later."',
)  # fmt: skip
OWN_PASSWORD = either(
    dependency(
        npm="bcrypt bcryptjs argon2 @node-rs/argon2 @node-rs/bcrypt scrypt-kdf", pypi="passlib bcrypt argon2-cffi pwdlib",
        gem="bcrypt devise",
    ),
    code(
        r"(?i)\b(bcrypt|argon2|scrypt|pbkdf2)\w*\b|\bcheck_?password(_hash)?\(|\bverify_password\(|\bpassword_verify\("
        r"|\bhas_secure_password\b|\bPasswordEncoder\b|\bPasswordHasher\b",
        PROGRAM, but_not=BROWSER, example="bcrypt.CompareHashAndPassword(hash, password)",
    ),
    code(
        r"\bLoginView\b|\bdjango\.contrib\.auth\.urls\b|\bAuthenticationForm\b",
        PYTHON, strings=True, example='path("login/", LoginView.as_view()),',
    ),
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """Where passwords are checked in this code and nothing limits anything, guessing is as fast as the network."""
    if delegated := DELEGATED.find(look):
        return Verdict(
            Status.PRESENT,
            delegated,
            "Sign-in is delegated to a service that limits it; messages of the product's own may still need a limit.",
        )
    own, limits = OWN_PASSWORD.find(look), ANYWHERE_ELSE.find(look)
    if limits and not own and BY_ANOTHER.find(look):
        return Verdict(Status.PRESENT, limits, "Sign-in is another service's; requests are limited here.")
    if limits or ON_SIGN_IN.find(look) or FRAMEWORK.find(look) or REFUSED.find(look):
        return None
    if own and (hinted := HINTED.find(look)):
        reason = (
            f"{hinted[0].path} counts attempts or locks accounts; whether that limits them, only people who know it can tell."
        )
        return Verdict(Status.NOT_SEEN, hinted, reason)
    own = tuple(sorted(own, key=lambda signal: not matches(signal.path or "", SIGN_IN)))
    return Verdict(Status.ABSENT, own, "Passwords are checked here, and no limit was found anywhere.") if own else None


PRACTICE = Practice(
    id="abuse-rate-limiting",
    stage=Stage.HARDENING,
    title="Guessing passwords and flooding inboxes is slow",
    why="Stolen passwords are tried by machines; a counter for each account and address makes that pointless.",
    advice=(
        "On Convex, add the rate limiter component for failed sign-ins, and reset it when one succeeds.",
        "Use what your framework brings: rate_limit in Rails, throttle in Laravel, AddRateLimiter in .NET, express-rate-limit.",
        "Answer with Retry-After, and raise an alert on bursts.",
    ),
    looked_for="a limiter on the paths that sign in, sign up, reset a password or send messages",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.USERS, Fact.HTTP_API),
    guide="https://stack.convex.dev/rate-limiting",
    question="How many wrong passwords a minute are possible for one account, and from one address?",
    after=("server-side-identity",),
    present=(ON_SIGN_IN, FRAMEWORK),
    partial=(ANYWHERE_ELSE,),
    judge=judge,
    uses=(DELEGATED, BY_ANOTHER, REFUSED, OWN_PASSWORD, HINTED),
    product=(THE_PRODUCT,),
)
