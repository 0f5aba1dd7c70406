"""The server derives the user from a verified session."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import CSHARP, ELIXIR, GO, JAVASCRIPT, JVM, PHP, PYTHON, RUBY, RUST, Look, both, code, dependency, either
from rungwise.facts import RESOURCE_SERVER, SIGNED_IN_RAILS
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER

CONVEX_IDENTITY = code(
    r"\bgetUserIdentity\(|\bgetAuthUserId\(|\b(get|require)\w*(User|Viewer|Identity)\w*\(\s*ctx\b|\b[zZ]?[cC]ustom(Query"
    r"|Mutation|Ctx)\(",
    JAVASCRIPT, files="**/convex/**", counted=True, example="const identity = await ctx.auth.getUserIdentity();",
)  # fmt: skip
CONVEX_WRITES = code(
    r"^export const \w+ = (mutation|action)\(",
    JAVASCRIPT, files="**/convex/**", counted=True, example="export const send = mutation({",
)  # fmt: skip

LIBRARY = dependency(
    npm="@convex-dev/auth @convex-dev/better-auth @clerk/nextjs @clerk/express @clerk/backend @auth0/nextjs-auth0"
    " express-oauth2-jwt-bearer next-auth @auth/core better-auth lucia passport iron-session express-session @supabase/ssr"
    " @workos-inc/authkit-nextjs supertokens-node keycloak-connect express-jwt @fastify/jwt @nestjs/passport @nestjs/jwt"
    " openid-client jose jsonwebtoken koa-jwt arctic",
    pypi="djangorestframework-simplejwt django-allauth flask-login flask-jwt-extended fastapi-users authlib pyjwt python-jose"
    " social-auth-app-django mozilla-django-oidc flask-security-too",
    go="github.com/coreos/go-oidc github.com/golang-jwt/jwt github.com/gorilla/sessions github.com/alexedwards/scs"
    " github.com/lestrrat-go/jwx",
    maven="org.springframework.boot:spring-boot-starter-security io.quarkus:quarkus-oidc io.dropwizard:dropwizard-auth",
    gem="devise omniauth rodauth-rails sorcery clearance doorkeeper warden gds-sso",
    composer="laravel/sanctum laravel/passport laravel/fortify symfony/security-bundle tymon/jwt-auth",
    crates="axum-login jsonwebtoken openidconnect actix-identity",
    nuget="Microsoft.AspNetCore.Authentication.JwtBearer Microsoft.AspNetCore.Identity.EntityFrameworkCore"
    " Microsoft.Identity.Web OpenIddict.AspNetCore Microsoft.AspNetCore.Authentication.OpenIdConnect",
    hex="guardian ueberauth pow joken assent",
)  # fmt: skip
READ = either(
    CONVEX_IDENTITY,
    code(
        r"\b(getServerSession|getServerAuthSession|clerkMiddleware|getAuthUserId|verifyIdToken|jwtVerify|getIronSession)\(",
        JAVASCRIPT, but_not=BROWSER, example="const session = await getServerSession(options)",
    ),
    code(
        r"\bpassport\.(authenticate|use)\(|\bjwt\.verify\(|\bauth\.api\.getSession\(|\bsupabase\.auth\.getUser\(|\bJWT\.verify\(",
        JAVASCRIPT, but_not=BROWSER, example="passport.authenticate('jwt')",
    ),
    code(
        r"\b(get|require)(Optional)?Session\(|\b(ctx|context|c)\.(session|state\.auth|state\.user|get\(\"user\"\))"
        r"|\breq(uest)?\.(user|session|auth)\b",
        JAVASCRIPT, but_not=BROWSER, example="const user = req.user",
    ),
    both(
        LIBRARY,
        code(
            r"\bawait auth\(|\bcurrentUser\(\)|@UseGuards\(",
            JAVASCRIPT, but_not=BROWSER, example="const session = await auth();",
        ),
    ),
    code(
        r"\b(request\.user|current_user|request\.identity|authenticated_userid|g\.user)\b|@login_required|\bIsAuthenticated\b"
        r"|\bget_jwt_identity\(",
        PYTHON, example="if request.user.is_authenticated:",
    ),
    code(
        r"\bDepends\(\s*\w*(current|auth)\w*|\bjwt\.decode\(|\bset_security_policy\(|\brequires?_(admin_)?auth\b",
        PYTHON, example="user: User = Depends(get_current_user)",
    ),
    both(
        code(
            r"\bCompareHashAndPassword\(|\bBasicAuth\(\)|\bParseWithClaims\(|\bjwt\.Parse\w*\(|\bIDTokenVerifier\b|\.Cookie\("
            r"|\boidc\.|\bjwt\.(Decode|Verify|Validate)\w*\(",
            GO, example="username, password, ok := r.BasicAuth()",
        ),
        either(
            code(
                r"(?i)\b(get|fetch|require|try|must)?(current|login|logged_?in|signed_?in|auth(ed|enticated)?|session)?_?(user|viewer|account)(info|id)?"
                r"((from|by)_?(ctx|context|request|session|token))?\(\s*(ctx|c|r|req|request)\b|\bauth\.Get\w+\("
                r"|\.Set(Current)?(User|Account|Principal|Identity)\(|\bcontext\.WithValue\([^,\n]+,[^,\n]*(?i:user|account|principal|identity|claims|session)",
                GO, example="userID := request.UserID(r)",
            ),
            code(
                r"(?i)\b(c|ctx|context|g)\.(MustGet|Get|GetUint|GetInt|GetInt64|GetString|Locals)\(\s*\"(current_?)?(user|uid|user_?id|claims|account)\"",
                GO, strings=True, example='userID := c.GetUint("user_id")',
            ),
            code(
                r"\b(ctx|[cC]ontext\(\))\.Value\(\s*\w*([uU]ser|[cC]laims|[iI]dentity|[pP]rincipal|[aA]ccount)\w*",
                GO, example="user := r.Context().Value(userKey).(*User)",
            ),
        ),
    ),
    code(
        r"\b(Reactive)?SecurityContextHolder\b|@AuthenticationPrincipal\b|@Auth\b|\bAuthenticator<|\b(Server)?HttpSecurity\b"
        r"|\bSecurityIdentity\b|\bSecurityUtils\b",
        JVM, example="public void edit(@AuthenticationPrincipal User user)",
    ),
    code(
        r"\bcurrent_user\b|\bauthenticate_\w+!|\bauthenticate_or_request_with_http_(basic|digest)\b",
        RUBY, example="current_user.orders",
    ),
    SIGNED_IN_RAILS,
    RESOURCE_SERVER,
    code(
        r"\b[aA]uth(::|\(\)->)(user|id|check)\(|\$request->user\(|->middleware\(\s*\[?['\"]auth|#\[IsGranted|\$this->getUser\("
        r"|\buser\(\)->",
        PHP, strings=True, example="$user = auth()->user();",
    ),
    code(
        r"\[Authorize\b|\bUser\.(FindFirst|Identity|GetUserId|IsInRole)|\bAddAuthentication\(|\bRequireAuthorization\(",
        CSHARP, example="[Authorize]",
    ),
    code(
        r"\bFromRequest(Parts)?(<[^>]*>)? for \w*(User|Auth|Session|Header|Claims|Identity|Token|Guard|Account)\w*"
        r"|\bdecode::<\w*Claims",
        RUST, example="impl<S> FromRequestParts<S> for AuthHeader {",
    ),
    code(
        r":current_user\b|\bfetch_current_\w+|\bGuardian\.|\bplug[ (](:require_|:authenticate|\w+\.\w*Auth)|\bget_session\(conn"
        r"|\bPhoenix\.Token\.verify\(|\bJoken\.\w*verify\w*\(|\bverify_and_validate!?\(",
        ELIXIR, example="plug :fetch_current_user",
    ),
    both(
        LIBRARY,
        code(r"\bget_req_header\(\w+, *\"authorization\"\)", ELIXIR, strings=True, example='get_req_header(conn, "authorization")'),
    ),
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """On Convex a sign-in that most public writes never ask for is half of the practice."""
    writes, reads = (sum(signal.places for signal in clue.find(look)) for clue in (CONVEX_WRITES, CONVEX_IDENTITY))
    if reads and reads * 2 < writes:
        reason = f"The caller's identity is read in {reads} places, for {writes} public functions that write."
        return Verdict(Status.PARTIAL, CONVEX_IDENTITY.find(look) + CONVEX_WRITES.find(look), reason)
    return None


PRACTICE = Practice(
    id="server-side-identity",
    stage=Stage.HARDENING,
    title="The server learns who is calling from a verified session",
    why="A user id in the request is a claim by whoever sent it; only the session or the token proves it.",
    advice=(
        "On Convex, read ctx.auth.getUserIdentity() in one helper and take userId out of the public arguments.",
        "Elsewhere, take the user from the framework: auth() in Next.js, a FastAPI dependency, Spring Security, Devise.",
        "Treat an id from the client as something to look up and to authorise, never as proof.",
    ),
    looked_for="server code that reads the caller from a verified session or token",
    role=Role.ANCHOR,
    effort=Effort.MEDIUM,
    impact=5,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.MOB),
    requires=(Fact.USERS, Fact.HTTP_API),
    guide="https://docs.convex.dev/auth/functions-auth",
    question="Where does the server learn who is calling?",
    not_for="public read-only services and single-user tools",
    present=(READ,),
    partial=(LIBRARY,),
    judge=judge,
    uses=(CONVEX_WRITES,),
)
