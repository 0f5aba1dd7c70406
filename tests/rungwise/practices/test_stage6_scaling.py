"""Stage 6: what is taken for scaling, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Finding, Status

Check = Callable[..., Assessment]

FASTAPI = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "httpx", "tenacity", "celery", "sqlalchemy"]\n',
    "app/main.py": "app = FastAPI()\n\n\ndef send():\n    httpx.post(URL)\n",
    "Procfile": "web: uvicorn app.main:app\n",
}
GO = {
    "main.go": "package main\n\nfunc main() {\n\thttp.ListenAndServe(addr, mux)\n\thttp.Get(url)\n}\n",
    "Dockerfile": "FROM scratch\n",
}
RETRIED = "@retry(wait=wait_exponential(max=60), stop=stop_after_attempt(5))\ndef send():\n    httpx.post(URL)\n"


def finding(assessment: Assessment, practice: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.practice == practice)


def status(assessment: Assessment, practice: str) -> Status:
    return finding(assessment, practice).status


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/mail.py": RETRIED, "app/pay.py": RETRIED}, Status.PRESENT),
        ({"app/connector.py": RETRIED}, Status.PARTIAL),
        ({"app/backend_pre_start.py": RETRIED}, Status.PARTIAL),
        ({".semgrep/rule.py": "@app.task(autoretry_for=(Error,), retry_backoff=3)\ndef send(): pass\n"}, Status.PARTIAL),
        ({"app/tasks.py": "@app.task(autoretry_for=(Error,), retry_backoff=3)\ndef send(): pass\n"}, Status.PRESENT),
        ({"tests/test_mail.py": RETRIED, "tests/test_pay.py": RETRIED}, Status.PARTIAL),
    ],
)
def test_retries_are_a_habit_or_half_of_one(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**FASTAPI, **files}), "retries-with-backoff") is expected


def test_no_retry_anywhere_is_said(check: Check) -> None:
    plain = {**FASTAPI, "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "httpx"]\n'}
    assert status(check(plain), "retries-with-backoff") is Status.ABSENT
    mentioned = {**plain, "app/loop.py": "def call_and_retry(): ...\n"}
    assert status(check(mentioned, "acme+own"), "retries-with-backoff") is Status.NOT_SEEN


def test_an_indirect_module_retries_nothing(check: Check) -> None:
    module = "module example.com/shop\n\nrequire github.com/cenkalti/backoff/v4 v4.3.0"
    assert status(check({**GO, "go.mod": module + "\n"}), "retries-with-backoff") is Status.PARTIAL
    assert (
        status(check({**GO, "go.mod": module + " // indirect\n"}, "acme+indirect"), "retries-with-backoff") is not Status.PARTIAL
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [("executor.scheduleWithFixedDelay(this::scan, 1, 1, SECONDS);", False), ("orders.scan();", True)],
)
def test_an_executor_that_repeats_is_scheduled_work(check: Check, line: str, expected: bool) -> None:
    files = {
        "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
        "src/main/java/App.java": f"@SpringBootApplication class App {{ void start() {{ {line} }} }}\n",
    }
    assert (status(check(files), "background-queue") is Status.NOT_APPLICABLE) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [("$pager->setMaxPerPage($perPage);", Status.PARTIAL), ("$query->setMaxResults(1);", Status.NOT_SEEN)],
)
def test_doctrine_lists_are_paged(check: Check, line: str, expected: Status) -> None:
    files = {
        "composer.json": '{"type": "project", "require": {"symfony/framework-bundle": "^7", "doctrine/orm": "^3"}}',
        "public/index.php": "<?php\n",
        "src/OrderController.php": f"<?php\nclass OrderController {{ function all() {{ {line} }} }}\n",
    }
    assert status(check(files), "bounded-reads") is expected


@pytest.mark.parametrize(("interface", "expected"), [("ConsumerInterface", Status.PRESENT), ("ReaderInterface", Status.PARTIAL)])
def test_a_consumer_of_a_bundle_works_messages_off(check: Check, interface: str, expected: Status) -> None:
    files = {
        "composer.json": '{"type": "project", "require": {"symfony/framework-bundle": "^7", "symfony/mailer": "^7", "php-amqplib/php-amqplib": "^3"}}',
        "public/index.php": "<?php\n",
        "src/Import.php": "<?php\nclass Import { function take($order) { $this->producer->publish($order); } }\n",
        "src/MailConsumer.php": f"<?php\nclass MailConsumer implements {interface} {{}}\n",
    }
    assert status(check(files), "background-queue") is expected


def test_a_driver_is_no_river(check: Check) -> None:
    module = "module example.com/shop\n\nrequire github.com/{} v1.0.0\n"
    work = {"mail.go": 'package main\n\nimport "net/smtp"\n\nfunc send() { smtp.SendMail(a, b, c, d, e) }\n'}
    driver = {**GO, **work, "go.mod": module.format("go-sql-driver/mysql")}
    assert status(check(driver), "background-queue") is not Status.PARTIAL
    river = {**GO, **work, "go.mod": module.format("riverqueue/river")}
    assert status(check(river, "acme+river"), "background-queue") is Status.PARTIAL


def test_a_queue_is_filled_by_requests_and_emptied_by_a_worker(check: Check) -> None:
    worker = {"app/worker.py": "app = Celery('shop')\n\n\n@app.task\ndef mail(user): ...\n"}
    request = {"app/views.py": "def order():\n    mail.delay(user.id)\n"}
    assert status(check({**FASTAPI, **worker, **request}), "background-queue") is Status.PRESENT
    assert status(check(FASTAPI, "acme+installed"), "background-queue") is Status.PARTIAL


def test_an_event_bus_is_no_job_queue(check: Check) -> None:
    bus = {
        "Directory.Packages.props": '<Project><ItemGroup><PackageVersion Include="RabbitMQ.Client" /></ItemGroup></Project>',
        "src/Shop/Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">'
        '<ItemGroup><PackageReference Include="RabbitMQ.Client" /></ItemGroup></Project>',
        "src/Shop/Bus.cs": "public class Bus { void Publish() { channel.BasicPublish(name, body); } }\n",
        "src/Shop/Mailer.cs": "public class Mailer : BackgroundService { void Send() { smtp.Send(mail); } }\n",
        "Dockerfile": "FROM scratch\n",
    }
    assert status(check(bus), "background-queue") is Status.PARTIAL


def test_a_convex_scheduler_is_a_queue(check: Check) -> None:
    app = {
        "package.json": '{"private": true, "dependencies": {"convex": "1", "openai": "4"}}',
        "convex/mail.ts": "export const order = mutation({ args: {}, handler: async (ctx) => {\n"
        "  await ctx.scheduler.runAfter(0, internal.mail.send, {});\n} });\n",
    }
    assert status(check(app), "background-queue") is Status.PRESENT


def test_a_command_that_polls_is_a_worker(check: Check) -> None:
    django = {
        "requirements.txt": "django==5.2\npsycopg==3.2\n",
        "manage.py": "import django\n",
        "web/urls.py": "urlpatterns = []\n",
        "Procfile": "web: gunicorn shop.wsgi\n",
        "shop/mail.py": "from django.core.mail import send_mail\nsend_mail('a', 'b', 'c', [])\n",
    }
    command = (
        "class Command(BaseCommand):\n    def handle(self):\n        while not self.shutdown:\n            self.process_one()\n"
    )
    assert status(check({**django, "shop/management/commands/sendalerts.py": command}), "background-queue") is Status.PRESENT
    once = command.replace("while not self.shutdown", "if self.ready")
    assert (
        status(check({**django, "shop/management/commands/sendalerts.py": once}, "acme+once"), "background-queue")
        is Status.ABSENT
    )


def test_indexes_without_a_guard_are_half(check: Check) -> None:
    indexed = {"migrations/1.sql": "CREATE INDEX users_name ON users (name);\n"}
    assert status(check({**FASTAPI, **indexed}), "indexed-queries") is Status.PARTIAL
    guard = {"tests/test_users.py": "def test_list(self):\n    with self.assertNumQueries(3):\n        get()\n"}
    assert status(check({**FASTAPI, **indexed, **guard}, "acme+guard"), "indexed-queries") is Status.PRESENT
    filtered = {"app/quota.ts": "const used = fullQuota.filter((quota) => quota.used);\n"}
    assert status(check({**FASTAPI, **filtered}, "acme+filter"), "indexed-queries") is Status.NOT_SEEN


def test_tables_without_any_index_are_read_whole(check: Check) -> None:
    tables = {f"migrations/{n}.sql": f"CREATE TABLE t{n} (id INT PRIMARY KEY, name TEXT UNIQUE);\n" for n in range(5)}
    assert status(check({**FASTAPI, **tables}), "indexed-queries") is Status.ABSENT
    few = dict(list(tables.items())[:4])
    assert status(check({**FASTAPI, **few}, "acme+few"), "indexed-queries") is Status.NOT_SEEN
    indexed = {**tables, "migrations/6.sql": "CREATE INDEX t1_name ON t1 (name);\n"}
    assert status(check({**FASTAPI, **indexed}, "acme+indexed"), "indexed-queries") is Status.PARTIAL
    elsewhere = {**tables, "docs/tuning.sql": "DROP INDEX t1_name;\n"}
    assert status(check({**FASTAPI, **elsewhere}, "acme+elsewhere"), "indexed-queries") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("perf/load/read.js", 'import http from "k6/http";\n', Status.PARTIAL),
        ("locustfile.py", "class User(HttpUser): ...\n", Status.PARTIAL),
        (".github/workflows/load-test.yml", "on: workflow_dispatch\njobs: {}\n", Status.PARTIAL),
        (".github/workflows/upload-test-results.yml", "on: push\njobs: {}\n", Status.NOT_SEEN),
        ("destination/load_tests.py", "def test_load_into_destination(): ...\n", Status.NOT_SEEN),
        ("scripts/benchmark.sh", 'for url in $URLS; do\n  ab -c 64 -t 10 "$url"\ndone\n', Status.PARTIAL),
        ("scripts/lab.sh", "lab -c 64\nwhey -n\n", Status.NOT_SEEN),
    ],
)
def test_load_tests_are_scripts_at_most(check: Check, path: str, content: str, expected: Status) -> None:
    assert status(check({**FASTAPI, path: content}), "load-testing") is expected


def test_a_page_that_asks_nothing_needs_no_throttle(check: Check) -> None:
    page = {**FASTAPI, "package.json": '{"private": true, "dependencies": {"govuk-frontend": "5"}}'}
    assert "ask nothing" in finding(check(page), "client-throttling").reason
    asks = {**page, "js/search.js": "input.oninput = () => fetch('/search?q=' + input.value);\n"}
    assert status(check(asks, "acme+asks"), "client-throttling") is Status.NOT_SEEN
    waits = {**page, "js/search.js": "input.oninput = debounce(() => fetch('/search'), 200);\n"}
    assert status(check(waits, "acme+waits"), "client-throttling") is Status.PRESENT
    resize = {**page, "js/layout.js": "window.onresize = debounce(() => redraw(), 200);\n"}
    assert "ask nothing" in finding(check(resize, "acme+resize"), "client-throttling").reason


def test_a_cache_that_production_switches_off_is_none(check: Check) -> None:
    rails = {
        "Gemfile": 'gem "rails"\ngem "pg"\n',
        "config/application.rb": "class Application < Rails::Application\nend\n",
        "Procfile": "web: bin/rails server\n",
        "app/models/stats.rb": "Rails.cache.fetch('stats', expires_in: 1.hour) { count }\n",
    }
    assert status(check(rails), "cache-friendly-data") is Status.PRESENT
    off = {
        **rails,
        "config/environments/production.rb": "Rails.application.configure do\n  config.cache_store = :null_store\nend\n",
    }
    assert status(check(off, "acme+off"), "cache-friendly-data") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("db.query.Post.findMany({ orderBy: desc(Post.id), limit: 10 });", Status.PARTIAL),
        ("db.query.Post.findMany({ where: open, limit: 1 });", Status.NOT_SEEN),
    ],
)
def test_drizzle_lists_may_have_a_limit(check: Check, line: str, expected: Status) -> None:
    files = {
        "package.json": '{"private": true, "dependencies": {"express": "5", "drizzle-orm": "1", "pg": "8"}}',
        "server.js": f"app.get('/posts', () => {line})\napp.listen(process.env.PORT);\n",
        "Procfile": "web: node server.js\n",
    }
    assert status(check(files), "bounded-reads") is expected


def test_no_pagination_is_a_question(check: Check) -> None:
    assert status(check(FASTAPI), "bounded-reads") is Status.NOT_SEEN
    lists = {f"app/list{number}.py": "def items(limit: int = 100): ...\n" for number in range(3)}
    assert status(check({**FASTAPI, **lists}, "acme+lists"), "bounded-reads") is Status.PRESENT


def test_a_queue_may_be_kept_in_a_module_of_its_own(check: Check) -> None:
    node = {
        "package.json": '{"private": true, "dependencies": {"express": "5", "bull": "4", "nodemailer": "7"}}',
        "server.js": "app.listen(process.env.PORT);\n",
        "Procfile": "web: node server.js\n",
        "queues/queues.js": "const visit = new Queue('visit');\nvisit.process(6, handler);\n",
        "handlers.js": "queue.visit.add({ link });\n",
    }
    assert status(check(node), "background-queue") is Status.PRESENT
    unused = {**node, "handlers.js": "visited.add(link);\n"}
    assert status(check(unused, "acme+unused"), "background-queue") is Status.PARTIAL


CONVEX = {
    "package.json": '{"private": true, "dependencies": {"convex": "1", "openai": "4"}}',
    "convex/schema.ts": "export default defineSchema({ notes: defineTable({ body: v.string() }) });\n",
}


@pytest.mark.parametrize(
    ("limited", "whole", "expected"),
    [(4, 1, Status.PRESENT), (4, 2, Status.PARTIAL), (0, 2, Status.ABSENT)],
)
def test_convex_reads_are_counted(check: Check, limited: int, whole: int, expected: Status) -> None:
    files = {f"convex/take{n}.ts": "const notes = await ctx.db.query('notes').take(100);\n" for n in range(limited)}
    files |= {f"convex/all{n}.ts": "const notes = await ctx.db.query('notes').collect();\n" for n in range(whole)}
    assert status(check({**CONVEX, **files}), "bounded-reads") is expected


def test_limits_in_the_signature_of_endpoints_are_framework_limits(check: Check) -> None:
    two = {f"app/{name}.py": "def read(skip: int = 0, limit: int = 100): ...\n" for name in ("items", "users")}
    assert status(check({**FASTAPI, **two}), "bounded-reads") is Status.PRESENT


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/settings.py": "REST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': 'shop.paging.ShopPagination'}\n"}, Status.PRESENT),
        ({"app/settings.py": "REST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': None}\n"}, Status.PARTIAL),
        ({"app/views.py": "class View(ModelViewSet):\n    pagination_class = ShopPagination\n\n\n" * 5}, Status.PRESENT),
        ({"app/views.py": "class View(ModelViewSet):\n    pagination_class = ShopPagination\n"}, Status.PARTIAL),
        ({"app/views.py": "class View(ModelViewSet):\n    pagination_class = None\n\n\n" * 5}, Status.PARTIAL),
    ],
)
def test_a_framework_pages_by_default_or_by_view(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**FASTAPI, **files}), "bounded-reads") is expected


def test_a_growing_delay_in_a_job_counts_at_once(check: Check) -> None:
    plain = {**FASTAPI, "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "httpx"]\n'}
    delay = "delay = 2 ** attempt\n"
    assert status(check({**plain, "app/webhook_task.py": delay}), "retries-with-backoff") is Status.PRESENT
    assert status(check({**plain, "app/clock.py": delay}, "acme+clock"), "retries-with-backoff") is Status.PARTIAL


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "lib/shop/stream.ex",
            "wait(exp_backoff_ms(n))\nwait(exp_backoff_ms(tries))\ndefp exp_backoff_ms(n), do: 2\n",
            Status.PRESENT,
        ),
        ("app/mail.py", "def exponential_backoff(n):\n    return n\n", Status.PARTIAL),
        ("app/mail.py", "def expand_back_office(n):\n    return n\n", Status.ABSENT),
    ],
)
def test_a_delay_that_grows_may_be_a_function_of_ones_own(check: Check, path: str, text: str, expected: Status) -> None:
    plain = {**FASTAPI, "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "httpx"]\n'}
    assert status(check({**plain, path: text}), "retries-with-backoff") is expected


def test_a_fixed_retry_in_rust_is_half(check: Check) -> None:
    rust = {
        "Cargo.toml": '[package]\nname = "shop"\nversion = "1.0.0"\n\n[dependencies]\naxum = "0.8"\nreqwest = "0.12"\n',
        "Dockerfile": "FROM scratch\n",
        "src/main.rs": "fn main() {}\n",
    }
    fixed = {"src/util.rs": "pub fn retry<F>(func: F, max_tries: u32) {}\n"}
    assert status(check({**rust, **fixed}), "retries-with-backoff") is Status.PARTIAL
    growing = {"src/util.rs": "pub fn federate_retry_sleep_duration(count: i32) -> Duration {}\n"}
    assert status(check({**rust, **growing}, "acme+growing"), "retries-with-backoff") is Status.PRESENT


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.PARTIAL),
        ({"docker-compose.yml": "services:\n  worker:\n    command: php artisan queue:work --tries=3\n"}, Status.PRESENT),
    ],
)
def test_laravel_queues_need_a_worker(check: Check, files: dict[str, str], expected: Status) -> None:
    laravel = {
        "composer.json": '{"type": "project", "require": {"laravel/framework": "^12.0"}}',
        "artisan": "<?php\n",
        "Procfile": "web: php-fpm\n",
        "config/queue.php": "<?php\nreturn ['default' => env('QUEUE_CONNECTION', 'sync')];\n",
        "app/Jobs/SendMail.php": "<?php\nclass SendMail implements ShouldQueue {}\n",
        "app/Http/OrderController.php": "<?php\nSendMail::dispatch($user);\n",
    }
    assert status(check({**laravel, **files}), "background-queue") is expected


def test_a_queue_of_ones_own_is_filled_and_worked_off(check: Check) -> None:
    go = {
        **GO,
        "mail.go": "package main\n\nfunc order() { courier.QueueEmail(ctx, mail); smtp.SendMail(addr, auth, from, to, m) }\n",
    }
    assert status(check(go), "background-queue") is Status.ABSENT
    worked = {**go, "watch.go": "package main\n\nfunc watch() { courier.DispatchQueue(ctx) }\n"}
    assert status(check(worked, "acme+worked"), "background-queue") is Status.PRESENT


def test_messages_that_a_hosted_queue_delivers_are_jobs(check: Check) -> None:
    node = {
        "package.json": '{"private": true, "dependencies": {"next": "15", "@upstash/qstash": "2", "resend": "4"}}',
        "lib/order.ts": "await qstash.publishJSON({ url, body });\n",
        "vercel.json": "{}",
    }
    assert status(check(node), "background-queue") is Status.PARTIAL
    worker = {"app/api/cron/mail/route.ts": "export const POST = verifySignatureAppRouter(handler);\n"}
    assert status(check({**node, **worker}, "acme+worker"), "background-queue") is Status.PRESENT


def test_an_upload_that_is_cancelled_is_no_job(check: Check) -> None:
    jobs = {
        **FASTAPI,
        "app/export_job.py": "@app.task\ndef run():\n    job.status = JobStatus.FAILED\n",
        "app/views.py": "app = Celery('shop')\nrun.delay(1)\n",
    }
    upload = {"app/upload.py": "def cancel_upload(id): ...\n"}
    assert status(check({**jobs, **upload}), "async-job-state") is Status.PARTIAL
    assert status(check({**jobs, "app/cancel.py": "def cancel_job(id): ...\n"}, "acme+job"), "async-job-state") is Status.PRESENT


@pytest.mark.parametrize(
    ("helper", "expected"),
    [
        ("async function withRetries<T>(call: () => Promise<T>) { await sleep(500); }\n", Status.PARTIAL),
        ("async function withRetries<T>(call: () => Promise<T>) { await sleep(100 * 2 ** tries); }\n", Status.PRESENT),
    ],
)
def test_a_helper_that_waits_as_long_each_time_is_half(check: Check, helper: str, expected: Status) -> None:
    node = {
        "package.json": '{"private": true, "dependencies": {"express": "5", "axios": "1"}}',
        "server.js": "app.listen(process.env.PORT);\n",
        "Procfile": "web: node server.js\n",
        "lib/call.ts": helper,
    }
    assert status(check(node), "retries-with-backoff") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/mail.py": "class InboxFilter(Filter): ...\n"}, Status.NOT_SEEN),
        ({"app/outbox.py": "class OutboxMessage(Model): ...\n"}, Status.PRESENT),
        ({"app/prompts.py": 'PROMPT = "Resend manages idempotency keys for you"\n'}, Status.NOT_SEEN),
        ({"app/pay.py": 'headers = {"Idempotency-Key": order.id}\n'}, Status.PRESENT),
    ],
)
def test_an_inbox_is_no_key(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**FASTAPI, **files}), "idempotent-side-effects") is expected


def test_a_cache_in_front_is_a_cache(check: Check) -> None:
    purge = {"app/cdn.py": 'headers["Surrogate-Key"] = project.name\n'}
    assert status(check(FASTAPI), "cache-friendly-data") is Status.NOT_SEEN
    assert status(check({**FASTAPI, **purge}, "acme+cdn"), "cache-friendly-data") is Status.PRESENT


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("static/scripts/users.js", "$('#user').select2({ ajax: { url: '/users', delay: 250 } });\n", Status.PRESENT),
        ("static/scripts/users.js", "$.ajax({ url: '/users' });\nshow({ delay: 250 });\n", Status.NOT_SEEN),
        ("templates/users.html", '<input ng-model="q" ng-model-options="{ debounce: 250 }">\n', Status.PRESENT),
        ("templates/users.html", '<input ng-model="q" ng-model-options="{ updateOn: 0 }">\n', Status.NOT_SEEN),
    ],
)
def test_a_field_may_wait_by_an_option(check: Check, path: str, text: str, expected: Status) -> None:
    page = {**FASTAPI, "package.json": '{"private": true, "dependencies": {"jquery": "3"}}', "static/app.js": "fetch('/tags');\n"}
    assert status(check({**page, path: text}), "client-throttling") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("try { send(); } catch (IOException failed) { if (canRetry(failed)) { next(); } }", Status.PARTIAL),
        ("void show(Job job) { if (canRetry(job)) { button.enable(); } }", Status.NOT_SEEN),
    ],
)
def test_a_failure_that_is_asked_about_is_half_of_a_retry(check: Check, line: str, expected: Status) -> None:
    files = {
        "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
        "src/main/java/App.java": "@SpringBootApplication class App { RestTemplate mail = new RestTemplate(); }\n",
        "src/main/java/Mail.java": f"class Mail {{ {line} }}\n",
    }
    assert status(check(files), "retries-with-backoff") is expected


def test_a_debounce_of_ones_own_holds_requests_back(check: Check) -> None:
    page = {**FASTAPI, "package.json": '{"private": true, "dependencies": {"vue": "3"}}'}
    own = "function typed() {\n  clearTimeout(timer);\n  timer = setTimeout(() => loadTags(), 300);\n}\nfetch('/tags');\n"
    assert status(check({**page, "js/tags.js": own}), "client-throttling") is Status.PRESENT
    toast = "function hide() {\n  setTimeout(() => close(), 300);\n}\nfetch('/tags');\n"
    assert status(check({**page, "js/tags.js": toast}, "acme+toast"), "client-throttling") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.ABSENT),
        # A folder's name is a hint and no evidence.
        ({"server/jobs/mail.js": "export const send = () => {};\n"}, Status.NOT_SEEN),
        ({"mail.js": "enqueueMail(user);\n"}, Status.NOT_SEEN),
        ({"background.ts": "const queue = new PQueue({ concurrency: 5 });\n"}, Status.PARTIAL),
    ],
)
def test_a_name_hints_at_a_queue_and_shows_none(check: Check, files: dict[str, str], expected: Status) -> None:
    node = {
        "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8", "nodemailer": "6"}}',
        "Procfile": "web: node server.js\n",
        "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
    }
    assert status(check({**node, **files}), "background-queue") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"one.ts": "db.limit(1);\n", "two.ts": "db.limit(1);\n", "three.ts": "db.limit(1);\n"}, Status.NOT_SEEN),
        (dict.fromkeys(("one.ts", "two.ts", "three.ts"), "db.limit(100);\n"), Status.PRESENT),
        ({"types/page.ts": "interface Page { pageSize: number; cursor: string }\n"}, Status.NOT_SEEN),
    ],
)
def test_one_row_and_a_type_bound_no_list(check: Check, files: dict[str, str], expected: Status) -> None:
    node = {
        "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8"}}',
        "Procfile": "web: node server.js\n",
        "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
    }
    assert status(check({**node, **files}), "bounded-reads") is expected


def test_a_lock_that_was_lost_is_no_call_to_another_service(check: Check) -> None:
    spring = {
        "pom.xml": (
            "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
            "<artifactId>spring-boot-starter-webflux</artifactId></dependency></dependencies></project>"
        ),
        "Procfile": "web: java -jar shop.jar\n",
    }
    locked = (
        "class A { Mono b() { return c.retryWhen(Retry.backoff(5, ms(100)).filter(OptimisticLocking.class::isInstance)); } }\n"
    )
    called = "class A { Mono b() { return c.retryWhen(Retry.backoff(5, ms(100))); } }\n"
    assert status(check({**spring, "src/main/java/A.java": locked}), "retries-with-backoff") is not Status.PRESENT
    assert status(check({**spring, "src/main/java/A.java": called}, "acme+called"), "retries-with-backoff") is Status.PRESENT


NODE = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8", "nodemailer": "6", "openai": "5"}}',
    "Procfile": "web: node server.js\n",
    "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
}
SPRING = {
    "pom.xml": (
        "<project><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId>"
        "</dependency><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-mail</artifactId>"
        "</dependency></dependencies></project>"
    ),
    "Procfile": "web: java -jar shop.jar\n",
}


def test_messages_put_in_and_handled_here_are_a_queue(check: Check) -> None:
    put = {"src/main/java/Orders.java": "class Orders {\n  void order() { sqsTemplate.send(QUEUE, order); }\n}\n"}
    handled = {"src/main/java/Mail.java": 'class Mail {\n  @SqsListener("mail")\n  void send(Order order) {}\n}\n'}
    assert status(check({**SPRING, **put, **handled}), "background-queue") is Status.PRESENT
    assert status(check({**SPRING, **put}, "acme+put"), "background-queue") is not Status.PRESENT
    assert status(check({**SPRING, **handled}, "acme+handled"), "background-queue") is not Status.PRESENT


def test_a_channel_that_is_only_read_is_somebody_elses_queue(check: Check) -> None:
    read = {"mail.js": "await channel.consume(queue, send);\n"}
    assert status(check({**NODE, **read}), "background-queue") is not Status.PRESENT
    both_ends = {**read, "order.js": "channel.sendToQueue(queue, Buffer.from(order));\n"}
    assert status(check({**NODE, **both_ends}, "acme+both"), "background-queue") is Status.PRESENT


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (
            "restartableTask(async (text) => {\n    await timeout(250);\n    return fetch(`/tags?q=${text}`);\n  })",
            Status.PRESENT,
        ),
        ("task(function* () {\n    yield timeout(250);\n    yield fetch('/tags');\n  }).restartable()", Status.PRESENT),
        ("restartableTask(async () => fetch('/tags'))", Status.NOT_SEEN),
    ],
)
def test_a_task_that_starts_over_after_a_pause_is_a_debounce(check: Check, task: str, expected: Status) -> None:
    page = {**FASTAPI, "package.json": '{"private": true, "dependencies": {"ember-source": "5", "ember-concurrency": "4"}}'}
    file = {"app/components/tags.js": f"export default class Tags extends Component {{\n  search = {task};\n}}\n"}
    assert status(check({**page, **file}), "client-throttling") is expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (
            "def test_plan():\n    plan = run('explain analyze select * from users')\n    assert 'Seq Scan' not in plan\n",
            Status.PRESENT,
        ),
        ("def test_plan():\n    print(run('EXPLAIN SELECT * FROM users'))\n", Status.PARTIAL),
        ("def test_words():\n    assert text == 'We explain what is new.'\n", Status.PARTIAL),
    ],
)
def test_a_plan_that_a_test_insists_on_guards_an_index(check: Check, test: str, expected: Status) -> None:
    indexed = {"migrations/1.sql": "CREATE INDEX users_name ON users (name);\n", "tests/test_plans.py": test}
    assert status(check({**FASTAPI, **indexed}), "indexed-queries") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("db/migrations/2_fill.sql", Status.NOT_SEEN),
        ("alembic/versions/2_fill.py", Status.NOT_SEEN),
        ("app/tags.py", Status.PARTIAL),
    ],
)
def test_filling_a_table_once_is_no_idempotency(check: Check, path: str, expected: Status) -> None:
    sql = "INSERT INTO tags (name) SELECT name FROM old ON CONFLICT DO NOTHING"
    text = f"{sql};\n" if path.endswith(".sql") else f'op.execute("{sql}")\n'
    assert status(check({**FASTAPI, path: text}), "idempotent-side-effects") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.ABSENT),
        # How many things somebody may have bounds what they cost only roughly.
        ({"server/projects.js": "if (await hasPassedLimit(user)) throw new Error();\n"}, Status.PARTIAL),
        ({"server/projects.js": "const MAX_BOTS_PER_USER = 3;\n"}, Status.PARTIAL),
        ({"server/projects.js": "if (botCount >= user.plan.botLimit) throw new Error();\n"}, Status.PARTIAL),
        # The handler limits, and what it imports makes the call.
        (
            {"server/routes/ask.js": "import { ask } from '../lib/ai.js';\napp.post('/ask', rateLimit(), ask);\n"},
            Status.PRESENT,
        ),
        (
            {"server/routes/login.js": "import { login } from '../lib/login.js';\napp.post('/in', rateLimit(), login);\n"},
            Status.PARTIAL,
        ),
    ],
)
def test_what_costs_is_limited_by_number_or_where_it_is_asked_for(check: Check, files: dict[str, str], expected: Status) -> None:
    call = {"server/lib/ai.js": "export const ask = () => client.chat.completions.create({ model });\n"}
    assert status(check({**NODE, **call, **files}), "cost-rate-limiting") is expected


@pytest.mark.parametrize(
    ("paged", "whole", "expected"), [(8, 3, Status.PARTIAL), (12, 3, Status.PRESENT), (3, 2, Status.PRESENT)]
)
def test_lists_that_are_read_whole_have_their_share(check: Check, paged: int, whole: int, expected: Status) -> None:
    laravel = {
        "composer.json": '{"require": {"laravel/framework": "12"}}',
        "artisan": "#!/usr/bin/env php\n<?php\n",
        "routes/api.php": "<?php\nRoute::get('/songs', fn () => 1);\n",
    }
    folder = "app/Http/Controllers"
    files = {f"{folder}/Paged{n}.php": "<?php\nreturn $this->songs->paginate(20);\n" for n in range(paged)}
    files |= {f"{folder}/Whole{n}.php": "<?php\nreturn $this->users->getAll();\n" for n in range(whole)}
    # One that can do both reads a part of it, and what a job reads answers no request.
    files |= {
        f"{folder}/Both.php": "<?php\nreturn $page ? $q->paginate(20) : User::all();\n",
        "app/Jobs/Sync.php": "<?php\nUser::all();\n",
    }
    assert status(check({**laravel, **files}), "bounded-reads") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("await queue.add('mail', order, { attempts: 3, jobId: order.id });\n", Status.PRESENT),
        ("export const options = { jobId: key(order), removeOnComplete: true };\n", Status.PRESENT),
        (
            "queue.on('failed', (job) => { log.error('failed', { jobId: job.id, attemptsMade: job.attemptsMade }); });\n",
            Status.NOT_SEEN,
        ),
        ("response.json({ jobId: job.id });\n", Status.NOT_SEEN),
    ],
)
def test_the_id_of_a_job_that_is_shown_is_no_key(check: Check, line: str, expected: Status) -> None:
    files = {
        "package.json": '{"private": true, "dependencies": {"express": "5", "bullmq": "5"}}',
        "server.js": "app.listen(3000);\n",
        "jobs.js": f"const answer = await fetch('https://mail.example');\n{line}",
        "Procfile": "web: node server.js\n",
    }
    assert status(check(files), "idempotent-side-effects") is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Cache::store('redis')->remember('k', 60, fn () => x())", Status.PRESENT),
        ("Cache::tags(['a'])->remember('k', 60, fn () => x())", Status.PRESENT),
        ("Cache::store('array')->remember('k', 5, fn () => x())", Status.NOT_SEEN),
    ],
)
def test_a_store_that_outlives_the_request_caches(check: Check, call: str, expected: Status) -> None:
    laravel = {
        "composer.json": '{"type": "project", "require": {"laravel/framework": "^12.0"}}',
        "artisan": "<?php\n",
        "Procfile": "web: php-fpm\n",
    }
    assert status(check({**laravel, "app/Stats.php": f"<?php\nreturn {call};\n"}), "cache-friendly-data") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/clients/sms.py": "class SmsClient(Client): ...\n"}, Status.NOT_SEEN),
        (
            {
                "app/clients/sms.py": "class SmsClient(Client): ...\n",
                "app/limits.py": "def check_service_over_daily_message_limit(service): ...\n",
            },
            Status.PRESENT,
        ),
        ({"app/limits.py": "def check_service_over_daily_message_limit(service): ...\n"}, Status.NOT_APPLICABLE),
        # A bank's credit is no allowance.
        (
            {
                "app/clients/sms.py": "class SmsClient(Client): ...\n",
                "app/bank.py": "command.get_organisation_credit_bureau_id()\n",
            },
            Status.NOT_SEEN,
        ),
    ],
)
def test_each_text_message_costs(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**FASTAPI, **files}), "cost-rate-limiting") is expected


STORED = {
    **SPRING,
    "pom.xml": SPRING["pom.xml"].replace(
        "</dependencies>",
        "<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency></dependencies>",
    ),
}


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ('@GetMapping("/{0}")\n  @PreAuthorize("x")\n  fun all(user: User): List<{0}> = service.read(user)\n', Status.PARTIAL),
        ('@GetMapping("/{0}")\n  public ResponseEntity<List<{0}>> all() {{ }}\n', Status.PARTIAL),
        ('@GetMapping("/shops/{{id}}/{0}")\n  fun all(id: UUID): List<{0}> = service.read(id)\n', Status.PRESENT),
        ('@GetMapping("/{0}")\n  fun one(id: UUID): {0} = service.read(id)\n  fun inner(): List<{0}> {{ }}\n', Status.PRESENT),
        ('@GetMapping("/{0}")\n  fun all(limit: Int): List<{0}> = service.read(limit)\n', Status.PRESENT),
    ],
    ids=["Kotlin", "Java", "of one record", "a single one", "with a limit"],
)
def test_handlers_that_answer_with_whole_lists_are_counted(check: Check, handler: str, expected: Status) -> None:
    paged = {
        f"src/main/java/acme/repository/{name}Repository.java": "interface R { Page<Order> findAll(Pageable page); }\n"
        for name in ("Order", "Shop", "Item")
    }
    listing = {
        f"src/main/kotlin/acme/controller/{name}Controller.kt": f"class C {{\n  {handler.format(name)}}}\n"
        for name in ("Order", "Shop", "Item")
    }
    assert finding(check({**STORED, **paged, **listing}), "bounded-reads").status is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("client.get().retryWhen(Retry.max(2))", Status.PARTIAL),
        ("new RetryTemplate().setBackOffPolicy(new FixedBackOffPolicy())", Status.PARTIAL),
        ("new RetryTemplate().setBackOffPolicy(new ExponentialBackOffPolicy())", Status.PRESENT),
        ("client.get().retry()", Status.NOT_SEEN),
    ],
)
def test_springs_retries_without_patience_are_half(check: Check, text: str, expected: Status) -> None:
    mail = f"class Mail {{\n  WebClient client;\n  void send() {{\n    {text};\n  }}\n}}\n"
    assert finding(check({**SPRING, "src/main/java/acme/Mail.java": mail}), "retries-with-backoff").status is expected


@pytest.mark.parametrize(
    ("path", "call", "expected"),
    [
        ("repo/config.go", "r.cache.Set(ctx, key, value, 5*time.Minute)", Status.PRESENT),
        ("repo/config.go", "r.data.Cache.SetString(ctx, key, value, constant.ConfigCacheTime)", Status.PRESENT),
        ("repo/captcha.go", "r.cache.Set(ctx, key, code, 5*time.Minute)", Status.NOT_SEEN),
        ("repo/config.go", "r.cache.Set(key, value)", Status.NOT_SEEN),
    ],
    ids=["a duration", "a named duration", "a code that passes", "for ever"],
)
def test_a_cache_of_ones_own_forgets_in_time(check: Check, path: str, call: str, expected: Status) -> None:
    go = {
        **GO,
        "go.mod": "module example.org/shop\n\nrequire gorm.io/gorm v1.25.0\n",
        "repo/open.go": 'package repo\n\nimport "gorm.io/gorm"\n',
    }
    assert status(check({**go, path: f"package repo\n\nfunc keep() {{\n\t{call}\n}}\n"}), "cache-friendly-data") is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("compose.yaml", "services:\n  db:\n    healthcheck:\n      retries: 3\n", Status.ABSENT),
        ("lang/en.php", "<?php\nreturn ['throttled' => 'Please wait before you retry.'];\n", Status.ABSENT),
        ("app/Admin/FailedJobPanel.php", "<?php\nAction::make('retry')->button();\nretry();\n", Status.ABSENT),
        ("app/Service/Rates.php", "<?php\nretry(3, fn () => rates());\n", Status.NOT_SEEN),
        ("config/horizon.php", "<?php\nreturn ['tries' => 3];\n", Status.PARTIAL),
        ("config/horizon.php", "<?php\nreturn ['tries' => 1];\n", Status.ABSENT),
    ],
)
def test_health_checks_and_buttons_retry_no_call(check: Check, path: str, text: str, expected: Status) -> None:
    plain = {**FASTAPI, "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "httpx"]\n'}
    assert status(check({**plain, path: text}), "retries-with-backoff") is expected


@pytest.mark.parametrize(
    ("text", "queue", "state"),
    [
        (
            "class Run {\n  JobLauncher launcher;\n}\nclass Told implements JobExecutionListener {}\n",
            Status.PARTIAL,
            Status.PARTIAL,
        ),
        ("class Run {\n  JobLauncher launcher;\n}\n", Status.PARTIAL, Status.NOT_SEEN),
        ("class Run {}\n", Status.NOT_APPLICABLE, Status.NOT_APPLICABLE),
    ],
)
def test_spring_batch_is_slow_work_that_keeps_its_state(check: Check, text: str, queue: Status, state: Status) -> None:
    pom = STORED["pom.xml"].replace("spring-boot-starter-mail", "spring-boot-starter-batch")
    if queue is Status.NOT_APPLICABLE:
        pom = pom.replace("spring-boot-starter-batch", "spring-boot-starter-validation")
    judged = check({**STORED, "pom.xml": pom, "src/main/java/acme/Run.java": text})
    assert (finding(judged, "background-queue").status, finding(judged, "async-job-state").status) == (queue, state)


WORKER = {
    "package.json": '{"private": true, "dependencies": {"express": "5", "pg": "8", "nodemailer": "7"}}',
    "server.js": "app.listen(process.env.PORT);\n",
    "Procfile": "web: node server.js\nmails: node mails.js\n",
}


@pytest.mark.parametrize(
    ("path", "wait", "expected"),
    [
        ("apps/worker/workers/mails.ts", "await delay(interval);", Status.PRESENT),
        ("apps/worker/workers/mails.ts", "if (!row) break;", Status.NOT_SEEN),
        ("apps/web/lib/mails.ts", "await delay(interval);", Status.ABSENT),
    ],
)
def test_a_worker_looks_for_work_again_and_again(check: Check, path: str, wait: str, expected: Status) -> None:
    loop = f"export async function mails() {{\n  while (true) {{\n    await send(await next());\n    {wait}\n  }}\n}}\n"
    assert status(check({**WORKER, path: loop}), "background-queue") is expected


@pytest.mark.parametrize(
    ("polled", "expected"), [("sqs.receive_message(QueueUrl=URL)", Status.PRESENT), ("sqs.get_queue_url(URL)", Status.PARTIAL)]
)
def test_a_queue_may_be_asked_by_its_client(check: Check, polled: str, expected: Status) -> None:
    sender = {"app/mail.py": "def mail():\n    sqs.send_message(QueueUrl=URL)\n", "app/work.py": f"def work():\n    {polled}\n"}
    assert status(check({**FASTAPI, **sender}), "background-queue") is expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [("addTaskToQueue(Task task)", Status.PRESENT), ("describe(Task task)", Status.NOT_SEEN)],
)
def test_a_queue_of_ones_own_takes_tasks_in(check: Check, method: str, expected: Status) -> None:
    spring = {
        "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-mail</artifactId></dependency></dependencies></project>",
        "src/main/java/acme/Shop.java": "@SpringBootApplication class Shop {}\n",
        "Dockerfile": "FROM eclipse-temurin\nCMD java -jar shop.jar\n",
        "src/main/java/acme/TaskQueue.java": f"class TaskQueue extends AbstractQueue {{ void {method} {{}} }}\n",
    }
    assert status(check(spring), "background-queue") is expected


@pytest.mark.parametrize(
    ("waits", "expected"),
    [("public int $backoff = 10;", Status.PARTIAL), ("public array $backoff = [1, 10, 60];", Status.PRESENT)],
)
def test_a_delay_that_grows_is_more_than_one_that_does_not(check: Check, waits: str, expected: Status) -> None:
    job = f"<?php\nclass Scan implements ShouldQueue\n{{\n    public int $tries = 3;\n    {waits}\n}}\n"
    laravel = {
        "composer.json": '{"type": "project", "require": {"laravel/framework": "^12.0"}}',
        "artisan": "<?php\n",
        "app/Jobs/Scan.php": job,
        "app/Scanner.php": "<?php\nHttp::post($url);\n",
    }
    assert status(check(laravel), "retries-with-backoff") is expected


@pytest.mark.parametrize(("asked", "expected"), [("shouldRetry", Status.PARTIAL), ("retries", Status.NOT_SEEN)])
def test_an_answer_whether_to_retry_is_half_of_it(check: Check, asked: str, expected: Status) -> None:
    text = f"package main\n\nfunc send() {{\n\tif err != nil {{\n\t\tif {asked} {{\n\t\t\tagain()\n\t\t}}\n\t}}\n}}\n"
    assert status(check({**GO, "send.go": text}), "retries-with-backoff") is expected


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("app/email/ses/views.py", "seen = session.query(exists().where(Event.event_id == data['MessageId'])).scalar()", Status.PRESENT),
        ("app/webhooks.py", "if Delivery.objects.filter(delivery_id=given).exists():\n    pass", Status.PRESENT),
        # An event that people go to.
        ("app/calendar.py", "if Booking.objects.filter(event_id=event.id).exists():\n    pass", Status.NOT_SEEN),
        ("app/webhooks.py", "if Delivery.objects.filter(user=given).exists():\n    pass", Status.NOT_SEEN),
    ],
)  # fmt: skip
def test_what_was_delivered_before_is_looked_up(check: Check, path: str, line: str, expected: Status) -> None:
    assert status(check({**FASTAPI, path: f"{line}\n"}), "idempotent-side-effects") is expected


@pytest.mark.parametrize(("listened", "expected"), [("before_cursor_execute", Status.PRESENT), ("connect", Status.PARTIAL)])
def test_queries_are_counted_where_sqlalchemy_sends_them(check: Check, listened: str, expected: Status) -> None:
    files = {
        **FASTAPI,
        "app/models.py": "class Order(Base):\n    email = Column(String, index=True)\n",
        "tests/conftest.py": f'event.listen(engine, "{listened}", recorder.record)\n',
    }
    assert status(check(files), "indexed-queries") is expected


def test_rows_that_workers_take_from_a_table_are_a_queue(check: Check) -> None:
    files = {
        "Cargo.toml": '[package]\nname="shop"\n[dependencies]\naxum="0.8"\nsqlx="0.8"\n',
        "src/main.rs": "fn main() { axum::serve(listener, app) }\n",
    }
    taken = 'fn next() { query!("SELECT id FROM queue ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED") }\n'
    assert status(check({**files, "src/queue.rs": taken}), "background-queue") is Status.PRESENT
    waiting = taken.replace(" SKIP LOCKED", "")
    assert status(check({**files, "src/queue.rs": waiting}), "background-queue") is Status.NOT_APPLICABLE


def test_the_state_of_a_build_is_that_of_work(check: Check) -> None:
    files = {
        "Cargo.toml": '[package]\nname="shop"\n[dependencies]\naxum="0.8"\nsqlx="0.8"\n',
        "src/main.rs": "fn main() { axum::serve(listener, app) }\n",
        "src/queue.rs": 'fn next() { query!("SELECT id FROM queue LIMIT 1 FOR UPDATE SKIP LOCKED") }\n',
    }
    kind = "CREATE TYPE {} AS ENUM (\n    'in_progress',\n    'success',\n    'failure'\n);\n"
    assert status(check({**files, "migrations/1_build.up.sql": kind.format("build_status")}), "async-job-state") is Status.PARTIAL
    assert (
        status(check({**files, "migrations/1_order.up.sql": kind.format("order_status")}), "async-job-state") is Status.NOT_SEEN
    )


@pytest.mark.parametrize(("worker", "expected"), [("service", Status.PRESENT), ("rpc", Status.PARTIAL)])
def test_a_service_of_restate_works_jobs_off(check: Check, worker: str, expected: Status) -> None:
    files = {
        "package.json": '{"private": true, "dependencies": {"express": "5", "@restatedev/restate-sdk": "1", "nodemailer": "7"}}',
        "server.js": "app.post('/orders', async () => await mailQueue.enqueue(order));\napp.listen(process.env.PORT);\n",
        "Procfile": "web: node server.js\n",
        "mail.js": f"const mail = restate.{worker}({{ name: 'mail' }});\n",
    }
    assert status(check(files), "background-queue") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('page := fmt.Sprintf(" LIMIT %d, %d", start, pageSize)', Status.PARTIAL),
        ('page := "SELECT id FROM orders ORDER BY id LIMIT " + size', Status.PARTIAL),
        # One row is no list.
        ('page := "SELECT id FROM orders WHERE id = $1 LIMIT 1"', Status.NOT_SEEN),
    ],
)
def test_a_limit_in_sql_by_hand_is_half(check: Check, line: str, expected: Status) -> None:
    files = {
        "go.mod": "module shop\n\ngo 1.24\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.10.0\n\tgithub.com/lib/pq v1.10.9\n)\n",
        "main.go": 'package main\n\nimport _ "github.com/lib/pq"\n\nfunc main() {\n\tr := gin.Default()\n\thttp.ListenAndServe(":80", r)\n}\n',
        "Procfile": "web: ./shop\n",
        "orders.go": f"package main\n\nfunc orders() {{\n\t{line}\n}}\n",
    }
    assert status(check(files), "bounded-reads") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("delay *= 2", Status.PRESENT),
        ("pauseBetweenRetries = Math.min(maxPause, pauseBetweenRetries * 2)", Status.PRESENT),
        ("size *= 2", Status.NOT_SEEN),
    ],
)
def test_a_pause_that_doubles_is_a_backoff(check: Check, line: str, expected: Status) -> None:
    files = {
        "package.json": '{"private": true, "dependencies": {"express": "5", "pg": "8", "stripe": "18"}}',
        "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
        "Procfile": "web: node server.js\n",
    }
    loops = {f"lib/call{n}.js": f"while (retry) {{ await call(); {line}; }}\n" for n in "ab"}
    assert status(check({**files, **loops}), "retries-with-backoff") is expected


@pytest.mark.parametrize(
    ("package", "line", "expected"),
    [
        ("mongoose", "orderSchema.index({ shop: 1, createdAt: -1 });", Status.PARTIAL),
        ("mongoose", "const fields = { shop: { type: String, index: true } };", Status.PARTIAL),
        ("mongoose", "const fields = { shop: { type: String, index: false } };", Status.NOT_SEEN),
        # A page of a router.
        ("pg", "const fields = { path: '/', index: true };", Status.NOT_SEEN),
    ],
)
def test_indexes_of_documents_stand_in_their_schema(check: Check, package: str, line: str, expected: Status) -> None:
    files = {
        "package.json": f'{{"private": true, "dependencies": {{"express": "5", "{package}": "8"}}}}',
        "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
        "Procfile": "web: node server.js\n",
        "models/order.schema.ts": f"{line}\n",
    }
    assert status(check(files), "indexed-queries") is expected
