"""Logs are shipped and kept."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import CONFIG, HCL, JAVASCRIPT, JSON, RUBY, SHELL, YAML, Look, beside, code, dependency, either, file
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

SHIPPED = either(
    file(
        "vector.{toml,yaml,yml}",
        "fluent-bit*.{conf,yaml,yml}",
        "fluentd*.conf",
        "fluent.conf",
        "promtail*.{yaml,yml}",
        "*.alloy",
        "filebeat.{yml,yaml}",
        "logstash*.conf",
        "**/templates/*{filebeat,fluent,vector,promtail}*",
    ),
    code(
        r"\bretention_in_days\s*=\s*([1-9]|var|local)|^resource \"(google_logging_\w*sink|azurerm_log_analytics_workspace"
        r"|datadog_logs_\w+|axiom_dataset|logtail_source"
        r"|aws_cloudwatch_log_subscription_filter|newrelic_log_parsing_rule)\"",
        HCL,
        example="  retention_in_days = 30",
    ),
    code(
        r"\blogRetention(InDays)?\s*:|\bRetentionDays\.[A-Z]",
        (*YAML, *JSON, *JAVASCRIPT),
        example="logRetentionInDays: 30",
    ),
    beside(
        code(r"\bAWS::Logs::LogGroup\b", (*YAML, *JSON), example="Type: AWS::Logs::LogGroup"),
        code(r"\bRetentionInDays\W+[1-9]", (*YAML, *JSON), example="RetentionInDays: 30"),
    ),
    code(r"^\s+driver:\s*['\"]?(loki|gelf|fluentd|splunk)\b", YAML, example="      driver: loki"),
    code(
        r"^\s+logs(/\w+)?:\s*\n(?:\s+(?:receivers|processors|-)[^\n]*\n)+\s+exporters:[\s\[-]*(?:(?:debug|logging)[,\s-]+)?"
        r"(?:otlp|loki|elasticsearch|opensearch|awscloudwatch|awss3|googlecloud|datadog|splunk|clickhouse|azure|kafka|file|syslog"
        r"|newrelic|coralogix|logzio|sumologic|alibaba|tencent|sentry|\$)",
        YAML,
        example="    logs:\n      receivers: [otlp]\n      exporters: [otlphttp]",
        files=("*otel*.y*ml", "*collector*.y*ml"),
        but_not=("*dev*", "*local*", "*test*"),
    ),
    code(
        r"\brepository:\s*\S*(grafana/loki|fluent/helm-charts|vectordotdev|elastic/helm)|ad\.datadoghq\.com/\S*logs",
        YAML,
        example='ad.datadoghq.com/web.logs: \'[{"source": "ruby"}]\'',
    ),
)
SDK = either(
    dependency(
        npm="@axiomhq/js @axiomhq/pino @axiomhq/winston next-axiom @axiomhq/nextjs @logtail/node @logtail/pino"
        " @logtail/winston winston-loki pino-loki @datadog/browser-logs"
        " pino-datadog-transport winston-cloudwatch pino-opentelemetry-transport @opentelemetry/winston-transport",
        pypi="axiom-py logtail-python watchtower google-cloud-logging python-logstash logfire python-logging-loki",
        gem="logtail-rails logtail",
        nuget="Serilog.Sinks.Seq Serilog.Sinks.ApplicationInsights Serilog.Sinks.OpenTelemetry Serilog.Sinks.Grafana.Loki",
        hex="logflare_logger_backend logger_papertrail_backend logger_logstash_backend",
        maven="com.github.loki4j:loki-logback-appender io.opentelemetry.instrumentation:opentelemetry-logback-appender-1.0",
    ),
    code(
        r"\b(AXIOM_(TOKEN|DATASET)|LOGTAIL_\w+|DD_LOGS_\w+|LOKI_URL|PAPERTRAIL\w*|OTEL_EXPORTER_OTLP_LOGS_ENDPOINT)\b",
        (*CONFIG, *HCL, *SHELL),
        example="AXIOM_TOKEN=",
        strings=True,
    ),
    code(
        r"\bdd\.trace_id\b|\blogInjection\s*:\s*true|\blog_injection\b",
        (*JAVASCRIPT, *RUBY),
        strings=True,
        example="tracer.init({ logInjection: true })",
    ),
)


def judge(look: Look) -> Verdict | None:
    """Infrastructure keeps logs where it runs a cluster for others, which shows in the shipper that it installs."""
    if look.fact(Fact.HTTP_API) or not look.fact(Fact.INFRA) or SHIPPED.find(look):
        return None
    return Verdict(Status.NOT_APPLICABLE, (), "It defines infrastructure, and no logs of its own were seen.")


PRACTICE = Practice(
    id="log-retention",
    stage=Stage.OBSERVING,
    title="Logs are shipped to one place and kept",
    why="A platform forgets its logs within hours; the incident that has to be explained was last Tuesday.",
    advice=(
        "Convex: connect a log stream (Axiom, Datadog) in the deployment settings; Vercel, Render and Fly have log drains.",
        "AWS: set `retention_in_days` on every log group.",
        "Keep thirty to ninety days searchable; archive longer only where something demands it.",
    ),
    looked_for="a log shipper, or a retention setting in infrastructure code",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA, Kind.INFRA),
    requires=(Fact.TEAM_OPERATES,),
    after=("leveled-logging",),
    not_for="Whoever runs it keeps its logs.",
    guide="https://stack.convex.dev/observability-in-production",
    question="Where do production logs go, and for how many days can they be searched?",
    present=(SHIPPED,),
    partial=(SDK,),
    judge=judge,
)
