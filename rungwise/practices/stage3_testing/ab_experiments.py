"""Taste is tested on users."""

from rungwise.catalogue import Practice
from rungwise.clues import DIRECT, JAVASCRIPT, PROGRAM, RUBY, at_least, both, code, dependency, either
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

SDK = dependency(
    npm="@growthbook/growthbook-react @growthbook/growthbook @statsig/react-bindings @statsig/js-client"
    " @optimizely/optimizely-sdk @optimizely/react-sdk @amplitude/experiment-js-client"
    " @splitsoftware/splitio @eppo/js-client-sdk",
    pypi="growthbook statsig optimizely-sdk eppo-server-sdk",
    gem="field_test split vanity govuk_ab_testing",
    scope=DIRECT,
)
EXPOSED = either(
    code(
        r"\b(useExperiment|getExperiment|trackExposure|runExperiment|trackingCallback|useVariant)\b|\bvariant\s*={2,3}",
        JAVASCRIPT,
        example="const { variant } = useExperiment('checkout')",
    ),
    code(r"\b(field_test|ab_test|ab_finished|GovukAbTesting::AbTest|AbTest)\b", RUBY, example="ab_test(:checkout)"),
)
BRANCHED = both(
    dependency(
        npm="posthog-js posthog-node @launchdarkly/node-server-sdk launchdarkly-react-client-sdk launchdarkly-js-client-sdk"
        " unleash-client @unleash/proxy-client-react flagsmith @openfeature/server-sdk @openfeature/react-sdk @vercel/flags flags",
        pypi="posthog launchdarkly-server-sdk unleashclient",
        gem="posthog-ruby launchdarkly-server-sdk flipper",
        scope=DIRECT,
    ),
    code(
        r"\b\w*[vV]ariant\w*\s*={2,3}\s*['\"](control|test|treatment)['\"]",
        PROGRAM,
        strings=True,
        example="bannerVariant === 'test'",
    ),
)
"""A flag with more than two values, of which some branch is taken: half of an experiment, the other half being what came of it."""
OWN = code(
    r"['\"]control['\"]\s*[,:]\s*['\"]?treatment|['\"]treatment['\"]\s*[,:]\s*['\"]?control\b|\bexperiment_viewed\b",
    PROGRAM,
    strings=True,
    example="variants = ['control', 'treatment']",
)
OWN_TEST = at_least(
    3,
    code(
        r"\b[A-Za-z]*ABTest\w*|\b_?[aA]b_?[tT]est(s|ing|Service|Enrol\w*|Variant\w*|Group\w*|Bucket\w*)?\b",
        PROGRAM,
        example="if (_abTestService.IsEnrolled(user)) {",
    ),
)
RECORDED = code(
    r"(?i)\b(track|record|report|emit|log|send)_?\w*(ab_?test|experiment|exposure|variant)\w*\(",
    PROGRAM,
    example="_telemetry.TrackABTestEvaluated(test, bucket);",
)

PRACTICE = Practice(
    id="ab-experiments",
    stage=Stage.TESTING,
    title="Changes of taste are measured on users",
    why="No test can say which of two designs is better; only users who behave differently can.",
    advice=(
        "Use the flag tool that is already there: half and half, one figure, a fixed last day.",
        "Below a thousand weekly users, five interviews tell more.",
    ),
    looked_for="an experiment SDK with exposure events and branches for the variants",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=1,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.MOB),
    requires=(Fact.FRONTEND, Fact.USERS),
    after=("feature-flags", "product-analytics"),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which product decision of the last six months came from an experiment or a staged rollout?",
    present=(both(SDK, EXPOSED), both(OWN_TEST, RECORDED)),
    partial=(SDK, BRANCHED, OWN_TEST, OWN),
)
