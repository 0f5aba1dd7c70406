"""The traps that real repositories set: each a tiny repository that looks like a practice, beside one that has it (or the reverse).

The numbers are those of the list that was measured on public repositories. A trap alone could be passed by a detector that never
sees anything, so each one names what has to change for the other answer, and both are judged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from rungwise.catalogue import load
from rungwise.model import Assessment, Finding, Kind, Status
from tests.repositories import Files, Link

Check = Callable[..., Assessment]

PRESENT, PARTIAL, ABSENT, NOT_SEEN = Status.PRESENT, Status.PARTIAL, Status.ABSENT, Status.NOT_SEEN

FASTAPI = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "httpx", "sqlalchemy", "passlib"]\n',
    "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\ndef send():\n    httpx.post(URL)\n",
    "Procfile": "web: uvicorn app.main:app\n",
}
DJANGO = {
    "requirements.txt": "django==5.2\npsycopg==3.2\n",
    "manage.py": "import django\n",
    "web/urls.py": "urlpatterns = []\n",
    "Procfile": "web: gunicorn shop.wsgi\n",
    "shop/models.py": "class User(AbstractUser):\n    pass\n",
}
GO = {
    "go.mod": "module example.com/shop\n\nrequire github.com/jackc/pgx/v5 v5.0.0\n",
    "main.go": "package main\n\nfunc main() {\n\thttp.ListenAndServe(addr, mux)\n\thttp.Get(url)\n}\n",
    "store.go": 'package main\n\nimport "github.com/jackc/pgx/v5"\n',
    "mail.go": 'package main\n\nimport "net/smtp"\n\nfunc send() { smtp.SendMail(a, b, c, d, e) }\n',
    "Dockerfile": "FROM scratch\n",
}
NODE = {
    "package.json": '{"private": true, "dependencies": {"express": "5", "pg": "8", "react": "19"}}',
    "src/server.js": 'const app = express();\napp.get("/", home);\napp.listen(3000);\n',
    "index.html": "<p>Shop</p>\n",
    "Procfile": "web: node src/server.js\n",
}
CONVEX = {
    "package.json": '{"private": true, "dependencies": {"convex": "1", "react": "19"}}',
    "convex/schema.ts": "export default defineSchema({ users: defineTable({ name: v.string() }) });\n",
    "src/app.tsx": "export const App = () => <p>Shop</p>;\n",
    "vercel.json": "{}\n",
}
RAILS = {
    "Gemfile": 'gem "rails"\ngem "pg"\ngem "bcrypt"\n',
    "config/application.rb": "module Shop; class Application < Rails::Application; end; end\n",
    "app/models/user.rb": "class User < ApplicationRecord\n  has_secure_password\nend\n",
    "Procfile": "web: bin/rails server\n",
}
LARAVEL = {
    "composer.json": '{"require": {"laravel/framework": "^12"}}',
    "artisan": "<?php\n",
    "app/Models/User.php": "<?php\nclass User extends Authenticatable {}\n",
    "routes/web.php": "<?php\nRoute::get('/', [HomeController::class, 'show']);\n",
    "app/Mail/Welcome.php": "<?php\nclass Welcome extends Mailable { function send() { Mail::to($u)->send($this); } }\n",
}
ASPNET = {
    "src/Shop/Program.cs": "var builder = WebApplication.CreateBuilder(args);\nbuilder.Services.AddAuthentication();\n",
    "src/Shop/Login.cs": "public class Login { void Try() { manager.PasswordSignInAsync(name, password, true, false); } }\n",
    "Dockerfile": "FROM scratch\n",
}
AXUM = {
    "Cargo.toml": '[package]\nname = "shop"\n\n[dependencies]\naxum = "0.8"\nsqlx = "0.8"\nreqwest = "0.12"\njsonwebtoken = "9"\nlettre = "0.11"\n',
    "src/main.rs": "fn main() {\n    axum::serve(listener, app);\n}\n",
    "Dockerfile": "FROM scratch\n",
}


def without(path: str, files: Files) -> Files:
    """The files but one."""
    return {name: text for name, text in files.items() if name != path}


def csproj(*packages: str) -> str:
    """A web project that refers to packages and leaves their versions to the folder above."""
    items = "".join(f'<PackageReference Include="{package}" />' for package in packages)
    return f'<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>{items}</ItemGroup></Project>\n'


def job(*steps: str, on: str = "push: {branches: [main]}", more: str = "") -> str:
    """A workflow of one job whose steps are given as YAML flow mappings or block items."""
    listed = "".join(f"      - {step}\n" for step in steps)
    return f"on:\n  {on}\njobs:\n  main:\n    runs-on: ubuntu-latest\n{more}    steps:\n{listed}"


RETRIED = "@retry(wait=wait_exponential(max=60), stop=stop_after_attempt(5))\ndef send():\n    httpx.post(URL)\n"
WITH_TENACITY = {"pyproject.toml": FASTAPI["pyproject.toml"].replace('"httpx"', '"httpx", "tenacity"')}
REQUIRE = "module example.com/shop\n\nrequire {} v1.0.0{}\n"
K6 = 'import http from "k6/http";\nexport default () => http.get(URL);\n'
FLY = "run: flyctl deploy --remote-only"
DEPENDABOT = "version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: {interval: weekly}\n"
EXAMPLE_KEY = "key = 'AKIAIOSFODNN7EXAMPLE'\n"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx7Yp0s1Wm3c2Q0mR0cXh0v8fQmX1b3n4k5l6\n-----END RSA PRIVATE KEY-----\n"
CONCURRENTLY = "CREATE INDEX CONCURRENTLY shop_name ON shops (name);\n"
PUBLIC = "export const f{} = query({{ {}handler: async (ctx) => {} }});\n"
TRIED_LIMIT = {
    "app/accounts/login.py": "def login(email):\n    if not TokenBucket.authorize_login_email(email):\n        raise Slow\n"
}


@dataclass(frozen=True)
class Trap:
    """Two repositories that differ in ``trap`` and ``other`` alone, and what has to be said of a practice in each of them."""

    number: int
    name: str
    practice: str
    base: Files
    trap: Files
    right: Status
    other: Files = field(default_factory=dict)
    otherwise: Status = PRESENT

    def __str__(self) -> str:
        return f"{self.number:02}-{self.name}"


TRAPS = (
    Trap(
        1, "waiting-for-the-database-is-no-habit-of-retrying", "retries-with-backoff", {**FASTAPI, **WITH_TENACITY},
        {"app/backend_pre_start.py": RETRIED, "app/tests_pre_start.py": RETRIED}, PARTIAL,
        {"app/mail.py": RETRIED, "app/pay.py": RETRIED},
    ),
    Trap(
        2, "a-tracer-that-somebody-else-needs", "request-tracing", GO,
        {"go.mod": REQUIRE.format("go.opentelemetry.io/otel/sdk", " // indirect")}, ABSENT,
        {"go.mod": REQUIRE.format("go.opentelemetry.io/otel/sdk", "")}, PARTIAL,
    ),
    Trap(
        2, "a-backoff-that-somebody-else-needs", "retries-with-backoff", GO,
        {"go.mod": REQUIRE.format("github.com/cenkalti/backoff/v4", " // indirect")}, ABSENT,
        {"go.mod": REQUIRE.format("github.com/cenkalti/backoff/v4", "")}, PARTIAL,
    ),
    Trap(
        3, "a-river-in-the-name-of-a-driver", "background-queue", GO,
        {"go.mod": REQUIRE.format("github.com/go-sql-driver/mysql", "")}, ABSENT,
        {"go.mod": REQUIRE.format("github.com/riverqueue/river", "")}, PARTIAL,
    ),
    Trap(
        4, "uploading-test-results-is-no-load-test", "load-testing", FASTAPI,
        {".github/workflows/upload-test-results.yml": job("{name: Upload test results, uses: actions/upload-artifact@v4}")}, NOT_SEEN,
        {".github/workflows/load-test.yml": job("{name: Load test, run: pytest}")}, PARTIAL,
    ),
    Trap(
        5, "tests-of-loading-into-a-destination", "load-testing", FASTAPI,
        {
            ".github/workflows/test_destinations.yml": job("{name: Run destination load tests, run: pytest tests/load}"),
            "tests/load/test_load.py": "def test_load(): ...\n",
        }, NOT_SEEN,
        {".github/workflows/test_destinations.yml": job("{name: Run, run: locust -f tests/load/shop.py}")}, PARTIAL,
    ),
    Trap(
        6, "scripts-for-load-are-half-of-a-load-test", "load-testing", FASTAPI,
        {"perf/load/config.js": K6, ".github/workflows/load-test.yml": job("{run: k6 run perf/load/config.js}")}, PARTIAL,
        {"perf/load/config.js": K6.replace("k6/http", "node:http")}, NOT_SEEN,
    ),
    Trap(
        6, "artillery-is-half-of-a-load-test", "load-testing", NODE,
        {"benchmarks/artillery/artillery.yml": "config: {target: URL}\n"}, PARTIAL,
        {"benchmarks/art/config.yml": "config: {target: URL}\n"}, NOT_SEEN,
    ),
    Trap(
        7, "a-cluster-that-is-thrown-away", "auto-deploy", without("Procfile", {**FASTAPI, "Dockerfile": "FROM scratch\n"}),
        {".github/workflows/cluster.yml": job("uses: helm/kind-action@v1", "run: kubectl apply -f k8s/")}, NOT_SEEN,
        {".github/workflows/cluster.yml": job("uses: azure/setup-kubectl@v4", "run: kubectl apply -f k8s/")},
    ),
    Trap(
        8, "deployed-by-something-that-watches-from-elsewhere", "auto-deploy", without("Procfile", {**DJANGO, "Dockerfile": "FROM scratch\n"}),
        {".github/workflows/ci.yml": job("run: pytest")}, NOT_SEEN,
        {".github/workflows/ci.yml": job("run: pytest", FLY)},
    ),
    Trap(
        9, "the-word-environment-in-other-places", "environment-isolation", NODE,
        {
            "docker-compose.yml": "services:\n  web:\n    image: shop\n    environment:\n      NAME: production\n",
            ".github/workflows/deploy.yml": job(
                FLY + "  # environment: production",
                "uses: actions/setup-node@v4\n        with:\n          node-version: 24",
                "run: |\n          cat <<EOF\n          environment: production\n          EOF",
            ),
        }, NOT_SEEN,
        {".github/workflows/deploy.yml": job(FLY, more="    environment: production\n")}, PARTIAL,
    ),
    *(
        Trap(
            10, f"an-environment-for-something-else-{name.lower()}", "environment-isolation", NODE,
            {".github/workflows/deploy.yml": job(FLY, more=f"    environment: {name}\n")}, NOT_SEEN,
            {".github/workflows/deploy.yml": job(FLY, more="    environment: {name: production}\n")}, PARTIAL,
        )
        for name in ("github-pages", "pypi", "release", "snyk", "Translations", "discord-notifier")
    ),
    Trap(
        10, "production-for-a-newsletter", "environment-isolation", NODE,
        {".github/workflows/newsletter.yml": job("run: ./newsletter.sh send", more="    environment: production\n")}, NOT_SEEN,
        {".github/workflows/newsletter.yml": job("run: kubectl apply -f k8s/", more="    environment: production\n")}, PARTIAL,
    ),
    Trap(
        11, "an-environment-chosen-by-an-input", "environment-isolation", NODE,
        {
            ".github/workflows/deploy.yml": job(
                "{run: helmfile apply, if: \"inputs.ENVIRONMENT == 'production'\"}",
                on="workflow_dispatch: {inputs: {ENVIRONMENT: {type: choice, options: [staging, production]}}}",
            )
        }, PARTIAL,
        {".github/workflows/deploy.yml": job("{run: helmfile apply}", on="workflow_dispatch: {}")}, NOT_SEEN,
    ),
    Trap(
        12, "a-limit-that-rails-brings", "abuse-rate-limiting", RAILS,
        {"app/controllers/sessions_controller.rb": "class SessionsController\n  rate_limit to: 10, within: 3.minutes, only: :create\nend\n"}, PRESENT,
        {"app/controllers/sessions_controller.rb": "class SessionsController\n  layout :plain\nend\n"}, ABSENT,
    ),
    Trap(
        12, "a-limit-that-aspnet-brings", "abuse-rate-limiting", ASPNET,
        {"src/Shop/Login.cs": ASPNET["src/Shop/Login.cs"].replace("true, false", "true, lockoutOnFailure: true")}, PRESENT,
        {}, NOT_SEEN,
    ),
    Trap(
        12, "a-limit-of-ones-own", "abuse-rate-limiting", FASTAPI, {"app/accounts/login.py": "def login(email):\n    check_password(email)\n"}, ABSENT,
        TRIED_LIMIT,
    ),
    Trap(
        12, "a-limit-of-ones-own-in-rust", "abuse-rate-limiting", AXUM,
        {"src/routes.rs": "fn routes() { scope.wrap(rate_limit.register()) }\n"}, PRESENT,
        {"src/routes.rs": "fn routes() { scope.wrap(logger) }\n"}, NOT_SEEN,
    ),
    Trap(
        14, "reading-somebody-elses-limits", "abuse-rate-limiting", AXUM,
        {"crates/github/src/lib.rs": 'fn left(r: Response) -> u32 {\n    r.headers().get("x-ratelimit-remaining")\n}\n'}, NOT_SEEN,
        {"src/limit.rs": "fn left(user: u32) -> u32 {\n    limiter.check_rate_limit(user)\n}\n"}, PARTIAL,
    ),
    Trap(
        15, "one-connector-that-retries", "retries-with-backoff",
        {**FASTAPI, "pyproject.toml": FASTAPI["pyproject.toml"].replace('"httpx"', '"httpx", "backoff"')},
        {"app/query_runner/big.py": "@backoff.on_exception(backoff.expo, Timeout, max_tries=10)\ndef run(): ...\n"}, PARTIAL,
        {f"app/{name}.py": "@backoff.on_exception(backoff.expo, Timeout, max_tries=10)\ndef run(): ...\n" for name in ("a", "b")},
    ),
    Trap(
        16, "a-flag-hook-in-a-comment", "feature-flags",
        {**NODE, "package.json": '{"private": true, "dependencies": {"express": "5", "react": "19", "posthog-js": "1"}}'},
        {"src/app.tsx": "posthog.capture('seen');\n// const on = useFeatureFlagEnabled('new');\n"}, ABSENT,
        {"src/app.tsx": "posthog.capture('seen');\nconst on = useFeatureFlagEnabled('new');\n"},
    ),
    Trap(
        17, "a-browser-that-prints", "e2e-smoke-tests",
        {**NODE, "package.json": '{"private": true, "dependencies": {"express": "5", "react": "19", "playwright": "1"}}'},
        {"src/pdf.ts": "const page = await browser.newPage();\nawait page.goto(url);\nawait page.pdf();\n"}, ABSENT,
        {"e2e/home.spec.ts": "test('home', async ({ page }) => { await page.goto('/'); });\n"}, PARTIAL,
    ),
    Trap(
        17, "a-test-runner-that-only-waits", "e2e-smoke-tests",
        {**NODE, "package.json": '{"private": true, "dependencies": {"express": "5", "react": "19"}, "devDependencies": {"@playwright/test": "1"}}'},
        {".github/workflows/ci.yml": job("run: npx playwright test", on="pull_request:")}, PARTIAL,
        {
            ".github/workflows/ci.yml": job("run: npx playwright test", on="pull_request:"),
            "e2e/home.spec.ts": "test('home', async ({ page }) => { await page.goto('/'); });\n",
        },
    ),
    Trap(
        18, "validation-that-laravel-brings", "input-validation", LARAVEL,
        {
            f"app/Http/Requests/{name}.php": "<?php\nclass Save extends FormRequest {}\n" for name in ("A", "B", "C")
        }, PRESENT,
        {"app/Http/Requests/A.php": "<?php\nclass Save {}\n"}, ABSENT,
    ),
    Trap(
        18, "a-limit-that-laravel-brings", "abuse-rate-limiting", LARAVEL,
        {"routes/auth.php": "<?php\nRoute::post('/login', Login::class)->middleware('throttle:6,1');\n"}, PRESENT,
        {"routes/auth.php": "<?php\nRoute::post('/login', Login::class)->middleware('web');\n"}, NOT_SEEN,
    ),
    Trap(
        18, "a-queue-that-laravel-brings", "background-queue", LARAVEL,
        {
            "app/Mail/Send.php": "<?php\nclass Send implements ShouldQueue { }\n",
            "app/Http/Order.php": "<?php\nclass Order { function save() { Send::dispatch($user); } }\n",
        }, PARTIAL,
        {"app/Http/Order.php": "<?php\nclass Order { function save() { $this->send($user); } }\n"}, ABSENT,
    ),
    Trap(
        19, "a-worker-of-ones-own", "background-queue", AXUM,
        {"crates/worker/src/jobs.rs": "impl BackgroundJob for SyncAdmins {\n    async fn run(&self) -> Result<()> { Ok(()) }\n}\n"}, PRESENT,
        {"crates/worker/src/jobs.rs": "impl Display for SyncAdmins {\n    async fn run(&self) -> Result<()> { Ok(()) }\n}\n"}, NOT_SEEN,
    ),
    Trap(
        19, "an-audit-log-that-is-a-log-target", "admin-audit-log", AXUM,
        {"src/controllers/krate/update.rs": 'fn update() {\n    info!(target: "audit", action = "yank", user.id = id, "done");\n}\n'}, PARTIAL,
        {"src/controllers/krate/update.rs": 'fn update() {\n    info!(target: "web", action = "yank", user.id = id, "done");\n}\n'}, NOT_SEEN,
    ),
    Trap(
        20, "an-event-bus-whose-versions-stand-elsewhere", "background-queue",
        {
            **ASPNET,
            "Directory.Packages.props": '<Project><ItemGroup><PackageVersion Include="RabbitMQ.Client" Version="7" />'
            '<PackageVersion Include="Hangfire.Core" Version="1" /></ItemGroup></Project>\n',
            "src/Shop/Bus.cs": "public class Bus { void Publish() { channel.BasicPublish(name, body); smtp.Send(mail); } }\n",
        },
        {"src/Shop/Shop.csproj": csproj("RabbitMQ.Client")}, PARTIAL,
        {
            "src/Shop/Shop.csproj": csproj("Hangfire.Core"),
            "src/Shop/Mail.cs": "class Mail { void Go() { BackgroundJob.Enqueue(() => Send()); services.AddHangfireServer(); } }\n",
        },
    ),
    Trap(
        21, "builders-of-ones-own-that-ask-who-is-calling", "auth-wrapper", CONVEX,
        {
            "convex/lib.ts": "export const userQuery = customQuery(query, customCtx(async (ctx) => ({ user: await getUser(ctx) })));\n",
            "convex/chat.ts": "".join(PUBLIC.format(n, "args: {}, ", 1).replace("= query(", "= userQuery(") for n in range(12))
            + PUBLIC.format(99, "args: {}, ", 1),
        }, PRESENT,
        {
            "convex/chat.ts": "".join(PUBLIC.format(n, "args: {}, ", "await ctx.auth.getUserIdentity()") for n in range(13)),
        }, ABSENT,
    ),
    Trap(
        22, "most-functions-never-ask-who-is-calling", "server-side-identity", CONVEX,
        {
            "convex/world.ts": "".join(PUBLIC.format(n, "args: {}, ", 1).replace("query", "mutation") for n in range(15)),
            "convex/users.ts": "".join(
                PUBLIC.format(n, "args: {}, ", "await ctx.auth.getUserIdentity()").replace("query", "mutation") for n in range(4)
            ),
        }, PARTIAL,
        {
            "convex/users.ts": "".join(
                PUBLIC.format(n, "args: {}, ", "await ctx.auth.getUserIdentity()").replace("query", "mutation") for n in range(19)
            ),
        },
    ),
    Trap(
        25, "a-query-of-another-database", "input-validation", CONVEX,
        {
            "convex/list.ts": PUBLIC.format(1, "args: {}, ", 1) + "const sharedResult = query({ sql });\n",
            "internal/clickhouse.ts": "export const all = query({ sql });\n",
        }, PRESENT,
        {"convex/list.ts": PUBLIC.format(1, "args: {}, ", 1) + PUBLIC.format(2, "", 1)}, PARTIAL,
    ),
    Trap(
        26, "keys-that-documentation-shows", "secrets-in-env", {**FASTAPI, "app/settings.py": 'KEY = os.environ["KEY"]\n'},
        {"app/sign.py": EXAMPLE_KEY, "docs/keys.md": EXAMPLE_KEY, "tests/test_key.py": f'KEY = """{PEM}"""\n'}, PRESENT,
        {"app/sign.py": EXAMPLE_KEY.replace("IOSFODNN7EXAMPLE", "QZ7WJXRT5NKM2LPC")}, PARTIAL,
    ),
    Trap(
        26, "a-header-without-a-key", "secrets-in-env", {**FASTAPI, "app/settings.py": 'KEY = os.environ["KEY"]\n'},
        {"app/sign.py": 'if text.startswith("-----BEGIN RSA PRIVATE KEY-----"):\n    load(text)\n'}, PRESENT,
        {"app/sign.py": f'KEY = """{PEM}"""\n'}, PARTIAL,
    ),
    Trap(
        27, "an-env-file-of-public-values", "secrets-in-env", {**NODE, "src/settings.js": "export const key = process.env.KEY;\n"},
        {".env": "VITE_STRIPE_PUBLISHABLE=pk_test_51H8\nVITE_API_URL=http://localhost\nAPI_KEY=\nDB_PASSWORD=${DB_PASSWORD}\n"}, PRESENT,
        {".env": "SECRET_KEY=changethis\n"}, PARTIAL,
    ),
    Trap(
        28, "checks-that-try-nothing", "migration-dry-run", {**AXUM, "migrations/1_shops.sql": "CREATE TABLE shops (id int);\n"},
        {".github/workflows/ci.yml": job("run: cargo fmt --check", "run: sha256sum --check image.sha", on="pull_request:")}, NOT_SEEN,
        {".github/workflows/ci.yml": job("run: terraform plan -input=false", on="pull_request:")},
    ),
    Trap(
        29, "a-comment-on-why-not", "safe-schema-changes", NODE,
        {"migrations/1.sql": "-- no CREATE INDEX CONCURRENTLY here: it cannot run in a transaction\nCREATE INDEX shop_name ON shops (name);\n"}, NOT_SEEN,
        {f"migrations/{number}.sql": CONCURRENTLY for number in range(3)},
    ),
    Trap(
        30, "what-a-rule-is-tried-on", "retries-with-backoff", FASTAPI,
        {".semgrep/celery.py": "@app.task(autoretry_for=(Error,), retry_backoff=3)\ndef send(): ...\n"}, ABSENT,
        {"app/celery.py": "@app.task(autoretry_for=(Error,), retry_backoff=3)\ndef send(): ...\n"},
    ),
    Trap(
        31, "up-and-ping-that-ask-nothing", "uptime-checks", NODE,
        {
            "src/keys.js": 'export const keys = { up: "up", get: ["up", "down"] };\napp.get("two-factor/ping", verify);\n',
            "src/pdf.js": "const busy = await fetch(`${GOTENBERG_URL}/health`);\n",
        }, NOT_SEEN,
        {"src/health.js": 'app.get("/health", (request, response) => response.send("ok"));\n'}, PARTIAL,
    ),
    Trap(
        32, "updates-for-a-fixture", "vulnerability-alerts", NODE,
        {
            "tests/fixtures/shop/.github/dependabot.yml": DEPENDABOT, "test/fixtures/renovate.json": "{}\n",
            "docs/usage/examples/renovate.json": "{}\n",
        }, NOT_SEEN,
        {".github/dependabot.yml": DEPENDABOT}, PARTIAL,
    ),
    Trap(
        34, "forth-and-back-and-forth", "migration-tests", {**LARAVEL, "database/migrations/2026_01_01_shops.php": "<?php\nSchema::create('shops', fn ($t) => $t->id());\n"},
        {
            ".github/workflows/test-migrations.yml": job(
                "run: php artisan migrate --force -n", "run: php artisan migrate:rollback --force -n", "run: php artisan migrate --force -n", on="[push, pull_request]",
            )
        }, PRESENT,
        {".github/workflows/test-migrations.yml": job("run: php artisan migrate --force -n", on="[push, pull_request]")}, PARTIAL,
    ),
    Trap(
        34, "an-upgrade-from-the-last-release", "migration-tests", {**GO, "store/migration/1.sql": "CREATE TABLE shops (id int);\n"},
        {".github/workflows/upgrade-smoke.yml": job("run: ./scripts/old_and_new.sh", on="pull_request:")}, PRESENT,
        {".github/workflows/smoke.yml": job("run: ./scripts/old_and_new.sh", on="pull_request:")}, NOT_SEEN,
    ),
    Trap(
        34, "migrations-timed-on-real-data", "migration-tests", {**DJANGO, "shop/migrations/0001_initial.py": "class Migration(migrations.Migration): ...\n"},
        {".github/workflows/migrations-perf-test.yml": job("run: ./restore-and-migrate.sh", on="pull_request: {types: [labeled]}")}, PRESENT,
        {".github/workflows/perf-test.yml": job("run: ./restore-and-migrate.sh", on="pull_request: {types: [labeled]}")}, NOT_SEEN,
    ),
    Trap(
        34, "old-tests-on-the-new-schema", "migration-tests", {**DJANGO, "shop/migrations/0001_initial.py": "class Migration(migrations.Migration): ...\n"},
        {".github/workflows/test-migrations-compatibility.yml": job("run: python manage.py migrate", "run: pytest --reuse-db", on="pull_request:")}, PARTIAL,
        {".github/workflows/test-migrations-compatibility.yml": job("run: pytest --reuse-db", on="pull_request:")}, NOT_SEEN,
    ),
    Trap(
        34, "a-linter-for-migrations", "safe-schema-changes", AXUM,
        {".github/workflows/ci.yml": job("run: diesel-guard check migrations/", on="pull_request:")}, PRESENT,
        {".github/workflows/ci.yml": job("run: cargo clippy", on="pull_request:")}, NOT_SEEN,
    ),
    Trap(
        34, "squawk-reads-the-migrations", "safe-schema-changes", FASTAPI,
        {".github/workflows/squawk.yml": job("uses: sbdchd/squawk-action@v2", on="pull_request:")}, PRESENT,
        {".github/workflows/squawk.yml": job("uses: actions/checkout@v4", on="pull_request:")}, NOT_SEEN,
    ),
    Trap(
        34, "rules-of-ones-own", "lint-config", FASTAPI,
        {".github/workflows/ci.yml": job("run: ast-grep scan --config dev/ast-grep/sgconfig.yml", on="pull_request:")}, PRESENT,
        {".github/workflows/ci.yml": job("run: grep -r TODO dev/ast-grep", on="pull_request:")}, ABSENT,
    ),
    Trap(
        34, "codeql-reads-every-change", "vulnerability-alerts", {**FASTAPI, ".github/dependabot.yml": DEPENDABOT.replace("npm", "pip")},
        {".github/workflows/codeql-analysis.yml": job("uses: github/codeql-action/analyze@v4", on="pull_request:")}, PRESENT,
        {".github/workflows/codeql-analysis.yml": job("uses: actions/checkout@v4", on="pull_request:")}, PARTIAL,
    ),
    Trap(
        34, "one-tenant-asks-for-anothers-records", "critical-path-tests",
        {**NODE, "package.json": '{"private": true, "dependencies": {"express": "5", "react": "19", "jsonwebtoken": "9"}}'},
        {f"web/playwright/cross-tenant-{what}-access.spec.ts": "expect(response.status()).toBe(403);\n" for what in ("contact", "survey")}, PRESENT,
        {f"web/playwright/{what}-access.spec.ts": "expect(response.status()).toBe(200);\n" for what in ("contact", "survey")}, NOT_SEEN,
    ),
)  # fmt: skip


def finding(assessment: Assessment, practice: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.practice == practice)


@pytest.mark.parametrize("trap", TRAPS, ids=str)
def test_what_looks_like_a_practice_is_told_from_it(check: Check, trap: Trap) -> None:
    trapped = finding(check({**trap.base, **trap.trap}), trap.practice)
    assert trapped.status is trap.right, trapped.reason
    changed = finding(check({**trap.base, **trap.other}, "acme+other"), trap.practice)
    assert changed.status is trap.otherwise, changed.reason


def test_06_scripts_without_a_run_ask_for_its_date(check: Check) -> None:
    assert finding(check({**FASTAPI, "perf/load/config.js": K6}), "load-testing").status is PARTIAL
    assert load()["load-testing"].question.startswith("When was the last load test")


def test_13_where_limiting_is_the_product_its_code_says_nothing_of_the_team(check: Check) -> None:
    limiter = {f"svc/limit{number}.py": "def run(key):\n    rate_limiter.limit(key)\n" for number in range(30)}
    sold = check({**FASTAPI, **limiter, "README.md": "# Limits\n\n- **Rate limiting** for any identifier\n"})
    assert finding(sold, "abuse-rate-limiting").status is NOT_SEEN
    assert "README.md" in finding(sold, "abuse-rate-limiting").reason
    for name, files in {
        "acme+used": {**limiter, "README.md": "# Shop\n\nWe sell shoes.\n"},
        "acme+told": {"svc/limit.py": limiter["svc/limit1.py"], "README.md": "# Shop\n\nRate limiting is built in.\n"},
    }.items():
        assert finding(check({**FASTAPI, **files}, name), "abuse-rate-limiting").status is PARTIAL


def test_22_the_files_that_ask_are_listed(check: Check) -> None:
    trap = next(trap for trap in TRAPS if trap.number == 22)
    found = finding(check({**trap.base, **trap.trap}), trap.practice)
    assert {evidence.path for evidence in found.evidence} == {"convex/users.ts", "convex/world.ts"}
    assert "4 places" in found.reason and "19 public functions" in found.reason


def test_23_a_component_with_a_schema_and_an_example_is_a_library(check: Check) -> None:
    component = {
        "package.json": '{"name": "@acme/migrations", "exports": {".": "./dist/index.js"}, "peerDependencies": {"convex": "1"},'
        ' "devDependencies": {"convex": "1"}}',
        "src/component/schema.ts": "export default defineSchema({ runs: defineTable({ name: v.string() }) });\n",
        "src/client/index.ts": "export class Migrations {}\n",
        "example/convex/schema.ts": "export default defineSchema({ users: defineTable({ name: v.string() }) });\n",
        "example/package.json": '{"private": true, "dependencies": {"convex": "1"}}',
    }
    assert check(component, "acme+migrations").kind is Kind.LIB
    app = {path.replace("src/component", "convex"): text for path, text in component.items()}
    app["package.json"] = '{"private": true, "dependencies": {"convex": "1"}}'
    assert check(app, "acme+shop").kind is Kind.APP


def test_24_an_array_that_is_filtered_is_no_scan(check: Check) -> None:
    indexed = {
        **CONVEX,
        "package.json": '{"private": true, "dependencies": {"convex": "1"}, "devDependencies": {"@convex-dev/eslint-plugin": "^2.0.0"}}',
        "convex/schema.ts": 'export default defineSchema({ users: defineTable({ team: v.id("teams") }).index("team", ["team"]) });\n',
        "convex/users.ts": 'export const f = query({ args: {}, handler: (ctx) => ctx.db.query("users").withIndex("team").take(9) });\n',
    }
    array = {"convex/quota.ts": "const left = fullQuota.filter((quota) => quota.left);\n", "src/q.ts": "rows.filter((q) => q);\n"}
    assert finding(check({**indexed, **array}), "indexed-queries").status is PRESENT
    scan = {"convex/quota.ts": 'const left = await ctx.db\n  .query("quota")\n  .filter((q) => q.gt(q.field("left"), 0));\n'}
    scanned = finding(check({**indexed, **scan}, "acme+scan"), "indexed-queries")
    assert scanned.status is PARTIAL
    assert (scanned.reason, scanned.evidence[0].path) == ("1 of 2 queries filter rows without an index.", "convex/quota.ts")


def test_27_a_link_is_no_committed_file(check: Check) -> None:
    kept = {**NODE, "src/settings.js": "export const key = process.env.KEY;\n"}
    assert finding(check({**kept, "apps/web/.env": Link("../../SECRET_KEY=changethis")}), "secrets-in-env").status is PRESENT
    assert finding(check({**kept, "apps/web/.env": "SECRET_KEY=changethis\n"}, "acme+file"), "secrets-in-env").status is PARTIAL


@pytest.mark.parametrize(
    ("path", "told"),
    [("backend/plugins/pagerduty/api.go", "Nothing hints"), ("docs/runbooks/web.md", "docs/runbooks/web.md hints")],
)
def test_33_names_that_sound_like_being_on_call_are_hints_at_most(check: Check, path: str, told: str) -> None:
    found = finding(check({**GO, path: "package api\n", "src/incident.go": "package incident\n"}), "on-call-paging")
    assert found.status is NOT_SEEN
    assert found.reason.startswith(told)


def test_every_trap_of_the_list_is_here() -> None:
    elsewhere = {13, 23, 24, 33}
    assert {trap.number for trap in TRAPS} | elsewhere == set(range(1, 35))
    assert len({str(trap) for trap in TRAPS}) == len(TRAPS)
