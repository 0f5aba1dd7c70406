"""Server exception reporting."""

from rungwise.catalogue import Practice
from rungwise.clues import CSHARP, GO, JAVASCRIPT, JVM, PHP, PYTHON, RUBY, RUST, both, code, dependency, either, file
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

SDK = dependency(
    npm="@sentry/node @sentry/nextjs @sentry/bun @sentry/cloudflare @sentry/sveltekit @sentry/remix @sentry/astro @sentry/nestjs"
    " @bugsnag/js @bugsnag/node rollbar @honeybadger-io/js @appsignal/nodejs raygun4js @highlight-run/node",
    pypi="sentry-sdk rollbar bugsnag honeybadger elastic-apm scout-apm",
    go="github.com/getsentry/sentry-go github.com/bugsnag/bugsnag-go github.com/rollbar/rollbar-go",
    maven="io.sentry:sentry io.sentry:sentry-spring-boot-starter-jakarta io.sentry:sentry-logback com.bugsnag:bugsnag-spring",
    gem="sentry-ruby sentry-rails honeybadger bugsnag rollbar airbrake appsignal exception_notification govuk_app_config",
    composer="sentry/sentry sentry/sentry-laravel bugsnag/bugsnag-laravel rollbar/rollbar-laravel",
    crates="sentry rollbar",
    nuget="Sentry Sentry.AspNetCore Bugsnag.AspNet.Core Microsoft.ApplicationInsights.AspNetCore",
    hex="sentry appsignal honeybadger rollbax",
)
START = either(
    code(r"\bSentry\.init\(", JAVASCRIPT, example="Sentry.init({ dsn })"),
    code(r"\bsentry_sdk\.init\(", PYTHON, example="sentry_sdk.init(dsn=DSN)"),
    code(r"\b[sS]entry\.Init\(", (*GO, *JVM), example="sentry.Init(sentry.ClientOptions{})"),
    code(r"\bsentry::init\(", RUST, example="sentry::init(options)"),
    code(r"\b(Sentry\.init|(Bugsnag|Rollbar|Honeybadger|Airbrake)\.configure)\b", RUBY, example="Sentry.init do |config|"),
    code(r"\b(UseSentry|SentrySdk\.Init)\(", CSHARP, example="builder.WebHost.UseSentry()"),
    code(r"\b(Sentry\\init|Integration::handles)\(", PHP, example=r"\Sentry\init(['dsn' => $dsn]);"),
)

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
    present=(both(SDK, START), file("config/initializers/{sentry,honeybadger,bugsnag,rollbar,airbrake}.rb")),
    partial=(SDK,),
)
