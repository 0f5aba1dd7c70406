"""Stage 5: what is taken for hardening, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Finding, Status

Check = Callable[..., Assessment]

CONVEX = {
    "package.json": '{"private": true, "dependencies": {"convex": "1", "react": "19"}}',
    "convex/auth.config.ts": "export default { providers: [] };\n",
}
EXPRESS = {
    "package.json": '{"private": true, "dependencies": {"express": "5", "pg": "8", "passport": "0.7"}}',
    "server.js": "app.use(passport.initialize());\napp.listen(process.env.PORT);\n",
    "Procfile": "web: node server.js\n",
}
LARAVEL = {
    "composer.json": '{"type": "project", "require": {"laravel/framework": "^12.0"}}',
    "artisan": "<?php\n",
    "app/Models/User.php": "<?php\nclass User extends Authenticatable {}\n",
    "Procfile": "web: php-fpm\n",
}


def finding(assessment: Assessment, practice: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.practice == practice)


def status(assessment: Assessment, practice: str) -> Status:
    return finding(assessment, practice).status


def function(name: str, builder: str, arguments: str = "args: {}, ", body: str = "") -> str:
    return f"export const {name} = {builder}({{ {arguments}handler: async (ctx) => {{ {body} }} }});\n"


def test_a_schema_that_is_switched_off_is_half_a_schema(check: Check) -> None:
    schema = "export default defineSchema({ notes: defineTable({ body: v.string(), by: v.id('users') }) }"
    assert status(check({**CONVEX, "convex/schema.ts": schema + ");\n"}), "data-schema-validation") is Status.PRESENT
    off = {**CONVEX, "convex/schema.ts": schema + ", { schemaValidation: false });\n"}
    assert status(check(off, "acme+off"), "data-schema-validation") is Status.PARTIAL


def test_a_schema_of_anything_says_little(check: Check) -> None:
    schema = "export default defineSchema({ notes: defineTable({ body: v.any(), by: v.string() }) });\n"
    judged = finding(check({**CONVEX, "convex/schema.ts": schema}), "data-schema-validation")
    assert judged.status is Status.PARTIAL
    assert "1 of 2 fields" in judged.reason


def test_a_schema_in_a_test_or_a_sample_is_not_the_products(check: Check) -> None:
    table = "CREATE TABLE items (id int NOT NULL);\n"
    assert status(check({**EXPRESS, "db/items.sql": table}), "data-schema-validation") is Status.PRESENT
    assert status(check({**EXPRESS, "tests/items.sql": table}, "acme+tests"), "data-schema-validation") is Status.ABSENT
    assert status(check({**EXPRESS, "examples/items.sql": table}, "acme+samples"), "data-schema-validation") is Status.ABSENT


@pytest.mark.parametrize(
    ("checked", "unchecked", "expected"), [(4, 1, Status.PRESENT), (3, 2, Status.PARTIAL), (0, 3, Status.ABSENT)]
)
def test_convex_arguments_are_counted(check: Check, checked: int, unchecked: int, expected: Status) -> None:
    functions = [function(f"good{number}", "userMutation") for number in range(checked)]
    functions += [function(f"bad{number}", "mutation", "") for number in range(unchecked)]
    internal = [function(f"inner{number}", "internalMutation", "") for number in range(9)]
    judged = finding(check({**CONVEX, "convex/notes.ts": "".join(functions + internal)}), "input-validation")
    assert judged.status is expected
    assert f"{checked} of {checked + unchecked} public" in judged.reason


def test_a_query_outside_convex_is_no_public_function(check: Check) -> None:
    clickhouse = {"src/shared.ts": "export const sharedResult = query({ sql: 'select 1' });\n"}
    inside = {"convex/notes.ts": function("list", "query")}
    assert "1 of 1 public" in finding(check({**CONVEX, **clickhouse, **inside}), "input-validation").reason


def test_laravel_validates_without_a_package(check: Check) -> None:
    controller = "<?php\nclass C extends Controller {\n  function store(Request $request) { $this->validate($request, []); }\n}\n"
    three = {f"app/Http/Controllers/C{number}.php": controller for number in range(3)}
    assert status(check({**LARAVEL, **three}), "input-validation") is Status.PRESENT
    one = {"app/Http/Controllers/C.php": controller}
    assert status(check({**LARAVEL, **one}, "acme+one"), "input-validation") is Status.PARTIAL


@pytest.mark.parametrize(("option", "expected"), [("payload: orderSchema", True), ("payload: { parse: true }", False)])
def test_hapi_checks_what_a_route_says_of_its_input(check: Check, option: str, expected: bool) -> None:
    route = f"server.route({{ method: 'POST', path: '/a', options: {{ validate: {{ failAction(r, h) {{}}, {option} }} }} }});\n"
    manifest = '{"private": true, "dependencies": {"@hapi/hapi": "21"}}'
    judged = check({"package.json": manifest, "a.js": route, "b.js": route, "Procfile": "web: node a.js\n"})
    assert (status(judged, "input-validation") is Status.PRESENT) is expected


def test_strong_parameters_check_names_and_no_types(check: Check) -> None:
    rails = {
        "Gemfile": 'gem "rails"\ngem "pg"\n',
        "config/application.rb": "class Application < Rails::Application\nend\n",
        "Procfile": "web: bin/rails server\n",
    }
    controllers = {
        f"app/controllers/c{number}_controller.rb": "class C < Base\n  def x = params.require(:user).permit(:name)\nend\n"
        for number in range(5)
    }
    assert status(check({**rails, **controllers}), "input-validation") is Status.PARTIAL


def test_a_validator_for_forms_in_the_browser_is_no_endpoint(check: Check) -> None:
    form = {"src/Form.tsx": "const result = schema.safeParse(values);\n"}
    assert status(check({**EXPRESS, **form}), "input-validation") is Status.ABSENT


def test_identity_that_most_writes_never_read_is_half(check: Check) -> None:
    reading = function("join", "mutation", body="await ctx.auth.getUserIdentity();")
    trusting = "".join(function(f"move{number}", "mutation", "args: { playerId: v.string() }, ") for number in range(6))
    judged = finding(check({**CONVEX, "convex/world.ts": reading + trusting}), "server-side-identity")
    assert judged.status is Status.PARTIAL
    assert "1 places, for 7 public functions" in judged.reason
    assert status(check({**CONVEX, "convex/world.ts": reading}, "acme+all"), "server-side-identity") is Status.PRESENT


def test_a_sign_in_library_that_nothing_reads_is_half(check: Check) -> None:
    assert status(check(EXPRESS), "server-side-identity") is Status.PARTIAL
    guarded = {**EXPRESS, "routes.js": "app.get('/me', (req, res) => res.json(req.user));\n"}
    assert status(check(guarded, "acme+read"), "server-side-identity") is Status.PRESENT
    browser = {**EXPRESS, "client/menu.js": "if (req.user) show();\n"}
    assert status(check(browser, "acme+browser"), "server-side-identity") is Status.PARTIAL


def test_a_custom_builder_is_the_standard_pattern(check: Check) -> None:
    builder = "export const userMutation = customMutation(mutation, { args: {}, input: async (ctx) => auth(ctx) });\n"
    functions = "".join(function(f"save{number}", "userMutation") for number in range(4)) + function("open", "query")
    judged = finding(check({**CONVEX, "convex/users.ts": builder, "convex/notes.ts": functions}), "auth-wrapper")
    assert judged.status is Status.PRESENT
    assert "4 of 5 public" in judged.reason


def test_identity_copied_into_each_handler_is_no_pattern(check: Check) -> None:
    copied = "".join(function(f"save{number}", "mutation", body="await ctx.auth.getUserIdentity();") for number in range(3))
    assert status(check({**CONVEX, "convex/notes.ts": copied}), "auth-wrapper") is Status.ABSENT
    helped = "".join(function(f"save{number}", "mutation", body="await getViewer(ctx);") for number in range(3))
    assert status(check({**CONVEX, "convex/notes.ts": helped}, "acme+helper"), "auth-wrapper") is Status.PARTIAL


def test_a_guard_in_the_application_controller_is_default_deny(check: Check) -> None:
    rails = {
        "Gemfile": 'gem "rails"\ngem "pg"\ngem "gds-sso"\n',
        "config/application.rb": "class Application < Rails::Application\nend\n",
        "Procfile": "web: bin/rails server\n",
    }
    guard = "class ApplicationController < ActionController::Base\n  before_action :authenticate_user!\nend\n"
    everywhere = {"app/controllers/application_controller.rb": guard}
    assert status(check({**rails, **everywhere}), "auth-wrapper") is Status.PRESENT
    one = {"app/controllers/things_controller.rb": guard.replace("ApplicationController <", "ThingsController <")}
    assert status(check({**rails, **one}, "acme+one"), "auth-wrapper") is Status.PARTIAL


def test_one_comparison_with_the_owner_is_half(check: Check) -> None:
    compared = "if (note.ownerId !== viewer.id) throw new Error();\n"
    assert status(check({**EXPRESS, "notes.js": compared}), "per-user-authorization") is Status.PARTIAL
    assert status(check({**EXPRESS, "notes.js": compared * 5}, "acme+five"), "per-user-authorization") is Status.PRESENT
    assert (
        status(check({**EXPRESS, "examples/notes.js": compared * 5}, "acme+sample"), "per-user-authorization") is Status.NOT_SEEN
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.PRESENT),
        ({"src/aws.js": "const key = 'AKIAIOSFODNN7EXAMPLE';\n"}, Status.PRESENT),
        ({"src/aws.js": "const key = 'AKIAQ3EGRTBFOKW2HZXN';\n"}, Status.PARTIAL),
        ({"tests/aws.js": "const key = 'AKIAQ3EGRTBFOKW2HZXN';\n"}, Status.PRESENT),
        ({"docs/aws.md": "AKIAQ3EGRTBFOKW2HZXN\n"}, Status.PRESENT),
        ({"src/pem.js": "if (text.startsWith('-----BEGIN RSA PRIVATE KEY-----')) parse(text);\n"}, Status.PRESENT),
        ({".env": "SECRET_KEY=changethis\n"}, Status.PARTIAL),
        ({".env": "VITE_TITLE=Shop\nAPP_KEY=\n"}, Status.PRESENT),
        ({".env.example": "SECRET_KEY=changethis\n"}, Status.PRESENT),
    ],
)
def test_the_shape_of_a_secret_is_a_reason_to_look(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**EXPRESS, **files}), "secrets-in-env") is expected


UPDATES = 'version: 2\nupdates:\n  - package-ecosystem: "npm"\n    directory: /\n'
ACTIONS = 'version: 2\nupdates:\n  - package-ecosystem: "github-actions"\n    directory: /\n'
CODEQL = "on: push\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: github/codeql-action/analyze@v3\n"
AUDIT = "on: push\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm audit || true\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.NOT_SEEN),
        ({".github/dependabot.yml": UPDATES}, Status.PARTIAL),
        ({".github/dependabot.yml": ACTIONS}, Status.NOT_SEEN),
        ({".github/dependabot.yml": UPDATES + "    open-pull-requests-limit: 0\n"}, Status.NOT_SEEN),
        ({"tests/fixtures/.github/dependabot.yml": UPDATES}, Status.NOT_SEEN),
        ({".github/workflows/scan.yml": CODEQL}, Status.PARTIAL),
        ({".github/workflows/scan.yml": AUDIT}, Status.NOT_SEEN),
        ({".github/dependabot.yml": UPDATES, ".github/workflows/scan.yml": CODEQL}, Status.PRESENT),
        ({"renovate.json": "{}", ".github/workflows/scan.yml": CODEQL}, Status.PRESENT),
    ],
)
def test_updates_and_a_scanner_make_the_whole(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**EXPRESS, **files}), "vulnerability-alerts") is expected


HOOK = "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    hooks:\n      - id: gitleaks\n"
SCAN = "on: push\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: gitleaks/gitleaks-action@v2\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.NOT_SEEN),
        ({".pre-commit-config.yaml": HOOK}, Status.PARTIAL),
        ({".github/workflows/scan.yml": SCAN}, Status.PARTIAL),
        (
            {".github/workflows/scan.yml": SCAN.replace("gitleaks/gitleaks-action@v2", "docker://acme/seekret-github-action")},
            Status.PARTIAL,
        ),
        ({".github/workflows/scan.yml": SCAN.replace("gitleaks/gitleaks-action", "acme/secret-scanner")}, Status.PARTIAL),
        ({".github/workflows/scan.yml": SCAN.replace("gitleaks/gitleaks-action", "acme/read-secret")}, Status.NOT_SEEN),
        ({".gitleaks.toml": "title = 'x'\n"}, Status.PARTIAL),
        # Super-Linter would read it there, and nothing runs Super-Linter.
        ({".github/linters/.gitleaks.toml": "title = 'x'\n"}, Status.NOT_SEEN),
        ({".pre-commit-config.yaml": HOOK, ".github/workflows/scan.yml": SCAN}, Status.PRESENT),
    ],
)
def test_a_hook_and_ci_together_stop_secrets(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**EXPRESS, **files}), "secret-scanning") is expected


PASSWORD = {"auth/check.js": "const ok = await bcrypt.compare(password, hash);\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (PASSWORD, Status.ABSENT),
        ({**PASSWORD, "auth/login.js": "if (!(await loginLimiter.consume(email))) return;\nrateLimit(email);\n"}, Status.PRESENT),
        ({**PASSWORD, "api/search.js": "await rateLimiter.check(user.id);\n"}, Status.PARTIAL),
        ({**PASSWORD, "lib/github_client.js": "const left = response.rateLimit('x-ratelimit-remaining');\n"}, Status.ABSENT),
        ({**PASSWORD, "server/chat.js": "socket.on('ping', _.throttle((data) => answer(data), 1000));\n"}, Status.ABSENT),
        ({**PASSWORD, "server/chat.js": "router.post('/chat', throttle({ limit: 5 }), send);\n"}, Status.PARTIAL),
        ({**PASSWORD, "api/routes.js": "router.post(path, limiters.login, signIn);\n"}, Status.PRESENT),
        ({**PASSWORD, "api/limits.js": "if (path.startsWith(start)) return config.rateLimit.auth;\n"}, Status.PRESENT),
        ({**PASSWORD, "api/limits.js": "return config.rateLimit.author ?? limits.register;\n"}, Status.ABSENT),
        ({**PASSWORD, "client/search.js": "const go = throttle(search, 200);\n"}, Status.ABSENT),
        ({**PASSWORD, "auth/reset.js": "if (recent > 3) throw new Error('Too many requests, try later');\n"}, Status.NOT_SEEN),
    ],
)
def test_a_limit_counts_where_people_sign_in(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**EXPRESS, **files}), "abuse-rate-limiting") is expected


def test_laravel_limits_sign_in_without_a_package(check: Check) -> None:
    routes = {"routes/web.php": "<?php\nRoute::post('/login', [C::class, 'login'])->middleware('throttle:6,1');\n"}
    assert status(check({**LARAVEL, **routes}), "abuse-rate-limiting") is Status.PRESENT


def test_a_generic_scanner_enforces_no_pattern(check: Check) -> None:
    guarded = {**EXPRESS, "auth.js": "app.use(requireAuth);\n"}
    assert status(check(guarded), "auth-lint") is Status.ABSENT
    routes = {"tests/routes.test.js": "for (const route of app.routes) expect(status(route)).toBe(401);\n"}
    assert status(check({**guarded, **routes}, "acme+routes"), "auth-lint") is Status.PRESENT


def test_server_calls_to_public_functions_are_seen(check: Check) -> None:
    inner = function("send", "internalMutation")
    private = function("order", "mutation", body="await ctx.scheduler.runAfter(0, internal.mail.send, {});")
    public = function("order", "mutation", body="await ctx.runMutation(api.mail.send, {});")
    assert status(check({**CONVEX, "convex/mail.ts": inner + private}), "internal-endpoints") is Status.PRESENT
    assert status(check({**CONVEX, "convex/mail.ts": inner + public}, "acme+some"), "internal-endpoints") is Status.PARTIAL
    assert status(check({**CONVEX, "convex/mail.ts": public}, "acme+all"), "internal-endpoints") is Status.ABSENT
    client = {"src/App.tsx": "const send = useMutation(api.mail.send);\n", "convex/mail.ts": inner + private}
    assert status(check({**CONVEX, **client}, "acme+client"), "internal-endpoints") is Status.PRESENT


def test_a_signature_is_checked_where_webhooks_arrive(check: Check) -> None:
    route = "app.post('/webhooks/pay', (req, res) => { {} });\n"
    checked = route.replace("{}", "if (!crypto.timingSafeEqual(a, b)) return res.sendStatus(401);")
    assert status(check({**EXPRESS, "routes/webhooks.js": checked}), "service-auth") is Status.PRESENT
    assert status(check({**EXPRESS, "routes/webhooks.js": route}, "acme+open"), "service-auth") is Status.NOT_SEEN
    password = {"routes/webhooks.js": route, "lib/password.js": "return crypto.timingSafeEqual(a, b);\n"}
    assert status(check({**EXPRESS, **password}, "acme+password"), "service-auth") is Status.NOT_SEEN


def test_a_challenge_counts_when_the_server_verifies_it(check: Check) -> None:
    form = {**EXPRESS, "routes/signup.js": "app.post('/signup', signup);\nfunction signup(req, res) {}\n"}
    assert status(check(form), "anonymous-bot-protection") is Status.NOT_SEEN
    verified = {**form, "lib/captcha.js": "fetch('https://challenges.cloudflare.com/turnstile/v0/siteverify', { body });\n"}
    assert status(check(verified, "acme+verified"), "anonymous-bot-protection") is Status.PRESENT


def test_own_passwords_and_no_word_of_a_challenge_are_a_gap(check: Check) -> None:
    form = {**EXPRESS, "routes/signup.js": "app.post('/signup', signup);\nconst hash = bcrypt.hashSync(password);\n"}
    assert status(check(form), "anonymous-bot-protection") is Status.ABSENT
    named = {**form, "views/signup.html": "<div class='captcha'></div>\n"}
    assert status(check(named, "acme+named"), "anonymous-bot-protection") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"api/cron.js": "if (token !== env.UTILS_SECRET) return res.sendStatus(403);\n"}, Status.PRESENT),
        ({"env.js": "export const CRON_SECRET = process.env.CRON_SECRET;\n"}, Status.NOT_SEEN),
        ({"main.go": "func serveAdmin(ctx context.Context) error { return nil }\n"}, Status.PRESENT),
        ({"main.tf": 'resource "service" "jobs" {\n  ingress = "INGRESS_TRAFFIC_INTERNAL_ONLY"\n}\n'}, Status.PRESENT),
        ({"api/hook.js": "const event = stripe.webhooks.constructEvent(body, sig, secret);\n"}, Status.PRESENT),
        ({"api/hook.js": "if (!isValidWebhookUrl(url)) return;\n"}, Status.NOT_SEEN),
        ({"jobs.js": "scheduler.withCronSchedule(every).withJobKey(key);\n"}, Status.NOT_SEEN),
    ],
)
def test_what_machines_call_is_guarded_or_apart(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**EXPRESS, **files}), "internal-endpoints") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"api/hook.js": "if (!verifyGithubSignature(headers, body)) return;\n"}, Status.PRESENT),
        ({"lib/jwt.js": "if (!verifySignature(token, key)) return;\n"}, Status.NOT_SEEN),
        ({"src/tls.rs": "fn verify_tls12_signature(&self, message: &[u8]) -> Result<(), Error> {}\n"}, Status.NOT_SEEN),
        ({"api/keys.js": "router.use(requireApiKey);\n"}, Status.PRESENT),
        ({"api/settings.js": "await validateAnthropicApiKey(input.key);\n"}, Status.NOT_SEEN),
        ({"api/settings.js": "checkApiKeyPresence(config);\n"}, Status.NOT_SEEN),
    ],
)
def test_other_machines_sign_or_have_keys(check: Check, files: dict[str, str], expected: Status) -> None:
    hooks = {"routes/list.js": "app.post('/webhooks/pay', pay);\n"}
    assert status(check({**EXPRESS, **hooks, **files}), "service-auth") is expected


@pytest.mark.parametrize(
    ("name", "expected"), [("ConsumerAuthenticationFilter", Status.PRESENT), ("FormAuthenticationFilter", Status.NOT_SEEN)]
)
def test_a_filter_may_know_other_machines(check: Check, name: str, expected: Status) -> None:
    files = {
        "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
        "src/main/java/App.java": "@SpringBootApplication class App {}\n",
        "src/main/java/ConsumerToken.java": "class ConsumerToken {}\n",
        f"src/main/java/{name}.java": f"class {name} implements Filter {{}}\n",
    }
    assert status(check(files), "service-auth") is expected


def test_a_token_of_ones_own_api_counts_in_a_framework(check: Check) -> None:
    laravel = {**LARAVEL, "app/Models/ApiToken.php": "<?php\nclass ApiToken extends Model {}\n"}
    assert status(check(laravel), "service-auth") is Status.NOT_SEEN
    guarded = {**laravel, "routes/api.php": "<?php\nRoute::middleware('auth:sanctum')->group(fn () => 1);\n"}
    assert status(check(guarded, "acme+guarded"), "service-auth") is Status.PRESENT


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"tests/AuthTests.cs": "Assert.NotNull(method.GetCustomAttribute<AuthorizeAttribute>());\n"}, Status.PRESENT),
        (
            {"tests/auth.test.js": "for (const [method, route] of ROUTES) expect(await call(method, route)).toBe(401);\n"},
            Status.PARTIAL,
        ),
        ({"tests/links.test.js": "for (const url of urls) expect(await call(url)).toBe(403);\n"}, Status.ABSENT),
        ({".github/codeql/queries/MissingPermission.ql": "select f\n"}, Status.PARTIAL),
        ({".github/codeql/queries/SlowQuery.ql": "select f\n"}, Status.ABSENT),
    ],
)
def test_access_is_tried_on_all_routes_or_on_a_list(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**EXPRESS, "auth.js": "app.use(requireAuth);\n", **files}), "auth-lint") is expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("path('login/', LoginView.as_view())", Status.ABSENT),
        ("path('login/', axes.decorators.axes_dispatch(LoginView.as_view()))", Status.PRESENT),
        ("path('orders/', OrdersView.as_view())", Status.NOT_SEEN),
    ],
)
def test_django_checks_passwords_itself_and_limits_nothing(check: Check, route: str, expected: Status) -> None:
    files = {
        "requirements.txt": "django==5.2\npsycopg==3\ndjango-axes==8\n" if "axes" in route else "django==5.2\npsycopg==3\n",
        "manage.py": "execute_from_command_line()\n",
        "web/urls.py": "urlpatterns = []\n",
        "shop/settings.py": "INSTALLED_APPS = ['django.contrib.auth']\n",
        "shop/urls.py": f"urlpatterns = [{route}]\n",
        "shop/views.py": "@login_required\ndef orders(request):\n    return request.user\n",
    }
    assert status(check(files), "abuse-rate-limiting") is expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{ path: ^/, roles: ROLE_USER }", Status.PRESENT),
        ("{ path: ^/, roles: PUBLIC_ACCESS }", Status.PARTIAL),
        ("{ path: ^/admin, roles: ROLE_ADMIN }", Status.PARTIAL),
    ],
)
def test_symfony_denies_by_default_where_the_root_wants_a_role(check: Check, rule: str, expected: Status) -> None:
    files = {
        "composer.json": '{"type": "project", "require": {"symfony/framework-bundle": "^7", "symfony/security-bundle": "^7", "doctrine/orm": "^3"}}',
        "public/index.php": "<?php\n",
        "config/packages/security.yaml": f"security:\n    access_control:\n        - {rule}\n",
        "src/OrderController.php": "<?php\nclass OrderController { function show() { return $this->getUser(); } }\n",
    }
    assert status(check(files), "auth-wrapper") is expected


@pytest.mark.parametrize(("field", "expected"), [("CaptchaType::class", Status.PRESENT), ("TextType::class", Status.NOT_SEEN)])
def test_a_form_may_want_a_challenge(check: Check, field: str, expected: Status) -> None:
    files = {
        "composer.json": '{"type": "project", "require": {"symfony/framework-bundle": "^7", "symfony/security-bundle": "^7", "doctrine/orm": "^3"}}',
        "public/index.php": "<?php\n",
        "src/RegistrationController.php": "<?php\nclass RegistrationController {}\n",
        "src/RegistrationFormType.php": f"<?php\nclass RegistrationFormType {{ function build($b) {{ $b->add('proof', {field}); }} }}\n",
        "config/routes.yaml": "register:\n    path: /register\n",
    }
    assert status(check(files), "anonymous-bot-protection") is expected


def test_a_counter_of_wrong_passwords_is_a_limit(check: Check) -> None:
    counted = {"users/UserManager.cs": "user.InvalidLoginAttemptCount++;\n"}
    assert status(check({**EXPRESS, **counted}), "abuse-rate-limiting") is Status.PRESENT
    media = {"media/Encoder.cs": "options.DisableTranscodingThrottling();\n"}
    assert status(check({**EXPRESS, **media}, "acme+media"), "abuse-rate-limiting") is Status.NOT_SEEN


def test_a_check_that_handlers_share_is_half_a_pattern(check: Check) -> None:
    handlers = "".join(function(f"f{n}", "mutation", body="await ctx.auth.getUserIdentity();") for n in range(3))
    app = {**CONVEX, "convex/notes.ts": handlers}
    assert status(check(app), "auth-wrapper") is Status.ABSENT
    helper = "export async function assertIsAdmin(ctx: QueryCtx) {}\n"
    assert status(check({**app, "convex/admin.ts": helper}, "acme+helper"), "auth-wrapper") is Status.PARTIAL
    other = "export async function rememberConversation(ctx: ActionCtx) {}\n"
    assert status(check({**app, "convex/memory.ts": other}, "acme+other"), "auth-wrapper") is Status.ABSENT


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/controllers/notes_controller.rb": "@note = Current.family.notes.find(params[:id])\n" * 5}, Status.PRESENT),
        (
            {"lib/note_controller.ex": "defmodule Note do\n" + "  plug Authorize, [Policies.Note, :note]\n" * 5 + "end\n"},
            Status.PRESENT,
        ),
        ({"app/controllers/notes_controller.rb": "@note = Note.find(params[:id])\n" * 5}, Status.NOT_SEEN),
    ],
)
def test_data_is_read_through_its_owner(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**EXPRESS, **files}), "per-user-authorization") is expected


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("const SIGNING_KEY: &str = ", Status.PARTIAL),
        ("const TEST_FAKE_KEY: &str = ", Status.PRESENT),
    ],
)
def test_a_key_may_say_that_it_is_none(check: Check, declaration: str, expected: Status) -> None:
    key = f'{declaration}"-----BEGIN PRIVATE KEY-----\n{"A" * 64}\n";\n'
    rust = {"src/keys.rs": key, "src/env.js": "const token = process.env.API_TOKEN;\n"}
    assert status(check({**EXPRESS, **rust}), "secrets-in-env") is expected


def test_a_secret_that_is_read_is_shown_before_other_settings(check: Check) -> None:
    files = {"a.js": "if (process.env.NODE_ENV === 'test') {}\n", "b.js": "const key = process.env.PAYMENT_API_KEY;\n"}
    assert finding(check({**EXPRESS, **files}), "secrets-in-env").evidence[0].path == "b.js"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"server.js": "app.use('/api/auth', rateLimit({ windowMs, max }));\n"}, Status.PRESENT),
        ({"server.js": "app.use('/api/search', rateLimit({ windowMs, max }));\n"}, Status.PARTIAL),
        ({"lib/plug.ex": "defmodule Limits do\n  use PlugAttack\nend\n"}, Status.PRESENT),
        ({"api/views.py": "class Search(APIView):\n    throttle_classes = [Burst]\n"}, Status.PARTIAL),
    ],
)
def test_limits_where_routes_are_declared(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**EXPRESS, **files}), "abuse-rate-limiting") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"lib/keys.js": "const key = await prisma.apiKey.findUnique({ where: { hash } });\n"}, Status.PRESENT),
        (
            {"auth.go": "func (a *Authenticator) AuthenticateByPAT(ctx context.Context, token string) error { return nil }\n"},
            Status.PRESENT,
        ),
        ({"lib/keys.js": "const client = new Client({ apiKey: settings.apiKey });\n"}, Status.NOT_SEEN),
    ],
)
def test_keys_that_are_looked_up_are_keys_of_ones_own(check: Check, files: dict[str, str], expected: Status) -> None:
    hooks = {"routes/list.js": "app.post('/webhooks/pay', pay);\n"}
    assert status(check({**EXPRESS, **hooks, **files}), "service-auth") is expected


def test_a_check_called_by_hand_is_half_a_pattern(check: Check) -> None:
    go = {
        "main.go": "package main\n\nfunc main() { http.ListenAndServe(addr, mux) }\n",
        "Dockerfile": "FROM scratch\n",
        "models/user.go": "package models\n\ntype User struct{}\n",
    }
    assert status(check(go), "auth-wrapper") is Status.ABSENT
    by_hand = {
        "edit.go": "package main\n\nfunc edit(w http.ResponseWriter, r *http.Request) { if !requireLogin(w, r) { return } }\n"
    }
    assert status(check({**go, **by_hand}, "acme+hand"), "auth-wrapper") is Status.PARTIAL


def test_refusing_malformed_input_is_half_of_validation(check: Check) -> None:
    assert status(check(EXPRESS), "input-validation") is Status.ABSENT
    kotlin = {"src/main/kotlin/Api.kt": "if (name.isBlank()) throw BadRequestException(name)\n"}
    assert status(check({**EXPRESS, **kotlin}, "acme+kotlin"), "input-validation") is Status.PARTIAL


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("const body = JSON.parse(body);\n", Status.ABSENT),
        ("const body = orderSchema.parse(req.body);\n", Status.PRESENT),
        ("const body = z.object({ id: z.string() }).safeParse(payload);\n", Status.PRESENT),
    ],
)
def test_reading_json_is_no_validation(check: Check, line: str, expected: Status) -> None:
    files = {f"api/route{number}.js": line for number in range(3)}
    assert status(check({**EXPRESS, **files}), "input-validation") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("app.use('/api', requireAuth);\n", Status.PRESENT),
        ("router.use(passport.authenticate('jwt'));\n", Status.PRESENT),
        ("app.use(auth());\n", Status.PRESENT),
        ("app.use('/auth', authRoutes);\n", Status.ABSENT),
        ("router.use('/', auth.routes());\n", Status.ABSENT),
    ],
)
def test_routes_for_signing_in_guard_nothing(check: Check, line: str, expected: Status) -> None:
    app = {key: value for key, value in EXPRESS.items() if key != "server.js"}
    assert status(check({**app, "server.js": "app.listen(process.env.PORT);\n", "routes.js": line}), "auth-wrapper") is expected


GO_ROUTES = {
    "go.mod": "module shop\n\ngo 1.24\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.10.0\n\tgithub.com/gorilla/sessions v1.4.0\n)\n",
    "main.go": 'package main\n\nfunc main() {\n\tr := gin.Default()\n\thttp.ListenAndServe(":80", r)\n}\n',
    "Procfile": "web: ./shop\n",
}
SIGN_UP = "app.post('/api/auth/register', async (req, res) => res.json(await bcrypt.hash(req.body.password, 12)));\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"server.js": SIGN_UP}, Status.ABSENT),
        # Comparing a password shows that there are accounts, and not that strangers make them.
        ({"server.js": "app.post('/login', check);\nawait bcrypt.compare(given, kept);\n"}, Status.NOT_APPLICABLE),
        ({"server.js": "app.post('/api/totp/register', second);\nawait bcrypt.compare(given, kept);\n"}, Status.NOT_APPLICABLE),
        ({"server.js": SIGN_UP, "settings.js": "exports.allowSignups = false;\n"}, Status.NOT_SEEN),
    ],
)
def test_strangers_sign_up_where_there_is_a_route_for_it(check: Check, files: dict[str, str], expected: Status) -> None:
    node = {
        "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8", "bcrypt": "5"}}',
        "Procfile": "web: node server.js\n",
    }
    assert (
        status(check({**node, "app.js": "const app = express();\napp.listen(3000);\n", **files}), "anonymous-bot-protection")
        is expected
    )


def test_a_cron_expression_guards_no_endpoint(check: Check) -> None:
    parsed = {**GO_ROUTES, "settings.go": 'package main\nfunc check() { checkCronExpression("* * * * *") }\n'}
    assert status(check(parsed), "internal-endpoints") is Status.NOT_SEEN
    guarded = {**GO_ROUTES, "apis/cron.go": "package apis\nfunc bind() { sub.Bind(RequireSuperuserAuth()) }\n"}
    assert status(check(guarded, "acme+guarded"), "internal-endpoints") is Status.PRESENT


def test_settings_of_a_machine_are_no_secrets(check: Check) -> None:
    highlighted = {**GO_ROUTES, "assets/syntaxes/Rails/sample.rb": "KEY = ENV['HOME']\n"}
    assert status(check(highlighted), "secrets-in-env") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("acl_test.go", "package main\nfunc TestProtectedMethodsRequireAuth(t *testing.T) {}\n", Status.PARTIAL),
        ("routes_test.go", 'package main\nfunc TestEveryRoute(t *testing.T) { session("none") }\n', Status.NOT_SEEN),
        ("lint/rules/require-auth.js", "module.exports = {};\n", Status.PARTIAL),
        (
            "tests/test_api.py",
            "for url, method in endpoints:\n    assert call(method, url) == status.HTTP_401_UNAUTHORIZED\n",
            Status.PARTIAL,
        ),
        ("shop/testing/views.py", "def test_get_without_permission(self):\n    pass\n", Status.NOT_SEEN),
        ("plain_test.go", "package main\nfunc TestOne(t *testing.T) {}\n", Status.ABSENT),
    ],
)
def test_what_hints_at_tried_access_is_a_question(check: Check, path: str, text: str, expected: Status) -> None:
    guarded = {**GO_ROUTES, "routes.go": "package main\nfunc routes() { r.Use(AuthMiddleware) }\n"}
    assert status(check({**guarded, path: text}), "auth-lint") is expected


PHOENIX = {
    "mix.exs": 'defmodule S do\n  defp deps do\n    [{:phoenix, "1.8.0"}, {:ecto_sql, "3.0.0"}, {:joken, "2.6.0"}]\n  end\nend\n',
    "lib/s_web/endpoint.ex": "defmodule SWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :s\nend\n",
    "fly.toml": "app = 's'\n",
}
READS_TOKEN = (
    'defp {name}(conn, secret) do\n  with ["Bearer " <> token] <- get_req_header(conn, "authorization"),\n'
    "       {{:ok, _}} <- SWeb.Token.verify_and_validate(token, secret), do: conn\nend\n"
)


def router(*lines: str) -> dict[str, str]:
    return {"lib/s_web/router.ex": "defmodule SWeb.Router do\n" + "\n".join(lines) + "\nend\n"}


@pytest.mark.parametrize(
    ("plug", "expected"),
    [
        ("plug(:check_auth, [:api_secret])", Status.PRESENT),
        ("plug S.Plugs.RequireAuth", Status.PRESENT),
        # It guards one route for a machine, and nobody who is signed in.
        ("plug :metrics_auth, :metrics_token", Status.PARTIAL),
        ("plug :put_secure_browser_headers", Status.PARTIAL),
    ],
)
def test_a_pipeline_in_phoenix_is_a_shared_layer(check: Check, plug: str, expected: Status) -> None:
    routes = router("  pipeline :api do", f"    {plug}", "  end")
    checked = check({**PHOENIX, **routes, "lib/s_web/auth.ex": READS_TOKEN.format(name="check")})
    assert status(checked, "server-side-identity") is Status.PRESENT
    assert status(checked, "auth-wrapper") is expected


def test_a_pipeline_for_admins_guards_the_admin_pages(check: Check) -> None:
    scope = '  scope "/admin" do\n    pipe_through [:browser, {}]\n    live_dashboard "/dashboard"\n  end'
    assert status(check({**PHOENIX, **router(scope.format(":admins_only"))}), "scoped-admin-access") is Status.PRESENT
    assert status(check({**PHOENIX, **router(scope.format(":api"))}, "acme+open"), "scoped-admin-access") is Status.PARTIAL


def test_a_secret_of_a_machine_is_checked_where_the_header_is_read(check: Check) -> None:
    hook = '  post "/webhooks", HookController, :create'
    keyed = router("  plug :check, :webhook_secret", hook, READS_TOKEN.format(name="check"))
    assert status(check({**PHOENIX, **keyed}), "service-auth") is Status.PRESENT
    signed_in = router("  plug :check, :user_secret", hook, READS_TOKEN.format(name="check"))
    assert status(check({**PHOENIX, **signed_in}, "acme+people"), "service-auth") is Status.NOT_SEEN


def test_three_changesets_check_what_a_phoenix_app_is_given(check: Check) -> None:
    changeset = "def changeset(it, attrs), do: it |> cast(attrs, [:name]) |> validate_required([:name])\n"
    some = {f"lib/s/{name}.ex": changeset for name in ("order", "item", "note")}
    assert status(check({**PHOENIX, **some}), "input-validation") is Status.PRESENT
    assert status(check({**PHOENIX, "lib/s/order.ex": changeset}, "acme+one"), "input-validation") is Status.PARTIAL
    only_cast = dict.fromkeys(some, "def changeset(it, attrs), do: cast(it, attrs, [:name])\n")
    assert status(check({**PHOENIX, **only_cast}, "acme+cast"), "input-validation") is Status.ABSENT


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", Status.PRESENT),
        ("select set_config('statement_timeout', '5s', true)", Status.NOT_SEEN),
    ],
)
def test_rows_are_guarded_where_the_store_is_told_who_asks(check: Check, query: str, expected: Status) -> None:
    code = {"lib/s/guard.ex": f'def guard(conn), do: Postgrex.query(conn, "{query}", [])\n'}
    assert status(check({**PHOENIX, **code}), "per-user-authorization") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("for pattern in urlpatterns:\n    assert get(pattern).status_code == 401\n", Status.PRESENT),
        ("self._test_urls(private.urlpatterns, status_code=403)\n", Status.PRESENT),
        ("urlpatterns = base_patterns + [path('oidc/', include(oidc))]\nassert wrong.status_code == 401\n", Status.ABSENT),
    ],
)
def test_routes_that_a_test_sets_up_are_not_walked(check: Check, line: str, expected: Status) -> None:
    django = {
        "requirements.txt": "django==5.2\npsycopg==3\n",
        "manage.py": "execute_from_command_line()\n",
        "web/urls.py": "urlpatterns = []\n",
        "shop/settings.py": "INSTALLED_APPS = ['django.contrib.auth']\nMIDDLEWARE = ['django.contrib.auth.middleware.LoginRequiredMiddleware']\n",
        "shop/urls.py": "urlpatterns = [path('login/', LoginView.as_view())]\n",
        "shop/views.py": "@login_required\ndef orders(request):\n    return request.user\n",
    }
    assert status(check({**django, "shop/tests/test_login.py": line}), "auth-lint") is expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("import org.springframework.security.core.context.SecurityContextHolder;", Status.PARTIAL),
        ("import com.acme.bank.Ledger;", Status.NOT_SEEN),
    ],
)
def test_a_principal_is_somebody_only_where_a_framework_says_so(check: Check, first: str, expected: Status) -> None:
    pom = "<project><dependencies>" + "".join(
        f"<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-{name}</artifactId></dependency>"
        for name in ("web", "security", "data-jpa")
    )
    files = {
        "pom.xml": f"{pom}</dependencies></project>",
        "src/main/java/App.java": "@SpringBootApplication class App {}\n",
        "src/main/java/Loan.java": f"{first}\nclass Loan {{ long due() {{ return holder.getPrincipal(); }} }}\n",
    }
    assert status(check(files), "per-user-authorization") is expected


FORTIFY = {
    **LARAVEL,
    "composer.json": '{"type": "project", "require": {"laravel/framework": "^12.0", "laravel/fortify": "^1.20"}}',
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"config/fortify.php": "<?php\nreturn ['features' => [Features::registration()]];\n"}, Status.ABSENT),
        ({"config/fortify.php": "<?php\nreturn ['features' => [\n  // Features::registration(),\n]];\n"}, Status.NOT_APPLICABLE),
        ({"app/Console/Make.php": "<?php\nfunction registerUser() {}\n"}, Status.NOT_APPLICABLE),
        (
            {
                "config/fortify.php": "<?php\nreturn ['features' => [Features::registration()]];\n",
                "config/shop.php": "<?php\nreturn ['disable_signup' => env('DISABLE_SIGNUP', false)];\n",
                "lang/en/validation.php": "<?php\nreturn ['captcha' => 'The captcha is wrong.'];\n",
            },
            Status.ABSENT,
        ),
        (
            {
                "config/fortify.php": "<?php\nreturn ['features' => [Features::registration()]];\n",
                "config/shop.php": "<?php\nreturn ['disable_signup' => env('DISABLE_SIGNUP', true)];\n",
            },
            Status.NOT_SEEN,
        ),
    ],
)
def test_sign_up_in_laravel_is_a_feature_that_is_switched_on(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**FORTIFY, **files}), "anonymous-bot-protection") is expected


def test_an_account_that_is_made_once_at_the_start_is_no_sign_up(check: Check) -> None:
    route = "app.post('/api/account/register', registerFirstUser);\nawait bcrypt.compare(given, kept);\n"
    assert status(check({**EXPRESS, "account.js": route}), "anonymous-bot-protection") is Status.NOT_APPLICABLE
    elsewhere = {"account.js": route, "join.js": "app.post('/signup', join);\n"}
    assert status(check({**EXPRESS, **elsewhere}, "acme+open"), "anonymous-bot-protection") is Status.ABSENT


def test_a_captcha_of_better_auth_is_verified_where_it_has_a_secret(check: Check) -> None:
    node = {**EXPRESS, "package.json": '{"private": true, "dependencies": {"express": "5", "pg": "8", "better-auth": "1"}}'}
    route = {"join.js": "app.post('/signup', join);\n"}
    secret = {"auth.js": "betterAuth({ plugins: [captcha({ provider: P, secretKey: process.env.TURNSTILE })] });\n"}
    assert status(check({**node, **route, **secret}), "anonymous-bot-protection") is Status.PRESENT
    plain = {"auth.js": "betterAuth({ plugins: [captcha({ provider: P })] });\n"}
    assert status(check({**node, **route, **plain}, "acme+plain"), "anonymous-bot-protection") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("items.Where(x => x.AppUserId == userId)", Status.PRESENT),
        ("items.Where(l => l.AppUsers.Any(u => u.Id == userId))", Status.PRESENT),
        ("items.Where(x => x.AppUserId == 3)", Status.NOT_SEEN),
        ("items.Where(l => l.Tags.Any(t => t.Id == tagId))", Status.NOT_SEEN),
    ],
)
def test_queries_in_dotnet_ask_whose_rows_they_are(check: Check, query: str, expected: Status) -> None:
    web = (
        '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Microsoft.EntityFrameworkCore.Sqlite" Version="8"/>'
        '<PackageReference Include="Microsoft.AspNetCore.Authentication.JwtBearer" Version="8"/></ItemGroup></Project>'
    )
    files = {f"Data/Repo{number}.cs": f"class Repo{number} {{ object Get() => {query}; }}\n" for number in range(5)}
    shop = {"Shop.csproj": web, "Program.cs": "WebApplication.CreateBuilder(args);\n", "fly.toml": "app = 's'\n"}
    assert status(check({**shop, **files}), "per-user-authorization") is expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("def test_all():\n    assert set(app.blueprints) == set(app.before_request_funcs)\n", Status.PRESENT),
        ("for rule in app.url_map.iter_rules():\n    assert client.get(rule).status_code == 401\n", Status.PRESENT),
        ("for rule in app.url_map.iter_rules():\n    assert rule.endpoint in DOCUMENTED\n", Status.ABSENT),
    ],
)
def test_guards_may_be_counted_instead_of_tried(check: Check, test: str, expected: Status) -> None:
    guarded = {**EXPRESS, "auth.js": "app.use(requireAuth);\n", "tests/test_routes.py": test}
    assert status(check(guarded), "auth-lint") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("if (!plugin_validate_captcha(answer)) throw new Error();\n", Status.PRESENT),
        ("honeypotCheck(req.body.url);\n", Status.PRESENT),
        ("renderCaptcha(page);\n", Status.NOT_SEEN),
    ],
)
def test_a_challenge_is_checked_under_many_names(check: Check, line: str, expected: Status) -> None:
    form = {**EXPRESS, "routes/signup.js": "app.post('/signup', signup);\nfunction signup(req, res) {}\n"}
    assert status(check({**form, "lib/challenge.js": line}), "anonymous-bot-protection") is expected


def test_updates_may_come_from_others_than_dependabot(check: Check) -> None:
    scanned = {**EXPRESS, ".github/workflows/scan.yml": CODEQL}
    assert status(check({**scanned, ".pyup.yml": "update: insecure\n"}), "vulnerability-alerts") is Status.PRESENT
    assert status(check({**scanned, "docs/.pyup.md": "later\n"}, "acme+none"), "vulnerability-alerts") is Status.PARTIAL


SPRING = {
    "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
    "<artifactId>spring-boot-starter-oauth2-resource-server</artifactId></dependency><dependency><groupId>org.springframework.boot"
    "</groupId><artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>org.postgresql</groupId>"
    "<artifactId>postgresql</artifactId></dependency></dependencies></project>",
    "src/main/java/acme/App.java": "@SpringBootApplication\nclass App {}\n",
    "src/main/java/acme/UserAccount.java": "@Entity\nclass UserAccount { String username; }\n",
    "Dockerfile": "FROM eclipse-temurin\n",
}
INGRESS = "kind: Ingress\nspec:\n  rules:\n    - http:\n        paths:\n          - path: {}\n            backend:\n              service:\n                name: {}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (INGRESS.format("/prometheus", "default-http-backend"), Status.PRESENT),
        (INGRESS.format("/metrics", "shop-api"), Status.NOT_SEEN),
        (INGRESS.format("/orders", "default-http-backend"), Status.NOT_SEEN),
        ("snippet: |\n  location /queue/retry {\n    deny all;\n  }\n", Status.PRESENT),
        ("snippet: |\n  location /metrics {\n    proxy_pass http://shop;\n  }\n", Status.NOT_SEEN),
        ("annotations:\n  nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8\n", Status.PRESENT),
    ],
    ids=["led nowhere", "served", "another path", "denied", "passed on", "for known addresses"],
)
def test_an_ingress_may_close_what_machines_ask(check: Check, text: str, expected: Status) -> None:
    assert finding(check({**SPRING, "helm/templates/ingress.yaml": text}), "internal-endpoints").status is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('fun alone(token: Jwt) = token.subject == token.getClaimAsString("client_id")\n', Status.PRESENT),
        ('fun name(token: Jwt) = token.getClaimAsString("user_name")\n', Status.NOT_APPLICABLE),
    ],
)
def test_services_may_come_with_tokens_of_their_own(check: Check, text: str, expected: Status) -> None:
    assert finding(check({**SPRING, "src/main/kotlin/acme/Clients.kt": text}), "service-auth").status is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("orderAccessChecker.forUser(order, user);", Status.PRESENT),
        ("permissionValidator.check(Permission.READ);", Status.NOT_SEEN),
        ("orderChecker.complete(order);", Status.NOT_SEEN),
    ],
    ids=["a record and who asks", "a role alone", "another checker"],
)
def test_a_checker_of_access_is_asked_for_each_record(check: Check, call: str, expected: Status) -> None:
    text = "class Orders { void all() {\n" + f"  {call}\n" * 5 + "} }\n"
    assert finding(check({**SPRING, "src/main/java/acme/Orders.java": text}), "per-user-authorization").status is expected


GIN = {
    "go.mod": "module example.org/shop\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.10.0\n\tgorm.io/gorm v1.25.0\n)\n",
    "main.go": 'package main\n\nfunc main() {\n\tr := gin.Default()\n\tr.POST("/webhooks/orders", orders)\n\tr.Run()\n}\n',
    "models/user.go": 'package models\n\nimport "gorm.io/gorm"\n\ntype User struct {\n\tID uint\n\tPasswordHash string\n}\n',
    "auth/password.go": "package auth\n\nvar err = bcrypt.CompareHashAndPassword(hash, password)\n",
    "Dockerfile": "FROM golang\nCMD shop\n",
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("user := GetLoginUserIDFromContext(ctx)", Status.PRESENT),
        ('id := c.GetUint("user_id")', Status.PRESENT),
        ("user := r.Context().Value(userKey).(*User)", Status.PRESENT),
        ('id := c.Query("user_id")', Status.NOT_SEEN),
        ("page := r.Context().Value(pageKey)", Status.NOT_SEEN),
    ],
)
def test_go_keeps_who_calls_in_the_context(check: Check, line: str, expected: Status) -> None:
    handler = f"package orders\n\nfunc show() {{\n\t{line}\n}}\n"
    assert finding(check({**GIN, "orders/show.go": handler}), "server-side-identity").status is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("api.Use(auth.AuthAPIKey())", Status.PRESENT),
        ("config := openai.DefaultConfig(provider.APIKey)", Status.NOT_SEEN),
    ],
)
def test_go_may_ask_machines_for_their_key(check: Check, line: str, expected: Status) -> None:
    routes = f"package routes\n\nfunc mount() {{\n\t{line}\n}}\n"
    assert finding(check({**GIN, "routes/api.go": routes}), "service-auth").status is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("@PreAuthorize(\"hasRole('SHOP')\")\nclass Orders {}\n", Status.NOT_SEEN), ("@Service\nclass Orders {}\n", Status.ABSENT)],
)
def test_roles_that_are_asked_for_leave_open_who_signs_in(check: Check, text: str, expected: Status) -> None:
    assert finding(check({**SPRING, "src/main/java/acme/Orders.java": text}), "auth-wrapper").status is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("async rateLimit(key: string, limit: number): Promise<boolean> {", Status.ABSENT),
        ("if (await redis.rateLimit(key, 10)) {", Status.PARTIAL),
        ("app.use(rateLimit({ max: 5 }));", Status.PARTIAL),
    ],
)
def test_a_limiter_that_is_only_defined_limits_nothing(check: Check, line: str, expected: Status) -> None:
    files = {"users.js": "bcrypt.compare(given, user.hash);\n", "lib/redis.ts": line + "\n"}
    assert status(check({**EXPRESS, **files}), "abuse-rate-limiting") is expected


@pytest.mark.parametrize(
    ("compared", "expected"),
    [
        ("$provided_key === $expected_key", Status.PRESENT),
        ("$provided_key !== ''", Status.NOT_SEEN),
        ("$photo === $other", Status.NOT_SEEN),
    ],
)
def test_a_request_may_compare_the_key_that_it_brings(check: Check, compared: str, expected: Status) -> None:
    request = (
        "<?php\nclass FacesRequest extends FormRequest\n{\n    public function authorize(): bool\n    {\n"
        f"        $provided_key = $this->header('X-API-Key', '');\n\n        return {compared};\n    }}\n}}\n"
    )
    assert status(check({**LARAVEL, "app/Http/Requests/FacesRequest.php": request}), "service-auth") is expected


RAILS = {
    "Gemfile": 'gem "rails"\ngem "pg"\ngem "devise"\n',
    "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
    "app/controllers/application_controller.rb": "class ApplicationController\n  before_action :authenticate_user!\nend\n",
}
COP = 'class Guarded < RuboCop::Cop::Base\n  MSG = "Controllers must inherit from this one to enforce auth."\nend\n'


def test_a_rule_of_ones_own_that_insists_on_the_guard_is_a_lint(check: Check) -> None:
    assert status(check({**RAILS, "lib/cops/parent.rb": COP}), "auth-lint") is Status.PRESENT
    assert status(check({**RAILS, "lib/cops/parent.rb": COP.replace("enforce auth", "share code")}), "auth-lint") is Status.ABSENT
    assert status(check({**RAILS, "lib/parent.rb": COP.replace("RuboCop::Cop::", "")}), "auth-lint") is Status.ABSENT


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("return unless @story.editable_by_user?(@user)", Status.PRESENT),
        ("return unless @story.author_id == current_user.id", Status.PRESENT),
        ("return unless @story.editable?", Status.NOT_SEEN),
    ],
)
def test_a_record_may_be_asked_who_may_change_it(check: Check, asked: str, expected: Status) -> None:
    actions = {f"app/controllers/{name}_controller.rb": f"def update\n  {asked}\nend\n" for name in "abcde"}
    assert status(check({**RAILS, **actions}), "per-user-authorization") is expected


BEARER = "fn rebuild(header: TypedHeader<Authorization<Bearer>>) {\n    if !constant_time_eq(header.token().as_bytes(), expected_token) { return refuse(); }\n}\n"


def test_a_token_of_the_configuration_is_another_services(check: Check) -> None:
    files = {
        "Cargo.toml": '[package]\nname="shop"\n[dependencies]\naxum="0.8"\n',
        "src/main.rs": "fn main() { axum::serve(listener, app) }\n",
    }
    assert status(check({**files, "src/handlers/rebuild.rs": BEARER}), "service-auth") is Status.PRESENT
    session = BEARER.replace("Authorization<Bearer>", "Cookie")
    assert status(check({**files, "src/handlers/rebuild.rs": session}), "service-auth") is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("parent", "action", "guarded"),
    [
        ("Authenticated", ":authenticate_user!", True),
        ("Web", ":authenticate_and_check_access", True),
        ("Web", ":set_locale", False),
        ("Shop", ":authenticate_user!", False),
    ],
)
def test_a_controller_between_may_sign_everybody_in(check: Check, parent: str, action: str, guarded: bool) -> None:
    base = f"class {parent}Controller < ApplicationController\n  before_action {action}\nend\n"
    files = {f"app/controllers/{parent.lower()}_controller.rb": base}
    files |= {f"app/controllers/a{n}_controller.rb": f"class A{n}Controller < {parent}Controller\nend\n" for n in range(5)}
    files["app/controllers/application_controller.rb"] = "class ApplicationController\nend\n"
    assert (status(check({**RAILS, **files}), "auth-wrapper") is Status.PRESENT) is guarded


@pytest.mark.parametrize(("gem", "expected"), [("omniauth-auth0", Status.NOT_APPLICABLE), ("omniauth-github", Status.NOT_SEEN)])
def test_who_signs_up_with_another_service_is_challenged_there(check: Check, gem: str, expected: Status) -> None:
    files = {
        "Gemfile": f'gem "rails"\ngem "{gem}"\n',
        "app/controllers/entry_controller.rb": "class EntryController\n  def sign_up\n  end\nend\n",
    }
    assert status(check({**RAILS, **files}), "anonymous-bot-protection") is expected


@pytest.mark.parametrize(("column", "expected"), [("OrgId", Status.PRESENT), ("ParentId", Status.NOT_SEEN)])
def test_rows_are_found_by_whose_they_are_in_sea_orm(check: Check, column: str, expected: Status) -> None:
    cargo = '[package]\nname = "s"\nversion = "1.0.0"\n[dependencies]\naxum = "0.8"\nsea-orm = "1"\njsonwebtoken = "9"\n'
    finds = f"pub fn find(id: Id) -> Select<Entity> {{ Entity::find().filter(Column::{column}.eq(id)) }}\n"
    rows = {f"src/models/row{number}.rs": finds for number in range(5)}
    files = {"Cargo.toml": cargo, "src/main.rs": "fn main() { axum::serve(a, b); }\n", **rows}
    assert status(check(files), "per-user-authorization") is expected


RESTRICTED = "export default [{ rules: { 'no-restricted-imports': ['error', { name: '@/db', message: '%s' }] } }];\n"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("eslint.config.mjs", "export default [{ rules: { 'local/require-auth-wrapper': 'error' } }];\n", Status.PRESENT),
        (".eslintrc.json", '{"rules": {"local/no-unguarded-route": [2, {}]}}', Status.PRESENT),
        ("eslint.config.mjs", "export default [{ rules: { 'local/require-auth-wrapper': 'off' } }];\n", Status.ABSENT),
        ("eslint.config.mjs", "export default [{ rules: { 'local/require-author': 'error' } }];\n", Status.ABSENT),
        ("eslint.config.mjs", RESTRICTED % "It skips authorization; use the scoped client.", Status.PRESENT),
        ("eslint.config.mjs", RESTRICTED % "Import from the package instead.", Status.ABSENT),
        ("tools/eslint-plugin-local/rules/requireAuthWrapper.mjs", "export default {};\n", Status.PARTIAL),
        ("tools/plugin/wrapper.mjs", "context.report({ node, message: 'Require an auth wrapper here' });\n", Status.PRESENT),
        ("tools/plugin/wrapper.mjs", "context.report({ node, message: 'Require a return type here' });\n", Status.ABSENT),
        (
            ".credo/check/scoped.ex",
            'defmodule Scoped do\n  use Credo.Check\n  def say, do: "Queries must use the small repository"\nend\n',
            Status.ABSENT,
        ),
        (
            ".credo/check/scoped.ex",
            'defmodule Scoped do\n  use Credo.Check\n  def say, do: "Controllers must check authorization"\nend\n',
            Status.PRESENT,
        ),
    ],
)
def test_a_rule_of_ones_own_may_ask_for_the_guard(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**EXPRESS, "auth.js": "app.use(requireAuth);\n", path: text}), "auth-lint") is expected


@pytest.mark.parametrize(
    ("plug", "guarded"),
    [
        ("SWeb.Plugs.EnsureAuthenticated", True),
        (":require_authenticated_user", True),
        ("SWeb.Plugs.RedirectIfAuthenticated", False),
        ("SWeb.Plugs.FetchAccount", False),
    ],
)
def test_a_scope_in_phoenix_may_list_its_guards_below_each_other(check: Check, plug: str, guarded: bool) -> None:
    routes = router("  scope do", "    pipe_through [", "      :public,", f"      {plug}", "    ]", "  end")
    checked = check({**PHOENIX, **routes, "lib/s_web/auth.ex": READS_TOKEN.format(name="check")})
    assert (status(checked, "auth-wrapper") is Status.PRESENT) is guarded


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return HTTPError{http.StatusTooManyRequests, again}", Status.PRESENT),
        # The other side asks for patience.
        ("if answer.StatusCode == http.StatusTooManyRequests { wait() }", Status.NOT_SEEN),
    ],
)
def test_who_signs_in_too_often_may_be_answered_so_by_hand(check: Check, line: str, expected: Status) -> None:
    signs_in = {"account.go": f"package main\n\nfunc login() error {{\n\t{line}\n\treturn nil\n}}\n"}
    assert status(check({**GO_ROUTES, **signs_in}), "abuse-rate-limiting") is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ _id: command.id, _organizationId: command.organizationId }", Status.PRESENT),
        ("{ tenantId: ctx.session.tenantId }", Status.PRESENT),
        # Whoever asks names the tenant.
        ("{ organizationId: body.organizationId }", Status.NOT_SEEN),
    ],
)
def test_what_is_asked_for_may_name_the_tenant(check: Check, query: str, expected: Status) -> None:
    uses = {f"src/use{n}.ts": f"const found = await this.topics.findOne({query});\n" for n in range(5)}
    assert status(check({**EXPRESS, **uses}), "per-user-authorization") is expected


@pytest.mark.parametrize(
    ("included", "concern", "action", "guarded"),
    [
        ("AllowBrowser, Authentication", "authentication", ":require_authentication", True),
        ("Authenticatable", "authenticatable", ":authenticate_user!", True),
        # It only finds out who it is.
        ("Authenticatable", "authenticatable", ":authenticate_user", False),
        ("Authentication", "authentication", ":require_authentication, only: :edit", False),
        ("AllowBrowser", "authentication", ":require_authentication", False),
        ("Authentication", "billing", ":require_authentication", False),
    ],
)
def test_a_concern_of_the_application_controller_may_sign_everybody_in(
    check: Check, included: str, concern: str, action: str, guarded: bool
) -> None:
    files = {
        "app/controllers/application_controller.rb": f"class ApplicationController < ActionController::Base\n  include {included}\nend\n",
        f"app/controllers/concerns/{concern}.rb": f"module {concern.capitalize()}\n  included do\n    before_action {action}\n  end\nend\n",
    }
    assert (status(check({**RAILS, **files}), "auth-wrapper") is Status.PRESENT) is guarded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("providers: [{ provide: APP_PIPE, useClass: ZodValidationPipe }],\n", Status.PRESENT),
        ("app.useGlobalPipes(validationPipe(logger));\n", Status.PRESENT),
        ("@UsePipes(ZodValidationPipe)\nclass Orders {}\n", Status.PARTIAL),
        ("providers: [{ provide: APP_PIPE, useClass: TrimPipe }],\n", Status.ABSENT),
    ],
)
def test_nest_checks_with_pipes(check: Check, text: str, expected: Status) -> None:
    assert status(check({**EXPRESS, "src/app.module.ts": text}), "input-validation") is expected


@pytest.mark.parametrize(
    ("third", "expected"),
    [(".input(CreateSchema)", Status.PRESENT), (".input(z.string())", Status.PRESENT), ("", Status.PARTIAL)],
)
def test_one_router_of_trpc_may_hold_all_procedures(check: Check, third: str, expected: Status) -> None:
    files = {
        "package.json": '{"private": true, "dependencies": {"@trpc/server": "11", "express": "5", "zod": "4", "passport": "0.7"}}',
        "router.ts": "export const orders = {\n  all: open.query(list),\n  one: open.input(z.string()).query(one),\n"
        f"  add: guarded.input(z.object({{ id: z.string() }})).mutation(add),\n  end: guarded{third}.mutation(end),\n}};\n",
    }
    assert status(check({**EXPRESS, **files}), "input-validation") is expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("@RequirePermission(Level.READ)", Status.PRESENT),
        ("@CheckPolicies((ability) => ability.can('read', Note))", Status.PRESENT),
        ("@RequireHeader('x-request-id')", Status.NOT_SEEN),
    ],
)
def test_decorators_of_handlers_may_ask_for_a_right(check: Check, decorator: str, expected: Status) -> None:
    handlers = "".join(f"  {decorator}\n  @Get('{n}')\n  read{n}() {{}}\n" for n in range(5))
    notes = {"src/notes.controller.ts": f"@Controller('notes')\nexport class Notes {{\n{handlers}}}\n"}
    assert status(check({**EXPRESS, **notes}), "per-user-authorization") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "app/Model/Locking.php",
            "<?php\n$db->increment('nb_failed_login', 1);\nif ($user['lock_expiration_date'] > time()) { return false; }\n",
            Status.PRESENT,
        ),
        (
            "models/user.js",
            "const s = { loginAttempts: Number, lockUntil: Date };\nif (user.lockUntil > Date.now()) throw e;\n",
            Status.PRESENT,
        ),
        (
            "shop/signin.py",
            "user.failed_login_count += 1\nif user.failed_login_count > 4:\n    user.locked_until = later()\n",
            Status.PRESENT,
        ),
        (
            "src/Guard.java",
            "loginAttemptService.loginFailed(ip);\nif (loginAttemptService.isBlocked(ip)) return;\n",
            Status.PRESENT,
        ),
        ("pages/login.php", "<?php\nif ($_SESSION['login_attempts'] > 3) { show_captcha(); }\n", Status.PRESENT),
        ("settings.py", "MAX_LOGIN_ATTEMPTS = 5\n", Status.PRESENT),
        ("Login.cs", "var r = await signIn.PasswordSignInAsync(name, password,\n    false, true);\n", Status.PRESENT),
        ("Login.cs", "var r = await signIn.PasswordSignInAsync(name, password, true, false);\n", Status.ABSENT),
        ("src/Users.java", "if (user.isBlocked()) throw new LockedException(name);\n", Status.NOT_SEEN),
        ("db/users.sql", "ALTER TABLE users ADD COLUMN locked_until timestamptz;\n", Status.NOT_SEEN),
        ("src/Server.java", "server.blockUntilShutdown();\nif (job.isLocked()) return;\n", Status.ABSENT),
        ("metrics.go", "metrics.IncrementLoginFailCount(1)\n", Status.ABSENT),
        ("jobs.js", "const isLocked = row.locked_at !== null;\nrow.attempts += 1;\n", Status.ABSENT),
    ],
)
def test_wrong_passwords_may_lock_an_account(check: Check, path: str, text: str, expected: Status) -> None:
    password = {"hash.js": "export const same = (given, hash) => bcrypt.compare(given, hash);\n"}
    assert status(check({**EXPRESS, **password, path: text}), "abuse-rate-limiting") is expected


PLAIN_RAILS = {
    "Gemfile": 'source "https://rubygems.org"\ngem "rails"\n',
    "config/application.rb": "class Application < Rails::Application\nend\n",
    "config.ru": "run Rails.application\n",
}
CONTROLLER = "class StatusController < ApplicationController\n  before_action :{}\n{}end\n"


def test_a_key_that_a_client_brings_is_no_user(check: Check) -> None:
    asked = "  def authenticate_client\n    authenticate_or_request_with_http_token { |token, _| ok?(token) }\n  end\n"
    machine = check({**PLAIN_RAILS, "app/controllers/status_controller.rb": CONTROLLER.format("authenticate_client", asked)})
    assert status(machine, "service-auth") is Status.PRESENT
    assert status(machine, "server-side-identity") is Status.NOT_APPLICABLE
    user = check(
        {**PLAIN_RAILS, "app/controllers/status_controller.rb": CONTROLLER.format("authenticate_user", "")}, "acme+users"
    )
    assert status(user, "server-side-identity") is Status.PRESENT
    assert status(user, "service-auth") is Status.NOT_APPLICABLE


def test_form_objects_check_what_a_visitor_gives(check: Check) -> None:
    rules = {f"app/models/question/q{n}.rb": "class Q < Base\n  validates :text, presence: true\nend\n" for n in range(5)}
    base = {"app/models/base.rb": "class Base\n  include ActiveModel::Model\nend\n"}
    asked = {"app/controllers/forms_controller.rb": "redirect_to root_path if @step.valid?\n"}
    assert status(check({**PLAIN_RAILS, **rules, **base, **asked}), "input-validation") is Status.PRESENT
    assert status(check({**PLAIN_RAILS, **rules, **base}, "acme+unasked"), "input-validation") is Status.PARTIAL


DOCKER = {"Dockerfile": "FROM eclipse-temurin\nCMD java -jar a.jar\n"}
GRADLE = 'dependencies {{\n  implementation("org.springframework.boot:spring-boot-starter-web:3.4.0")\n{}}}\n'
ROLE = "@PreAuthorize(\"hasRole('ROLE_ORDERS')\")\n@RestController\nclass Orders\n"


@pytest.mark.parametrize(
    ("build", "files", "expected"),
    [
        ('  implementation("uk.gov.justice.service.hmpps:hmpps-kotlin-spring-boot-starter:2.5.0")\n', {}, True),
        ('  implementation("com.okta.spring:okta-spring-boot-starter:3.0.7")\n', {}, True),
        ("", {"src/main/kotlin/Orders.kt": ROLE}, True),
        (
            "",
            {"src/main/resources/application.yml": "spring:\n  security:\n    oauth2:\n      resourceserver:\n        jwt:\n"},
            True,
        ),
        ("", {"src/main/resources/application.yml": "spring:\n  datasource:\n    url: jdbc:h2:mem\n"}, False),
        ("", {"src/main/kotlin/Orders.kt": "@RestController\nclass Orders\n"}, False),
    ],
)
def test_a_service_that_asks_for_tokens_knows_users(check: Check, build: str, files: dict[str, str], expected: bool) -> None:
    judged = check(
        {"build.gradle.kts": GRADLE.format(build), "Dockerfile": "FROM eclipse-temurin\nCMD java -jar a.jar\n", **files}
    )
    assert (status(judged, "auth-deferred") is Status.ABSENT) is expected
    assert (status(judged, "server-side-identity") is Status.NOT_APPLICABLE) is not expected


def test_handlers_without_an_annotation_fail_a_test_of_spring(check: Check) -> None:
    walk = "mapping.handlerMethods.forEach { (_, m) -> assertNotNull(m.getMethodAnnotation(PreAuthorize::class.java)) }\n"
    files = {**DOCKER, "build.gradle.kts": GRADLE.format(""), "src/main/kotlin/Orders.kt": ROLE}
    files["src/main/resources/application.yml"] = "spring:\n  security:\n    oauth2:\n      resourceserver:\n        jwt:\n"
    assert status(check({**files, "src/test/kotlin/WalkTest.kt": walk}), "auth-lint") is Status.PRESENT
    other = walk.replace("PreAuthorize", "GetMapping")
    assert status(check({**files, "src/test/kotlin/WalkTest.kt": other}, "acme+other"), "auth-lint") is not Status.PRESENT


def test_access_is_asked_for_by_what_is_accessed(check: Check) -> None:
    files = {**DOCKER, "build.gradle.kts": GRADLE.format('  implementation("org.postgresql:postgresql:42.7.4")\n')}
    files["src/main/kotlin/Orders.kt"] = ROLE
    asked = {f"src/main/kotlin/A{n}.kt": "fun show(id: Long) { service.verifyBookingAccess(id) }\n" for n in range(5)}
    assert status(check({**files, **asked}), "per-user-authorization") is Status.PRESENT
    other = {path: text.replace("verifyBookingAccess", "logBookingAccess") for path, text in asked.items()}
    assert status(check({**files, **other}, "acme+logged"), "per-user-authorization") is Status.PARTIAL


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("throttle.Check(request)", Status.PARTIAL),
        ("task.throttle.Trigger(func() { notify() })", Status.ABSENT),
        ("throttle.Fetch(request)", Status.PARTIAL),
    ],
)
def test_what_is_handed_a_function_limits_nobody(check: Check, call: str, expected: Status) -> None:
    server = {
        "go.mod": "module acme.org/shop\nrequire golang.org/x/crypto v0.30.0\n",
        "main.go": "package main\nfunc main() { http.ListenAndServe(addr, nil) }\n",
        "user.go": "package main\ntype User struct {\n}\nvar _ = bcrypt.CompareHashAndPassword(a, b)\n",
        "Dockerfile": "FROM golang\nCMD shop\n",
    }
    assert status(check({**server, "notify.go": f"package main\nfunc f() {{\n\t{call}\n}}\n"}), "abuse-rate-limiting") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/tokens/guard.ts", "export class ApiTokenGuard implements CanActivate {}\n", Status.PRESENT),
        ("src/Album.tsx", "import useScroll from '../hooks/useScroll'\n", Status.NOT_APPLICABLE),
        ("src/routes.ts", "app.post('/hooks/orders', take)\n", Status.NOT_SEEN),
    ],
)
def test_hooks_of_a_page_are_no_endpoints(check: Check, path: str, text: str, expected: Status) -> None:
    assert status(check({**EXPRESS, path: text}), "service-auth") is expected


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ("new Validators\\Required('title', t('Required')),", Status.PRESENT),
        ("new Viewers\\Required('title'),", Status.NOT_SEEN),
    ],
)
def test_validators_may_be_lists_of_rules(check: Check, checks: str, expected: Status) -> None:
    app = {"index.php": "<?php\n$pdo = new PDO($dsn);\n", "composer.json": '{"type": "project", "require": {"php": ">=8"}}'}
    body = "<?php\nfunction validateCreation($values) { return new Validator($values, [" + checks + "]); }\n"
    rules = {f"app/Validator/V{n}.php": body for n in range(3)}
    assert status(check({**app, **rules}), "input-validation") is expected
