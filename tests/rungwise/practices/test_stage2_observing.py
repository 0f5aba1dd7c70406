"""Stage 2: what shows that a product is watched, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Status

Check = Callable[..., Assessment]


def node(dependencies: str = "", development: str = "") -> str:
    listed = ", ".join(f'"{name}": "1"' for name in f"express pg react {dependencies}".split())
    dev = ", ".join(f'"{name}": "1"' for name in development.split())
    return f'{{"name": "shop", "private": true, "dependencies": {{{listed}}}, "devDependencies": {{{dev}}}}}'


NODE = {
    "package.json": node(),
    "server.js": "const app = express();\napp.listen(process.env.PORT);\n",
    "Procfile": "web: node server.js\n",
}
RAILS = {
    "Gemfile": 'gem "rails"\ngem "pg"\n',
    "config/routes.rb": "Rails.application.routes.draw do\nend\n",
    "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
    "app/controllers/orders_controller.rb": "class OrdersController < ApplicationController\nend\n",
    "app/views/orders/index.html.erb": "<h1>Orders</h1>\n",
}
GO = {
    "go.mod": "module example.org/shop\n\ngo 1.24\n\nrequire github.com/go-chi/chi/v5 v5.1.0\n",
    "main.go": 'package main\n\nfunc main() { http.ListenAndServe(":80", chi.NewRouter()) }\n',
    "Dockerfile": "FROM golang\nCMD shop\n",
}


def status(assessment: Assessment, practice: str) -> Status:
    return next(finding.status for finding in assessment.findings if finding.practice == practice)


def test_providers_that_are_built_by_hand_trace_and_measure(check: Check) -> None:
    web = '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="OpenTelemetry" Version="1" /></ItemGroup></Project>'
    shop = {
        "src/Shop/Shop.csproj": web,
        "src/Shop/Program.cs": "var app = WebApplication.CreateBuilder(args).Build();\napp.Run();\n",
    }
    started = (
        "public class Telemetry\n{\n    object A() => Sdk.Create%sProviderBuilder().AddAspNetCoreInstrumentation().Build();\n}\n"
    )
    assert status(check(shop), "metrics") is Status.NOT_SEEN
    traced = check({**shop, "src/Shop/Telemetry.cs": started % "Tracer"})
    assert status(traced, "request-tracing") is Status.PRESENT
    assert status(traced, "metrics") is Status.NOT_SEEN
    assert status(check({**shop, "src/Shop/Telemetry.cs": started % "Meter"}), "metrics") is Status.PRESENT
    assert status(check({**shop, "tests/Shop.Tests/Telemetry.cs": started % "Meter"}), "metrics") is Status.NOT_SEEN


def test_a_tracker_that_is_installed_and_never_started_is_half_of_it(check: Check) -> None:
    installed = {**NODE, "package.json": node("@sentry/node")}
    assert status(check(NODE), "error-tracking") is Status.ABSENT
    assert status(check(installed), "error-tracking") is Status.PARTIAL
    assert status(check({**installed, "instrument.js": "Sentry.init({ dsn });\n"}), "error-tracking") is Status.PRESENT


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("test/instrument.js", "Sentry.init({ dsn });\n"),
        ("examples/instrument.js", "Sentry.init({ dsn });\n"),
        ("src/instrumentation-client.js", "Sentry.init({ dsn });\n"),
        ("src/instrument.js", "// Sentry.init({ dsn });\n"),
        ("src/instrument.js", "const help = 'call Sentry.init({ dsn })';\n"),
    ],
)
def test_starting_it_elsewhere_does_not_track_the_server(check: Check, path: str, text: str) -> None:
    assert status(check({**NODE, "package.json": node("@sentry/node"), path: text}), "error-tracking") is Status.PARTIAL


def test_tools_that_upload_source_maps_report_nothing(check: Check) -> None:
    assert status(check({**NODE, "package.json": node("@sentry/cli @sentry/vite-plugin")}), "error-tracking") is Status.ABSENT


def test_gems_that_hook_into_rails_start_by_themselves(check: Check) -> None:
    gemfile = RAILS["Gemfile"] + 'gem "govuk_app_config"\n'
    assert status(check({**RAILS, "Gemfile": gemfile}), "error-tracking") is Status.PRESENT
    assert status(check({**RAILS, "Gemfile": RAILS["Gemfile"] + 'gem "sentry-rails"\n'}), "error-tracking") is Status.PARTIAL


HANDLER = "<?php\nclass Handler {\n  public function report(Throwable $e) {\n    %s\n  }\n}\n"
LARAVEL = {
    "composer.json": '{"type": "project", "require": {"laravel/framework": "^12", "monolog/monolog": "^3"}}',
    "artisan": "<?php\n",
    "routes/web.php": "<?php\nRoute::get('/', fn () => 1);\n",
}


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("dispatch(new MailError($owner, $e));", Status.PARTIAL),
        ("Notification::route('slack', $hook)->notify(new Failed($e));", Status.PARTIAL),
        ("throw new NotifyException($e);", Status.ABSENT),
        ("parent::report($e);", Status.ABSENT),
    ],
)
def test_a_handler_that_mails_what_it_caught_is_half_of_a_tracker(check: Check, report: str, expected: Status) -> None:
    assert status(check({**LARAVEL, "app/Exceptions/Handler.php": HANDLER % report}), "error-tracking") is expected


@pytest.mark.parametrize(
    ("line", "expected"), [("Tracer.logError(failed);", Status.NOT_SEEN), ("logger.error(failed);", Status.ABSENT)]
)
def test_a_monitor_that_is_told_of_errors_is_a_question(check: Check, line: str, expected: Status) -> None:
    files = {
        "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
        "<artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
        "src/main/java/App.java": f"@SpringBootApplication class App {{ void failed(Throwable failed) {{ {line} }} }}\n",
    }
    assert status(check(files), "error-tracking") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("sentry:\n    dsn: '%env(SENTRY_DSN)%'\n", Status.PRESENT), ("parameters:\n    sentry_dsn: ''\n", Status.PARTIAL)],
)
def test_symfony_starts_sentry_by_its_configuration(check: Check, text: str, expected: Status) -> None:
    files = {
        "composer.json": '{"type": "project", "require": {"symfony/framework-bundle": "^7", "sentry/sentry-symfony": "^5"}}',
        "public/index.php": "<?php\n",
        "app/config/config_prod.yml": text,
    }
    assert status(check(files), "error-tracking") is expected


HOSTED_BY_OTHERS = {
    ".github/workflows/r.yml": "on: {release: {types: [published]}}\njobs:\n  r:\n    runs-on: x\n    steps:\n"
    "      - uses: pypa/gh-action-pypi-publish@v1\n",
    "pyproject.toml": '[build-system]\nrequires=["hatchling"]\nbuild-backend="hatchling.build"\n[project]\nname="tidy"\n'
    '[project.scripts]\ntidy="tidy:main"\n',
    "requirements.txt": "django==5\n",
    "shop/manage.py": "x=1\n",
    "web/urls.py": "urlpatterns = []\n",
    "shop/shop/wsgi.py": "x=1\n",
    "docs/installation/upgrading.md": "x\n",
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "requirements.txt": "django==5\n",
                "manage.py": "x=1\n",
                "web/urls.py": "urlpatterns = []\n",
                "Procfile": "web: x\n",
            },
            Status.NOT_SEEN,
        ),
        (HOSTED_BY_OTHERS, Status.ABSENT),
        ({**HOSTED_BY_OTHERS, "numbers.py": 'PATH = "/metrics"\n'}, Status.NOT_SEEN),
    ],
)
def test_who_hosts_a_product_gets_the_numbers_that_it_gives(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check(files), "metrics") is expected


def test_convex_may_track_errors_unseen(check: Check) -> None:
    convex = {
        "package.json": '{"private": true, "dependencies": {"convex": "1", "react": "19"}}',
        "convex/orders.ts": "export const list = query({ handler: async (ctx) => [] });\n",
        "index.html": "<div></div>\n",
    }
    assert status(check(convex), "error-tracking") is Status.NOT_SEEN
    assert status(check(convex), "request-tracing") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("dependencies", "text", "expected"),
    [
        ("@sentry/react", "Sentry.init({ dsn });\n", Status.PRESENT),
        ("@sentry/react", "", Status.PARTIAL),
        ("posthog-js", "posthog.init(key, { capture_exceptions: true });\n", Status.PRESENT),
        ("posthog-js", "posthog.init(key, {});\n", Status.ABSENT),
        ("", "class Boundary { componentDidCatch(error) { this.setState({ error }); } }\n", Status.PARTIAL),
        ("@sentry/nextjs", "Sentry.init({ dsn });\n", Status.ABSENT),
    ],
)
def test_errors_in_the_browser_need_their_own_start(check: Check, dependencies: str, text: str, expected: Status) -> None:
    files = {**NODE, "package.json": node(dependencies), "src/sentry.server.config.js": text}
    assert status(check(files), "client-error-tracking") is expected


def test_go_modules_that_others_need_are_not_used_here(check: Check) -> None:
    indirect = GO["go.mod"] + "require go.opentelemetry.io/otel/sdk v1.30.0 // indirect\n"
    assert status(check({**GO, "go.mod": indirect}), "request-tracing") is Status.ABSENT
    assert status(check({**GO, "go.mod": indirect.replace(" // indirect", "")}), "request-tracing") is Status.PARTIAL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sentry.init({ dsn, tracesSampleRate: 0.2 });\n", Status.PRESENT),
        ("Sentry.init({ dsn, tracesSampleRate: 0 });\n", Status.ABSENT),
        ("const sdk = new NodeSDK({ traceExporter });\n", Status.PRESENT),
        ("res.setHeader('X-Request-Id', id);\n", Status.PARTIAL),
        ("const requestId = req.get('X-Request-Id');\nlogger.info({ requestId }, 'done');\n", Status.PRESENT),
    ],
)
def test_a_request_is_traced_when_its_id_is_logged_or_exported(check: Check, text: str, expected: Status) -> None:
    assert status(check({**NODE, "tracing.js": text}), "request-tracing") is expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<script src="https://js-agent.newrelic.com/nr.min.js"></script>', Status.PRESENT),
        ("<script>o.src = config.url || '//js.monitor.azure.com/scripts/a/ai.0.js';</script>", Status.PRESENT),
        ('<script src="https://cdn.example/jquery.js"></script>', Status.ABSENT),
    ],
)
def test_a_tracker_may_come_from_its_own_host(check: Check, page: str, expected: Status) -> None:
    assert status(check({**NODE, "views/layout.html": page}), "client-error-tracking") is expected


def test_a_handler_that_angular_is_given_may_report(check: Check) -> None:
    given = "providers: [{ provide: ErrorHandler, useClass: Reporter }]\n"
    assert status(check({**NODE, "src/app.module.ts": given}), "client-error-tracking") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('log.Info(ctx, "saved", "user", id)', Status.PRESENT),
        ('log.Error("not saved", log.String("user", id))', Status.PRESENT),
        ('log.Info("saved " + id)', Status.ABSENT),
    ],
)
def test_fields_may_go_through_a_logger_of_ones_own(check: Check, line: str, expected: Status) -> None:
    files = {
        "go.mod": "module acme.org/shop\n\nrequire github.com/gin-gonic/gin v1.10.0\n",
        "main.go": "package main\nfunc main() { http.ListenAndServe(address, mux) }\n",
        "Procfile": "web: shop\n",
        "log/log.go": "package log\nfunc Info(msg string, args ...any) { slog.Info(msg, args...) }\n",
    }
    used = {f"orders/{number}.go": f"package orders\nfunc Save() {{ {line} }}\n" for number in range(5)}
    assert status(check({**files, **used}), "structured-logging") is expected


def test_rails_puts_the_request_id_into_its_log_when_asked(check: Check) -> None:
    tags = "Rails.application.configure do\n  {}config.log_tags = [ :request_id ]\nend\n"
    assert status(check({**RAILS, "config/environments/production.rb": tags.format("")}), "request-tracing") is Status.PRESENT
    assert status(check({**RAILS, "config/environments/production.rb": tags.format("# ")}), "request-tracing") is Status.ABSENT


@pytest.mark.parametrize(
    ("dependencies", "text", "expected"),
    [
        ("pino", "logger.info({ orderId }, 'saved');\n", Status.PRESENT),
        ("pino", "logger.info(`saved ${orderId}`);\n", Status.PARTIAL),
        ("", "logger.info({ orderId }, 'saved');\n", Status.ABSENT),
        ("winston", "const logger = createLogger({ format: format.combine(format.simple()) });\n", Status.PARTIAL),
        ("winston", "const logger = createLogger({ format: format.json() });\n", Status.PRESENT),
    ],
)
def test_logs_are_structured_when_fields_are_handed_over(check: Check, dependencies: str, text: str, expected: Status) -> None:
    assert status(check({**NODE, "package.json": node(dependencies), "log.js": text}), "structured-logging") is expected


def test_every_laravel_has_monolog_and_few_log_fields(check: Check) -> None:
    assert status(check({**LARAVEL, "app/Jobs/Pay.php": "<?php\nLog::info('paid');\n"}), "structured-logging") is Status.ABSENT
    fields = {f"app/Jobs/{name}.php": "<?php\nLog::info('done', ['order' => $id]);\n" for name in "ABCDEFGH"}
    assert status(check({**LARAVEL, **fields}), "structured-logging") is Status.PARTIAL
    formatter = {"config/logging.php": "<?php\nreturn ['formatter' => JsonFormatter::class];\n"}
    assert status(check({**LARAVEL, **fields, **formatter}), "structured-logging") is Status.PRESENT


def test_lines_made_of_json_are_half_of_it(check: Check) -> None:
    lines = {f"{name}.js": "console.log(JSON.stringify({ order }));\n" for name in ("pay", "ship")}
    assert status(check({**NODE, **lines}), "structured-logging") is Status.PARTIAL
    assert (
        status(check({**NODE, "pay.js": "console.log(order);\n", "ship.js": "console.log(order);\n"}), "structured-logging")
        is Status.ABSENT
    )


def test_starters_trace_by_themselves(check: Check) -> None:
    pom = "<project><dependencies>{}</dependencies></project>"
    one = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId></dependency>"
    web = one.format("org.springframework.boot", "spring-boot-starter-web")
    bridge = one.format("io.micrometer", "micrometer-tracing-bridge-brave")
    main = {"src/main/java/org/acme/App.java": "@SpringBootApplication\nclass App {}\n"}
    for listed, expected in (
        (web, Status.ABSENT),
        (web + bridge, Status.PARTIAL),
        (web + bridge + one.format("io.zipkin.reporter2", "zipkin-reporter-brave"), Status.PRESENT),
        (web + one.format("org.springframework.boot", "spring-boot-starter-zipkin"), Status.PRESENT),
    ):
        assert status(check({**main, "pom.xml": pom.format(listed)}), "request-tracing") is expected


@pytest.mark.parametrize(
    ("dependencies", "text", "expected"),
    [
        ("prom-client", "const seconds = new client.Histogram({ name: 'seconds' });\n", Status.PRESENT),
        ("prom-client", "", Status.PARTIAL),
        ("", "const seconds = new client.Histogram({ name: 'seconds' });\n", Status.NOT_SEEN),
    ],
)
def test_metrics_need_an_exporter_and_a_measurement(check: Check, dependencies: str, text: str, expected: Status) -> None:
    assert status(check({**NODE, "package.json": node(dependencies), "metrics.js": text}), "metrics") is expected


@pytest.mark.parametrize(("image", "expected"), [({"Dockerfile": "FROM node\n"}, Status.ABSENT), ({}, Status.NOT_SEEN)])
def test_who_begins_with_a_template_brings_numbers_along(check: Check, image: dict[str, str], expected: Status) -> None:
    template = {"README.md": "# Stack\n\nUse this repository as a template.\n"}
    assert status(check({**NODE, **template, **image}), "metrics") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from opentelemetry.metrics import get_meter\nasked = get_meter('shop').create_counter('asked')\n", Status.PRESENT),
        ("asked = votes.create_counter('asked')\n", Status.NOT_SEEN),
        (
            "from opentelemetry import trace\nwith trace.get_tracer('shop').start_as_current_span('ask'):\n    ask()\n",
            Status.NOT_SEEN,
        ),
    ],
)
def test_who_starts_the_program_may_bring_opentelemetry_along(check: Check, text: str, expected: Status) -> None:
    assert status(check({**BARE, "shop/numbers.py": text}), "metrics") is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("client.put_metric_data(namespace: 'Orders', metric_data: [])\n", Status.PRESENT),
        ("client.get_metric_data(queries)\n", Status.NOT_SEEN),
    ],
)
def test_cloudwatch_is_sent_numbers(check: Check, call: str, expected: Status) -> None:
    rails = {"Gemfile": 'gem "rails"\n', "config.ru": "run App\n", "app/services/sent.rb": call}
    assert status(check(rails), "metrics") is expected


def test_a_dashboard_kept_as_code_shows_metrics(check: Check) -> None:
    dashboard = {"grafana/orders.json": '{"panels": [{"title": "Orders"}], "schemaVersion": 39}'}
    assert status(check({**NODE, **dashboard}), "metrics") is Status.PRESENT
    assert status(check({**NODE, "page.json": '{"panels": []}'}), "metrics") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"index.html": '<script src="https://plausible.io/js/script.js"></script>\n'}, Status.PRESENT),
        ({"index.html": '<!-- <script src="https://plausible.io/js/script.js"></script> -->\n'}, Status.ABSENT),
        ({"docs/index.html": '<script src="https://plausible.io/js/script.js"></script>\n'}, Status.PARTIAL),
        ({"next.config.js": "const csp = 'script-src https://plausible.io/js/';\n"}, Status.ABSENT),
        ({"package.json": node("posthog-js")}, Status.PARTIAL),
        ({"package.json": node("posthog-js"), "app.js": "posthog.capture('signed up');\n"}, Status.PRESENT),
        ({"package.json": node("posthog-js"), "app.js": "const page = <Analytics data={data} />;\n"}, Status.PARTIAL),
        ({"app.js": "import { Analytics } from '@vercel/analytics/react';\n"}, Status.PRESENT),
        ({"package.json": node("analytics-utils"), "app.js": "statistics.track();\n"}, Status.ABSENT),
    ],
)
def test_analytics_are_a_snippet_or_a_call_in_the_product(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "product-analytics") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"logs.tf": 'resource "aws_cloudwatch_log_group" "shop" {\n  retention_in_days = 30\n}\n'}, Status.PRESENT),
        ({"logs.tf": 'resource "aws_cloudwatch_log_group" "shop" {\n}\n'}, Status.NOT_SEEN),
        ({"package.json": node("@logtail/node")}, Status.PARTIAL),
        ({"stack.yaml": "Type: AWS::Logs::LogGroup\nProperties:\n  RetentionInDays: 30\n"}, Status.PRESENT),
        ({"stack.yaml": "Type: Shop::Basket\nProperties:\n  RetentionInDays: 30\n"}, Status.NOT_SEEN),
        ({"compose.yaml": "services:\n  web:\n    logging:\n      driver: loki\n"}, Status.PRESENT),
        ({"compose.yaml": "services:\n  web:\n    logging:\n      driver: json-file\n"}, Status.NOT_SEEN),
    ],
)
def test_logs_are_kept_by_a_shipper_or_a_retention(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "log-retention") is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"rules.yaml": "groups:\n  - rules:\n      - alert: TooManyErrors\n"}, Status.PRESENT),
        ({"monitor.tf": 'resource "datadog_monitor" "errors" {\n}\n'}, Status.PRESENT),
        ({"monitor.tf": 'resource "opensearch_monitor" "errors" {\n}\n'}, Status.PRESENT),
        ({"stack.yaml": "Type: AWS::CloudWatch::Alarm\n"}, Status.PRESENT),
        ({"src/Alert.js": "export const Alert = () => null;\n"}, Status.NOT_SEEN),
    ],
)
def test_alerts_are_rules_and_not_boxes_on_a_page(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check({**NODE, **files}), "alerting") is expected


@pytest.mark.parametrize(("package", "found"), [("@defra/hapi-tracing", True), ("@shop/hapi-pages", False)])
def test_a_plugin_of_hapi_hands_an_id_on(check: Check, package: str, found: bool) -> None:
    text = f"import {{ tracing }} from '{package}';\nserver.register({{ plugin: tracing }});\n"
    assert (status(check({**NODE, "trace.js": text}), "request-tracing") in (Status.PRESENT, Status.PARTIAL)) is found


@pytest.mark.parametrize(("event", "expected"), [("schedule", Status.PARTIAL), ("pull_request", Status.NOT_SEEN)])
def test_a_message_about_a_pull_request_is_no_alert(check: Check, event: str, expected: Status) -> None:
    told = f"on: {event}\njobs:\n  t:\n    runs-on: x\n    steps:\n      - uses: slackapi/slack-github-action@v2\n"
    assert status(check({**NODE, ".github/workflows/t.yml": told}), "alerting") is expected


@pytest.mark.parametrize(
    ("call", "expected"), [("builder.AddSerilogDefaults();", Status.PRESENT), ("builder.AddShopDefaults();", Status.PARTIAL)]
)
def test_serilog_may_be_added_by_a_method_of_ones_own(check: Check, call: str, expected: Status) -> None:
    files = {"src/W/W.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', "src/W/Program.cs": f"{call}\n"}
    saved = 'logger.LogInformation("Saved {OrderId}", id);\n'
    assert status(check({**files, **{f"src/W/{name}.cs": saved for name in "ABC"}}), "structured-logging") is expected


def test_who_is_paged_is_never_more_than_a_hint(check: Check) -> None:
    judged = check({**NODE, "docs/runbooks/outage.md": "# Outage\n"})
    paging = next(finding for finding in judged.findings if finding.practice == "on-call-paging")
    assert paging.status is Status.NOT_SEEN
    assert "docs/runbooks/outage.md hints at it" in paging.reason


def test_events_are_a_table_that_several_features_write_to(check: Check) -> None:
    table = {"migrations/1.sql": "CREATE TABLE audit_logs (id int);\n"}
    written = {"pay.js": "auditLog.record('paid');\n", "ship.js": "auditLog.record('sent');\n"}
    assert status(check({**NODE, **table, **written}), "event-table") is Status.PRESENT
    assert status(check({**NODE, **table}), "event-table") is Status.PARTIAL
    assert (
        status(check({**NODE, **written, "migrations/1.sql": "CREATE TABLE events (day date);\n"}), "event-table")
        is Status.NOT_SEEN
    )
    listening = {"a.js": "button.addEventListener('click', go);\n", "b.js": "link.addEventListener('click', go);\n"}
    assert status(check({**NODE, **table, **listening}), "event-table") is Status.PARTIAL


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"migrations/1.js": 'queryInterface.createTable("events", {});\n'}, Status.PRESENT),
        ({"migrations/1.sql": "CREATE TABLE [dbo].[Event] (\n  id int,\n  ActingUserId int\n);\n"}, Status.PRESENT),
        ({"migrations/1.sql": "CREATE TABLE events (\n  day date\n);\n"}, Status.NOT_SEEN),
        ({"migrations/1.sql": "CREATE TABLE holidays (\n  id int\n);\n"}, Status.NOT_SEEN),
    ],
)
def test_a_table_called_events_is_told_by_what_logs_to_it(check: Check, files: dict[str, str], expected: Status) -> None:
    logged = {
        "pay.js": "await Event.create({ name: 'orders.paid' });\n",
        "ship.js": "await Event.create({\n  name: 'orders.sent',\n});\n",
        "src/Pay.cs": "await events.LogOrderEventAsync(order);\n",
        "src/Ship.cs": "await events.LogOrderEventAsync(order);\n",
    }
    assert status(check({**NODE, **files, **logged}), "event-table") is expected


def test_a_library_of_events_has_to_be_used(check: Check) -> None:
    gemfile = {**RAILS, "Gemfile": RAILS["Gemfile"] + 'gem "paper_trail"\n'}
    assert status(check(gemfile), "event-table") is Status.PARTIAL
    model = {"app/models/order.rb": "class Order < ApplicationRecord\n  has_paper_trail\nend\n"}
    assert status(check({**gemfile, **model}), "event-table") is Status.PRESENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [("client.insert_rows_json(table, rows)\n", Status.PRESENT), ("client.query(question)\n", Status.PARTIAL)],
)
def test_rows_that_are_sent_to_a_warehouse_are_an_export(check: Check, text: str, expected: Status) -> None:
    files = {
        "requirements.txt": "django==5.2\ngoogle-cloud-bigquery==3\n",
        "manage.py": "run()\n",
        "web/urls.py": "urlpatterns = []\n",
        "shop/tasks.py": text,
    }
    assert status(check(files), "analytics-export") is expected


FASTAPI = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "opentelemetry-instrumentation-fastapi"]\n',
    "main.py": "app = FastAPI()\n",
    "Dockerfile": "FROM python\n",
}


BARE = {**FASTAPI, "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi"]\n'}
REQUEST_ID = 'request_id_var: ContextVar[str] = ContextVar("id")\n'
DOTNET = {
    "Web.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
    "Program.cs": "var app = WebApplication.CreateBuilder(args).Build();\napp.Run();\n",
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({**FASTAPI, "traces.py": "FastAPIInstrumentor.instrument_app(app)\n"}, Status.PRESENT),
        ({**FASTAPI, "traces.py": "# FastAPIInstrumentor.instrument_app(app)\n"}, Status.PARTIAL),
        ({**GO, "web.go": 'package main\nfunc web() { r.Use(otelgin.Middleware("shop")) }\n'}, Status.PRESENT),
        ({**LARAVEL, "app/Http/Middleware/Id.php": "<?php\nLog::withContext(['request-id' => $id]);\n"}, Status.PRESENT),
        ({**LARAVEL, "app/Http/Middleware/Id.php": "<?php\nLog::withContext(['order' => $id]);\n"}, Status.ABSENT),
        ({**LARAVEL, "app/Logging.php": "<?php\n$log->pushProcessor(new UidProcessor());\n"}, Status.PRESENT),
        ({**LARAVEL, "app/Logging.php": "<?php\n$log->pushProcessor(new MemoryProcessor());\n"}, Status.ABSENT),
        ({**BARE, "ids.py": REQUEST_ID, "logs.py": "record.request_id = request_id_var.get()\n"}, Status.PRESENT),
        ({**BARE, "ids.py": REQUEST_ID, "logs.py": "record.user = user_var.get()\n"}, Status.NOT_SEEN),
        ({**NODE, "ids.js": "storage.run({ requestId: randomUUID() }, next);\n"}, Status.PARTIAL),
        ({**NODE, "ids.js": "storage.run({ orderId: randomUUID() }, next);\n"}, Status.ABSENT),
        ({**DOTNET, "Ids.cs": 'using (LogContext.PushProperty("CorrelationId", id)) { next(); }\n'}, Status.PRESENT),
        ({**DOTNET, "Ids.cs": 'using (LogContext.PushProperty("OrderNumber", id)) { next(); }\n'}, Status.ABSENT),
    ],
)
def test_each_framework_has_its_way_to_trace(check: Check, files: dict[str, str], expected: Status) -> None:
    assert status(check(files), "request-tracing") is expected


def test_a_handler_may_be_wrapped_by_the_tracker(check: Check) -> None:
    files = {
        **NODE,
        "package.json": node("@sentry/cloudflare"),
        "worker.js": "export default Sentry.withSentry(options, handler);\n",
    }
    assert status(check(files), "error-tracking") is Status.PRESENT


def test_models_write_events_through_their_manager(check: Check) -> None:
    files = {
        "requirements.txt": "django==5.2\n",
        "manage.py": "run()\n",
        "web/urls.py": "urlpatterns = []\n",
        "shop/models.py": "class AuditLog(models.Model):\n    pass\n",
        "shop/pay.py": "AuditLog.objects.create(action='paid')\n",
    }
    assert status(check(files), "event-table") is Status.PARTIAL
    assert status(check({**files, "shop/ship.py": "AuditLog.objects.create(action='sent')\n"}), "event-table") is Status.PRESENT


SPRING_WEB = {
    "pom.xml": "<project><dependencies><dependency><groupId>org.springframework.boot</groupId>"
    "<artifactId>spring-boot-starter-webflux</artifactId></dependency>{}</dependencies></project>",
    "src/main/java/acme/App.java": "@SpringBootApplication\nclass App {}\n",
    "Dockerfile": "FROM eclipse-temurin\n",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('problem.setProperty("requestId", exchange.getRequest().getId());', Status.PARTIAL),
        ("log.error(exchange.getLogPrefix() + error);", Status.PARTIAL),
        ("return Tracing.newBuilder().addSpanHandler(handler).build();", Status.PRESENT),
        ("return Response.newBuilder().build();", Status.ABSENT),
    ],
)
def test_a_request_may_be_followed_by_what_its_error_says(check: Check, text: str, expected: Status) -> None:
    files = {**SPRING_WEB, "pom.xml": SPRING_WEB["pom.xml"].format(""), "src/main/java/acme/Errors.java": f"{text}\n"}
    assert status(check(files), "request-tracing") is expected


def test_a_collector_that_only_prints_keeps_nothing(check: Check) -> None:
    def collector(exporters: str, path: str = "deploy/otel-collector.yaml") -> dict[str, str]:
        text = f"service:\n  pipelines:\n    logs:\n      receivers: [otlp]\n      exporters: [{exporters}]\n"
        return {**SPRING_WEB, "pom.xml": SPRING_WEB["pom.xml"].format(""), path: text}

    assert status(check(collector("debug, otlphttp")), "log-retention") is Status.PRESENT
    assert status(check(collector("debug")), "log-retention") is Status.NOT_SEEN
    assert status(check(collector("otlphttp", "deploy/collector-dev.yaml")), "log-retention") is Status.NOT_SEEN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>\n  plausible.init({ endpoint: host })\n</script>\n", Status.PRESENT),
        ("<script>\n  var _paq = window._paq || [];\n</script>\n", Status.PRESENT),
        ("<script>\n  carousel.init()\n</script>\n", Status.ABSENT),
    ],
)
def test_analytics_that_a_page_starts_count_whoever_serves_the_script(check: Check, text: str, expected: Status) -> None:
    mix = 'defmodule Shop.MixProject do\n  defp deps do\n    [{:phoenix, "~> 1.8"}]\n  end\nend\n'
    files = {"mix.exs": mix, "lib/shop_web/endpoint.ex": "use Phoenix.Endpoint, otp_app: :shop\n", "fly.toml": "app = 'shop'\n"}
    files = {**files, "package.json": '{"private": true, "dependencies": {"react": "19"}}'}
    assert status(check({**files, "lib/shop_web/layouts/root.html.heex": text}), "product-analytics") is expected


def test_a_tracker_that_its_framework_discovers_is_half_of_it(check: Check) -> None:
    needs = '{"type": "project", "require": {"laravel/framework": "^12"%s}}'
    laravel = {"artisan": "", "public/index.php": "<?php\n", "routes/web.php": "<?php Route::get('/', fn () => 1);\n"}
    watched = check({**laravel, "composer.json": needs % ', "laravel/nightwatch": "^1"'})
    assert status(watched, "error-tracking") is Status.PARTIAL
    assert status(check({**laravel, "composer.json": needs % ""}, "acme+plain"), "error-tracking") is Status.ABSENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('log = slog.New(NewStoreHandler(db))\n\tlog.Info(text, slog.String("order", id))\n', Status.PRESENT),
        ("log = NewStoreHandler(db)\n\tlog.Print(text)\n", Status.ABSENT),
    ],
)
def test_a_handler_of_ones_own_takes_fields_too(check: Check, text: str, expected: Status) -> None:
    go = {"go.mod": "module example.org/shop\n", "Dockerfile": "FROM scratch\n"}
    main = f"package main\n\nfunc main() {{\n\thttp.ListenAndServe(addr, mux)\n\t{text}}}\n"
    assert status(check({**go, "main.go": main}), "structured-logging") is expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("FeedItem::create(['author_id' => $this->author->id, 'action' => FeedItem::CREATED]);", Status.PRESENT),
        # The entries of a feed that somebody subscribed to: nobody here did anything.
        ("FeedItem::create(['author' => $entry->author, 'title' => $entry->title]);", Status.NOT_SEEN),
    ],
)
def test_records_of_who_did_what_are_events_whatever_their_table_is_called(check: Check, entry: str, expected: Status) -> None:
    laravel = {
        "composer.json": '{"type": "project", "require": {"laravel/framework": "^12.0"}}',
        "artisan": "<?php\n",
        "Procfile": "web: php-fpm\n",
    }
    services = {f"app/Services/{name}.php": f"<?php\n{entry}\n" for name in ("Create", "Move", "Archive")}
    assert status(check({**laravel, **services}), "event-table") is expected
    assert status(check({**laravel, "app/Services/Move.php": f"<?php\n{entry}\n"}, "acme+one"), "event-table") is Status.NOT_SEEN


def phoenix(*packages: str) -> dict[str, str]:
    listed = ", ".join(f'{{:{name}, "1.0.0"}}' for name in ("phoenix", "ecto_sql", *packages))
    return {
        "mix.exs": f"defmodule S do\n  defp deps do\n    [{listed}]\n  end\nend\n",
        "lib/s_web/endpoint.ex": "defmodule SWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :s\nend\n",
        "fly.toml": "app = 's'\n",
    }


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("config :logger, :console,\n  format: format,\n  metadata: [:request_id, :tenant]\n", Status.PARTIAL),
        ("config :logger, level: :info\n", Status.NOT_SEEN),
    ],
)
def test_fields_that_elixir_prints_in_a_line_are_half_of_structure(check: Check, config: str, expected: Status) -> None:
    set_ = {f"lib/s/{name}.ex": "def run(it), do: Logger.metadata(tenant: it.id)\n" for name in ("a", "b")}
    assert status(check({**phoenix(), **set_, "config/config.exs": config}), "structured-logging") is expected


def test_a_backend_that_ships_logs_is_half_of_keeping_them(check: Check) -> None:
    assert status(check(phoenix("logflare_logger_backend")), "log-retention") is Status.PARTIAL
    assert status(check(phoenix(), "acme+plain"), "log-retention") is Status.NOT_SEEN


PYTHON = {"shop.py": "app = Flask(__name__)\n", "Procfile": "web: gunicorn shop:app\n", "requirements.txt": "flask==3.1\n"}


@pytest.mark.parametrize(("files", "expected"), [(15, Status.PRESENT), (6, Status.PARTIAL)])
def test_fields_handed_over_everywhere_have_a_formatter_somewhere(check: Check, files: int, expected: Status) -> None:
    log = "def pay():\n    logger.info('paid', extra={'order': order.id})\n"
    assert status(check({**PYTHON, **{f"shop/log{n}.py": log for n in range(files)}}), "structured-logging") is expected
    other = "class Order(Model):\n    extra = {'forbid': True}\n    fields(extra='forbid')\n"
    models = {f"shop/model{n}.py": other for n in range(files)}
    assert status(check({**PYTHON, **models}, "acme+models"), "structured-logging") is not Status.PRESENT


def test_a_distribution_of_opentelemetry_measures_and_traces_where_it_is_used(check: Check) -> None:
    installed = {**PYTHON, "requirements.txt": "flask==3.1\nopentelemetry-distro==0.60b0\n"}
    assert status(check(installed), "metrics") is Status.NOT_SEEN
    assert status(check(installed), "request-tracing") is Status.PARTIAL
    used = {"shop/otel.py": "DURATION = meter.create_histogram('sent')\nauto_instrumentation.initialize()\n"}
    assert status(check({**installed, **used}, "acme+used"), "metrics") is Status.PRESENT
    assert status(check({**installed, **used}, "acme+used2"), "request-tracing") is Status.PRESENT
    assert status(check({**PYTHON, **used}, "acme+not-installed"), "metrics") is Status.NOT_SEEN


def test_a_tracker_of_the_pages_does_not_watch_the_server(check: Check) -> None:
    laravel = {
        "composer.json": '{"type": "project", "require": {"laravel/framework": "^12.0", "sentry/sentry-laravel": "^4.0"}}',
        "package.json": '{"private": true, "devDependencies": {"vue": "3", "@sentry/vue": "9"}}',
        "artisan": "<?php\n",
        "Procfile": "web: php-fpm\n",
        "resources/js/app.js": "Sentry.init({ dsn });\n",
    }
    judged = check(laravel)
    assert status(judged, "client-error-tracking") is Status.PRESENT
    assert status(judged, "error-tracking") is Status.PARTIAL
    handled = {**laravel, "bootstrap/app.php": "<?php\nIntegration::handles($exceptions);\n"}
    assert status(check(handled, "acme+handled"), "error-tracking") is Status.PRESENT


SPRING_JDBC = {
    **SPRING_WEB,
    "pom.xml": SPRING_WEB["pom.xml"].format(
        "<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>"
    ),
}
ERRORS = "src/main/java/acme/Errors.java"
COPIED_AGENT = (
    'FROM eclipse-temurin\nCOPY build/libs/{} agent.jar\nENTRYPOINT ["java", "-javaagent:agent.jar", "-jar", "app.jar"]\n'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('MDC.put("req_id", request.getHeader(HEADER));\n', Status.PRESENT),
        ('ThreadContext.put("correlationId", id);\n', Status.PRESENT),
        ("mdcWrapper.put(CORRELATION_ID_KEY, id);\n", Status.PRESENT),
        ('MDC.put("hostname", request.getLocalName());\n', Status.ABSENT),
    ],
)
def test_an_id_in_the_context_of_the_logs_is_a_trace(check: Check, text: str, expected: Status) -> None:
    files = {**SPRING_JDBC, "src/main/java/acme/LogFilter.java": f"class LogFilter {{ void filter() {{ {text} }} }}\n"}
    assert status(check(files), "request-tracing") is expected


@pytest.mark.parametrize(
    ("jar", "traced", "tracked"),
    [
        ("applicationinsights-agent-*.jar", Status.PRESENT, Status.PARTIAL),
        ("opentelemetry-javaagent.jar", Status.PRESENT, Status.ABSENT),
        ("jacoco-agent.jar", Status.ABSENT, Status.ABSENT),
    ],
)
def test_an_agent_may_be_copied_under_another_name(check: Check, jar: str, traced: Status, tracked: Status) -> None:
    judged = check({**SPRING_JDBC, "Dockerfile": COPIED_AGENT.format(jar)})
    assert (status(judged, "request-tracing"), status(judged, "error-tracking")) == (traced, tracked)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "import com.microsoft.applicationinsights.TelemetryClient;\nclass E { void a() { client.trackException(e); } }\n",
            "present",
        ),
        ("import com.microsoft.applicationinsights.TelemetryClient;\nclass E { void a() { client.trackEvent(e); } }\n", "absent"),
    ],
)
def test_exceptions_are_handed_to_a_monitor(check: Check, text: str, expected: str) -> None:
    assert status(check({**SPRING_JDBC, ERRORS: text}), "error-tracking") is Status(expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("helm/shop/templates/deployment.yaml", Status.PRESENT),
        (".github/workflows/ci.yml", Status.PARTIAL),
        (".env.example", Status.PARTIAL),
    ],
)
def test_a_starter_needs_no_more_than_its_address(check: Check, path: str, expected: Status) -> None:
    starter = "<dependency><groupId>io.sentry</groupId><artifactId>sentry-spring-boot-starter-jakarta</artifactId></dependency>"
    files = {**SPRING_WEB, "pom.xml": SPRING_WEB["pom.xml"].format(starter), path: "env:\n  - name: SENTRY_DSN\n"}
    assert status(check(files), "error-tracking") is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("data-analytics-extractor", Status.PRESENT),
        ("export-to-bigquery", Status.PRESENT),
        ("analytics-dashboard", Status.NOT_SEEN),
    ],
)
def test_a_chart_may_bring_what_copies_the_data(check: Check, name: str, expected: Status) -> None:
    chart = f"apiVersion: v2\nname: shop\ndependencies:\n  - name: {name}\n    version: 1.3.0\n"
    assert status(check({**SPRING_JDBC, "helm/shop/Chart.yaml": chart}), "analytics-export") is expected


@pytest.mark.parametrize(
    ("struct", "files", "expected"),
    [
        ('\tUserID int64 `xorm:"index user_id"`\n\tActionType int `xorm:"INT action_type"`\n', 2, Status.PRESENT),
        ('\tUserID int64 `xorm:"index user_id"`\n\tActionType int `xorm:"INT action_type"`\n', 1, Status.NOT_SEEN),
        ('\tTitle string `xorm:"title"`\n\tPlace string `xorm:"place"`\n', 2, Status.NOT_SEEN),
        ('\tUserID int64 `json:"user_id"`\n\tActionType int `json:"action_type"`\n', 2, Status.NOT_SEEN),
    ],
    ids=["who did what", "filled in one place", "something to go to", "not stored"],
)
def test_a_stored_struct_of_who_did_what_is_an_event(check: Check, struct: str, files: int, expected: Status) -> None:
    go = {
        **GO,
        "go.mod": "module example.org/shop\n\nrequire xorm.io/xorm v1.3.2\n",
        "entity/activity.go": f"type Activity struct {{\n{struct}}}\n",
        "repo/open.go": 'package repo\n\nimport "xorm.io/xorm"\n',
    }
    writers = {f"repo/part{n}.go": "session.Insert(&entity.Activity{\n\tUserID: user.ID,\n})\n" for n in range(files)}
    assert status(check({**go, **writers}), "event-table") is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('withLoggingContext("order" to id) { log.info { message } }', Status.PRESENT),
        ("log.atInfo { payload = mapOf(ORDER to id) }", Status.PRESENT),
        ("log.info { message }", Status.PARTIAL),
    ],
)
def test_spring_structures_its_logs_by_a_setting(check: Check, call: str, expected: Status) -> None:
    files = {**SPRING_JDBC, "helm/values.yaml": "env:\n  LOGGING_STRUCTURED_FORMAT_CONSOLE: ecs\n"}
    judged = check({**files, "src/main/kotlin/acme/Orders.kt": f"fun save(id: Long) {{ {call} }}\n"})
    assert status(judged, "structured-logging") is expected
    called = {"src/main/kotlin/acme/Orders.kt": "fun save(id: Long) { log.info { message } }\n"}
    assert status(check({**SPRING_JDBC, **called}, "acme+plain"), "structured-logging") is Status.ABSENT


HANDED_OVER = {**GO, ".goreleaser.yml": "builds:\n  - main: .\n", "README.md": "# Shop\n\nA self-hosted shop.\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, Status.ABSENT),
        ({"routes.go": 'package main\n\nfunc mount() { mux.Handle("/metrics", numbers) }\n'}, Status.NOT_SEEN),
        ({"log.go": "package main\n\nfunc log() { line(path, latency) }\n"}, Status.ABSENT),
        ({"track.go": "package main\n\nvar options = sentry.ClientOptions{EnableTracing: true}\n"}, Status.NOT_SEEN),
        ({"compose.yaml": "services:\n  numbers:\n    image: prom/prometheus\n"}, Status.NOT_SEEN),
        ({"deploy/Caddyfile": ":80\nmetrics /metrics\n"}, Status.NOT_SEEN),
        ({"symmetry.go": "package main\n\nfunc symmetric() { animatePulse(biometrics) }\n"}, Status.ABSENT),
        ({"deploy/hpa.yaml": "kind: HorizontalPodAutoscaler\nspec:\n  metrics:\n    - type: Resource\n"}, Status.ABSENT),
    ],
    ids=[
        "nothing",
        "a path",
        "in the logs",
        "traced by a tracker",
        "a monitor",
        "a proxy's own",
        "other words",
        "of the cluster",
    ],
)
def test_what_others_run_has_only_its_own_numbers(check: Check, files: dict[str, str], expected: Status) -> None:
    judged = check({**HANDED_OVER, **files})
    assert (judged.kind.value, status(judged, "metrics")) == ("SELF", expected)


def test_a_platform_may_draw_the_graphs_of_what_the_team_runs(check: Check) -> None:
    judged = check({**GO, "fly.toml": 'app = "shop"\n'})
    assert (judged.kind.value, status(judged, "metrics")) == ("APP", Status.NOT_SEEN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('module "copy" {\n  source = "./modules/aks/airbyte"\n}\n', Status.PRESENT),
        ('module "orders" {\n  source  = "terraform-google-modules/bigquery/google"\n}\n', Status.PRESENT),
        ('module "copy" {\n  source = "./modules/aks/postgres"\n}\n', Status.NOT_SEEN),
    ],
)
def test_a_module_may_be_what_carries_data_to_a_warehouse(check: Check, text: str, expected: Status) -> None:
    assert status(check({**NODE, "terraform/data.tf": text}), "analytics-export") is expected


@pytest.mark.parametrize(
    ("line", "tracing", "errors"),
    [
        ("COPY lib/applicationinsights.json /opt/app/", Status.PRESENT, Status.PARTIAL),
        ("ENV NODE_OPTIONS=--require=dd-trace/init", Status.PRESENT, Status.PARTIAL),
        ("ENV CORECLR_PROFILER={36032161-FFC0-4B61-B559-F6C5D41BAE5A}", Status.PRESENT, Status.PARTIAL),
        ("COPY lib/settings.json /opt/app/", Status.ABSENT, Status.ABSENT),
    ],
)
def test_an_agent_comes_with_the_image(check: Check, line: str, tracing: Status, errors: Status) -> None:
    judged = check({**SPRING_WEB, "Dockerfile": f"FROM eclipse-temurin\n{line}\n"})
    assert status(judged, "request-tracing") is tracing
    assert status(judged, "error-tracking") is errors


MADE = "const requestId = crypto.randomUUID();\nlogger.info({ requestId }, 'asked');\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MADE, Status.PRESENT),
        # The id only finds who waits for the answer.
        (MADE + "pendingRequests.set(requestId, { resolve, reject });\n", Status.NOT_SEEN),
        (MADE + "orders.set(orderId, order);\n", Status.PRESENT),
    ],
)
def test_an_id_that_brings_answers_to_questions_traces_nothing(check: Check, text: str, expected: Status) -> None:
    assert status(check({**NODE, "lib/bridge.js": text}), "request-tracing") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('UUID requestId = UUID.randomUUID(); log.info("{}", requestId);', Status.PRESENT),
        ('UUID requestId = new UUID(message.high(), message.low()); log.info("{}", requestId);', Status.NOT_SEEN),
        ('problem.setProperty("requestId", id);', Status.PARTIAL),
        ('errorDetails.put("requestId", id);', Status.PARTIAL),
        ('body.put("requestId", id);', Status.ABSENT),
    ],
)
def test_an_id_that_is_read_or_sent_on_is_not_made(check: Check, line: str, expected: Status) -> None:
    web = {**SPRING_WEB, "pom.xml": SPRING_WEB["pom.xml"].format("")}
    assert (
        status(
            check({**web, "src/main/java/acme/Call.java": f"class Call {{\n  void run() {{ {line} }}\n}}\n"}), "request-tracing"
        )
        is expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('def send(id), do: post("https://eu.i.posthog.com/capture/", %{"distinct_id" => id})\n', Status.PRESENT),
        ('def send(id), do: post("https://eu.i.posthog.com/flags/", %{"distinct_id" => id})\n', Status.ABSENT),
        ('def send(event), do: Req.post("https://api.mixpanel.com/track", json: event)\n', Status.PRESENT),
        ('def send(event), do: Req.post("https://api.example.com/track", json: event)\n', Status.ABSENT),
    ],
)
def test_events_may_be_sent_without_a_package(check: Check, text: str, expected: Status) -> None:
    files = {
        "mix.exs": 'defmodule S do\n  defp deps do\n    [{:phoenix, "1.8.0"}, {:phoenix_live_view, "1.1.0"}]\n  end\nend\n',
        "lib/s_web/endpoint.ex": "defmodule SWeb.Endpoint do\n  use Phoenix.Endpoint, otp_app: :s\nend\n",
        "fly.toml": "app = 's'\n",
    }
    assert status(check({**files, "lib/s/events.ex": f"defmodule S.Events do\n  {text}end\n"}), "product-analytics") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("newrelic.agent.notice_error(error=error)", Status.PRESENT),
        ("newrelic.agent.record_custom_event('sold', {})", Status.PARTIAL),
    ],
)
def test_errors_are_handed_to_an_agent(check: Check, line: str, expected: Status) -> None:
    files = {
        "requirements.txt": "flask==3.1\nnewrelic==10.0\n",
        "shop/app.py": "app = Flask(__name__)\n",
        "Procfile": "web: gunicorn shop.app\n",
        "shop/errors.py": f"import newrelic.agent\n\n\ndef told(error):\n    {line}\n",
    }
    assert status(check(files), "error-tracking") is expected


def test_an_agent_that_needs_no_package_is_handed_errors(check: Check) -> None:
    laravel = {
        "composer.json": '{"type": "project", "require": {"laravel/framework": "^12"}}',
        "artisan": "<?php\n",
        "Procfile": "web: php-fpm\n",
    }
    told = "<?php\nnewrelic_notice_error($error->getMessage(), $error);\n"
    assert status(check({**laravel, "app/Errors.php": told}), "error-tracking") is Status.PRESENT
    named = told.replace("notice_error", "name_transaction")
    assert status(check({**laravel, "app/Errors.php": named}, "acme+named"), "error-tracking") is Status.ABSENT


@pytest.mark.parametrize(
    ("package", "text", "practice", "expected"),
    [
        ("@sentry/react", "import { init, type Event } from '@sentry/react';", "client-error-tracking", Status.PRESENT),
        ("@sentry/react", "import { captureException } from '@sentry/react';", "client-error-tracking", Status.PARTIAL),
        ("@sentry/node", "import { init } from '@sentry/node';", "error-tracking", Status.PRESENT),
        ("@sentry/node", "import { initialise } from '@sentry/node';", "error-tracking", Status.PARTIAL),
    ],
)
def test_a_tracker_may_be_started_by_a_function_that_is_imported_by_name(
    check: Check, package: str, text: str, practice: str, expected: Status
) -> None:
    files = {**NODE, "package.json": node(package), "src/start.ts": f"{text}\nexport const begin = () => init({{ dsn }});\n"}
    assert status(check(files), practice) is expected


@pytest.mark.parametrize(("path", "expected"), [("config/analytics.yml", Status.PRESENT), ("config/orders.yml", Status.PARTIAL)])
def test_a_gem_may_carry_each_change_to_a_warehouse(check: Check, path: str, expected: Status) -> None:
    files = {**RAILS, "Gemfile": RAILS["Gemfile"] + 'gem "dfe-analytics"\n', path: "shared:\n  orders:\n    - id\n"}
    assert status(check({**files, "Procfile": "web: rails server\n"}), "analytics-export") is expected


@pytest.mark.parametrize(("call", "expected"), [("getBrowserTimingHeader", Status.PRESENT), ("getTransaction", Status.ABSENT)])
def test_an_agent_may_put_its_script_into_the_page(check: Check, call: str, expected: Status) -> None:
    page = f"const header = newrelic.{call}();\nexport const Page = () => <head>{{header}}</head>;\n"
    assert status(check({**NODE, "package.json": node("newrelic"), "src/page.jsx": page}), "client-error-tracking") is expected


@pytest.mark.parametrize(("table", "expected"), [("project_activities", Status.PRESENT), ("project_categories", Status.NOT_SEEN)])
def test_what_happened_in_a_project_is_kept(check: Check, table: str, expected: Status) -> None:
    schema = {"db/schema.sql": f"CREATE TABLE {table} (\n  id INT\n);\n"}
    written = {f"src/{n}.js": "await activity.createEvent(project, task, name);\n" for n in range(2)}
    assert status(check({**NODE, **schema, **written}), "event-table") is expected
