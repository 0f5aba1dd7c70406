"""One id through a request's whole way."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    CONFIG,
    CSHARP,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    SHELL,
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

LIBRARY = dependency(
    npm="@opentelemetry/sdk-node @opentelemetry/auto-instrumentations-node @opentelemetry/sdk-trace-node @vercel/otel dd-trace"
    " newrelic elastic-apm-node"
    " @honeycombio/opentelemetry-node express-request-id cls-rtracer @microlabs/otel-cf-workers",
    pypi="opentelemetry-distro opentelemetry-sdk opentelemetry-instrumentation-fastapi opentelemetry-instrumentation-django"
    " ddtrace newrelic elastic-apm"
    " asgi-correlation-id django-guid logfire django-log-request-id",
    go="go.opentelemetry.io/otel/sdk go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
    " gopkg.in/DataDog/dd-trace-go.v1"
    " github.com/DataDog/dd-trace-go go.elastic.co/apm",
    maven="io.micrometer:micrometer-tracing-bridge-otel io.micrometer:micrometer-tracing-bridge-brave"
    " org.springframework.boot:spring-boot-starter-opentelemetry"
    " io.opentelemetry.instrumentation:opentelemetry-spring-boot-starter io.quarkus:quarkus-opentelemetry"
    " org.springframework.cloud:spring-cloud-starter-sleuth",
    gem="opentelemetry-sdk opentelemetry-instrumentation-all datadog ddtrace newrelic_rpm skylight scout_apm elastic-apm",
    composer="open-telemetry/sdk datadog/dd-trace sentry/sentry-laravel keepsuit/laravel-opentelemetry"
    " open-telemetry/opentelemetry-auto-laravel open-telemetry/opentelemetry-auto-symfony",
    crates="tracing-opentelemetry opentelemetry opentelemetry-otlp",
    nuget="OpenTelemetry.Extensions.Hosting OpenTelemetry.Exporter.OpenTelemetryProtocol OpenTelemetry.Instrumentation.AspNetCore"
    " Azure.Monitor.OpenTelemetry.Exporter Azure.Monitor.OpenTelemetry.AspNetCore Microsoft.ApplicationInsights.AspNetCore",
    hex="opentelemetry opentelemetry_phoenix spandex appsignal new_relic_agent",
)
STARTS_BY_ITSELF = either(
    dependency(
        maven="org.springframework.cloud:spring-cloud-starter-sleuth org.springframework.cloud:spring-cloud-starter-zipkin"
        " org.springframework.cloud:spring-cloud-sleuth-zipkin org.springframework.boot:spring-boot-starter-zipkin"
        " org.springframework.boot:spring-boot-starter-opentelemetry"
        " io.opentelemetry.instrumentation:opentelemetry-spring-boot-starter io.quarkus:quarkus-opentelemetry"
    ),
    both(
        dependency(maven="io.micrometer:micrometer-tracing-bridge-otel io.micrometer:micrometer-tracing-bridge-brave"),
        dependency(
            maven="io.zipkin.reporter2:zipkin-reporter-brave io.opentelemetry:opentelemetry-exporter-zipkin"
            " io.opentelemetry:opentelemetry-exporter-otlp",
            scope=("runtime", "optional"),
        ),
    ),
)
"""Starters that trace and export without a line of code."""
IN_CONTEXT = code(
    r"(?i)\bcontext\.WithValue\([^,\n]+, *&?\w*(\.\w*)?(request|req|trace|correlation)_?id\w*",
    GO,
    example="ctx = context.WithValue(ctx, requestIDKey{}, id)",
)
"""The id of a request is handed on with it; what logs it may stand elsewhere."""
TRACER = either(
    code(
        r"\bnew (NodeSDK|NodeTracerProvider|BasicTracerProvider)\(|\bregisterOTel\(|\b(tracer|ddTrace|dd)\.init\(\s*\{?"
        r"|\bapm\.start\(|\bpinoHttp\("
        r"|\brTracer\.(express|fastify|koa|hapi)Middleware\(|\.use\([^\n]*\brequestId\(\)|\bgenReqId\b",
        JAVASCRIPT,
        example="const sdk = new NodeSDK({ traceExporter })",
    ),
    code(
        r"(\brequire\(|\bfrom |\bimport )['\"](dd-trace/init|newrelic|elastic-apm-node/start|@defra/hapi-tracing)['\"]",
        JAVASCRIPT,
        strings=True,
        example="import 'dd-trace/init'",
    ),
    code(
        r"\bTracerProvider\(|\bset_tracer_provider\(|\bauto_instrumentation\.initialize\(|\bOTelSDKConfigurator\b|\b_OTelSDKConfigurator\b"
        r"|\b\w+Instrumentor(\(\))?\.instrument|\bddtrace\.(patch_all|auto|patch)\b|\bpatch_all\("
        r"|\bnewrelic\.agent\.initialize\(|\bCorrelationIdMiddleware\b"
        r"|\blogfire\.instrument_\w+\(|\b[rR]equest_?[iI][dD]_?([mM]iddleware|[fF]ilter)\b|\bconfigure_azure_monitor\(",
        PYTHON,
        example="provider = TracerProvider(resource=resource)",
    ),
    code(
        r"django_guid\.middleware|log_request_id\.middleware|elasticapm\.contrib",
        PYTHON,
        strings=True,
        example='MIDDLEWARE = ["django_guid.middleware.guid_middleware"]',
    ),
    code(
        r"\bb(i|ou)nd_contextvars\([^)\n]*(request|correlation|trace)[._]id",
        PYTHON,
        strings=True,
        example="bind_contextvars(request_id=request_id)",
    ),
    code(
        r"\b(sdktrace|trace|tracesdk)\.NewTracerProvider\(|\botelhttp\.NewHandler\(|\botel(gin|chi|mux|echo|fiber)\.\w+\("
        r"|\b(chi)?[mM]iddleware\.RequestID(WithConfig)?\b|\brequestid\.New\(|\bhlog\.RequestIDHandler\("
        r"|\btracer\.Start\([^c\n]*\btracer\.With",
        GO,
        example="r.Use(middleware.RequestID)",
    ),
    beside(
        code(
            r"(?i)\b\w*(request|correlation|trace|context|req)_?id\b[^\n]{0,20}(:=|=)[^\n]*(rand|uuid|ulid|ksuid|xid|nanoid|header|new_?id|generate)\w*(\.\w+)*\(",
            GO,
            example="requestID := uuid.NewString()",
        ),
        code(
            r"(?i)\b\w*(log(ger)?|zerolog)\w*(\(\w*\))?\.with\w*\((\)\.\w+\()?(\(\)|[^;)]){0,160}?\b\w*(request|correlation|trace|context|req)_?id\b",
            GO,
            strings=True,
            example='logger := log.With("request_id", requestID)',
        ),
    ),
    both(
        IN_CONTEXT,
        code(
            r"(?i)\b(s?log|zap|zerolog|logrus|\w*logg(er|ing))\w*\b[^\n]*(request|req|trace|correlation)_?id",
            GO,
            strings=True,
            example='record.AddAttrs(slog.String("request_id", id))',
        ),
    ),
    both(
        code(
            r"(?i)\b\w*(request|req|trace|correlation)_?id\w*(:[^=\n]+)? *= *(contextvars\.)?ContextVar(\[[^\n(]*\])?\(",
            PYTHON,
            example="request_id_var: ContextVar[str] = ContextVar(name)",
        ),
        code(
            r"(?i)\b\w*(record|event_dict|log\w*)(\.|\[ *['\"])(request|req|trace|correlation)_?id\b['\"\]]* *=",
            PYTHON,
            strings=True,
            example="record.request_id = request_id_var.get()",
        ),
    ),
    code(
        r"\b(PushProperty|BeginScope)\([^;\n]*(Correlation|Request|Trace)_?Id\b",
        CSHARP,
        strings=True,
        example='using (LogContext.PushProperty("CorrelationId", id))',
    ),
    code(r"\bUidProcessor\b", (*PHP, Language.YAML), example="$logger->pushProcessor(new UidProcessor());"),
    code(
        r"\b(?i:mdc)\w*\.put(Closeable)?\(\s*(\w+\.)?\w*(?i:request|trace|correlation)_?(?i:id)|\bSdkTracerProvider\b"
        r"|\.spanBuilder\(|@WithSpan\b|\b(Http)?Tracing\.newBuilder\(",
        JVM,
        example="MDC.put(REQUEST_ID, id);",
    ),
    code(
        r"\b((?i:mdc)\w*\.put(Closeable)?|ThreadContext\.put|withLoggingContext)\(\s*"
        r"\"(?i:x-)?(?i:request|req|trace|correlation)[-_.]?(?i:id)\"",
        JVM,
        strings=True,
        example='MDC.put("req_id", id);',
    ),
    code(
        r"\blog_tags\s*=\s*\[[^\]]*:request_id|\blog_tags\b[^\n]*request_id|\bDatadog\.configure\b"
        r"|\bOpenTelemetry::SDK\.configure\b|\bc\.tracing\.instrument\b"
        r"|\blog_tags\s*=\s*\{[^}]*request_id",
        RUBY,
        example="config.log_tags = [ :request_id ]",
    ),
    code(
        r"\b(SdkTracerProvider|TracerProvider)::builder\(|\btracing_opentelemetry::(layer|OpenTelemetryLayer)\b"
        r"|\bOpenTelemetryLayer::new\(|\binstall_(batch|simple)\("
        r"|\b(SetRequestId|PropagateRequestId)Layer\b|\bMakeRequestUuid\b|\bTracingLogger\b|\bRequestIdLayer\b"
        r"|\b(request|correlation|trace)_id = [%?]",
        RUST,
        example="layer(PropagateRequestIdLayer::x_request_id())",
    ),
    code(
        r"\.WithTracing\(|\bCreateTracerProviderBuilder\(|\bAddOpenTelemetryTracing\(|\bUseAzureMonitor\(|\bAddApplicationInsightsTelemetry\w*\("
        r"|\bAddHeaderPropagation\(|\bUseCorrelationId\(",
        CSHARP,
        example="services.AddOpenTelemetry().WithTracing(t => t.AddOtlpExporter());",
    ),
    code(r"\bplug[ (]Plug\.RequestId\b|\bOpentelemetry(Phoenix|Bandit|Cowboy)\.setup\(", ELIXIR, example="plug Plug.RequestId"),
    both(dependency(composer="keepsuit/laravel-opentelemetry"), file("config/opentelemetry.php")),
    code(
        r"\b(Context::add|Log::(withContext|shareContext))\(\s*\[?\s*['\"](request|trace|correlation)[-_]?id['\"]",
        PHP,
        strings=True,
        example="Context::add('trace_id', $id);",
    ),
)
SAMPLED = either(
    code(
        r"\btraces_?[sS]ample(_r|R)ate\s*[:=]\s*(0?\.\d*[1-9]|1\b)|\benable_tracing\s*=\s*True",
        PROGRAM,
        example="tracesSampleRate: 0.1",
    ),
    # The rate comes from outside, and is more than nothing where none is given.
    beside(
        code(r"\btraces_?[sS]ample(_r|R)ate\s*[:=]\s*[A-Za-z]", PROGRAM, example="traces_sample_rate=SAMPLE_RATE,"),
        code(
            r"(?i)\b\w*sample_?rate\w*\b['\"]?(: *\w+)? *[:=]\s*[^\n]{0,40}(\n\s*)?[^\n]{0,60}\b(environ|env|getenv|config)\b[^\n]*(,|\|\||\?\?)\s*['\"]?(0?\.\d*[1-9]|1(\.0)?)\b",
            PROGRAM,
            strings=True,
            example='SAMPLE_RATE = float(os.environ.get("SAMPLE_RATE", 0.1))',
        ),
    ),
    code(r"\bTracesSampleRate\s*[:=]\s*(0?\.\d*[1-9]|1\b)", (*GO, *CSHARP), example="TracesSampleRate: 0.2,"),
)
WITH_JAVA_AGENT = code(
    r"-javaagent:", SHELL, strings=True, example='ENTRYPOINT ["java", "-javaagent:agent.jar", "-jar", "app.jar"]'
)
IN_IMAGE = code(
    # Azure's agent finds the file beside the program, wherever the image has the agent from.
    r"\bapplicationinsights\.json\b|\bCORECLR_PROFILER=|\b(datadog-setup\.php|newrelic-php\d?)\b"
    r"|\b(ddtrace-run|newrelic-admin run-program)\b|(--require|-r|--import)[ =]\S*(dd-trace/init|newrelic|elastic-apm-node/start)",
    SHELL,
    strings=True,
    example="COPY lib/applicationinsights.json /opt/app/",
)
"""Agents that come with an image, without a line of code."""
AGENT = either(
    code(
        r"-javaagent:\S*(opentelemetry|dd-java-agent|newrelic|elastic-apm|applicationinsights)",
        SHELL,
        strings=True,
        example="ENV JAVA_OPTS=-javaagent:/opentelemetry-javaagent.jar",
    ),
    beside(
        code(
            r"\b(applicationinsights-agent|opentelemetry-javaagent|dd-java-agent|newrelic|elastic-apm-agent)\b[^\n]*\.jar",
            SHELL,
            strings=True,
            example="COPY build/libs/applicationinsights-agent*.jar agent.jar",
        ),
        WITH_JAVA_AGENT,
    ),
    code(
        r"\b(opentelemetry-instrument|auto-instrumentations-node/register)\b",
        SHELL,
        strings=True,
        example="CMD opentelemetry-instrument gunicorn app",
    ),
    IN_IMAGE,
    code(
        r"\badmission\.datadoghq\.com/|sidecar\.opentelemetry\.io/inject|instrumentation\.opentelemetry\.io/inject",
        (Language.YAML,),
        example='sidecar.opentelemetry.io/inject: "true"',
    ),
    both(
        dependency(gem="newrelic_rpm skylight scout_apm appsignal", pypi="newrelic", npm="newrelic"),
        file("newrelic.{js,cjs,ini,yml}", "config/{newrelic,skylight,scout_apm,appsignal}.{yml,rb}"),
    ),
)
HEADER = r"(?i)['\"`](http_)?x[-_](request|correlation|trace)[-_]id['\"`]"
LOGGED = either(
    code(r"(?i)\b\w*log(ger)?\b[^\n]*\b(request|correlation|trace|req)_?id\b", PROGRAM, example="logger.info({ requestId })"),
    code(
        r"\b(info|warn|error|debug)!\([^;]*\brequest_id\b|\brecord\([^)\n]*request_id|\bfields\([^)\n]*request_id"
        r"|custom_metadata\.add\(",
        RUST,
        example="info!(request_id = %id);",
    ),
)
GENERATED = code(
    r"(?i)\b(request|correlation|trace|req)_?id\s*(:=|=|:)\s*[^\n]*\b(uuid((\.|::)(new|rand|must|uuid|v[1-7]|generat|create)\w*|_?v?[1-7]\w*\(|\(\))|securerandom\.uuid|ulid|nanoid|random_?uuid|new_?guid|cuid|xid"
    r"|generate\w*|randomUUID)\b",
    PROGRAM,
    example="const requestId = crypto.randomUUID()",
)

ANSWERED = code(
    r"(?i)\b\w*(pending|requests|promises|callbacks|resolvers|futures|in_?flight|waiting|outstanding)\w*(\.|->)(put|put_?if_?absent|set|get|remove|delete|insert|pop|take|try_?remove|try_?add|store|load_and_delete)\(\s*&?(\w+\.)*\w*(request|correlation|req)_?id\b",
    PROGRAM,
    example="pending.set(requestId, { resolve, reject });",
)
"""The id only brings an answer to the question that waits for it."""
MADE_AND_LOGGED = beside(GENERATED, LOGGED)

PRESENT = (
    TRACER,
    STARTS_BY_ITSELF,
    AGENT,
    SAMPLED,
    beside(code(HEADER, PROGRAM, strings=True, example='headers["X-Request-Id"]'), LOGGED),
)
PARTIAL = (
    LIBRARY,
    IN_CONTEXT,
    code(r"\bActivity\.Current\?*\.(Trace)?Id\b|\bHttpContext\.TraceIdentifier\b", CSHARP, example="Activity.Current?.Id"),
    code(
        r"(?i)(\b(setProperty|with\w*|append\w*)|\b\w*(problem|detail|error|fault|log|mdc|context|attribute|header|extension)\w*(\(\))?(\.|->)(put|add))\(\s*['\"](request|trace|correlation)[-_.]?id['\"]\s*,",
        (*JVM, *CSHARP, *PHP),
        strings=True,
        example='problem.setProperty("requestId", exchange.getRequest().getId());',
    ),
    code(r"\bgetLogPrefix\(", JVM, example="log.error(exchange.getLogPrefix() + message)"),
    code(r"\b(govuk_request_id|request\.request_id|request\.uuid)\b", RUBY, example="request.request_id"),
    code(HEADER, PROGRAM, strings=True, example='headers["X-Request-Id"]'),
)


def judge(look: Look) -> Verdict | None:
    """An id that is made counts, unless it is there to match answers with questions."""
    if any(clue.find(look) for clue in PRESENT):
        return None
    answered = {signal.path for signal in ANSWERED.find(look)}
    if logged := tuple(signal for signal in MADE_AND_LOGGED.find(look) if signal.path not in answered):
        return Verdict(Status.PRESENT, logged)
    if any(clue.find(look) for clue in PARTIAL) or answered:
        return None
    made = GENERATED.find(look)
    return Verdict(Status.PARTIAL, made) if made else None


PRACTICE = Practice(
    id="request-tracing",
    stage=Stage.OBSERVING,
    title="A request can be followed by one id",
    why="One id through client, API and jobs turns a user's complaint into a single query.",
    advice=(
        "Begin with a middleware that gives each request an id and puts it into every log line and error answer.",
        "Then add OpenTelemetry's automatic instrumentation and an OTLP endpoint.",
    ),
    looked_for="a tracer that exports, or a request id that is made and logged",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF),
    requires=(Fact.HTTP_API,),
    after=("structured-logging",),
    guide="https://stack.convex.dev/observability-in-production",
    question="Given an error that a user saw, how is the log of that request found?",
    console=((Fact.CONVEX, "Convex gives each request an id and shows it in the logs"),),
    present=PRESENT,
    partial=PARTIAL,
    judge=judge,
    uses=(GENERATED, ANSWERED, MADE_AND_LOGGED),
    doubt=(
        (
            code(
                r"(?i)\b(headers?|ctx|\w*context|locals|middleware|mdc|\w*log(ger|ging|s)?)\b[^\n]{0,60}\b(request|correlation|trace)[-_]?id\b"
                r"|\b(request|correlation|trace)[-_]?id\b[^\n]{0,60}\b(headers?|ctx|\w*context|locals|middleware|mdc|\w*log(ger|ging|s)?)\b|\btraceparent\b",
                (*PROGRAM, *CONFIG),
                strings=True,
                example="const requestId = request.headers.get(name)",
            ),
            "has an id of a request or a trace",
        ),
        (
            code(
                r"\b\w+_id\w*\s*(:[^=\n]+)?=\s*(contextvars\.)?ContextVar(\[[^\n(]*\])?\(",
                PYTHON,
                example="task_id = ContextVar(name)",
            ),
            "carries an id along",
        ),
        (
            code(
                r"(?i)\b(opentelemetry|jaeger|zipkin|otel_exporter_\w+|otlp)\b",
                (*PROGRAM, *CONFIG, *SHELL),
                strings=True,
                example="OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317",
            ),
            "speaks of a tracer",
        ),
    ),
)
