"""Somebody outside asks whether it is up."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import CSHARP, ELIXIR, GO, HCL, PHP, PROGRAM, RUBY, YAML, Language, Look, code, dependency, either, file, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

FROM_OUTSIDE = either(
    file("checkly.config.*", "*.check.ts", ".upptimerc.yml", "**/gatus*.{yml,yaml}"),
    code(
        r"^resource \"(pingdom_check|uptimerobot_monitor|betteruptime_monitor|better_uptime_monitor|statuscake_\w+"
        r"|aws_route53_health_check|google_monitoring_uptime_check_config|datadog_synthetics_test"
        r"|grafana_synthetic_monitoring_check|checkly_check|newrelic_synthetics_\w+|aws_synthetics_canary)\"",
        HCL,
        example='resource "pingdom_check" "home" {',
    ),
    code(
        r"^\s*source\s*=\s*\"[^\"\n]*[/_-](statuscake|pingdom|uptime[_-]?robot|better[_-]?uptime|checkly|uptime([_-](checks?|monitor\w*))?|synthetics)\b",
        HCL,
        example='  source = "cloudposse/platform/datadog//modules/synthetics"',
    ),
    code(r"^kind: Probe\b", YAML, example="kind: Probe"),
    step(r"\bcurl\b.* -\w*f\w*\b.*https://|\bhurl\b", example="curl -fsS https://shop.example/", on=("schedule",)),
)
PATH = (
    r"['\"`]\^?/?(api/|internal/)?(v\d/)?(public/)?(_?health(z|check|-check|_check)?s?|livez|readyz|liveness|readiness|_status"
    r"|heartbeat|__heartbeat__|__lbheartbeat__|healthcheck/\w+)/?\$?['\"`]"
)
INSIDE = either(
    code(
        rf"(?i)(get|route|path|url|handle|handlefunc|use|match|rule|mapping|register|resource|nest|scope|forward"
        rf"|mount)\W[^\n'\"`]*{PATH}",
        PROGRAM,
        strings=True,
        example='app.get("/healthz", handler)',
    ),
    code(
        r"\b(path_info: \[|request_path: )[^\]\n]{0,20}['\"]/?(health\w*|status|ping|alive|heartbeat|livez|readyz|up)['\"]",
        ELIXIR,
        strings=True,
        example='def call(%Conn{path_info: ["status"]} = conn, _opts) do',
    ),
    code(
        r"\bURL\.Path\s*==\s*\"/([\w-]+/)?(_?health(z|check|-check)?|livez|readyz|heartbeat)/?\"",
        GO,
        strings=True,
        example='if r.URL.Path == "/healthz" {',
    ),
    code(r"\bhealth:\s*['\"]/\w", PHP, strings=True, example="->withRouting(health: '/up')"),
    code(
        r"\bGovukHealthcheck\b|\brails/health#show|\bHealthcheck\b", RUBY, strings=True, example='get "up" => "rails/health#show"'
    ),
    code(r"^HEALTHCHECK\b", (Language.DOCKERFILE,), example="HEALTHCHECK CMD curl -f http://localhost/"),
    code(r"\b(liveness|readiness|startup)Probe:|\bhealthCheckPath:|\bliveness_check:", YAML, example="livenessProbe:"),
    code(
        r"\[\[?(http_service\.|services\.)?(http_)?checks\]?\]|\bhealthcheckPath\b",
        (Language.TOML, Language.JSON),
        example="[[http_service.checks]]",
    ),
    file(
        "**/api*/**/{health,healthz,healthcheck,health-check,heartbeat}.{ts,js}",
        "**/{health,healthz,healthcheck,heartbeat}/{route,+server,index}.{ts,js}",
        "**/app/routes/{,api.,api/,resources.,resources/,_internal.,_internal/}{health,healthz,healthcheck,health-check,health[.]check}.{ts,tsx,js,jsx}",
        "**/*{health,ping,status}_controller.{rb,ex}",
        "**/*[hH]ealth*{Controller,Resource,Handler,View}*.*",
        "**/*{health_check,healthcheck}*.{py,go,rs,rb,php,ex}",
    ),
    dependency(
        npm="@godaddy/terminus @nestjs/terminus lightship @fastify/under-pressure",
        pypi="django-health-check fastapi-health",
        gem="okcomputer health_check rails-healthcheck",
        maven="org.springframework.boot:spring-boot-starter-actuator io.quarkus:quarkus-smallrye-health",
        composer="spatie/laravel-health",
        nuget="AspNetCore.HealthChecks.NpgSql AspNetCore.HealthChecks.UI.Client",
        go="github.com/heptiolabs/healthcheck github.com/hellofresh/health-go",
    ),
)
MAPPED = code(r"\b(Map|Use)HealthChecks\(", CSHARP, example='app.MapHealthChecks("/health");')
IN_DEVELOPMENT = code(
    r"\bIsDevelopment\(\)\)\s*\{[^}]*\b(Map|Use)HealthChecks\(",
    CSHARP,
    example='if (app.Environment.IsDevelopment())\n{\n    app.MapHealthChecks("/health");',
)
"""There is no such endpoint where it is deployed."""


def judge(look: Look) -> Verdict | None:
    """A product that others run owes them a health endpoint at most; asking for it from outside is theirs to do."""
    if look.fact(Fact.TEAM_OPERATES) and FROM_OUTSIDE.find(look):
        return None
    at_home = {signal.path for signal in IN_DEVELOPMENT.find(look)}
    endpoint = (*INSIDE.find(look), *(signal for signal in MAPPED.find(look) if signal.path not in at_home))
    if endpoint:
        return Verdict(Status.PARTIAL, endpoint)
    if look.fact(Fact.TEAM_OPERATES):
        return None
    return Verdict(Status.NOT_APPLICABLE, (), "Whoever runs it watches it from outside.")


PRACTICE = Practice(
    id="uptime-checks",
    stage=Stage.TESTING,
    title="A check from outside asks whether it is up",
    why="Only a request from outside proves that name, certificate, network and app work together.",
    advice=(
        "Serve a health address that touches the database with a short timeout.",
        "Let an outside monitor ask for the home page and the API every minute, and alert where errors do.",
        "Watch the certificate's end and the name's resolution in the same place.",
    ),
    looked_for="a monitor kept as code, a health endpoint or a probe",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.DOCS),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which service outside your hosting asks for the app, how often, and whom does it alert?",
    present=(FROM_OUTSIDE,),
    judge=judge,
    uses=(INSIDE, MAPPED, IN_DEVELOPMENT),
)
