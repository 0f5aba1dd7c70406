"""Environment variables declared and checked before or at the start."""

from rungwise.catalogue import Practice
from rungwise.clues import (
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
    SOURCE,
    YAML,
    beside,
    both,
    code,
    dependency,
    either,
    file,
    step,
)
from rungwise.model import Effort, Fact, Kind, Observable, Place, Role, Stage

SETTINGS = "**/{config,configs,configuration,settings,conf,env,environment,options}{/**,*}"
"""Files that exist to read the configuration, by their name or their folder's."""

MISSING = (
    r"\bif \(\s*!\s*process\.env(\.\w+|\[\w+\])[^{};]{0,80}\)\s*\{?\s*(throw\b|process\.exit\()"
    r"|=\s*process\.env(\.\w+|\[\w+\])( as string)?[;,]?\s*if \(\s*(!\s*\w+|\w+ ===? (undefined|null))[^{};]{0,60}\)\s*\{?\s*(throw\b|process\.exit\()"
)  # fmt: skip
HELPERS = "{.github,bin,script,scripts,tools}/**"
"""What is run by hand stops in front of whoever ran it, and not before a deploy."""
THROWN = code(MISSING, JAVASCRIPT, but_not=HELPERS, example="if (!process.env.SECRET) {\n  throw new Error('No SECRET')")
THROWN_AT_START = code(
    MISSING,
    JAVASCRIPT,
    files=SETTINGS,
    but_not=HELPERS,
    example="const url = process.env.URL;\nif (!url) throw new Error('No URL')",
)
TYPED = either(
    code(r"\b(createEnv|cleanEnv|envsafe|envSchema|envalid)\(", JAVASCRIPT, example="export const env = createEnv({"),
    code(
        r"[^N]\.(parse|safeParse|validate|validateSync|assert|check|decode|cast)\(\s*(process|import\.meta)\.env\b",
        JAVASCRIPT, example="schema.parse(process.env)",
    ),
    code(
        r"(\b\w*([sS]chema|Env|Config)\w*|\))\s*\.(parse|safeParse|validate|validateSync)\(\s*\{\s*(\.\.\.|\w+: *([\w.]+\()*)process\.env\b",
        JAVASCRIPT, example="schema.safeParse({\n  url: process.env.URL,",
    ),
    both(
        code(
            r"(\b\w+( = |: ?)\w*(env(Str|Int|Bool|List|Num|Enum|Url|Float|Required)\w*|(get|read|parse|optional|required)_?Env\w*"
            r"|env\.(string|number|bool|int|str|url|enum)\w*)\([^\n]*\n\s*){3}",
            JAVASCRIPT, example="    port: envInt('PORT'),\n    host: envStr('HOST'),\n    debug: envBool('DEBUG'),\n",
        ),
        code(r"\bassert(\.ok)?\(|\bthrow new \w*Error\(", JAVASCRIPT, files=SETTINGS, example="assert(env.dbUrl, message)"),
    ),
    THROWN_AT_START,
    code(
        r"\bconvict\(|\bValue\.(Parse|Check|Decode)\([^)]*\bprocess\.env|\benv\.get\([^)\n]*\)\s*\.required\(|\bEnv\.rules\(|\bEnv\.create\(new URL\b"
        r"|\bparseEnv\(\s*process\.env\b|\benvField\.\w+\(",
        JAVASCRIPT, example="const config = convict({",
    ),
    # SvelteKit's build stops at an import of a variable that is not set.
    code(r"\bfrom ['\"]\$env/static/(private|public)['\"]", JAVASCRIPT, strings=True, example="import { KEY } from '$env/static/private'"),
    beside(
        code(r"\bConfigModule\.forRoot\(", JAVASCRIPT, example="ConfigModule.forRoot({ validationSchema })"),
        code(r"\b(validationSchema|validate)\b", JAVASCRIPT, example="validationSchema: schema,"),
    ),
    beside(
        code(r"\bprocess\.(env|exit)\b", JAVASCRIPT, example="process.exit(1)"),
        code(r"@Is(NotEmpty|In|Url|Number|Port|Optional)\(", JAVASCRIPT, example="@IsNotEmpty()", files=SETTINGS),
    ),
    code(r"\bdefineApp\(\{\s*env:", JAVASCRIPT, example="export default defineApp({ env: {", files="**/convex.config.*"),
    code(
        r"^class \w+\(([\w.]+,\s*)*([\w.]+\.)?(BaseSettings|GoodConf)\b|^from starlette\.config import Config\b|\benviron\.to_config\(|\benvvar=",
        PYTHON, example="class Settings(BaseSettings):",
    ),
    both(
        dependency(pypi="environs django-environ typed-settings"),
        code(r"\b(environ\.|environs\.)?Env\(", PYTHON, example="env = environ.Env()"),
    ),
    both(dependency(pypi="python-decouple"), code(r"= config\([\"']", PYTHON, strings=True, example='KEY = config("KEY")')),
    both(dependency(pypi="dynaconf"), code(r"\bValidator\(", PYTHON, example='Validator("PORT", must_exist=True)')),
    both(
        code(
            r"\braise \w*(ImproperlyConfigured|EnvironmentError)\b",
            PYTHON, example='raise ImproperlyConfigured("x")', files=SETTINGS,
        ),
        beside(
            code(r"\bsettings\.[A-Z]\w+", PYTHON, example="if not settings.SITE_ROOT:"),
            code(r"^@(checks\.)?register\(", PYTHON, example="@register()"),
        ),
    ),
    code(
        r"^([ \t]*)for (\w+) in [^\n]+:\n\s+if (not hasattr\(\w+, *\w+\)|\w+ not in (os\.)?(environ|env|config\w*|settings)\b"
        r"|not (os\.)?(environ\.get|getenv|getattr)\()[^\n]*:\n\s+raise\b"
        r"|^\s*(\w*(missing|unset)\w*) = \[[^\]]*\bnot (in (os\.)?environ|(os\.)?(getenv|environ\.get)\()[^\]]*\]\s*\n\s*if \w+:\n\s+raise\b",
        PYTHON, files=SETTINGS, example="for name in REQUIRED:\n    if name not in os.environ:\n        raise ImproperlyConfigured(name)",
    ),
    both(dependency(go="github.com/caarlos0/env"), code(r"\benv\.(Parse|Must)\w*\(", GO, example="env.Parse(&config)")),
    code(
        r"(?i)^(export )?(async )?(def|function|const) (validate|check|verify|assert)_?(required_?)?(env|env_?vars|environment_?variables)\b"
        r"|^(final )?class \w*(validat|check|verif)\w*(EnvironmentVariables|EnvVars)\b",
        (*JAVASCRIPT, *PYTHON, *PHP, *RUBY), example="export function validateEnv(): void {",
    ),
    code(
        r"\bcleanenv\.Read\w+\(|\bconfigx\.New\(|\benvconfig\.(Must)?Process\w*\(|\benvdecode\.(Must|Strict)?Decode\w*\("
        r"|\bviper\.Unmarshal\w*\(|\b(must|require)\w*Env\w*\(|\bEnvVars: *\[\]string\{|\bcli\.EnvVars\(|\bff\.WithEnvVar\w*\(",
        GO, example="cleanenv.ReadEnv(&config)",
    ),
    code(r"`[^`\n]*\benv:\"[A-Z][A-Z0-9_]*[,\"]", GO, strings=True, example='Port int `env:"PORT,required"`'),
    beside(
        code(r"\bos\.(LookupEnv|Getenv|Environ|ExpandEnv|Expand)\(", GO, example="os.ExpandEnv(text)"),
        code(
            r"^func \(\w* ?\*?(?i:\w*(config|settings|options|env))\) (?i:validate|check|verify)\w*\(", GO,
            example="func (c Config) Validate() error {",
        ),
    ),
    # A file of settings that takes them from the environment, and may name none that the program does not know.
    beside(
        code(r"\bos\.(ExpandEnv|Expand)\(", GO, example="os.ExpandEnv(text)"),
        code(r"\bKnownFields\(true\)|\bUnmarshalStrict\(|\bDisallowUnknownFields\(\)", GO, example="decoder.KnownFields(true)"),
    ),
    both(
        dependency(go="github.com/knadh/koanf github.com/spf13/viper"),
        code(
            r"\b(jsonschema|gojsonschema|validator)\.\w+\(|^func (\(\w* ?\*?\w+\) )?(?i:validate|check|verify)\w*\(\w*( \*?[\w.]+)?\) (\(\w+ )?(error|\[\]error)\b",
            GO, files=SETTINGS, example="validator.New().Struct(config)",
        ),
    ),
    beside(
        code(r"\bos\.(LookupEnv|Getenv)\(", GO, example='os.Getenv("PORT")'),
        code(
            r"\b(panic|log\.(Fatal|Panic)\w*|os\.Exit)\([^\n]*(?i:environment variable|env(ironment)? var\b)",
            GO, strings=True, example='panic("environment variable not set: " + name)',
        ),
    ),
    beside(
        code(r"\bstrconv\.(Parse\w+|Atoi)\(", GO, example="strconv.Atoi(value)"),
        code(r"\b(fmt\.Errorf|errors\.New|log\.Fatal\w*)\(", GO, example='fmt.Errorf("invalid value")'),
        code(r"\bos\.(LookupEnv|Environ|Getenv)\(", GO, example='os.LookupEnv("PORT")', files=SETTINGS),
    ),
    code(
        r"\b(envy::from_env|Figment::new|Envconfig::init_from_env)\b|\.try_deserialize\b|\bConfig::builder\(\)\s*\.(add_source|set_default)\(",
        RUST, example="envy::from_env::<Config>()",
    ),
    code(r"#\[(arg|clap)\([^\]]*\benv\b", RUST, example='#[arg(long, env = "PORT")]'),
    code(r"\bfn (required_(env_)?var|from_env(ironment)?)\b", RUST, example="pub fn from_environment() -> Result<Self> {"),
    code(
        r"@ConfigurationProperties\b|@ConfigMapping\b|@ConfigProperty\(|\bloadConfigOrThrow\b|\bloadOrThrow\[", JVM, example='@ConfigurationProperties("app")',
    ),
    beside(
        code(r"\bextends (io\.dropwizard\.\w+\.)?Configuration\b", JVM, example="class AppConfiguration extends Configuration {"),
        code(r"@(Valid|NotNull|NotEmpty|NotBlank)\b", JVM, example="@Valid @NotNull"),
    ),
    code(r"\.(ValidateOnStart|ValidateDataAnnotations)\(", CSHARP, example=".ValidateDataAnnotations().ValidateOnStart();"),
    code(r"\b((Dotenv|Figaro)\.require_keys|ENVied\.require)\b|<\s*Anyway::Config\b", RUBY, example='Dotenv.require_keys("DATABASE_URL")'),
    code(r"\$dotenv->(required|ifPresent)\(", PHP, example="$dotenv->required('DB_HOST')->notEmpty();"),
    code(
        r"\bSystem\.fetch_env!\(|\benv!\(", ELIXIR, example='System.fetch_env!("DATABASE_URL")',
        files="**/config/{runtime,releases,prod}.exs",
    ),
    beside(
        code(r"\bSystem\.get_env\(", ELIXIR, example='System.get_env("PORT")'),
        code(r"\braise\b|\babort!\(", ELIXIR, example='abort!("expected a port")', files="**/{runtime.exs,config.ex,config/**}"),
    ),
    step(r"\b(dotenv-linter|varlock load)\b|\bcheck[-:_]env\b", example="dotenv-linter check"),
)  # fmt: skip
HALF = either(
    THROWN,
    file("{.,**/.}env{.,-,_}{example,sample,template,dist,schema}{,.*}", "**/{example,sample}.env", "**/env.{example,sample}"),
    code(
        r"\bENV\.fetch\([\"'][A-Z0-9_]+[\"']\)",
        RUBY, strings=True, files="**/{config,app,lib}/**/*.rb", but_not="**/tasks/**", example='ENV.fetch("DATABASE_URL")',
    ),
    code(
        r"\b(int|float|bool|\w*(parse|bool|list|int)_?\w*)\(\s*os\.(environ|getenv)\b",
        PYTHON, files=SETTINGS, example='PORT = int(os.getenv("PORT", 80))',
    ),
    code(r"[=(,]\s*os\.environ\[", PYTHON, files=SETTINGS, example='URL = os.environ["DATABASE_URL"]'),
    code(
        r"\b(raise|abort)\b.*\b(ENV|environment variable)",
        RUBY, strings=True, files="**/{config,app,lib}/**/*.rb", example='raise "ENV SECRET is missing"',
    ),
    code(r"\b(ImproperlyConfigured)\(", PYTHON, example="raise ImproperlyConfigured(message)"),
    code(r"\b(require|required|must|get_?[rR]equired)_?[eE]nv(Var)?\w*\(", JAVASCRIPT, example='requireEnv("SECRET")'),
    code(
        r"\bthrow new \w*Error\([^)]*([eE]nv(ironment)? ?var|process\.env|[mM]issing [A-Z]+_)",
        JAVASCRIPT, strings=True, example='throw new Error("Missing environment variable OPENAI_API_KEY")',
    ),
    code(r"\bkoanf\.New\w*\(", GO, example='var k = koanf.New(".")'),
    code(r"\bviper\.(SetEnvPrefix|AutomaticEnv|BindEnv|Get\w+)\(", GO, example='viper.GetString("driver")'),
    code(
        r"\benv::var(_os)?\([^)]*\)\s*\.(expect|context|with_context|map_err)\(|\bdotenvy?::var\([^)]*\)\?",
        RUST, example='env::var("DATABASE_URL").expect("DATABASE_URL")',
    ),
    code(r"\b(GetRequiredSection|GetRequiredValue)\(|\bAddOptions<\w+>\([^)]*\)\s*\.Bind|\b[cC]onfiguration\b[^;\n]*\.Get<\w+>\(|\bConfigure<\w+>\([^;]*\b([cC]onfiguration|GetSection)\b", CSHARP, example="GetRequiredValue(configuration)"),
    code(
        r"\bGuard\.Against\.Null\w*\(\s*\w*([cC]onn|[cC]onfig|[kK]ey|[sS]ecret|[sS]etting|[uU]rl)\w*"
        r"|\b(GetConnectionString|[cC]onfiguration\[)[^;\n]*\?\? *throw\b|\bThrowIfNull(OrEmpty|OrWhiteSpace)?\(\s*\w*([cC]onnectionString|[cC]onfig)\w*",
        CSHARP, strings=True, example='var url = configuration["Url"] ?? throw new InvalidOperationException();',
    ),
    code(
        r"\binterface (ImportMetaEnv|ProcessEnv)\b",
        JAVASCRIPT, where=(*SOURCE, Place.GENERATED), example="interface ImportMetaEnv {",
    ),
    code(r"@Value\(\s*\"\\?\$\{[\w.-]+\}", JVM, strings=True, example='@Value("${api.base.url}") private val url: String'),
    # Symfony reads it as the type that is named, and throws where it is missing.
    code(r"\$\{\w+:\?|%env\((\w+:)*[A-Z]\w*\)%", YAML, example="POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?err}"),
)  # fmt: skip

PRACTICE = Practice(
    id="env-var-checks",
    stage=Stage.PROTECTING,
    title="A missing environment variable stops the deploy, not a request",
    why="A variable that was forgotten should be noticed before the first customer needs it.",
    advice=(
        "Read all variables into one typed object at the start: pydantic-settings, t3-env with zod, caarlos0/env, figment.",
        "On Convex, declare them in convex.config.ts; on Spring use validated @ConfigurationProperties, on .NET ValidateOnStart.",
        "Keep .env.example complete with a test that compares its names with that object.",
    ),
    looked_for="environment variables that are read into a typed or validated object when the program starts",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.DATA),
    requires=(Fact.READS_ENV,),
    guide="https://docs.convex.dev/production/environment-variables",
    present=(TYPED,),
    partial=(HALF,),
    doubt=(
        (
            code(
                r"(?i)\b(missing|required|invalid|unset|undefined)[-_ ]((an?|the|required) )?env(ironment)?[-_ ]?var\w*|\benv(ironment)?[-_ ]?var\w* (is|are|must|not|missing|required)\b"
                r"|\b(validat|check|verif|requir|ensur|assert)(e|y)?_?(the_?)?(required_?)?env(_?vars?|(ironment)?_?variables?)?\(",
                PROGRAM,
                strings=True,
                example='log.Fatal("missing environment variable PORT")',
            ),
            "may complain of a variable that is missing",
        ),
    ),
    near=(
        (
            either(
                file(".envrc", ".env"),
                code(
                    r"\bprocess\.env\b|\bimport\.meta\.env\b|\bos\.(environ|getenv|Getenv|LookupEnv)\b|\bSystem\.get(env|_env)\(|\bENV\[|\bgetenv\(|\benv::var\b"
                    r"|\bGetEnvironmentVariable\(",
                    PROGRAM,
                    example='PORT = os.environ.get("PORT", "80")',
                ),
            ),
            "reads environment variables, and was not seen to check them",
        ),
    ),
)
