"""Logs as events with fields."""

from rungwise.catalogue import Practice
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
    YAML,
    Language,
    at_least,
    beside,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

LIBRARY = dependency(
    npm="pino winston bunyan pino-http nestjs-pino next-axiom @axiomhq/js @axiomhq/pino @axiomhq/winston @axiomhq/nextjs tslog"
    " roarr evlog",
    pypi="structlog python-json-logger django-structlog axiom-py logfire google-cloud-logging json-log-formatter ecs-logging"
    " jsonformatter",
    go="go.uber.org/zap github.com/rs/zerolog github.com/hashicorp/go-hclog github.com/sirupsen/logrus github.com/go-kit/log",
    maven="net.logstash.logback:logstash-logback-encoder io.quarkus:quarkus-logging-json co.elastic.logging:logback-ecs-encoder"
    " org.apache.logging.log4j:log4j-layout-template-json ch.qos.logback.contrib:logback-json-classic",
    gem="lograge semantic_logger rails_semantic_logger ougai logstash-event logstasher govuk_app_config logtail-rails",
    crates="slog tracing-bunyan-formatter tracing-subscriber tracing-logfmt json-subscriber",
    nuget="Serilog Serilog.AspNetCore Serilog.Extensions.Logging Serilog.Formatting.Compact NLog.Extensions.Logging"
    " NLog.Web.AspNetCore",
    hex="logger_json logster ink plug_logger_json",
)
JAVASCRIPT_FIELDS = either(
    code(
        r"\b\w*[lL]og(ger)?\.(trace|debug|info|warn|error|fatal)\(\s*\{", JAVASCRIPT, example="logger.info({ userId }, 'saved')"
    ),
    code(
        r"\b\w*[lL]og(ger)?\.(trace|debug|info|warn|error|fatal)\([^(){}\n]*,\s*\{",
        JAVASCRIPT,
        example="logger.info('saved', { userId })",
    ),
    code(r"\b\w*[lL]og(ger)?(\(\))?\.child\(\s*\{", JAVASCRIPT, example="logger.child({ requestId })"),
    code(r"\bformat\.json\(", JAVASCRIPT, example="format: winston.format.json()"),
)
PYTHON_STRUCTURED = either(
    code(r"\bstructlog\.(get_logger|stdlib\.get_logger|configure)\(", PYTHON, example="structlog.get_logger()"),
    code(r"\blogfire\.(configure|info|span|instrument\w*)\(", PYTHON, example="logfire.info('saved', user=user)"),
    both(
        code(
            r"(?i)\b\w*json_?(log_?)?formatter\b|pythonjsonlogger",
            PYTHON,
            strings=True,
            example="pythonjsonlogger.jsonlogger.JsonFormatter",
        ),
        code(r"\bextra\s*=\s*(\{|dict\(|\w)", PYTHON, example="logger.info(message, extra={'order': order.id})"),
    ),
    code(r"\bserialize\s*=\s*True\b", PYTHON, example="logger.add(sys.stdout, serialize=True)"),
)
GO_FIELDS = either(
    both(
        code(r"\bslog\.New((JSON|Text)Handler)?\(", GO, example="slog.NewJSONHandler(os.Stdout, nil)"),
        code(
            r"\b(slog|logger|log|l)\.(Debug|Info|Warn|Error)(Context)?\([^\n]*[\"`],"
            r"|\bslog\.(String|Int|Int64|Any|Bool|Duration|Group|Attr)\b",
            GO,
            example='slog.Info("saved", "user", id)',
        ),
    ),
    both(
        dependency(go="go.uber.org/zap"),
        code(
            r"\bzap\.(String|Int|Int64|Error|Any|Bool|Duration|Stringer)\(|\.(Info|Error|Debug|Warn)w\(",
            GO,
            example='zap.String("user", id)',
        ),
    ),
    both(
        dependency(go="github.com/rs/zerolog"),
        code(
            r"\.(Str|Int|Int64|Err|Dur|Any|Bool|Interface|Stringer)\([^\n]*\)\.",
            GO,
            example='log.Info().Str("user", id).Msg("saved")',
        ),
    ),
    both(
        dependency(go="github.com/sirupsen/logrus"),
        at_least(2, code(r"\.WithFields?\(", GO, example='log.WithField("user", id).Info("saved")')),
    ),
    both(
        dependency(go="github.com/hashicorp/go-hclog github.com/go-kit/log"),
        code(r"\bhclog\.New\(|\blevel\.(Info|Error|Debug|Warn)\(", GO, example="hclog.New(options)"),
    ),
)
GO_WRAPPED = both(
    either(
        dependency(
            go="go.uber.org/zap github.com/rs/zerolog github.com/sirupsen/logrus github.com/hashicorp/go-hclog github.com/go-kit/log"
            " github.com/inconshreveable/log15"
        ),
        code(r"\bslog\.\w+\(", GO, example="slog.Log(ctx, level, msg, args...)", files="**/{log,logger,logging,logs,logx}/*.go"),
    ),
    at_least(
        5,
        code(
            r"\b\w*[lL]og(ger)?(\(\w*\))?\.(Debug|Info|Warn|Error)\w?\((\w+, *)?\"[^\"\n]*\", *(\"[\w.-]+\", *\S|\w+\.(String|Int|Int64|Any|Bool|Field|F|KV|Duration)\()",
            GO,
            strings=True,
            example='log.Info(ctx, "saved", "user", id)',
        ),
    ),
)
"""A logger of one's own around a structured one, which is handed the fields in pairs."""
GO_OWN = both(
    code(
        r"\bjson\.(NewEncoder\([^\n]*\)\.Encode|Marshal)\(",
        GO,
        example="json.NewEncoder(os.Stdout).Encode(fields)",
        files=("**/{log,logs,logger,logging,logx}/**/*.go", "**/{log,logger,logging}*.go"),
    ),
    at_least(
        5,
        code(
            r"(\b\w*[lL]og(ger)?\.(Debug|Info|Warn|Warning|Error)f?|\bWithFields?)\([^;\n]*(\b(\w+\.)?(Props|Properties|Fields|Attrs|Data|KV|M)|map\[string\](any|interface\{\}|string))\{",
            GO,
            example='log.Infof(ctx, "saved @{User}", dto.Props{',
        ),
    ),
)
"""A logger of one's own that writes JSON, and is handed a map of fields."""
GO_TYPED = at_least(
    5,
    code(
        # Functions of the standard library's own package are told apart by what it is set up with.
        r"\b\w*[lL]og(ger)?(\(\w*\))?\.(Debug|Info|Warn|Error|Fatal)\(\s*(\w+,\s*)?\"[^\"\n]*\",\s*([a-rt-z]\w*|s[a-km-z]\w*)"
        r"\.(String|Int|Int64|Uint64|Any|Bool|Duration|Stringer|Time)\(\s*\"[\w.-]+\",",
        GO,
        strings=True,
        example='s.logger.Info("saved", mlog.String("user", id))',
    ),
)
"""Fields that are made by functions of their types, as zap's are, whatever logger they are handed to."""
RUST_FIELDS = both(
    dependency(crates="tracing-subscriber slog tracing-bunyan-formatter"),
    code(
        r"\b(trace|debug|info|warn|error|event|\w*_span)!\([^;\n]*(\b[a-z_][\w.]*\s*=\s*[%?&\w\"]|[%?][a-z_])"
        r"|\binstrument\([^\]]*\bfields\(|^\s+[\w.]+ = [%?]",
        RUST,
        example='info!(user = %id, "saved");',
    ),
)
JVM_ENCODER = either(
    code(
        r"LogstashEncoder|LoggingEventCompositeJsonEncoder|JsonLayout|JsonTemplateLayout|EcsLayout|EcsEncoder"
        r"|StructuredLogEncoder|JsonEncoder",
        (Language.XML, Language.YAML, Language.PROPERTIES),
        example='<encoder class="net.logstash.logback.encoder.LogstashEncoder"/>',
        files=("*log*.xml", "*log*.yml", "*log*.yaml", "*log*.properties"),
    ),
    code(
        r"logging\.structured\.format|^\s+structured:\s*\n\s+format:|quarkus\.log\.console\.json",
        (Language.YAML, Language.PROPERTIES),
        example="logging.structured.format.console=ecs",
        files="application*.*",
    ),
    code(
        r"\bLOGGING_STRUCTURED_FORMAT_(CONSOLE|FILE)\b",
        (*CONFIG, *SHELL),
        strings=True,
        example="LOGGING_STRUCTURED_FORMAT_CONSOLE: ecs",
        but_not=".github/**",
    ),
    # Dropwizard's own layout, and appenders of its libraries.
    beside(
        code(r"^\s*appenders:", YAML, example="  appenders:"),
        code(
            r"^\s*(- )?type: *['\"]?(json|\w+-json|json-\w+|logstash(-\w+)?)['\"]?\s*$",
            YAML,
            example="      layout:\n        type: json",
        ),
    ),
)
JVM_FIELDS = code(
    r"\bMDC\.put(Closeable)?\(|\bwithLoggingContext\(|\bpayload = (mapOf|buildMap)\b|\b(StructuredArguments\.)?(kv|keyValue|v|value)\([^)\n]*\"|\.addKeyValue\(|\bMarkers\.append",
    JVM,
    example='MDC.put("user", id);',
)
CSHARP_TEMPLATE = code(
    r"\bLog(Trace|Debug|Information|Warning|Error|Critical)?\([^;]{0,200}?\"[^\"\n]*\{@?[A-Za-z]\w*[^\"\n]*\""
    r"|\bMessage = \"[^\"\n]*\{[A-Z]\w*",
    CSHARP,
    strings=True,
    example='logger.LogInformation("Saved {OrderId}", id);',
)
CSHARP_SINK = code(
    r"\bnew LoggerConfiguration\(|\b((Use|Add)Serilog\w*|AddJsonConsole|AddNLog\w*|UseNLog|AddApplicationInsights\w*|UseAzureMonitor)\("
    r"|\.Logging\.AddOpenTelemetry\(|\bAddOpenTelemetry\(",
    CSHARP,
    example="builder.Host.UseSerilog();",
)
PHP_FORMATTER = code(r"\bJsonFormatter\b", PHP, example="'formatter' => JsonFormatter::class")
PHP_FIELDS = at_least(
    8,
    code(
        r"(\bLog::|->)(emergency|alert|critical|error|warning|notice|info|debug)\(\s*['\"][^'\"\n]*['\"],\s*(\[|compact\()"
        r"|\bLog::withContext\(|\bContext::add\(",
        PHP,
        strings=True,
        example="Log::info('Saved', ['order' => $order->id]);",
    ),
)
SERIALISED = at_least(
    2,
    code(
        r"\bconsole\.(log|info|warn|error)\(\s*JSON\.stringify\(\s*\{",
        JAVASCRIPT,
        example="console.log(JSON.stringify({ route, took }))",
    ),
)
EXTRA_EVERYWHERE = at_least(15, code(r"\bextra=(\{|extra\b)", PYTHON, example="extra={'order': order.id},"))
"""Python leaves out what stands in ``extra`` unless a formatter asks for it, so nobody hands it over everywhere without one."""
PYTHON_FIELDS = at_least(
    5,
    code(r"(?i)\blog(ger|ging)?\.\w+\([^()]*,\s*extra=\{", PYTHON, example='logger.info("saved", extra={"order": 1})'),
)
GO_KEYS = at_least(
    3,
    code(r"\bslog\.(Debug|Info|Warn|Error)(Context)?\([^\n]*\",", GO, strings=True, example='slog.Info("saved", "user", id)'),
)

ELIXIR_FIELDS = both(
    code(
        r"(?s)\bconfig :logger\b.{0,200}\bmetadata: (\[\s*:\w+,\s*:\w+|:all)",
        ELIXIR,
        files="**/config/*.exs",
        example="config :logger, :console, metadata: [:request_id, :user_id]",
    ),
    at_least(2, code(r"\bLogger\.metadata\(\s*\[?\w+:", ELIXIR, example="Logger.metadata(user_id: user.id)")),
)
"""Fields that the code sets and the configuration prints, in lines of text."""

PRACTICE = Practice(
    id="structured-logging",
    stage=Stage.OBSERVING,
    title="Logs are events with fields",
    why="Fields can be filtered, counted and alerted on without new code; sentences can only be read.",
    advice=(
        "Write one wide event for each request: route, user, duration, outcome.",
        "Use structlog, pino, slog's JSON handler, lograge, or Spring's `logging.structured.format.console`.",
        "Strip secrets and personal data in the logger itself.",
    ),
    looked_for="a structured logger that is configured, and log calls that hand it fields",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    after=("leveled-logging",),
    guide="https://stack.convex.dev/observability-in-production",
    question="Can production logs be filtered by user or by endpoint?",
    console=((Fact.CONVEX, "Convex adds the function, the request and the level to every line by itself"),),
    present=(
        both(
            dependency(
                npm="pino winston bunyan pino-http nestjs-pino next-axiom @axiomhq/pino @axiomhq/winston @axiomhq/nextjs tslog"
                " roarr evlog fastify"
            ),
            JAVASCRIPT_FIELDS,
        ),
        PYTHON_STRUCTURED,
        EXTRA_EVERYWHERE,
        both(PHP_FIELDS, PHP_FORMATTER),
        GO_FIELDS,
        GO_WRAPPED,
        GO_OWN,
        GO_TYPED,
        RUST_FIELDS,
        both(JVM_ENCODER, JVM_FIELDS),
        code(
            r"\blograge\.(enabled|formatter)\b|\bSemanticLogger\.add_appender\b"
            r"|\brails_semantic_logger\.(format|add_file_appender)\b|\blogstasher\.enabled\b"
            r"|\b(Ougai|Logtail)::Logger\b",
            RUBY,
            example="config.lograge.enabled = true",
        ),
        both(CSHARP_SINK, at_least(2, CSHARP_TEMPLATE)),
        both(
            dependency(hex="logger_json logster"),
            code(r"\bLoggerJSON\b|\bplug Logster\b", ELIXIR, example="LoggerJSON.Formatters.Basic"),
        ),
    ),
    partial=(
        LIBRARY,
        ELIXIR_FIELDS,
        PHP_FORMATTER,
        PHP_FIELDS,
        SERIALISED,
        PYTHON_FIELDS,
        GO_KEYS,
        JVM_ENCODER,
        at_least(3, CSHARP_TEMPLATE),
        file("config/initializers/lograge.rb", "**/config/initializers/lograge.rb"),
        code(r"\bslog\.New(JSON|Text)Handler\(", GO, example="slog.NewJSONHandler(os.Stdout, nil)"),
    ),
    near=(
        (
            file("logback*.xml", "log4j*.*", "*{logger,logging,Logger,Logging}*.{py,ts,js,go,rb,php,rs,ex,java,kt,cs,yml,yaml}"),
            "sets up logging, and no fields were seen in it",
        ),
    ),
    doubt=(
        (
            code(
                r"(?i)\blog(ger|ging)?_?format(ter)?\w*\b['\"]?\s*[:=][^\n]*json|\bjson_?(log\w*|formatter)\b|\blog\w*_?json\b|\bstructured_?log\w*",
                (*PROGRAM, *CONFIG, *SHELL),
                strings=True,
                example="LOG_FORMAT=json",
            ),
            "speaks of logs in JSON",
        ),
        (
            code(
                r"(\bLog::|\blogger->|\blog->)(critical|error|warning|notice|info|debug)\(\s*['\"][^'\"\n]*['\"],\s*(\[|compact\()"
                r"|\bLogger\.metadata\(|\bMDC\.put\(|\.WithFields?\(|\blog\w*\.\w+\([^()\n]*,\s*extra\s*=",
                (*PHP, *ELIXIR, *JVM, *GO, *PYTHON),
                strings=True,
                example="Logger.metadata(user: id)",
            ),
            "hands a log call fields",
        ),
    ),
)
