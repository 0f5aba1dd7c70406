"""A lint or a test that insists on the guarded pattern."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.clues import (
    CSHARP,
    JAVASCRIPT,
    JSON,
    JVM,
    PHP,
    PROGRAM,
    RUBY,
    SOURCE_AND_TESTS,
    TESTS,
    beside,
    code,
    either,
    file,
    step,
)
from rungwise.model import Effort, Observable, Role, Stage

REFUSED = code(
    r"(?i)(\b|_)40[13](\b|_)|(\b|_)(un_?authorized|forbidden)\b|\bconn\.halted\b",
    PROGRAM, where=TESTS, strings=True, example="assert response.status_code in (401, 403)",
)  # fmt: skip
ENFORCED = either(
    code(r"\b(verify_authorized|verify_policy_scoped|check_authorization)\b", RUBY, example="after_action :verify_authorized"),
    code(
        r"_generated/server|\bno-restricted-imports\b[\s\S]{0,400}\b(trpc|router|procedure)\b",
        JAVASCRIPT, strings=True, files="eslint.config.* .eslintrc*",
        example="patterns: [{ group: ['*/_generated/server'], importNames: ['mutation'] }]",
    ),
    code(
        r"['\"][\w@-]+/(require|enforce|no|has)-([\w]+-)*(auth([nz]|ed|enticat\w*|oriz\w*)?|unauth\w*|guard(ed)?|unguarded|permissions?|session)(-\w+)*['\"]"
        r"\s*:\s*\[?\s*(['\"]error['\"]|2\b)",
        (*JAVASCRIPT, *JSON), strings=True, files="eslint.config.* .eslintrc*", example="'local/require-auth-wrapper': 'error',",
    ),
    code(
        r"\bno-restricted-(imports|syntax)\b[\s\S]{0,600}?\bmessage['\"]?:\s*['\"`][^\n]{0,160}\b(authori[sz]\w*|authenticat\w*|unauth\w*|permissions?|unguarded|\w*with_?Auth\w*)\b",
        (*JAVASCRIPT, *JSON), strings=True, files="eslint.config.* .eslintrc*",
        example="'no-restricted-imports': ['error', { name: '@/db', message: 'It skips authorization; use the scoped client.' }]",
    ),
    beside(
        code(
            r"\bRails\.application\.routes\.routes|\bapp(lication)?\.(routes|url_map|view_functions)\b|\.iter_rules\(|\bget_resolver\(|\b(for|in|parametrize)\b[^\n]*\burl_?patterns\b"
            r"|(?i:\b\w*(test|check|assert|walk|collect|iter|each|flatten|list|get|all)\w*\(\s*(\w+\.)*url_?patterns\b)"
            r"|\bEndpointDataSource\b|\bgetHandlerMethods\(|\bRoute::getRoutes\(|\b__routes__\b|\bPhoenix\.Router\.routes\(|\bchi\.Walk\("
            r"|\b(router|mux|engine|app|e|r)\.(Walk|Routes)\(|\b_?router\.stack\b|\blistEndpoints\(|\bDiscoveryService\b",
            PROGRAM, where=TESTS, example="for route in app.routes:",
        ),
        REFUSED,
    ),
    beside(
        code(
            r"(?i)\b(must|enforce\w*|require\w*|inherit\w*|missing|without|forgot\w*|add (an?|the))\b[^\n]{0,80}\b(auth|authori[sz]\w*|authenticat\w*|permissions?)\b",
            PROGRAM, strings=True, example='MSG = "Controllers must inherit from this one to enforce auth."',
        ),
        code(
            r"<\s*(::)?RuboCop::Cop::\w+|:\s*DiagnosticAnalyzer\b|\bPHPStan\\Rules\b|&?analysis\.Analyzer\{|\(\w*\.?BaseChecker\)|\bRuleCreator\b"
            r"|\bRule\.RuleModule\b|\bcontext\.report\(|\buse Credo\.Check\b|\bextends BugChecker\b|\bLateLintPass\b|:\s*Rule\(config\b",
            PROGRAM, example="class InheritsGuarded < RuboCop::Cop::Base",
        ),
    ),
    beside(
        code(r"\bassert\w*\b|\bexpect\w*\b|\bshould\b", PROGRAM, where=TESTS, example="assert set(app.blueprints) == guarded"),
        code(
            r"\bbefore_request_funcs\b|\b_process_action_callbacks\b|\bgatherMiddleware\(|\broute\.(dependant|dependencies)\b",
            PROGRAM, where=TESTS, example="guarded = set(app.before_request_funcs)",
        ),
    ),
    code(
        r"\b(typeof\(|GetCustomAttributes?<)\w*(Authorize|AllowAnonymous)\w*(Attribute)?\b|\b(PreAuthorize|RolesAllowed)(\.|::)class\b",
        (*CSHARP, *JVM), where=TESTS, example="Assert.NotNull(method.GetCustomAttribute<AuthorizeAttribute>());",
    ),
    code(
        r"\.should\(\)\.be(Annotated|MetaAnnotated)With\(.*(PreAuthorize|Authenticated|RolesAllowed)",
        JVM, where=SOURCE_AND_TESTS, example="classes().should().beAnnotatedWith(PreAuthorize.class)",
    ),
)  # fmt: skip
LISTED = beside(
    code(
        r"(?i)\b(for(each)?|each|parametrize)\b[^\n]{0,40}\b((method|verb)s?\b[^\n]{0,20}\b(route|path|url|endpoint)s?|(route|path|url|endpoint)s?\b[^\n]{0,20}\b(method|verb|endpoint|route)s?)\b|\bon all actions\b|\ball (the )?(api )?(endpoints|routes) (require|need|are|reject|refuse)",
        PROGRAM, where=TESTS, strings=True, example="for (method, route) in AUTHORIZATIONS.keys() {",
    ),
    REFUSED,
)  # fmt: skip
"""A test over routes that are listed by hand: a new one can be forgotten."""
GENERIC = either(
    code(
        r"(?i)\b\w*(protected|private|secured?|guarded)_?(method|route|endpoint|action)s?_?(require|need|reject|refuse|deny|are)\w*auth\w*\(",
        PROGRAM, where=TESTS, example="func TestProtectedMethodsRequireAuth(t *testing.T) {",
    ),
    step(r"\b(brakeman|bandit|sobelow|gosec)\b", uses=r"(?i)brakeman|gosec", example="bundle exec brakeman"),
    file("**/codeql/**/*{uth,ermission,ccess}*.ql", "**/{.semgrep,semgrep,semgrep-rules}/**/*{auth,permission,access}*.y*ml"),
    file("**/{eslint,eslint-*,eslint_*,lint,lints,linters,rules,eslint-rules,rubocop,cop,cops}/**/*{uth,ermission,uard,ession}*.{js,ts,mjs,cjs,rb,go,rs}", but_not=("**/*.{test,spec}.*", "**/*test*/**")),
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
    doubt=(
        (
            beside(
                code(
                    r"(?i)\b(it|test|describe|def|func|fn|void|fun)\b[^\n]{0,80}(all|every|each|protected|unprotected|unguarded|unauthenticated)[ _]?(the )?(api|http|rpc|grpc)?[ _]?(routes?|endpoints?|actions|methods|handlers|controllers)",
                    PROGRAM,
                    where=TESTS,
                    strings=True,
                    example="test('every route wants a session', () => {",
                ),
                code(
                    r"(?i)\bauth\w*|\b40[13]\b|\bforbidden\b|\bsession\b|\bpermissions?\b",
                    PROGRAM,
                    where=TESTS,
                    strings=True,
                    example="expect(response.status).toBe(401)",
                ),
            ),
            "tests who may call which routes",
        ),
        (
            code(
                r"\b(def|function|void|func) test_?\w*(without_?permissions?|unauthori[sz]ed|unauthenticated|anonymous)\w*",
                PROGRAM,
                where=SOURCE_AND_TESTS,
                files=("**/testing/**", "**/*{mixin,Mixin,base_test,BaseTest,test_base,TestBase}*"),
                example="def test_get_object_without_permission(self):",
            ),
            "lends tests of access to others",
        ),
        (
            code(
                r"(?i)\barchrule\b|\bArchRuleDefinition\b|\bNetArchTest\b|\bTypes\.InAssembly\(|\barch\(\)->",
                (*JVM, *CSHARP, *PHP),
                where=SOURCE_AND_TESTS,
                strings=True,
                example="ArchRule rule = classes().should()",
            ),
            "tests the architecture",
        ),
    ),
)
