"""Numbers about the running app."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    ANYWHERE,
    CONFIG,
    CSHARP,
    ELIXIR,
    GO,
    HCL,
    JAVASCRIPT,
    JSON,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    SHELL,
    YAML,
    Language,
    Look,
    beside,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage5_hardening.input_validation import BROWSER

LIBRARY = dependency(
    npm="prom-client express-prom-bundle hot-shots @opentelemetry/sdk-metrics @opentelemetry/exporter-prometheus"
    " @opentelemetry/exporter-metrics-otlp-http"
    " @opentelemetry/exporter-metrics-otlp-proto applicationinsights @vercel/speed-insights newrelic"
    " @willsoto/nestjs-prometheus node-statsd",
    pypi="prometheus-client prometheus-fastapi-instrumentator django-prometheus starlette-exporter prometheus-flask-exporter"
    " statsd azure-monitor-opentelemetry newrelic"
    " logfire aioprometheus gds-metrics",
    go="github.com/prometheus/client_golang go.opentelemetry.io/otel/exporters/prometheus github.com/DataDog/datadog-go"
    " github.com/VictoriaMetrics/metrics"
    " github.com/uber-go/tally github.com/armon/go-metrics github.com/hashicorp/go-metrics github.com/rcrowley/go-metrics",
    maven="io.micrometer:micrometer-registry-prometheus io.micrometer:micrometer-registry-otlp"
    " io.micrometer:micrometer-registry-datadog"
    " org.springframework.boot:spring-boot-starter-actuator io.quarkus:quarkus-micrometer-registry-prometheus"
    " io.dropwizard.metrics:metrics-core"
    " io.prometheus:simpleclient io.prometheus:prometheus-metrics-core",
    gem="prometheus-client prometheus_exporter yabeda yabeda-prometheus yabeda-rails statsd-instrument dogstatsd-ruby skylight"
    " newrelic_rpm scout_apm appsignal",
    composer="promphp/prometheus_client_php spatie/laravel-prometheus laravel/pulse",
    crates="prometheus metrics metrics-exporter-prometheus axum-prometheus actix-web-prom cadence prometheus-client",
    nuget="prometheus-net prometheus-net.AspNetCore OpenTelemetry.Exporter.Prometheus.AspNetCore"
    " App.Metrics.Formatters.Prometheus",
    hex="prom_ex telemetry_metrics_prometheus telemetry_metrics_statsd prometheus_ex telemetry_metrics_prometheus_core",
)
MEASURED = either(
    both(
        dependency(
            go="github.com/prometheus/client_golang github.com/VictoriaMetrics/metrics github.com/DataDog/datadog-go"
            " github.com/uber-go/tally github.com/armon/go-metrics"
            " github.com/hashicorp/go-metrics go.opentelemetry.io/otel/exporters/prometheus"
            " go.opentelemetry.io/otel/metric go.opentelemetry.io/otel/sdk/metric"
        ),
        code(
            r"\b(prometheus|promauto(\.With\([^)]*\))?)\.New(Counter|Gauge|Histogram|Summary|Desc)\w*\("
            r"|\bmetrics\.(NewCounter|NewHistogram|GetOrCreate\w+|IncrCounter|SetGauge|MeasureSince)\w*\("
            r"|\bstatsd\.New\(|\.(Int64|Float64)(Counter|Histogram|UpDownCounter)\(|\btally\.NewRootScope\(",
            GO,
            example="promauto.NewCounter(prometheus.CounterOpts{})",
        ),
    ),
    both(
        dependency(
            pypi="prometheus-client prometheus-fastapi-instrumentator django-prometheus starlette-exporter"
            " prometheus-flask-exporter statsd logfire aioprometheus gds-metrics"
            " opentelemetry-sdk opentelemetry-api opentelemetry-distro datadog flask-prometheus-metrics"
        ),
        either(
            code(
                r"\b(Counter|Histogram|Gauge|Summary)\(\s*[rf]?['\"]|\bstatsd\w*\.(incr|decr|timing|timer|gauge|histogram"
                r"|increment|distribution)\b|\bInstrumentator\(\)|\bPrometheusMiddleware\b"
                r"|\bcreate_(counter|histogram|up_down_counter|observable_\w+)\(|\bPrometheusMetrics\("
                r"|\blogfire\.metric_\w+\(|\bGDSMetrics\(|\bDogStats[dD]\("
                r"|\bmetrics\.(increment|histogram|gauge|timing|timed|distribution)\(",
                PYTHON,
                example='REQUESTS = Counter("requests", "How many")',
            ),
            code(
                r"['\"]django_prometheus(\.middleware\.\w+)?['\"]",
                PYTHON,
                strings=True,
                example='INSTALLED_APPS = ["django_prometheus"]',
            ),
        ),
    ),
    # What opentelemetry-instrument or an operator of a cluster brings along is no dependency.
    beside(
        code(r"\b(from|import) opentelemetry\b", PYTHON, example="from opentelemetry.metrics import get_meter"),
        code(
            r"\bcreate_(counter|histogram|up_down_counter|observable_\w+)\(",
            PYTHON,
            example='requests = meter.create_counter("requests")',
        ),
    ),
    both(
        dependency(
            npm="prom-client express-prom-bundle hot-shots @opentelemetry/sdk-metrics @opentelemetry/exporter-prometheus"
            " @opentelemetry/exporter-metrics-otlp-http dd-trace"
            " @opentelemetry/exporter-metrics-otlp-proto @opentelemetry/api @opentelemetry/sdk-node"
            " @willsoto/nestjs-prometheus node-statsd @aws-sdk/client-cloudwatch applicationinsights"
        ),
        code(
            r"\bnew (\w+\.)?(Counter|Histogram|Gauge|Summary)\(\s*\{|\bcollectDefaultMetrics\(|\bpromBundle\("
            r"|\bnew (StatsD|PutMetricDataCommand|PrometheusExporter)\("
            r"|\bcreate(Counter|Histogram|UpDownCounter|ObservableGauge)\(|\bdogstatsd\.\w+\("
            r"|\bmake(Counter|Histogram|Gauge)Provider\(|\btrackMetric\(",
            JAVASCRIPT,
            example="new client.Histogram({ name })",
        ),
    ),
    code(
        r"\b(Metrics\.(counter|timer|gauge|summary)|(Counter|Timer|Gauge|DistributionSummary|LongTaskTimer)\.builder)\("
        r"|\b[mM]eterRegistry\.(counter|timer|gauge|summary)\("
        r"|@(Timed|Counted|Metered)\b|\bmetricRegistry\.(counter|timer|meter|histogram)\(",
        JVM,
        example='Metrics.counter("orders").increment();',
    ),
    both(
        dependency(
            maven="io.micrometer:micrometer-registry-prometheus io.micrometer:micrometer-registry-otlp"
            " io.micrometer:micrometer-registry-datadog io.micrometer:micrometer-registry-influx"
            " io.quarkus:quarkus-micrometer-registry-prometheus",
            scope=("runtime", "optional"),
        ),
        either(
            code(
                r"exposure\.include\s*[=:].*(prometheus|\*)|^\s+include:.*(prometheus|['\"]\*)",
                (Language.PROPERTIES, Language.YAML),
                example="management.endpoints.web.exposure.include=prometheus",
                files="application*.*",
            ),
            dependency(maven="io.quarkus:quarkus-micrometer-registry-prometheus"),
        ),
    ),
    code(
        r"\b(GovukPrometheusExporter\.configure|PrometheusExporter::(Client|Middleware|Instrumentation|Server)"
        r"|Prometheus::Client|Yabeda\.configure|Yabeda::\w+)\b"
        r"|\b(StatsD|GovukStatsd|Statsd|Datadog::Statsd|\$?statsd)\.(increment|decrement|gauge|measure|distribution|timing"
        r"|time|count|histogram|new)\b",
        RUBY,
        example='StatsD.increment("orders")',
    ),
    both(
        dependency(gem="newrelic_rpm skylight scout_apm appsignal"),
        file("**/config/{newrelic,skylight,scout_apm,appsignal}.{yml,rb}"),
    ),
    both(dependency(npm="newrelic", pypi="newrelic"), file("newrelic.{js,cjs,ini,yml}")),
    both(dependency(composer="laravel/pulse"), file("config/pulse.php")),
    # What CloudWatch is sent, by the clients of AWS and by what writes its format into logs.
    code(
        r"\.(put_metric_data|putMetricData)\b|\bPutMetricData(Request|Input|Async)\b|\bmetric_scope\b|\bMetricsLogger\b",
        (*RUBY, *PYTHON, *JVM, *GO, *CSHARP, *PHP),
        example="client.put_metric_data(namespace: 'Orders', metric_data: [])",
    ),
    code(
        r"\bCollectorRegistry\b|\bPrometheus::add(Gauge|Counter)\(|\bgetOrRegister(Counter|Gauge|Histogram)\(",
        PHP,
        example="$registry->getOrRegisterCounter('app', 'orders', 'How many');",
    ),
    both(
        dependency(
            crates="prometheus metrics axum-prometheus actix-web-prom cadence prometheus-client opentelemetry"
            " metrics-exporter-prometheus"
        ),
        code(
            r"\bregister_\w*(counter|gauge|histogram)\w*!|\b(Int|Float)?(Counter|Gauge|Histogram)(Vec)?::(new|with_opts"
            r"|builder)\b|\b(metrics::)?(counter|histogram|gauge)!\(|\bPrometheusMetric(Layer|s)\w*::"
            r"|\bStatsdClient::|\.(u64|f64|i64)_(counter|histogram|up_down_counter)\("
            r"|:\s*(Int|Float)?(Counter|Gauge|Histogram)(Vec)?\b",
            RUST,
            example='counter!("orders").increment(1);',
        ),
    ),
    code(
        r"\.WithMetrics\(|\bCreateMeterProviderBuilder\(|\bAddOpenTelemetryMetrics\(|\bAddApplicationInsightsTelemetry\w*\(|\bUseAzureMonitor\(|\bUseHttpMetrics\(|\bMapMetrics\(|\bMetrics\.Create(Counter|Gauge|Histogram|Summary)\("
        r"|\.Create(Counter|Histogram|UpDownCounter|ObservableGauge)<|\bMapPrometheusScrapingEndpoint\(",
        CSHARP,
        example="app.UseHttpMetrics();",
    ),
    code(
        r"\buse PromEx\b|\bTelemetryMetrics(Prometheus|Statsd)\b|\buse Prometheus\.\w+",
        ELIXIR,
        example="use PromEx, otp_app: :shop",
    ),
)
DASHBOARD = either(
    beside(
        code(r'"schemaVersion"\s*:', JSON, example='"schemaVersion": 39'), code(r'"panels"\s*:\s*\[', JSON, example='"panels": [')
    ),
    code(
        r"^resource\s+\"(grafana_dashboard|datadog_dashboard\w*|aws_cloudwatch_dashboard|google_monitoring_dashboard"
        r"|newrelic_one_dashboard\w*|azurerm_\w*dashboard\w*)\"",
        HCL,
        example='resource "datadog_dashboard" "orders" {',
    ),
)
HALF = either(
    LIBRARY,
    code(r"^kind:\s*(ServiceMonitor|PodMonitor)\b", YAML, example="kind: ServiceMonitor"),
    code(r"\bTelemetry\.Metrics\b|\blive_dashboard\b", ELIXIR, example="import Telemetry.Metrics"),
    code(r"prometheus|kube-state-metrics|grafana", HCL, strings=True, example='chart = "kube-prometheus-stack"'),
)
SPOKEN_OF = either(
    code(
        r"(?i)prometheus|statsd|micrometer|open_?telemetry|\botel_|\botlp|datadog|dd-trace|new_?relic|skylight|app_?signal|scout_?apm|grafana|dynatrace"
        r"|elastic_?apm|influxdb|honeycomb|app(lication)?_?insights|cloudwatch|expvar|stub_status|horizon:snapshot|[/\"']metrics\b"
        r"|\b(enable|expose|export|collect|record)_?metrics|enable_?tracing|traces_?sample_?rate[\"']?\s*(=>|=|:)\s*(0?\.0*[1-9]|1)",
        (*PROGRAM, *CONFIG, *SHELL),
        strings=True,
        but_not=(".github/**", "package.json"),
        example='router.get("/metrics", numbers)',
    ),
    code(
        r"\b\w*(Metrics|Telemetry|Histogram|EventCounter|MBean)\w*|\b(\w+_)?(metrics|telemetry|histogram|jmx)(_\w+)?\b",
        PROGRAM,
        but_not=BROWSER,
        example="request_metrics.observe(took)",
    ),
    # It answers with metrics of its own where its configuration, which is not read, asks for them.
    file("Caddyfile*", "*.Caddyfile", "*.caddy"),
)
"""Whatever might measure, by any name."""


HANDED_OVER = either(
    file("Dockerfile", "*.Dockerfile", "Dockerfile.*", ".goreleaser.{yml,yaml}", "**/debian/control{,.in}", "**/rpm/*.spec"),
    file("INSTALL", "INSTALL.md", "docs/**/*{install,self-host,selfhost,self_host,upgrad}*.{md,rst,mdx}", where=ANYWHERE),
    code(
        r"(?i)\bself[- ]?host(ed|able|ing)?\b",
        (Language.MARKDOWN,), files=("README*", "readme*"), but_not="*/**", where=ANYWHERE, example="A self-hosted manager of money.",
    ),
)  # fmt: skip
"""Made ready to be run by somebody else. A template is not: whoever begins with it brings a platform's numbers along."""


def judge(look: Look) -> Verdict | None:
    """Numbers from logs or from a platform are those of who runs it: what others run has to bring its own."""
    if (
        look.fact(Fact.TEAM_OPERATES)
        or not HANDED_OVER.find(look)
        or look.fact(Fact.CONVEX)
        or any(clue.find(look) for clue in (MEASURED, DASHBOARD, HALF, SPOKEN_OF))
    ):
        return None
    return Verdict(Status.ABSENT, (), "Whoever runs it gets no numbers from it.")


PRACTICE = Practice(
    id="metrics",
    stage=Stage.OBSERVING,
    title="Rates, errors and latencies are measured",
    why="Numbers for each endpoint show a slow decline long before anything throws.",
    advice=(
        "Begin with the logs: status and duration of each request already make error and p95 charts in Axiom or Datadog.",
        "Then measure in a middleware (prometheus-fastapi-instrumentator, Micrometer, express-prom-bundle).",
        "Keep dashboards in the repository.",
    ),
    looked_for="a metrics exporter with at least one measurement, or a dashboard kept as code",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    after=("log-retention",),
    guide="https://stack.convex.dev/observability-in-production",
    question="Which dashboard shows the error rate and the p95 latency of production?",
    present=(MEASURED, DASHBOARD),
    partial=(HALF,),
    judge=judge,
    uses=(SPOKEN_OF, HANDED_OVER),
)
