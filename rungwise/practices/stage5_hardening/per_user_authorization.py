"""Data access authorised per user or tenant."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import (
    CSHARP,
    ELIXIR,
    GO,
    HTML,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    SQL,
    Look,
    at_least,
    beside,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER

POLICY = either(
    both(
        dependency(gem="pundit cancancan action_policy"),
        code(
            r"^\s*authorize!?[ (]|\bpolicy_scope\b|\bload_and_authorize_resource\b",
            RUBY, example="    authorize @rubygem, :show_versions?",
        ),
    ),
    both(
        file("**/app/Policies/*.php", "**/*Policy.php", "**/*Voter.php"),
        code(
            r"\bGate::|->authorize\(|->can\(|->denyAccessUnlessGranted\(|#\[IsGranted",
            PHP, example="$this->authorize('update', $post);",
        ),
    ),
    both(
        dependency(npm="@casl/ability casbin @cerbos/grpc @cerbos/http @openfga/sdk @authzed/authzed-node cancan"),
        at_least(
            3,
            code(
                r"\b(authorize|can|cannot|check|enforce|isAllowed|ForbiddenError\.from)\(",
                JAVASCRIPT, example="authorize(user, 'read', document)",
            ),
        ),
    ),
    both(
        dependency(pypi="django-guardian rules casbin drf-access-policy"),
        code(
            r"\bhas_object_permission\b|\bget_objects_for_user\w*\(|\benforce\(|\bpredicate\b",
            PYTHON, example="get_objects_for_user(user, 'view')",
        ),
    ),
    code(
        r"(?i)\bCREATE POLICY\b[\s\S]{0,300}\b(auth\.uid|current_setting|current_user)\b",
        SQL, example="CREATE POLICY own ON notes USING (owner = auth.uid())",
    ),
    code(
        r"(?i)\bset_config\(\s*'(role|request\.jwt\.\w+(\.\w+)*|\w+\.(current_)?(user|tenant|org|account)_?(id)?)'",
        (*PROGRAM, *SQL), strings=True, example="SELECT set_config('app.tenant_id', $1, true)",
    ),
    code(r"\bwrapDatabase(Reader|Writer)\(|\bRowLevelSecurity\(", JAVASCRIPT, example="wrapDatabaseReader(ctx, ctx.db, rules)"),
    code(
        r"\brequest\.auth\.uid\b",
        (*JAVASCRIPT, *HTML), strings=True, example="allow read: if request.auth.uid == userId;", files="*.rules",
    ),
)  # fmt: skip
OWNED = either(
    code(
        r"\b(owner|user|creator|author|account|organi[sz]ation|org|team|project|tenant|service)_id\s*[!=]=\s*\w*(current_user"
        r"|user|identity|auth)\b|\bcurrent_user\.\w*id\b\s*[!=]=|[!=]=\s*current_user\.\w+",
        PYTHON, counted=True, example="if item.owner_id != current_user.id:",
    ),
    code(
        r"\b\w+_for_(user|account|request|org|project|team)\(|\b(user|owner|account|created_by|project__in"
        r"|team__in)=(self\.)?request\.(user|profile|project)|\bdef get_queryset\(self\)[\s\S]{0,400}\bself\.request\.user\b"
        r"|\bhas_object_permission\b|\.restrict\(\s*(self\.)?request\.user\b",
        PYTHON, counted=True, example="check = _get_check_for_user(request, code)",
    ),
    code(
        r"\b(check|has|require|assert|ensure|verify)_\w*(access|permission|owner|admin_or)\w*\(|\bpermissions = \("
        r"|@require_permission\(",
        PYTHON, counted=True, example="require_admin_or_owner(query.user_id)",
    ),
    code(
        r"\b(throwIfNo|check|has|require|assert|ensure|verify|can|validate)\w*(Access|Permission|Authoriz\w+|Membership"
        r"|Entitle\w+|Scope)s?\(",
        JAVASCRIPT, but_not=BROWSER, counted=True, example="throwIfNoProjectAccess({ session, projectId, scope })",
    ),
    code(
        r"@(Require|Check|Needs)s?(Resource|Object|Entity)?(Access|Permission|Polic(y|ies)|Ownership|Membership)s?\(",
        JAVASCRIPT, but_not=BROWSER, counted=True, example="@RequirePermission(PermissionLevel.READ)",
    ),
    code(
        r"\bauthorize\(\s*(user|actor|ctx|viewer)\b|\bcan\(\s*(user|actor|viewer)\b",
        JAVASCRIPT, but_not=BROWSER, counted=True, example="authorize(user, 'read', document);",
    ),
    code(
        r"\bwhere: \{[^{}]*\b(userId|teamId|ownerId|orgId|organi[sz]ationId|projectId|workspaceId|tenantId)\b",
        JAVASCRIPT, counted=True, example="findFirst({ where: { id, userId } })",
    ),
    code(
        r"\.(userId|ownerId|authorId|teamId|orgId|creatorId)\s*!==?\s*\w+",
        JAVASCRIPT, counted=True, example="if (doc.ownerId !== viewer._id) throw",
    ),
    code(
        r"\b(find|get|where|match|update|remove|delete|destroy|count|exists)\w*(:|\()\s*\{[^;]{0,160}?\b(user|owner|account|author|creator|created_?by|member)(_?[iI]d)?\s*:\s*(req|request|ctx|context|res\.locals)\.((state|session|auth)\.)?(user|session|auth|account|viewer)\w*\.(_?id|uid|sub)\b"
        r"|\b(w|andW)here\(\s*[\"'][\w.]*\b(user|owner|account|author|creator)_?[iI]d[\"'],\s*(req|request|ctx|context)\.((state|session|auth)\.)?(user|session|auth)\w*\.(_?id|uid|sub)\b",
        JAVASCRIPT, but_not=BROWSER, strings=True, counted=True, example="const link = await query.link.find({ uuid, user_id: req.user.id });",
    ),
    code(
        r"\.(find|get|count|update|delete|remove|exists|aggregate)\w*\(\s*\{[^;{}]{0,200}?\b_?(organi[sz]ation|environment|tenant|workspace|team|account|org|company)Id\s*:"
        r"\s*(this\.)?(command|user|currentUser|session|ctx|context|req|request|auth|viewer|actor)\.(\w+\.)?_?(organi[sz]ation|environment|tenant|workspace|team|account|org|company)(Id\b|\._?id\b)",
        JAVASCRIPT, but_not=BROWSER, counted=True, example="this.topics.findOne({ _id: id, _organizationId: command.organizationId });",
    ),
    code(
        r"\b\w+(Ensuring|Requiring|Checking|Asserting|Enforcing)(Access|Permission|Ownership|Membership)s?\(",
        JAVASCRIPT, but_not=BROWSER, counted=True, example="const chat = await getChatEnsuringAccess(ctx, { id, sessionId });",
    ),
    code(
        r"\.eq\(\s*[\"'][^\"'\n]*[\"'],\s*(ctx\.(user|viewer|session|member|identity|account|team|org)\w*|identity\b|viewer\b)",
        JAVASCRIPT, files="**/convex/**", counted=True, example=".withIndex('by_owner', (q) => q.eq('owner', ctx.user._id))",
    ),
    beside(
        code(
            r"\bgetUserIdentity\(|\bgetAuthUserId\(|\b(get|require|ensure|assert|is_?[vV]alid|check|verify|load)\w*(User|Viewer|Identity|Session|Member|Auth)\w*\(\s*ctx\b",
            JAVASCRIPT, files="**/convex/**", counted=True, example="const userId = await getAuthUserId(ctx);",
        ),
        # What comes in the arguments is a claim; by itself, a name is what the line above it looked up.
        code(
            r"\.eq\(\s*[\"'][^\"'\n]*[\"'],\s*(user|session|member|owner|account|me|currentUser)(Id|\._?id|\.userId|\.subject|\.tokenIdentifier)?!?\s*\)",
            JAVASCRIPT, files="**/convex/**", counted=True, example=".withIndex('by_owner', (q) => q.eq('owner', userId))",
        ),
    ),
    code(r"(?i)\buser_id\s*=\s*(\$|\?|:)\d*", GO, strings=True, counted=True, example="SELECT * FROM feeds WHERE user_id=$1"),
    code(
        r"\.(UserID|OwnerID|CreatorID|CreatedBy|IdentityID|TenantID)\s*[!=]=|[!=]=\s*(\w+\.)*(UserID|OwnerID|CreatorID|IdentityID)\b|[!=]=\s*auth\.GetUserID\(",
        GO, counted=True, example="if app.UserID != auth.GetUserID(ctx) {",
    ),
    code(
        r"@(PreAuthorize|PostAuthorize)\([^)]*#|\bhasPermission\(|\b(accountIdentifier|getAccountIdentifier)\(\)|@Auth\b",
        JVM, strings=True, counted=True, example='@PreAuthorize("#id == principal.id")',
    ),
    code(
        r"\b\w*(([aA]ccess|[pP]ermission|[oO]wnership|[aA]uthori[sz]ation)(Checker|Validator|Guard|Evaluator|Verifier|Enforcer)|[aA]ccessFilter)"
        r"\w*(\(\))?\.\w+\(\s*[a-z]\w*",
        JVM, counted=True, example="orderAccessChecker.forUser(order, user)",
    ),
    code(
        r"\b(check|has|require|assert|ensure|verify|validate)\w*(Access|Permission|Ownership|Membership)s?\(\s*[a-z]"
        r"|@(Check|Requires?|Ensure|Verify|Needs)\w+(Access|Permission|Ownership|Membership)\b",
        JVM, counted=True, example="bookingService.verifyBookingAccess(bookingId)",
    ),
    beside(
        code(
            r"\bimport (org\.springframework\.security|io\.dropwizard\.auth|java\.security\.Principal|(jakarta|javax)\.ws\.rs\.core\.SecurityContext)\b",
            JVM, counted=True, example="import org.springframework.security.core.context.SecurityContextHolder;",
        ),
        code(r"\b(getAccount|getPrincipal)\(\)", JVM, counted=True, example="SecurityContextHolder.getContext().getAuthentication().getPrincipal()"),
    ),
    code(
        r"\b(current_user|Current\.\w+)\.\w+\.(find|find_by!?|where|build|create|new)\b|\b(enforce|require|ensure|authorize)_permission!"
        r"|\bcan\?\(|\bcurrent_ability\b|\b(owned_by|visible_to|accessible_by)\b"
        r"|\.(\w+_)?(edit|view|read|delet|destroy|manag|access|updat)able_(by|for)\w*\?[( ]"
        r"|\.(\w+_)?(user|owner|author|creator)(_id|\.id)?\s*[!=]=\s*(@user|@?current_user|Current\.user)\b",
        RUBY, counted=True, example="@project = current_user.projects.find(params[:id])",
    ),
    code(
        r"->(check\w*Permission|userCan\w*|setUser|scopeVisible|visible\w*|authorize\w*)\(|\buserCan\("
        r"|\bauth\(\)->user\(\)->\w+\(\)->",
        PHP, counted=True, example="$this->checkPagePermission('update', $page);",
    ),
    code(
        r"\bwhere\(\s*['\"](\w+\.)?(user_id|account_id|user_group_id|tenant_id|vault_id|team_id)['\"]",
        PHP, strings=True, counted=True, example="->where('user_id', $user->id)",
    ),
    code(
        r"\.(\w*UserId|OwnerId|OrganizationId|TenantId)\s*[!=]=\s*\w*([uU]ser|[oO]wner|[oO]rg|[tT]enant|current)\w*"
        r"|\.Any\(\s*(\w+) => \w+\.(Id|\w*UserId)\s*==\s*(\w+\.)?([uU]ser|currentUser)(Id|\.Id)\b"
        r"|\bAuthorize(OrThrow)?Async\(\s*\w+,\s*\w+,"
        r"|\b\w*([pP]ermissions?|[aA]uthori[sz]\w*|[aA]ccess\w*)\.(Allows|Includes|Can\w*|Has(Access|Permission)\w*|IsAllowed\w*)\(\s*[^(),]+,\s*\w",
        CSHARP, counted=True, example="if (cipher.UserId != userId)",
    ),
    code(
        r"\b(user_id|creator_id|owner_id|account_id|user_uuid)\.(eq|is_null)\(|\bColumn::(User|Creator|Author|Owner|Account|Org(ani[sz]ation)?|Tenant|Team|Workspace)Id\.eq\(|\b(check|is|has|require)_\w*(rights|permission"
        r"|mod|admin|owner|access|ban\w*|action)\w*\(|\.rights\(",
        RUST, counted=True, example="if user.rights(state, &owners).await? < Rights::Publish {",
    ),
    code(
        r"\.(user_id|owner_id|site_id|team_id|org_id)\s*==\s*\^|\bplug[ (]\w*Authoriz\w*|\bBodyguard\.permit|\b\w+_for_user!?\(|\bget_for_user",
        ELIXIR, counted=True, example="where: s.user_id == ^user.id",
    ),
)  # fmt: skip
ROLES = either(
    code(
        r"\b(is_staff|is_superuser|IsAdmin|isAdmin|hasRole|has_role|is_admin)\b|@PreAuthorize\(|@RolesAllowed\(",
        (*PYTHON, *JAVASCRIPT, *JVM, *GO, *CSHARP, *RUBY, *RUST), example="if user.isAdmin",
    ),
    dependency(
        npm="@casl/ability casbin @openfga/sdk", pypi="django-guardian rules casbin drf-access-policy",
        go="github.com/casbin/casbin github.com/openfga/go-sdk", gem="pundit cancancan action_policy rolify acts_as_tenant",
        composer="spatie/laravel-permission silber/bouncer stancl/tenancy", nuget="Finbuckle.MultiTenant Casbin.NET",
    ),
)  # fmt: skip
ENOUGH = 5
"""In how many places data has to be compared with its owner before we speak of a habit."""


def judge(look: Look) -> Verdict | None:
    """Checks against the owner are counted, since one alone says little about the rest."""
    policy, owned = POLICY.find(look), OWNED.find(look)
    places = sum(signal.places for signal in owned)
    if policy or places >= ENOUGH:
        return Verdict(Status.PRESENT, policy + owned)
    if owned:
        return Verdict(Status.PARTIAL, owned, f"Data is compared with its owner in {places} places only.")
    return None


PRACTICE = Practice(
    id="per-user-authorization",
    stage=Stage.HARDENING,
    title="Each read and write is checked against whose data it is",
    why="Being signed in is not enough: with a changed id in the address, one customer reads another's records.",
    advice=(
        "On Convex, put row level security into the custom builders, or load records through helpers that throw.",
        "Use policies with your framework: Pundit, Laravel policies, scoped querysets in Django, row level security in Postgres.",
        "Write the test in which one user asks for another user's record, before anything else.",
    ),
    looked_for="a policy layer, or queries and handlers that compare records with the user or tenant who asks",
    role=Role.ANCHOR,
    effort=Effort.LARGE,
    impact=5,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.USERS, Fact.DATASTORE),
    guide="https://stack.convex.dev/row-level-security",
    question="For each main table, what stops one user from reading or changing another's rows?",
    after=("server-side-identity",),
    partial=(ROLES,),
    judge=judge,
    uses=(POLICY, OWNED),
)
