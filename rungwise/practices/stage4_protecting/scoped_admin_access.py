"""A dedicated admin interface with its own permissions."""

from rungwise.catalogue import Practice
from rungwise.clues import ELIXIR, PROGRAM, YAML, at_least, both, code, dependency, either, file
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage
from rungwise.practices.stage5_hardening.input_validation import BROWSER

WORDS = ("**/{lang,locale,locales,i18n,translations,factories,seeders,seeds,fixtures}/**", "**/*[dD]ummy*")
"""Where the word stands for itself."""
SURFACE = either(
    file(
        "**/{admin,Admin,administration,superuser}/**/*.{py,rb,ts,tsx,js,php,java,kt,go,rs,cs,ex}", "**/admin.{py,rs,go,ts,rb}",
        "**/*{admin,Admin}*{controller,Controller,router,Router,_handler}*", but_not=("**/{public,assets,static}/**",),
    ),
    dependency(
        npm="adminjs react-admin @refinedev/core", pypi="sqladmin flask-admin starlette-admin piccolo-admin",
        gem="activeadmin administrate avo rails_admin trestle madmin",
        composer="filament/filament laravel/nova orchid/platform backpack/crud easycorp/easyadmin-bundle",
    ),
    code(
        r"[\"'(`](/(v\d/)?admin[\"'/`?:]|admin[/.])|\bnamespace :admin\b",
        PROGRAM, strings=True, but_not=(*BROWSER, *WORDS), example='router.route("/admin", get(list))',
    ),
)  # fmt: skip
OF_OTHERS = (
    "**/{migrations,migrate,Migrations,connector,connectors,ExternalApis}/**", "**/*{org,Org}ani[sz]ation*{/**,}",
    "**/*{team,Team,workspace,Workspace,tenant,Tenant,member,Member}{,s}*{/**,}",
)  # fmt: skip
"""Where administrators are a customer's own, or those of another product."""
ROLE = code(
    r"(?i)\b(is_?(instance_?|super_?)?admin(istrator)?(_?user)?|require_?admin|admin_?required|admin_?only|is_staff|is_superuser|adminProcedure|AdminMiddleware"
    r"|authenticate_admin\w*|admin_?(auth|token|guard)\w*|RequireSuperuser|get_current_active_superuser"
    r"|verify_?admin\w*|check_?admin\w*|ADMIN_API_KEY|is_?super_?user|RequiresElevation|Roles?\.?(Super)?Admin(istrator)?s?)\b|\[Authorize\([^)\n]*\bRoles? = [^)\n]*admin"
    r"|\bhas_?(any_?)?(role|authority)s?\([^()\n]*(admin|super|staff|support|operator|manage|maintain|all_)"
    r"|\b\w*user\.(super_?)?(admin|administrator|moderator)\?|\b(enforce|require|ensure|authorize)_permission\w*|\bpermission(s|_classes)? = [\[(]|\bcheckPermission\(",
    PROGRAM, strings=True, but_not=(*BROWSER, *WORDS, *OF_OTHERS), example="authAdmin.Use(authentication.RequireAdmin)",
)  # fmt: skip
PIPED = code(
    r"\bpipe_through[ (][^\n]*:(\w+_)?admins?(_\w+)?\b",
    ELIXIR, files="**/*router.ex", example="pipe_through [:browser, :admins_only]",
)  # fmt: skip
"""A pipeline that only administrators pass."""
RESTRICTED = code(
    r"^\s*-\s*\{?\s*path:.*\broles:.*\bROLE_(SUPER_)?ADMIN\b",
    YAML, files="**/security*.y*ml", example="        - { path: ^/settings, roles: ROLE_SUPER_ADMIN }",
)  # fmt: skip

PRACTICE = Practice(
    id="scoped-admin-access",
    stage=Stage.PROTECTING,
    title="Support staff change production data through narrow, checked actions",
    why="Somebody who can press one of five buttons cannot delete a table.",
    advice=(
        "Turn the most common manual repairs into named actions behind a role check.",
        "On Convex, write them as internal functions or behind an admin builder; elsewhere use the admin of your framework.",
        "Take shared database passwords away, give read-only access by default, and put the screens behind single sign-on.",
    ),
    looked_for="an admin area whose actions check a role",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF),
    requires=(Fact.DATASTORE, Fact.USERS),
    guide="https://stack.convex.dev/operational-maturity-for-production",
    question="Who can change production data, by what means, and is each person known by name?",
    after=("server-side-identity",),
    present=(PIPED, both(ROLE, SURFACE), at_least(2, ROLE), RESTRICTED),
    partial=(SURFACE, ROLE),
)
