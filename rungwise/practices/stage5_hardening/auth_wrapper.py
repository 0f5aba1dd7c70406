"""One standard authentication pattern for public functions."""

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
    YAML,
    Look,
    at_least,
    beside,
    both,
    code,
    either,
)
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER, FUNCTIONS, NOT_PUBLIC
from rungwise.practices.stage5_hardening.server_side_identity import CONVEX_IDENTITY, READ

PLAIN = code(
    r"^export const \w+ = (query|mutation|action)\(",
    JAVASCRIPT, files="**/convex/**", counted=True, example="export const list = query({",
)  # fmt: skip
COPIED = code(
    r"\bctx\.auth\.getUserIdentity\(|\bgetAuthUserId\(",
    JAVASCRIPT, files="**/convex/**", counted=True, example="await ctx.auth.getUserIdentity()",
)  # fmt: skip
HELPER = code(
    r"^export (async )?function (assert|authorize|check|ensure|has|is|require|validate|verify)\w*(Session|Member|Admin|Viewer|User|Identity|Access)\w*\(\s*\{?\s*ctx\b",
    JAVASCRIPT, files="**/convex/**", example="export async function assertIsAdmin(ctx: QueryCtx) {",
)  # fmt: skip
"""A check that several handlers share."""

BASE_CONTROLLERS = (
    "app/controllers/application_controller.rb", "app/controllers/{admin,api,api/v*}/{base,admin,application}_controller.rb",
)  # fmt: skip
BETWEEN = "(?:Web|Base|Authenticated|Secured?|Protected|SignedIn|Private|Internal)"
"""What a controller is called that most others descend from, below Rails' own."""
DEFAULT = either(
    code(
        r"^\s*(prepend_)?before_action :(authenticate|require_(login|user|signin|sign_in)|doorkeeper_authorize|authorize_user"
        r"|ensure_logged)\w*!?\s*$|^\s*before_action :(authenticate_\w+!|require_login|doorkeeper_authorize!), (except|unless)",
        RUBY, files=BASE_CONTROLLERS, example="  before_action :authenticate_user!",
    ),
    # What Rails' own generator writes: a concern that guards, taken in by the controller that all others descend from.
    both(
        code(
            r"^\s*include [^\n#]*\b\w*Authenti(cation|catable|cates?)\w*\b",
            RUBY, files="app/controllers/application_controller.rb", example="  include Authentication",
        ),
        code(
            r"^\s*before_action :(require_(authentication|login|user|signin|sign_in)!?|authenticate\w*!)\s*$",
            RUBY, files="app/controllers/concerns/**/*authenti*.rb", example="    before_action :require_authentication",
        ),
    ),
    both(
        code(
            r"^\s*(prepend_)?before_action :(authenticate|require_(login|user|signin|sign_in)|ensure_logged)\w*!?\s*$",
            RUBY, files="app/controllers/**/{web,base,authenticated,secure,secured,protected,signed_in,private,internal}_controller.rb",
            example="  before_action :authenticate_and_check_access",
        ),
        at_least(
            5,
            code(
                rf"^\s*class \S+Controller < (::)?(\w+::)*{BETWEEN}Controller\b",
                RUBY, files="app/controllers/**", example="class OrdersController < AuthenticatedController",
            ),
        ),
    ),
    both(
        code(
            r"\b(protected|authed|authenticated|private)\w*Procedure\b.*=",
            JAVASCRIPT, example="export const protectedProcedure = t.procedure.use(isAuthed)",
        ),
        at_least(
            3,
            code(
                r"\b(protected|authed|authenticated|private)\w*Procedure\b",
                JAVASCRIPT, example="create: authenticatedProcedure.input(schema)",
            ),
        ),
    ),
    at_least(
        3,
        code(
            r"\b(authenticated|authed|protected)\w*Action(Client)?\b|\b(withAuth|withSession|\w*Authed[A-Z]\w*|authedRoute)\(",
            JAVASCRIPT, example="export const save = authenticatedActionClient.inputSchema(Z).action(run)",
        ),
    ),
    code(
        r"\b(app|router|server|api)\.use\(\s*([\"'][^\"']*[\"'],\s*)?(\w+\.)*(\w*[rR]equire(Auth|User|Login|SignIn)\w*|ensure\w+|is[AL]\w+|\w*[aA]uth"
        r"(Middleware|Guard|enticate\w*|orize\w*)?|\w*[jJ]wt\w*|verifyToken|protect)\s*[(,)]|\bAPP_GUARD\b",
        JAVASCRIPT, but_not=BROWSER, example="app.use(requireAuth)",
    ),
    at_least(
        5,
        code(
            r"\bauth\(\)?,|\bauth\(\{|@(Authenticated|UseGuards|Authorized)\(|\b(requireAuth|ensureAuthenticated"
            r"|isAuthenticated)\b,",
            JAVASCRIPT, but_not=BROWSER, example="router.post('users.list', auth(), validate(T.S), handler)",
        ),
    ),
    code(
        r"\bLoginRequiredMiddleware\b|\bDEFAULT_PERMISSION_CLASSES\b[\s\S]{0,120}\bIsAuthenticated\b"
        r"|\bset_default_permission\(|\bset_security_policy\(",
        PYTHON, strings=True, example='MIDDLEWARE += ["django.contrib.auth.middleware.LoginRequiredMiddleware"]',
    ),
    code(
        r"\b(APIRouter|include_router)\([^)]*\bdependencies=\[|^\s*(method_)?decorators = \[.*\blogin_required\b",
        PYTHON, example="decorators = [login_required]",
    ),
    code(r"\.before_request\(\s*\w*auth\w*\s*\)", PYTHON, example="service_blueprint.before_request(requires_admin_auth)"),
    beside(
        code(
            r"^class Base\w*(Mutation|View|Handler|Resource|Controller|API)\b|^class \w+(Router|Blueprint)\(\w*(Router|Blueprint)\)",
            PYTHON, example="class BaseMutation(graphene.Mutation):",
        ),
        code(
            r"\bcheck_permissions\(|\bis_authenticated\b|\blogin_required\b|\bDepends\(\s*\w*(current|auth|admin)\w*",
            PYTHON, example="if not cls.check_permissions(context):",
        ),
    ),
    at_least(
        5,
        code(
            r"\bpermission_classes\s*=\s*[\[(]\s*\w*(IsAuthenticated|Permission)|\bLoginRequiredMixin\b",
            PYTHON, example="permission_classes = (IsAuthenticated,)",
        ),
    ),
    code(
        r"\bAnnotated\[\s*\w+,\s*Depends\(\s*\w*current\w*",
        PYTHON, example="CurrentUser = Annotated[User, Depends(get_current_user)]",
    ),
    code(
        r"\.(Use|Bind)\(\s*[^)]*([aA]uth|RequireUser|RequireLogin)|\b\w*[aA]uth\w*\(\s*\w*[mM]ux\b|\b\w*[aA]uth\w*(Middleware"
        r"|Interceptor)\w*(\(|\{)",
        GO, example="clientAuth.Use(authentication.RequireClient)",
    ),
    code(
        r"\.requestMatchers\(\s*\"/\w*/?\*\*\"\s*\)\s*\.authenticated\(|\bauthorizeExchange\(|\.any(Request"
        r"|Exchange)\(\)\s*\.(authenticated|hasRole|hasAuthority|denyAll|access)\(|\bServerInterceptor\b.*[aA]uth"
        r"|[aA]uth\w* .*\bServerInterceptor\b",
        JVM, example=".anyRequest().authenticated()", strings=True,
    ),
    code(
        r"\bclass \w*Auth\w*Interceptor\b|@RolesAllowed\b|@Authenticated\b",
        JVM, example="class RequireAuthInterceptor implements ServerInterceptor {",
    ),
    code(
        r"\bRoute::(middleware|group)\([^;]{0,120}['\"]\w*-?auth|->(withM"
        r"|m)iddleware\(\s*\[?['\"]auth['\":]\w*['\"]?\]?\)->group|['\"]middleware['\"]\s*=>[^;]{0,60}['\"][\w-]*auth",
        PHP, strings=True, example="Route::middleware('auth')->group(function () {",
    ),
    code(
        r"\bpath:\s*['\"]?\^/['\"]?\s*,?\s*roles?:\s*[\['\" ]*(ROLE_\w+|IS_AUTHENTICATED_(FULLY|REMEMBERED)|IS_AUTHENTICATED\b)",
        YAML, files="**/config/**/security*.y*ml", example="        - { path: ^/, roles: ROLE_USER }",
    ),
    code(
        r"\bFallbackPolicy\b|\bMap(Group|Controllers|Api\w*|\w+V\d)\([^;]*\)\s*\.RequireAuthorization\(|\bnew AuthorizeFilter\(",
        CSHARP, example="app.MapControllers().RequireAuthorization();",
    ),
    both(
        code(r":\s*(\w+,\s*)*AuthorizeAttribute\b", CSHARP, example="public class NeedsPermissionAttribute : AuthorizeAttribute"),
        at_least(
            5,
            code(
                r"^\s*\[\w*(Authori[sz]e|Authenticat|Permission|Scope)\w*[](]",
                CSHARP, files="**/*Controller.cs", example="[NeedsPermission(Permissions.Orders)]",
            ),
        ),
    ),
    at_least(5, code(r"^\[Authorize\b", CSHARP, files="**/*Controller.cs", example='[Authorize("Application")]')),
    code(
        r"\b(route_)?layer\([^;\n]{0,80}(_auth|auth_|\bauth)\w*|\.wrap\([^;)\n]{0,60}[aA]uth\w*",
        RUST, example=".route_layer(from_fn(require_auth))",
    ),
    code(
        r"\bpipe_through[ (][^\n]*(:auth\b|:\w*authenticated\w*|:require_\w+|:admin\b)|\bon_mount:[^\n]*[aA]uth",
        ELIXIR, example="pipe_through [:browser, :require_authenticated_user]",
    ),
    code(
        r"\b(pipe_through|on_mount:?)[ (]*\[[^\]]{0,300}?([\s,\[:{]|\.)((Ensure|Require|Verify|Enforce)\w*(Auth|User|Login|SignedIn|Account)\w*"
        r"|(ensure|require|verify|enforce)_\w*(auth|user|login|signed_in|account)\w*)",
        ELIXIR, files="**/*router.ex", example="    pipe_through [\n      :browser,\n      MyAppWeb.Plugs.EnsureAuthenticated\n    ]",
    ),
    code(
        r"\bplug[ (]+(:(check|require|ensure|verify|enforce)_\w*(auth|user|login|session|token|tenant)\w*|:authenticate_\w+|:authorize\w*"
        r"|(\w+\.)+(Require|Ensure|Verify|Enforce)\w*Auth\w*|(\w+\.)+Auth(Tenant|User|Account|Api|API)\w*)\b",
        ELIXIR, files="**/*router.ex", example="    plug(:check_auth, [:api_secret])",
    ),
)  # fmt: skip

BY_HAND = code(
    r"(?i)\b(require|ensure|check|verify|assert|is|must_be)_?(auth(enticat|oriz)\w*|logged_?in|login|session|signed_?in|admin)\w*\(",
    PROGRAM, but_not=BROWSER, example="if !requireLogin(w, r) { return }",
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """On Convex the public functions can be counted by the builder that made them."""
    functions, hidden, plain, reads, by_hand = (
        sum(signal.places for signal in clue.find(look)) for clue in (FUNCTIONS, NOT_PUBLIC, PLAIN, CONVEX_IDENTITY, COPIED)
    )
    public = functions - hidden
    if public <= 0 or DEFAULT.find(look):
        return None
    guarded = public - plain
    reason = f"{guarded} of {public} public Convex functions use a builder of their own."
    if guarded * 5 >= public * 4:
        return Verdict(Status.PRESENT, FUNCTIONS.find(look), reason)
    if guarded or reads > by_hand or HELPER.find(look):
        return Verdict(Status.PARTIAL, HELPER.find(look) or CONVEX_IDENTITY.find(look) or FUNCTIONS.find(look), reason)
    return Verdict(Status.ABSENT, COPIED.find(look), f"{reason} Identity is read anew in each handler.") if by_hand else None


PRACTICE = Practice(
    id="auth-wrapper",
    stage=Stage.HARDENING,
    title="Signed-in is the default, and open endpoints are the exception",
    why="When the guarded builder is the normal one, forgetting the guard takes an effort.",
    advice=(
        "On Convex, export userQuery and userMutation made with customCtx, and use them for every public function.",
        "Deny by default elsewhere: before_action in ApplicationController, anyRequest().authenticated(), FallbackPolicy.",
        "List the endpoints that are open on purpose in one place.",
    ),
    looked_for="authentication in a shared layer: a base controller, a route group, a middleware or a guarded builder",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.USERS, Fact.HTTP_API),
    guide="https://stack.convex.dev/custom-functions",
    after=("server-side-identity",),
    present=(DEFAULT,),
    partial=(READ, BY_HAND),
    doubt=(
        (
            code(
                r"(?i)\b\w*(auth(n|z|enticat\w*|oriz\w*)?)_?(middleware|filter|guard|interceptor|handler|plug|wrapper|decorator|extractor|hook)\w*\b",
                PROGRAM,
                but_not=BROWSER,
                example="class AuthFilter implements Filter {",
            ),
            "names a guard, which may stand before every endpoint",
        ),
        (
            code(r"@(PreAuthorize|Secured)\(", JVM, example="@PreAuthorize(HAS_ROLE)"),
            "asks for a role, so that something signs people in before it",
        ),
    ),
    judge=judge,
    uses=(FUNCTIONS, NOT_PUBLIC, PLAIN, CONVEX_IDENTITY, COPIED, HELPER),
)
