"""A lint or a test that insists on the guarded pattern."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.clues import CSHARP, JAVASCRIPT, JVM, PROGRAM, RUBY, SOURCE_AND_TESTS, TESTS, beside, code, either, file, step
from rungwise.model import Effort, Observable, Role, Stage

REFUSED = code(
    r"(?i)\b40[13]\b|\b(un_?authorized|forbidden)\b",
    PROGRAM, where=TESTS, strings=True, example="assert response.status_code in (401, 403)",
)  # fmt: skip
ENFORCED = either(
    code(r"\b(verify_authorized|verify_policy_scoped|check_authorization)\b", RUBY, example="after_action :verify_authorized"),
    code(
        r"_generated/server|\bno-restricted-imports\b[\s\S]{0,400}\b(trpc|router|procedure)\b",
        JAVASCRIPT, strings=True, files="eslint.config.* .eslintrc*",
        example="patterns: [{ group: ['*/_generated/server'], importNames: ['mutation'] }]",
    ),
    beside(
        code(
            r"\bRails\.application\.routes\.routes|\bapp\.(routes|url_map)\b|\bget_resolver\(|\burl_patterns\b"
            r"|\bEndpointDataSource\b|\bgetHandlerMethods\(",
            PROGRAM, where=TESTS, example="for route in app.routes:",
        ),
        REFUSED,
    ),
    code(
        r"\b(typeof\(|GetCustomAttributes?<)\w*(Authorize|AllowAnonymous)\w*(Attribute)?\b|\b(PreAuthorize|RolesAllowed)\.class\b",
        (*CSHARP, *JVM), where=TESTS, example="Assert.NotNull(method.GetCustomAttribute<AuthorizeAttribute>());",
    ),
    code(
        r"\.should\(\)\.be(Annotated|MetaAnnotated)With\(.*(PreAuthorize|Authenticated|RolesAllowed)",
        JVM, where=SOURCE_AND_TESTS, example="classes().should().beAnnotatedWith(PreAuthorize.class)",
    ),
)  # fmt: skip
LISTED = beside(
    code(
        r"(?i)\b(for(each)?|each|parametrize)\b[^\n]{0,40}\b(method|verb)s?\b[^\n]{0,20}\b(route|path|url|endpoint)s?\b|\bon all actions\b",
        PROGRAM, where=TESTS, strings=True, example="for (method, route) in AUTHORIZATIONS.keys() {",
    ),
    REFUSED,
)  # fmt: skip
"""A test over routes that are listed by hand: a new one can be forgotten."""
GENERIC = either(
    step(r"\b(brakeman|bandit|sobelow|gosec)\b", uses=r"(?i)brakeman|gosec", example="bundle exec brakeman"),
    file("**/codeql/**/*{uth,ermission,ccess}*.ql", "**/.semgrep/**/*{auth,permission,access}*.y*ml"),
)  # fmt: skip
"""Linters for security in general, and rules of one's own about access."""

PRACTICE = Practice(
    id="auth-lint",
    stage=Stage.HARDENING,
    title="An unguarded endpoint fails the build",
    why="A convention that nothing enforces wears off with each new colleague.",
    advice=(
        "Forbid the raw builder or router by a lint rule at error level: no-restricted-imports, semgrep, ArchUnit.",
        "In Rails, add after_action :verify_authorized to the base controller.",
        "Or write one test that calls every route without credentials and expects a refusal.",
    ),
    looked_for="a lint rule that names the unguarded import, or a test over all routes",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=SERVICES,
    needs=("auth-wrapper",),
    guide="https://stack.convex.dev/eslint-setup",
    after=("auth-wrapper", "ci-tests"),
    present=(ENFORCED,),
    partial=(LISTED, GENERIC),
)
