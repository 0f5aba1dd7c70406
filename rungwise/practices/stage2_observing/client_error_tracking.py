"""Exception reporting from browsers and devices."""

from rungwise.catalogue import Practice
from rungwise.clues import DIRECT, HTML, JAVASCRIPT, JVM, RUBY, Language, beside, both, code, dependency, either, file
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

SDK = dependency(
    npm="@sentry/react @sentry/browser @sentry/vue @sentry/angular @sentry/angular-ivy @sentry/svelte @sentry/react-native"
    " @sentry/capacitor @sentry/electron @sentry/ember"
    " @sentry/solid @sentry-internal/browser-utils @bugsnag/browser @bugsnag/js @bugsnag/react-native @rollbar/react"
    " rollbar highlight.run @datadog/browser-rum"
    " @datadog/browser-logs @grafana/faro-web-sdk @grafana/faro-react logrocket @honeybadger-io/js @honeybadger-io/react"
    " @appsignal/javascript @elastic/apm-rum"
    " @newrelic/browser-agent @microsoft/applicationinsights-web raygun4js trackjs raven-js @airbrake/browser @coralogix/browser",
    maven="io.sentry:sentry-android com.google.firebase:firebase-crashlytics com.google.firebase:firebase-crashlytics-ktx"
    " com.bugsnag:bugsnag-android",
    scope=DIRECT,
)
BOTH_SIDES = dependency(
    npm="@sentry/nextjs @sentry/sveltekit @sentry/remix @sentry/react-router @sentry/astro @sentry/nuxt @sentry/solidstart"
    " @sentry/tanstackstart-react @sentry/gatsby",
    scope=DIRECT,
)
START = either(
    code(
        r"\b(Sentry\w*\.init|Bugsnag\.start|datadogRum\.init|datadogLogs\.init|initializeFaro|LogRocket\.init"
        r"|Honeybadger\.configure|initApm|loadAppInsights|TrackJS\.install"
        r"|Raven\.config|CoralogixRum\.init|H\.init)\(|\bnew (Rollbar|Appsignal|BrowserAgent|Notifier)\(|\brg4js\("
        r"|<RollbarProvider\b",
        JAVASCRIPT,
        example="Sentry.init({ dsn })",
    ),
    code(
        r"\bimport\s*\{[^{}]*\binit\b[^{}]*\}\s*from\s*['\"]@sentry/(react|browser|vue|angular|svelte|solid|react-native|electron|capacitor|ember)\b",
        JAVASCRIPT,
        strings=True,
        example='import { init, replayIntegration } from "@sentry/react";',
    ),
)
CLIENT_START = code(
    r"\bSentry\.init\(",
    JAVASCRIPT,
    example="Sentry.init({ dsn })",
    files=(
        "sentry.client.config.*",
        "instrumentation-client.*",
        "**/hooks.client.*",
        "**/entry.client.*",
        "**/*client*[sS]entry*",
        "**/*[sS]entry*client*",
        "**/*[sS]entry*.{tsx,jsx}",
        "**/router.tsx",
        "gatsby-browser.*",
    ),
)

PRACTICE = Practice(
    id="client-error-tracking",
    stage=Stage.OBSERVING,
    title="Errors on users' devices are reported",
    why="Half of what users call broken happens where the server never hears of it.",
    advice=(
        "Start the tracker's browser or mobile SDK in the client's entry point, and upload source maps in CI.",
        "Put an error boundary around each route, with an id that a user can quote.",
    ),
    looked_for="a browser or mobile error SDK that is started in the client",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.MOB),
    requires=(Fact.FRONTEND,),
    after=("error-tracking",),
    guide="https://stack.convex.dev/observability-in-production",
    question="Do uncaught errors in the browser reach you?",
    present=(
        both(SDK, START),
        both(BOTH_SIDES, CLIENT_START),
        both(
            dependency(npm="posthog-js", scope=DIRECT),
            code(
                r"\bcapture_exceptions\s*:\s*(true|\{)|\bposthog\w*\??\.captureException\(",
                JAVASCRIPT,
                example="capture_exceptions: true",
            ),
        ),
        code(
            r"(js|browser)\.sentry-cdn\.com|cdn\.ravenjs\.com|d2wy8f7a9ursnm\.cloudfront\.net/|cdn\.rollbar\.com|\b_rollbarConfig\b|cdn\.trackjs\.com"
            r"|cdn\.raygun\.io/|js\.honeybadger\.io/|datadoghq-browser-agent\.com/|js-agent\.newrelic\.com/|\bNREUM\b|elastic-apm-rum"
            r"|js\.monitor\.azure\.com/|az416426\.vo\.msecnd\.net/",
            HTML,
            example='<script src="https://js.sentry-cdn.com/k.min.js">',
        ),
        code(
            r"\bgetBrowserTimingHeader\(|\bget_browser_timing_header\(|\bNewRelic::Agent\.browser_timing_header\b",
            (*JAVASCRIPT, *RUBY, *HTML),
            example="newrelic.getBrowserTimingHeader()",
        ),
        code(
            r"\b(SentryAndroid\.init|FirebaseCrashlytics\.getInstance|Firebase\.crashlytics)\b",
            JVM,
            example="FirebaseCrashlytics.getInstance()",
        ),
        code(r"\b(SentrySDK\.start|Crashlytics\.crashlytics)\b", (Language.SWIFT,), example="SentrySDK.start { options in }"),
        beside(
            code(r"\bwindow\.onerror\s*=|\.addEventListener\(", JAVASCRIPT, example="window.onerror = report"),
            code(
                r"['\"](unhandledrejection)['\"]",
                JAVASCRIPT,
                strings=True,
                example="window.addEventListener('unhandledrejection', report)",
            ),
            code(
                r"\b(sendBeacon|reportError|captureException|logError)\(|\bfetch\(|\baxios\.post\(",
                JAVASCRIPT,
                example="navigator.sendBeacon(url, body)",
            ),
        ),
    ),
    partial=(
        either(SDK),
        code(r"\b(componentDidCatch|getDerivedStateFromError)\b", JAVASCRIPT, example="componentDidCatch(error, info) {"),
        both(
            dependency(npm="react-error-boundary", scope=DIRECT),
            code(r"<ErrorBoundary\b", JAVASCRIPT, example="<ErrorBoundary fallback={fallback}>"),
        ),
        file("**/google-services.json"),
    ),
    near=(
        (
            file(
                "*{ErrorBoundary,error-boundary}*", "**/app/**/{error,global-error}.{tsx,jsx}", "**/error.vue", "**/+error.svelte"
            ),
            "catches errors on the page, and was not seen to tell a tracker",
        ),
    ),
    doubt=(
        (
            code(
                r"\bwindow\.onerror\b|\bunhandledrejection\b|(?i:\b(capture|report|log|send)_?(exception|client_?error|js_?error|error_?to\w+)\()|\bonRecoverableError\b"
                r"|\berrorHandler\s*=|\bprovide:\s*ErrorHandler\b|\bimplements ErrorHandler\b",
                JAVASCRIPT,
                strings=True,
                example="window.onerror = report",
            ),
            "catches errors in the browser",
        ),
        (
            code(
                r"\b(Sentry|Bugsnag|Honeybadger|Rollbar)\.\w+\(",
                HTML,
                example="<script>Bugsnag.begin(key)</script>",
            ),
            "may report errors from the page",
        ),
    ),
)
