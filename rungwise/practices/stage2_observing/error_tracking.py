"""Server exception reporting."""

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
    beside,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage
from rungwise.practices.stage2_observing.request_tracing import IN_IMAGE, WITH_JAVA_AGENT

SDK = dependency(
    npm="@sentry/node @sentry/nextjs @sentry/bun @sentry/cloudflare @sentry/sveltekit @sentry/remix @sentry/react-router"
    " @sentry/astro @sentry/nuxt"
    " @sentry/nestjs @sentry/serverless @sentry/aws-serverless @sentry/google-cloud-serverless @sentry/deno @sentry/node-core"
    " @bugsnag/js @bugsnag/node rollbar @honeybadger-io/js @appsignal/nodejs raygun @highlight-run/node airbrake-js"
    " @airbrake/node"
    " @google-cloud/error-reporting",
    pypi="sentry-sdk raven rollbar bugsnag honeybadger elastic-apm scout-apm google-cloud-error-reporting",
    go="github.com/getsentry/sentry-go github.com/bugsnag/bugsnag-go github.com/rollbar/rollbar-go"
    " github.com/honeybadger-io/honeybadger-go"
    " github.com/getsentry/raven-go cloud.google.com/go/errorreporting github.com/airbrake/gobrake",
    maven="io.sentry:sentry io.sentry:sentry-spring-boot-starter io.sentry:sentry-spring-boot-starter-jakarta"
    " io.sentry:sentry-spring-jakarta"
    " io.sentry:sentry-logback io.sentry:sentry-log4j2 io.quarkiverse.loggingsentry:quarkus-logging-sentry"
    " com.bugsnag:bugsnag com.bugsnag:bugsnag-spring"
    " com.rollbar:rollbar-java com.rollbar:rollbar-spring-boot-webmvc",
    gem="sentry-ruby sentry-rails sentry-raven honeybadger bugsnag rollbar airbrake appsignal exception_notification"
    " govuk_app_config raygun4ruby solid_errors",
    composer="sentry/sentry sentry/sentry-laravel sentry/sentry-symfony bugsnag/bugsnag-laravel rollbar/rollbar"
    " rollbar/rollbar-laravel"
    " spatie/laravel-flare honeybadger-io/honeybadger-laravel laravel/nightwatch inspector-apm/inspector-laravel",
    crates="sentry rollbar",
    nuget="Sentry Sentry.AspNetCore Sentry.Serilog Bugsnag.AspNet.Core Microsoft.ApplicationInsights.AspNetCore"
    " Mindscape.Raygun4Net.AspNetCore"
    " Rollbar.NetCore.AspNet elmah.io.AspNetCore ElmahCore StackExchange.Exceptional.AspNetCore Azure.Monitor.OpenTelemetry.AspNetCore",
    hex="sentry appsignal honeybadger rollbax airbrake_client error_tracker tower",
)
IN_THE_BROWSER = (
    "sentry.client.config.*", "instrumentation-client.*", "entry.client.*", "hooks.client.*", "*.component.ts", "*.vue",
    "**/resources/{js,ts}/**", "**/ClientApp/**",
)  # fmt: skip
START = either(
    code(
        r"\b(Sentry\w*|Bugsnag|Honeybadger|H|[rR]ollbar)\.(init|start|configure|withSentry|wrapHandler)\("
        r"|\bnew (Rollbar|Appsignal|ErrorReporting)\(|\bSentryModule\.forRoot\(",
        JAVASCRIPT,
        example="Sentry.init({ dsn })",
        but_not=IN_THE_BROWSER,
    ),
    code(
        r"\bimport\s*\{[^{}]*\binit\b[^{}]*\}\s*from\s*['\"]@sentry/(node|node-core|nestjs|bun|deno|aws-serverless|google-cloud-serverless)['\"]",
        JAVASCRIPT,
        strings=True,
        example='import { init } from "@sentry/node";',
    ),
    code(
        r"\b(sentry_sdk|rollbar|sentry)\.init\(|\bbugsnag\.configure\(|\bRavenClient\(|\bElasticAPM\("
        r"|\bconfigure_azure_monitor\(",
        PYTHON,
        example="sentry_sdk.init(dsn=DSN)",
    ),
    code(
        r"['\"](elasticapm|rollbar|honeybadger|raven|bugsnag)\.contrib\.|['\"]scout_apm\.",
        PYTHON,
        strings=True,
        example='X = ["elasticapm.contrib.django"]',
    ),
    code(
        r"\b([sS]entry|sentrygo)\.Init\(|\b(bugsnag|honeybadger)\.Configure\(|\brollbar\.SetToken\(|\braven\.SetDSN\("
        r"|\berrorreporting\.NewClient\(",
        GO,
        example="sentry.Init(sentry.ClientOptions{})",
    ),
    code(r"\bSentry\.init\b|\bnew Bugsnag\(|\bRollbar\.init\(", JVM, example="Sentry.init(options -> {});"),
    code(
        r"SentryAppender|<Sentry\b|^\s*sentry\.dsn\s*=|^sentry:\s*\n(\s+[^\n]*\n)*?\s+dsn:|quarkus\.log\.sentry",
        (Language.XML, Language.PROPERTIES, Language.YAML),
        example="sentry.dsn=${SENTRY_DSN}",
        files=("*log*.xml", "application*.*", "sentry.properties"),
    ),
    code(r"\bsentry::init\(|\bsentry::ClientOptions\b", RUST, example="sentry::init(options)"),
    code(
        r"\b(Sentry|Raven|Bugsnag|Rollbar|Honeybadger|Airbrake|GovukError|Appsignal|Raygun)\.(init|configure|notify"
        r"|start)\b|\bExceptionNotification(::|\b)",
        RUBY,
        example="Sentry.init do |config|",
    ),
    code(
        r"\b(UseSentry|AddSentry|SentrySdk\.Init|AddApplicationInsightsTelemetry\w*|UseAzureMonitor|AddBugsnag|AddRaygun"
        r"|AddRollbar\w*|AddElmahIo|AddElmah|AddExceptional)\(",
        CSHARP,
        example="builder.WebHost.UseSentry()",
    ),
    code(
        r"\bSentry\\init\b|\bIntegration::(handles|captureUnhandledException)\(|\b[bB]ugsnag(ServiceProvider)?::"
        r"|\bRollbar::init\(",
        PHP,
        example=r"\Sentry\init(['dsn' => $dsn]);",
    ),
    code(
        r"\bapp\(['\"](sentry|bugsnag|rollbar)['\"]\)|['\"]driver['\"]\s*=>\s*['\"](sentry|flare|rollbar|bugsnag)",
        PHP,
        strings=True,
        example="app('sentry')->captureException($e);",
    ),
    code(
        r"\bconfig :(sentry|appsignal|honeybadger|rollbax|error_tracker)\b"
        r"|\bSentry\.(PlugCapture|LoggerHandler|LoggerBackend)\b|\buse (Appsignal|Honeybadger)\b",
        ELIXIR,
        example='config :sentry, dsn: System.get_env("SENTRY_DSN")',
    ),
)
EXTRA = dependency(
    pypi="sentry-sdk rollbar bugsnag honeybadger elastic-apm scout-apm",
    crates="sentry",
    scope=("optional",),
)
"""What whoever runs it adds, in products that start it where its address is given."""
STARTS_BY_ITSELF = either(
    both(dependency(gem="govuk_app_config"), dependency(gem="rails railties")),
    both(dependency(gem="honeybadger"), file("**/config/honeybadger.yml")),
    both(dependency(gem="appsignal"), file("**/config/appsignal.{yml,rb}")),
    both(dependency(composer="sentry/sentry-laravel"), file("**/config/sentry.php")),
    both(dependency(composer="sentry/sentry-symfony"), file("**/config/packages/**/sentry.yaml")),
    both(
        dependency(composer="sentry/sentry-symfony"),
        code(r"^(when@prod:\s*\n\s+)?sentry:\s*\n\s+dsn:", YAML, example="sentry:\n    dsn: '%env(SENTRY_DSN)%'"),
    ),
    both(
        dependency(npm="posthog-node"),
        code(
            r"\benableExceptionAutocapture\b",
            JAVASCRIPT,
            example="enableExceptionAutocapture: true",
        ),
    ),
)
"""Trackers that hook themselves into the framework, given no more than a configuration."""
TRACKED = beside(
    code(
        r"\bimport com\.microsoft\.applicationinsights\.|\busing Microsoft\.ApplicationInsights\b",
        (*JVM, *CSHARP),
        example="import com.microsoft.applicationinsights.TelemetryClient",
    ),
    code(r"\.[tT]rackException\(", (*JVM, *CSHARP), example="telemetryClient.trackException(e)"),
)
"""Exceptions that the code hands to a monitor by itself."""
BY_APPENDER = beside(
    code(r"^\s*appenders:", YAML, example="  appenders:"),
    code(r"^\s*- type: *['\"]?(sentry|bugsnag|rollbar|airbrake)\b", YAML, example="    - type: sentry"),
)
"""Dropwizard's appenders of that name are found by themselves, wherever their library comes from."""
BY_SETTING = both(
    dependency(
        maven="io.sentry:sentry-spring-boot-starter io.sentry:sentry-spring-boot-starter-jakarta io.sentry:sentry-spring-boot-4"
        " com.rollbar:rollbar-spring-boot-webmvc io.quarkiverse.loggingsentry:quarkus-logging-sentry",
    ),
    code(
        r"\b(SENTRY_DSN|ROLLBAR_ACCESS_?TOKEN|QUARKUS_LOG_SENTRY_DSN)\b",
        (*CONFIG, *SHELL),
        strings=True,
        example="  - name: SENTRY_DSN",
        but_not=(".github/**", ".env*", "*{example,sample}*"),
    ),
)
"""Starters that take their address from the environment, in the files of a deployment that sets it."""
JAVA_AGENT = either(
    code(
        r"-javaagent:\S*(applicationinsights|dd-java-agent|newrelic|elastic-apm)",
        SHELL,
        strings=True,
        example="ENV JAVA_OPTS=-javaagent:/dd-java-agent.jar",
    ),
    beside(
        code(
            r"\b(applicationinsights-agent|dd-java-agent|newrelic|elastic-apm-agent)\b[^\n]*\.jar",
            SHELL,
            strings=True,
            example="COPY build/libs/applicationinsights-agent*.jar agent.jar",
        ),
        WITH_JAVA_AGENT,
    ),
)
OWN_MAILER = both(
    code(
        r"['\"]django\.utils\.log\.AdminEmailHandler['\"]|\bmail_admins\(",
        PYTHON,
        strings=True,
        example="mail_admins(subject, body)",
    ),
    code(r"^\s*ADMINS\s*=", PYTHON, example="ADMINS = [EMAIL]"),
)
MAILED = beside(
    code(r"\bfunction (report|register)\(|->report(able)?\(", PHP, example="public function report(Throwable $e)"),
    code(
        r"\bnew \w*Mail\w*\(|\bnew \w+Notification\(|\b(Mail|Notification)::(to|send|route|raw)\(",
        PHP,
        example="Mail::to($owner)->send(new ErrorMail($e));",
        files=("**/Exceptions/*.php", "bootstrap/app.php"),
    ),
)
REPORTED = either(
    code(
        r"['\"]?email_on_failure['\"]?\s*[:=]\s*True\b|\bon_failure_callback['\"]?\s*[:=]",
        PYTHON,
        strings=True,
        example='default_args = {"email_on_failure": True}',
    ),
    code(r"\bRails\.error\.subscribe\b", RUBY, example="Rails.error.subscribe(Reporter.new)"),
)
"""Reports of the product's own making, and what a framework sends once it is told to."""
AGENT = dependency(
    npm="dd-trace newrelic elastic-apm-node applicationinsights",
    pypi="ddtrace newrelic azure-monitor-opentelemetry logfire",
    gem="newrelic_rpm ddtrace datadog scout_apm elastic-apm",
    go="github.com/newrelic/go-agent github.com/DataDog/dd-trace-go gopkg.in/DataDog/dd-trace-go.v1 go.elastic.co/apm",
    nuget="NewRelic.Agent.Api Elastic.Apm.NetCoreAll",
)
"""Monitoring agents, which collect errors beside the rest."""
HANDED_TO_AGENT = either(
    both(
        AGENT,
        either(
            code(
                r"\bagent\.(notice_error|record_exception)\(|\bnotice_error\(|\b[aA]pm\w*\.capture_exception\(",
                PYTHON,
                example="newrelic.agent.notice_error(error=error)",
            ),
            code(
                r"\b\w*([nN]ew_?[rR]elic|[aA]pm)\w*\.(noticeError|captureError)\(|\bdefaultClient\.trackException\(",
                JAVASCRIPT,
                example="newrelic.noticeError(error)",
            ),
            code(
                r"\bNewRelic::Agent\.notice_error\b|\bElasticAPM\.report\b|\bScoutApm::Error\.capture\b",
                RUBY,
                example="NewRelic::Agent.notice_error(error)",
            ),
            code(
                r"\.NoticeError\(|\bapm\.CaptureError\(",
                (*GO, *CSHARP),
                example="txn.NoticeError(err)",
            ),
        ),
    ),
    code(r"\bNewRelic\.noticeError\(|\bElasticApm\.\w+\(\)\.captureException\(", JVM, example="NewRelic.noticeError(error);"),
    code(r"\bnewrelic_notice_error\(", PHP, example="newrelic_notice_error($error->getMessage(), $error);"),
)
"""Errors that the code hands to such an agent by itself."""

PRACTICE = Practice(
    id="error-tracking",
    stage=Stage.OBSERVING,
    title="Errors in production reach a person with their context",
    why="Users rarely report the error they saw; a tracker tells you first, with the stack and how many people it hit.",
    advice=(
        "Add your tracker's SDK (Sentry, Bugsnag, Honeybadger) and start it in the entry point, with environment and release.",
        "On Convex, paste the DSN under Deployment settings, Integrations; no code is needed.",
        "Send one alert to a channel the team reads: a new issue in production.",
    ),
    looked_for="an error tracker's SDK that is started in the server's code",
    role=Role.ANCHOR,
    effort=Effort.SMALL,
    impact=5,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    guide="https://stack.convex.dev/observability-in-production",
    question="Where do server exceptions show up, and who is told?",
    console=((Fact.CONVEX, "Convex sends exceptions to a tracker that is set up in its dashboard"),),
    present=(
        both(SDK, START),
        both(EXTRA, START),
        STARTS_BY_ITSELF,
        TRACKED,
        BY_APPENDER,
        BY_SETTING,
        HANDED_TO_AGENT,
        both(SDK, file("**/config/initializers/{sentry,honeybadger,bugsnag,rollbar,airbrake}.rb")),
    ),
    partial=(SDK, AGENT, JAVA_AGENT, IN_IMAGE, OWN_MAILER, MAILED, REPORTED),
    near=(
        (
            file(
                "*{error,exception}{-,_,}{handler,middleware,filter,reporter}*",
                "*{Error,Exception}{Handler,Middleware,Filter,Reporter}*",
            ),
            "handles errors, and was not seen to tell a tracker",
        ),
    ),
    doubt=(
        (
            code(
                r"\b(Tracer|Tracing|Monitor|Telemetry|Apm|Cat|Reporter)\w*\.(log|record|track)(Error|Exception)\("
                r"|(?i:\b(capture|report)_?(exception|error)s?(_?(to|async|log|event)\w*)?\(|\b(error|exception)_?(reporter|reporting|tracker|tracking|notifier|notification)s?\b)",
                PROGRAM,
                example="reportException(error)",
                but_not=("**/{client,client-only,components,hooks,browser}/**", "*.{tsx,jsx,vue,svelte}"),
            ),
            "reports errors by a name like it",
        ),
        (
            code(
                r"\b(SENTRY|BUGSNAG|ROLLBAR|HONEYBADGER|AIRBRAKE|APPSIGNAL|GLITCHTIP|RAYGUN|DATADOG|NEW_RELIC|APPLICATIONINSIGHTS)_[A-Z]\w+",
                (*PROGRAM, *CONFIG, *SHELL),
                strings=True,
                example="SENTRY_DSN=",
            ),
            "has a setting of an error tracker",
        ),
        (
            code(
                r"(?i)\b\w*(slack|discord|teams|telegram|mattermost)\w*hook\w*(error|alert|exception)\w*",
                PROGRAM,
                strings=True,
                example="await fetch(process.env.SLACK_HOOK_ERRORS)",
            ),
            "tells a channel of errors",
        ),
    ),
)
