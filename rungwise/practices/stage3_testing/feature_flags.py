"""Features can be switched off without a deploy."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    ANYWHERE,
    CONFIG,
    CSHARP,
    DIRECT,
    ELIXIR,
    GO,
    HTML,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    SQL,
    Language,
    Look,
    at_least,
    both,
    code,
    dependency,
    either,
    file,
)
from rungwise.model import Effort, Kind, Observable, Role, Signal, Stage, Status

SDK = dependency(
    npm="@launchdarkly/node-server-sdk launchdarkly-node-server-sdk launchdarkly-react-client-sdk launchdarkly-js-client-sdk"
    " unleash-client @unleash/proxy-client-react"
    " @growthbook/growthbook @growthbook/growthbook-react @openfeature/server-sdk @openfeature/web-sdk"
    " @openfeature/react-sdk flagsmith flagsmith-nodejs configcat-node"
    " @splitsoftware/splitio statsig-node @statsig/js-client @statsig/react-bindings @vercel/flags @happykit/flags"
    " @devcycle/nodejs-server-sdk @vercel/edge-config",
    pypi="launchdarkly-server-sdk unleashclient openfeature-sdk django-waffle django-flags flagsmith growthbook statsig"
    " configcat-client gargoyle-yplan",
    go="github.com/launchdarkly/go-server-sdk github.com/Unleash/unleash-client-go github.com/open-feature/go-sdk"
    " github.com/thomaspoignant/go-feature-flag"
    " github.com/growthbook/growthbook-golang",
    maven="org.togglz:togglz-core org.togglz:togglz-spring-boot-starter org.ff4j:ff4j-core io.getunleash:unleash-client-java"
    " com.launchdarkly:launchdarkly-java-server-sdk dev.openfeature:sdk",
    gem="flipper flipper-active_record flipper-redis unleash launchdarkly-server-sdk rollout flipflop feature",
    composer="laravel/pennant launchdarkly/server-sdk unleash/client",
    nuget="Microsoft.FeatureManagement Microsoft.FeatureManagement.AspNetCore LaunchDarkly.ServerSdk OpenFeature Unleash.Client",
    crates="unleash-api-client launchdarkly-server-sdk open-feature",
    hex="fun_with_flags",
)
CALL = either(
    code(
        r"\b(useFlags?|useFeatureFlag\w*|useFeature(IsOn|Value)?|useFeatureIsOn|useLDClient|useBooleanFlagValue"
        r"|useUnleashContext|isFeatureEnabled|getFeatureFlag\w*|checkGate|useGate\w*)\("
        r"|\b(client|ldClient|unleash|growthbook|gb|flagsmith|openFeature|featureFlags?)\w*\.(\w*[vV]ariation|isEnabled"
        r"|isOn|hasFeature|getBooleanValue|getFeatureValue|isFeatureEnabled)\(|\bflag\(\{",
        JAVASCRIPT,
        example="const on = useFlag('checkout')",
    ),
    code(
        r"\b(flag_is_active|switch_is_active|sample_is_active|flag_enabled|flag_disabled|is_feature_enabled|has_feature"
        r"|get_boolean_value|is_enabled|variation|waffle_flag|waffle_switch)\(",
        PYTHON,
        example='flag_is_active(request, "checkout")',
    ),
    code(
        r"\.(BoolVariation|StringVariation|JSONVariation|BooleanValue|IsEnabled|BoolVariationDetail)\(",
        GO,
        example='client.BoolVariation("checkout", user, false)',
    ),
    code(
        r"\.(boolVariation|stringVariation|isEnabled|isActive|getBooleanValue|check)\(",
        JVM,
        example="unleash.isEnabled(CHECKOUT)",
    ),
    code(
        r"\bFlipper(\[|\.enabled\?)|\bFlipflop\.\w+|\b(Unleash|UNLEASH)\b|\bFeature\.(enabled|active)\?|\.feature_enabled\?"
        r"|\$rollout\.active\?|\bFeatureFlag\.enabled\?|\bvariation\(",
        RUBY,
        example="if Flipper.enabled?(:checkout, user)",
    ),
    code(
        r"\bFeature::(active|inactive|for|value|when|allAreActive)\(|->variation\(|->isEnabled\(",
        PHP,
        example="Feature::active('checkout')",
    ),
    code(
        r"\bIFeatureManager(Snapshot)?\b|\[FeatureGate\(|\.(BoolVariation|GetBooleanValueAsync|IsEnabledAsync|IsEnabled)\(",
        CSHARP,
        example='await features.IsEnabledAsync("Checkout")',
    ),
    code(r"\bFunWithFlags\.enabled\?", ELIXIR, example="FunWithFlags.enabled?(:checkout)"),
    code(r"\.(is_enabled|bool_variation|get_bool_value)\(", RUST, example="client.is_enabled(Flag::Checkout, None, false)"),
    code(r"\{%\s*(flag|switch)\s", HTML, example='{% flag "checkout" %}'),
)
POSTHOG = both(
    dependency(
        npm="posthog-js posthog-node",
        pypi="posthog",
        gem="posthog-ruby",
        composer="posthog/posthog-php",
        go="github.com/posthog/posthog-go",
        scope=DIRECT,
    ),
    code(
        r"\b(useFeatureFlag(Enabled|VariantKey|Payload)?|useActiveFeatureFlags)\("
        r"|\b[pP]ost[hH]og\w*(\(\))?\??\.(isFeatureEnabled|getFeatureFlag|onFeatureFlags|feature_enabled|get_feature_flag"
        r"|is_feature_enabled|getAllFlags)\b|\bclient\.(isFeatureEnabled|getFeatureFlag|getAllFlags)\(",
        PROGRAM,
        example="posthog.isFeatureEnabled('checkout')",
    ),
)
OWN_TABLE = either(
    code(
        r"\b(feature_?[fF]lags?|flags|feature_?[tT]oggles?)\s*:\s*defineTable\(",
        JAVASCRIPT,
        example="featureFlags: defineTable({",
    ),
    code(
        r"(?i)create table (if not exists )?\S*feature_?(flags?|toggles?|switch(es)?)\b"
        r"|add column (if not exists )?\S*feature_?flags?\b",
        SQL,
        example="CREATE TABLE feature_flags (",
        where=ANYWHERE,
    ),
    code(r"\bmodel Feature(Flag|Toggle)s?\b|^\s*feature_?[fF]lags?\s+\w+", (Language.PRISMA,), example="model FeatureFlag {"),
    code(
        r"\bcreate_table :?\"?(feature_flags|feature_toggles|flipper_features|flipflop_features)\b",
        RUBY,
        strings=True,
        example='create_table "feature_flags" do |t|',
    ),
    code(
        r"^class (Feature|Admin|Site)?(Flag|Toggle|Switch)\w*\(.*(Model|Base)\w*\b",
        PYTHON,
        example="class FeatureFlag(models.Model):",
    ),
    code(r"^class Features?\((\w+\.)*\w*Model\)", PYTHON, example="class Feature(models.Model):"),
    code(
        r"(?i)\b(create_table|create table|schema)\W{1,3}((\w+\.)?features?)\b[^;]{0,400}\b(t\.boolean|field|add) *\(? *:?\"?(enabled|active)\b",
        (*RUBY, *ELIXIR),
        strings=True,
        where=ANYWHERE,
        example='schema "features" do\n  field :enabled, :boolean',
    ),
    code(
        r"(?i)\bcreate table (if not exists )?[\w.`\"]*\bfeatures?\b[`\"]?\s*\([^;]{0,400}\b(is_)?(enabled|active)\b[`\"]? (bool|tinyint|boolean)",
        SQL,
        where=ANYWHERE,
        example="CREATE TABLE features (name text, enabled boolean",
    ),
    code(
        r"['\"`](feature_flags?|feature_toggles?)['\"`]",
        (*JVM, *CSHARP, *GO, *PHP, *ELIXIR),
        strings=True,
        example='@Table(name = "feature_flags")',
    ),
)
OWN_CALL = code(
    r"(?i)\b(is_?feature_?(flag_?)?(enabled|active|on)|use_?(is_?)?feature_?(flag|enabled|toggle)\w*"
    r"|feature_?flags?(Service|Manager|Store)?\s*(\??\.|\[|->|::)\s*\w+|has_?feature(_?flag)?\(|\bfeatures?(\.|::)(is_)?enabled\w*[?(]|feature_?enabled"
    r"|check_?feature_?flag|\bflags\.(is_)?enabled\()",
    PROGRAM,
    example="if (isFeatureEnabled('checkout')) {",
)
REMOTE_CONFIGURATION = either(
    both(
        code(
            r"\bDynamic(Configuration|Config|Property|Properties)(Manager|Factory|Service|Source)\b|@RefreshScope\b"
            r"|\bAppConfigDataClient\b",
            JVM,
            example="DynamicConfigurationManager configuration",
        ),
        at_least(
            2,
            code(
                r"\b[dD]ynamic(Configuration|Config)\w*\b[^\n;]*\.get|\bis(Enrolled|Enabled)\(",
                JVM,
                example="experiments.isEnrolled(account, NAME)",
            ),
        ),
    ),
    code(r"\bgetRemoteConfig\(|\bfetchAndActivate\(", JAVASCRIPT, example="const config = getRemoteConfig(app)"),
    code(r"\bFirebaseRemoteConfig\b", JVM, example="FirebaseRemoteConfig.getInstance()"),
)
SERVICE = at_least(
    5,
    code(
        r"\b_?[fF]eature\w*(Service|Manager|Client)\.[iI]sEnabled\(",
        (*CSHARP, *JVM, *JAVASCRIPT),
        example="if (_featureService.IsEnabled(FeatureFlagKeys.Checkout))",
    ),
)
"""A service of one's own that is asked all over the code is more than a toggle, whoever stands behind it."""
HOME_GROWN = either(
    code(
        r"\bFeature(Flag|Toggle)?s\.(is_)?(enabled|active|on|has)\w*[?(]|\bFeatureFlag\.\w*(enabled|active)\?",
        (*ELIXIR, *RUBY, *PYTHON),
        example="Features.enabled?(organization)",
    ),
    code(
        r"\bFeature(Flag|Toggle)?s?(\.|::)(is)?(Enabled|Active|On)\w*\(|\bfeature(Flag|Toggle)?s\.(isEnabled|enabled|has|isOn)\(",
        (*JVM, *CSHARP, *GO, *JAVASCRIPT, *PHP),
        example="if (Features.isEnabled(CHECKOUT)) {",
    ),
    code(
        r"\bfeature(_flag|_toggle)?s?(\.|::)(is_)?(enabled|active)\w*\(|\bFeature(Flag|Toggle)?s?::(is_)?(enabled|active)\w*\(",
        RUST,
        example="if features.is_enabled(Feature::Checkout) {",
    ),
    code(
        r"\b\w*(feature_?[fF]lags|Feature_?Flags?|FEATURE_FLAGS?|feature_?[tT]oggles|Feature_?Toggles?)\w*|\bexperimental_?[fF]eatures\b",
        PROGRAM,
        example="ViperKeyFeatureFlagFasterSessions = true",
    ),
    # FF stands for feature flag, where what is read is switched on or off.
    code(
        r"\b\w*[bB]ool\w*\(\s*[\"']FF_[A-Z]|\bFF_\w+([\"'][^\n()]{0,20}\))?(\.lower\(\))? *={2,3} *[\"'](true|1)[\"']",
        PROGRAM,
        strings=True,
        example='NEW_INVOICE = env.bool("FF_NEW_INVOICE", False)',
    ),
    file("**/config/{features,feature_flags,toggles}.*", "*feature[-_]flag*.*", "*[fF]eatureFlag*.*", "*feature[-_]toggle*.*"),
)
"""Toggles of one's own whose source cannot be seen."""
LICENCES = ("**/*{icens,icenc,ntitle,illing,nterprise}*", "**/*{icens,icenc,ntitle,illing,nterprise}*/**", "**/ee/**")
"""What a customer has paid for is no switch for a release."""
OWN_SERVICE = either(
    code(
        r"\bIFeature(Flag|Toggle)?Service\b|\.FeatureEnabled(Async)?\(",
        CSHARP,
        example="await _features.FeatureEnabled(Names.Checkout)",
    ),
    code(
        r"\b\w*[fF]eature_?([fF]lag|[tT]oggle)?s?_?([pP]rovider|[cC]hecker|[gG]ate|[sS]witch(es)?|[eE]valuator|[sS]ervice|[mM]anager|[sS]tore)(\(\))?"
        r"(\.|::|->)(is|Is|has|Has)_?(([fF]eature)?_?([eE]nabled|[aA]ctive|[oO]n)|Feature)\w*[(?]",
        PROGRAM,
        example="if (featureProvider.IsEnabled(FeatureNames.Checkout))",
        but_not=LICENCES,
    ),
    code(
        r"\b(is|Is)_?([fF]eature|FEATURE)(_?([fF]lag|[tT]oggle))?_?([eE]nabled|[aA]ctive|On)(\(|\?)|\b[fF]eature_enabled\?",
        PROGRAM,
        example="if (isFeatureEnabled('checkout')) {",
        but_not=LICENCES,
    ),
)
SETTINGS_TABLE = both(
    code(
        r"\bcreate_table :?\"?(\w+_)?settings\b[^\n]*\n(\s+t\.[^\n]*\n)*\s+t\.boolean :?\"?((enable|allow|use|show|hide|disable)_\w+|\w+_enabled)\b",
        RUBY,
        strings=True,
        example='create_table "settings" do |t|\n  t.boolean "enable_exports", default: false',
        where=ANYWHERE,
    ),
    at_least(
        3,
        code(
            r"\b\w*Settings?\.((enable|allow|use|show|hide|disable)_\w+|\w+_enabled)\?",
            (*RUBY, *HTML),
            example="return unless Setting.enable_exports?",
        ),
    ),
)
"""A row of switches in the database, asked for in several places."""
_DIAGNOSTIC = (
    r"\w*(DEBUG|TRAC[EI]|VERBOSE|LOGG|PROFIL|PPROF|METRIC|SENTRY|TELEMETRY|Debug|Trac[ei]|Verbose|Logg|Profil|Metric|Telemetry)"
)
_ENABLED = r"((NEXT_PUBLIC_|VITE_|REACT_APP_)?ENABLE|(\w+_)?(FEATURES?|EXPERIMENT(AL|S)?|BETA))_"
_ASKED = r"(?:[eE][nN][vV]\w*|[gG]etenv|var|\w*[bB]ool\w*)\W{1,4}['\"]" + _ENABLED
_CONFIGURED = (
    r"\b\w*([cC]onf|[cC]onfig|[cC]fg|[sS]ettings|[oO]pts|[oO]ptions)(\(\))?((\.|->|::)\w+(\(\))?){0,2}(\.|->|::)"
    r"([iI]s_?)?([eE]xperimental_?|Beta|beta|BETA_|EXPERIMENTAL_|Dev(Enable|Use|Allow|Show|Preserve|Skip|Hide))"
)
_AS_IT_IS = r"\b(\(\))?\s*(\{|\)|&&|\|\||\?|:\s*$|\bthen\b)"
_PROPERTY = r"@(Value|ConfigProperty)\([^()\n]*[{\"]"
_FEATURE = r"\b(features?|feature-?(flag|toggle)s?|toggles?|flags?|experiment(s|al)?|beta)\b"
_BOOLEAN = r"[^()\n]*\)\s+([\w:]+\s+){0,4}[bB]oolean\b"
_OF_ITSELF = r"\b(debug|trac(e|ing)|verbose|log(s|ging)?|profil\w+|metrics?|sentry|telemetry|sql|swagger|banner)\b"
SWITCHES = (
    (
        code(
            _PROPERTY + rf"[\w.-]*({_FEATURE}|\b(enable|show|hide)-)" + _BOOLEAN,
            JVM,
            strings=True,
            counted=True,
            example='@Value("${catalogue.show-drafts}") private boolean showDrafts;',
        ),
        code(
            _PROPERTY + r"[\w.-]*" + _OF_ITSELF + _BOOLEAN,
            JVM,
            strings=True,
            counted=True,
            example='@Value("${orders.show-sql}") private boolean showSql;',
        ),
    ),
    (
        code(
            r"@ConditionalOnProperty\([^()\n]*\"[\w.-]*" + _FEATURE,
            JVM,
            strings=True,
            counted=True,
            example='@ConditionalOnProperty("features.checkout.enabled")',
        ),
        code(
            r"@ConditionalOnProperty\([^()\n]*\"[\w.-]*" + _OF_ITSELF,
            JVM,
            strings=True,
            counted=True,
            example='@ConditionalOnProperty("features.tracing.enabled")',
        ),
    ),
    (
        code(_ASKED + r"\w+['\"]", PROGRAM, strings=True, counted=True, example='os.Getenv("ENABLE_CHECKOUT")'),
        code(_ASKED + _DIAGNOSTIC + r"\w*['\"]", PROGRAM, strings=True, counted=True, example='os.Getenv("ENABLE_TRACING")'),
    ),
    (
        code(r"\benv\." + _ENABLED + r"\w+", JAVASCRIPT, counted=True, example="process.env.NEXT_PUBLIC_FEATURE_CHECKOUT"),
        code(r"\benv\." + _ENABLED + _DIAGNOSTIC, JAVASCRIPT, counted=True, example="process.env.ENABLE_DEBUG_PANEL"),
    ),
    (
        code(_CONFIGURED + r"[A-Z_]\w+" + _AS_IT_IS, PROGRAM, counted=True, example="if conf.Server.DevShowArtistPage {"),
        code(_CONFIGURED + _DIAGNOSTIC + r"\w*" + _AS_IT_IS, PROGRAM, counted=True, example="if conf.Server.DevEnableProfiler {"),
    ),
)
"""Switches that the environment or a configuration sets, each with those that only make the product say more of itself."""
WHOLE = (both(SDK, CALL), POSTHOG, both(OWN_TABLE, OWN_CALL), SETTINGS_TABLE, REMOTE_CONFIGURATION, SERVICE)
HALF = (SDK, HOME_GROWN, OWN_SERVICE)


def judge(look: Look) -> Verdict | None:
    """Half of it for switches, where nothing better was seen. What turns diagnostics on holds no feature back."""
    if any(clue.find(look) for clue in (*WHOLE, *HALF)):
        return None
    found: list[Signal] = []
    for switch, diagnostic in SWITCHES:
        says = {signal.path: signal.places for signal in diagnostic.find(look)}
        found += [signal for signal in switch.find(look) if signal.places > says.get(signal.path, 0)]
    return Verdict(Status.PARTIAL, tuple(found)) if found else None


PRACTICE = Practice(
    id="feature-flags",
    stage=Stage.TESTING,
    title="Risky features sit behind flags",
    why="Switching a feature off takes seconds and a revert takes minutes, and only one of them is calm.",
    advice=(
        "Begin with a table of flags (key, enabled, share of users) that one helper reads.",
        "Give each flag an owner and a date on which it goes.",
        "Take a vendor when cohorts or gradual rollout are needed.",
    ),
    looked_for="a flag service or a table of flags, asked at least once in the code",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.MOB),
    guide="https://stack.convex.dev/feature-gating",
    question="Can the last risky feature be switched off without a deploy?",
    judge=judge,
    present=WHOLE,
    partial=HALF,
    uses=tuple(clue for pair in SWITCHES for clue in pair),
    doubt=(
        (
            code(
                r"(?i)\b(is|has)_?(beta|experiment\w*|feature\w*|rollout|early_?access)\w*(enabled|active)?\(|\bfeature_?(flag|toggle|gate|switch)\w*"
                r"|\b(beta|alpha|experimental)_?(features?|enabled)\b|\bkill_?switch\w*",
                PROGRAM,
                example="if (hasBetaAccess(user)) {",
            ),
            "asks whether something is switched on",
        ),
        (
            code(
                r"(?:[eE][nN][vV]\w*|[gG]etenv|ENV|[cC]onfig|[sS]ettings|var)\W{1,4}(ALLOW_[A-Z]\w+|[A-BD-Z]\w*_(ENABLED|DISABLED)|[A-Z]+_(EN|DIS)ABLE_[A-Z]\w+)\b"
                r"|\b(get|is|has)\w*(Boolean|Bool)\w*\(\s*['\"][\w.-]*\b(enable|disable)d?\b[\w.-]*['\"]"
                r"|^\s+ALLOW_[A-Z]\w+\s*:\s*bool|^\s+[A-BD-Z]\w*_(ENABLED|DISABLED)\s*:\s*bool|\bexperimental_enable_\w+|\w+_[eE]nable_[eE]xperimental\w*",
                PROGRAM,
                strings=True,
                example="env('EMBED_ENABLED')",
            ),
            "has a switch that the environment sets",
        ),
        (
            code(
                _PROPERTY + r"[\w.-]*\b(enabled|disabled)\b" + _BOOLEAN,
                JVM,
                strings=True,
                example='@Value("${bookings.enabled}") private boolean enabled;',
            ),
            "has a switch that the configuration sets",
        ),
        (
            code(
                r"^\s*[\w.-]*([eE]nabled?|ENABLED?)\w*['\"]?\s*[:=]\s*['\"]?\$\{\w*(ENABLE|FEATURE|TOGGLE)\w*",
                CONFIG,
                example="checkoutEnabled: ${CHECKOUT_ENABLED:-false}",
                but_not=(".github/**", "*compose*.y*ml"),
            ),
            "has a switch that the environment sets through the configuration",
        ),
        (
            file(
                "**/{features,experiments,feature_flags,toggles}.{py,ts,js,go,rb,php,rs,ex,java,kt,cs}",
                "*{FeatureFlag,FeatureToggle}*.*",
            ),
            "is named for features",
        ),
    ),
)
