"""How the product is used."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    ANYWHERE,
    DIRECT,
    HTML,
    JAVASCRIPT,
    PROGRAM,
    PYTHON,
    RUBY,
    beside,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

SDK = dependency(
    npm="plausible-tracker next-plausible @plausible-analytics/tracker posthog-js posthog-node @vercel/analytics"
    " @amplitude/analytics-browser amplitude-js mixpanel-browser mixpanel"
    " @segment/analytics-next @segment/analytics-node react-ga react-ga4 @openpanel/web @openpanel/nextjs @umami/node"
    " @june-so/analytics-next ahoy.js fathom-client @next/third-parties"
    " @jitsu/jitsu-react @rudderstack/analytics-js vue-gtag @datafast/web @nuxtjs/plausible",
    pypi="posthog mixpanel amplitude-analytics segment-analytics-python",
    gem="ahoy_matey posthog-ruby mixpanel-ruby analytics-ruby",
    composer="posthog/posthog-php mixpanel/mixpanel-php",
    hex="posthog mixpanel_api_ex",
    scope=DIRECT,
)
SNIPPET = (
    r"plausible\.io/js/|data-website-id=|googletagmanager\.com/(gtag|gtm|ns)|google-analytics\.com/(analytics|ga|gtag)"
    r"|static\.cloudflareinsights\.com|cdn\.usefathom\.com"
    r"|scripts\.simpleanalyticscdn\.com|(matomo|piwik)\.(js|php)|clarity\.ms/tag|connect\.facebook\.net|cdn\.segment\.com"
    r"|gc\.zgo\.at|cdn\.mxpnl\.com|cdn\.amplitude\.com|gaug\.es/track"
)
CALL = code(
    r"\b(posthog|\w*[pP]ost[hH]og\w*)(\??\.|\(\)\??\.)(capture|identify|init)\("
    r"|\b(mixpanel|amplitude|analytics|umami|ReactGA|jitsu|rudderanalytics|op|ahoy|[pP]lausible|Fathom)"
    r"\??\.(track|trackEvent|trackPageview|page|identify|init|logEvent|event|send|initialize|load)\(|\bplausible\("
    r"|\busePlausible\(|<(PlausibleProvider|PostHogProvider|GoogleAnalytics"
    r"|GoogleTagManager|OpenPanelComponent)\b|\bnew PostHog\(",
    JAVASCRIPT,
    example="posthog.capture('signed up')",
)

SENT = either(
    beside(
        code(r"(?i)\bpost_?hog\b", PROGRAM, strings=True, example='url = "https://eu.i.posthog.com/capture/"'),
        code(r"\bdistinct_?[iI]d\b", PROGRAM, strings=True, example='"distinct_id" => id'),
        code(
            r"\$(identify|pageview)\b|(?i:posthog\S*/(capture|batch|i/v0/e)\b)",
            PROGRAM,
            strings=True,
            example='{"$identify", id}',
        ),
    ),
    code(
        r"\bapi(-eu)?\.mixpanel\.com/(track|import)\b|\bapi2?\.(eu\.)?amplitude\.com/(2/httpapi|batch)\b|\bapi\.segment\.io/v1/\w+"
        r"|\bgoogle-analytics\.com/(mp/)?collect\b|\bplausible\.io/api/event\b",
        PROGRAM,
        strings=True,
        example='requests.post("https://plausible.io/api/event", json=event)',
    ),
)
"""Events that are sent to the service's own address, without its package."""

PRACTICE = Practice(
    id="product-analytics",
    stage=Stage.OBSERVING,
    title="The team sees how the product is used",
    why="A shift in traffic tells what users want, and shows breakage that throws nothing.",
    advice=(
        "One script tag first (Plausible, Umami, the host's own), before any list of events.",
        "Then three to five named events around the core action.",
        "Ask what consent your users' law demands.",
    ),
    looked_for="an analytics snippet or SDK, and a call to it in the product",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.MOB),
    requires=(Fact.FRONTEND,),
    not_for="Watching how others use what they host is their choice.",
    guide="https://stack.convex.dev/observability-in-production",
    question="Where are weekly active users to be seen?",
    present=(
        both(SDK, CALL),
        SENT,
        code(
            r"['\"]@vercel/analytics(/\w+)?['\"]",
            JAVASCRIPT,
            strings=True,
            example='import { Analytics } from "@vercel/analytics/react"',
        ),
        code(SNIPPET, HTML, example='<script defer src="https://plausible.io/js/script.js">'),
        code(
            SNIPPET,
            JAVASCRIPT,
            strings=True,
            example='<Script src="https://plausible.io/js/script.js" />',
            but_not=("next.config.*", "*csp*", "*security*", "*headers*", "middleware.*", "proxy.*"),
        ),
        code(
            r"\bgtag\(|\bdataLayer\.push\(|\bfbq\(|\b_paq\.push\(|\banalyticsGa4\b|\binitialiseGA4: true",
            (*JAVASCRIPT, *HTML),
            example="window.dataLayer.push(event)",
        ),
        code(
            r"\bga4-[\w-]*(tracker|setup)\b|\bgoogle_tag_manager|/load-analytics\b|\bdata-ga4-\w+"
            r"|\bga4_(tracking|attributes|link_data_attributes|event)\b",
            (*HTML, *RUBY),
            strings=True,
            example='data: { module: "ga4-link-tracker" }',
        ),
        code(
            r"\bplausible\.init\(|\bwindow\.(plausible|umami|fathom|goatcounter|posthog|mixpanel|amplitude|heap)\b|\b_paq\b"
            r"|\bposthog\.(init|capture)\(|\bmixpanel\.(init|track)\(|\bga\('(create|send)'",
            HTML,
            example="window.plausible = window.plausible || function() {}; plausible.init()",
        ),
        code(
            r"\bwindow\.(plausible|umami|fathom|goatcounter|heap)\b|\bplausible\.init\(",
            JAVASCRIPT,
            example="window.umami.track('signed up')",
        ),
        both(
            dependency(gem="ahoy_matey posthog-ruby mixpanel-ruby analytics-ruby"),
            code(
                r"\bahoy\.track\b|\bAhoy::Store\b|\bPostHog\b|\bMixpanel::Tracker\b|\bAnalytics\.track\b",
                RUBY,
                example='ahoy.track "Signed up"',
            ),
        ),
        both(
            dependency(pypi="posthog mixpanel amplitude-analytics segment-analytics-python"),
            code(
                r"\b(posthog|mixpanel|analytics|mp|ph\w*)\.(capture|track|identify)\(",
                PYTHON,
                example='posthog.capture("signed up")',
            ),
        ),
    ),
    partial=(
        SDK,
        either(
            code(
                SNIPPET,
                HTML,
                example='<script src="https://plausible.io/js/script.js">',
                where=tuple(place for place in ANYWHERE if place.value == "docs"),
            )
        ),
    ),
    doubt=(
        (
            code(
                r"(?i)\b(track_?event|log_?event|capture_?event|track_?page_?view|use_?analytics|analytics_?(service|client|provider|id|key|token))\w*\b"
                r"|\b(GA|GTM|ANALYTICS|MATOMO|PLAUSIBLE|POSTHOG|SEGMENT|STATSIG|METRICS_ENDPOINT|GOOGLE_ANALYTICS)_[A-Z]\w+",
                (*PROGRAM, *HTML),
                strings=True,
                example="trackEvent(name)",
            ),
            "counts events by a name like it",
        ),
        (file("*{analytics,Analytics}*.{ts,tsx,js,jsx,html,heex,eex,erb,py,rb,php,ex,vue,svelte,hbs}"), "is named for it"),
    ),
)
