"""Secrets in environment variables or a secret store."""

from rungwise.catalogue import CODE, Practice, Verdict
from rungwise.clues import (
    CONFIG,
    CSHARP,
    ELIXIR,
    GO,
    HCL,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    RUST,
    SHELL,
    YAML,
    Look,
    code,
    dependency,
    either,
    file,
    matches,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Observable, Role, Stage, Status

NAMED = code(
    r"(?i)(\benv(iron)?\b|getenv|lookup_?env|fetch_env|get_env|environmentvariable)[^\n;]*(secret|token|passw(or)?d|api_?key|private_?key"
    r"|credential|database_url|dsn\b)",
    PROGRAM, strings=True, example='os.environ["PAYMENT_API_KEY"]',
)  # fmt: skip
"""What is read from the environment is a secret by its name: the best evidence, and shown first."""
KEPT = either(
    NAMED,
    code(r"\bprocess\.env\b|\bDeno\.env\b|\bBun\.env\b", JAVASCRIPT, example="process.env.API_KEY"),
    code(r"\bos\.(environ|getenv)\b|\bBaseSettings\b|\benviron\.Env\(", PYTHON, example='os.environ["API_KEY"]'),
    code(r"\bos\.(Getenv|LookupEnv|Environ)\(", GO, example='os.Getenv("API_KEY")'),
    code(r"\bSystem\.getenv\(", JVM, example='System.getenv("API_KEY")'),
    code(r"\bENV(\[|\.fetch)", RUBY, example='ENV["API_KEY"]'),
    code(r"\b(env|getenv)\(|\$_ENV\b", PHP, example="env('APP_KEY')"),
    code(r"\benv::var(_os)?\(|\bdotenvy?::|\b(required_)?var\(\"", RUST, example='env::var("API_KEY")'),
    code(
        r"\bGetEnvironmentVariable\(|\b\w*[cC]onfiguration(\[|\.Get(ConnectionString|Section)\()",
        CSHARP, example='configuration.GetConnectionString("db")',
    ),
    code(r"\bSystem\.(get_env|fetch_env!?)\(", ELIXIR, example='System.get_env("API_KEY")'),
    code(r"\$\{\{\s*secrets\.|\bid-token:\s*write\b", YAML, example="token: ${{ secrets.DEPLOY_TOKEN }}", files=".github/**"),
    code(
        r"\$\{[A-Z][A-Z0-9_]+(:[^}]*)?\}|\bsecret://|\bsecretKeyRef:|^kind:\s*(ExternalSecret|SealedSecret"
        r"|SecretProviderClass)\b",
        CONFIG, example="password: ${DB_PASSWORD}",
    ),
    code(
        r"\"(aws_secretsmanager_secret|aws_ssm_parameter|google_secret_manager_secret|azurerm_key_vault_secret|vault_\w+)\w*\"",
        HCL, strings=True, example='data "aws_secretsmanager_secret_version" "db" {',
    ),
    file(
        ".sops.yaml", "**/*.enc.yaml", "**/secrets.ejson", "**/credentials.yml.enc", "**/credentials/*.yml.enc", "doppler.yaml",
        ".infisical.json",
    ),
    dependency(
        npm="@aws-sdk/client-secrets-manager @google-cloud/secret-manager @infisical/sdk @azure/keyvault-secrets",
        pypi="hvac google-cloud-secret-manager azure-keyvault-secrets",
        go="github.com/hashicorp/vault/api cloud.google.com/go/secretmanager",
        maven="org.springframework.cloud:spring-cloud-starter-vault-config",
    ),
)  # fmt: skip
NOT_OURS = ("**/{syntaxes,grammars,syntax,highlighters,codemirror,ace}/**", "**/aspnetcore-https.*")
"""Samples for an editor's colours, and what reads where its own machine keeps things."""
LOOKS_LIVE = code(
    r"\bAKIA[0-9A-Z]{15}[0-9A-DF-Z]\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{82}\b|\bglpat-[\w-]{20}\b"
    r"|\bnpm_[A-Za-z0-9]{36}\b|\bxox[baprs]-[0-9]{10,}-[0-9A-Za-z-]{20,}|\bsk_live_[0-9a-zA-Z]{24,}"
    r"|\bSG\.[\w-]{22}\.[\w-]{43}\b|\bsk-ant-api\d\d-[\w-]{80,}|-----BEGIN ((RSA|EC|DSA|OPENSSH) )?PRIVATE KEY-----(\\n"
    r"|\s)+[A-Za-z0-9+/=]{40,}",
    (*PROGRAM, *CONFIG, *SHELL, In.HCL), strings=True, counted=True, example="key = 'AKIAQ3EGRTBFOKW2HZXN'",
    but_not=(
        "**/*{test,spec,mock,dummy,fake,sample,example,dev,local,development,rules,pattern,detector}*",
        "**/{rules,detectors,patterns,dev,local}/**",
    ),
)  # fmt: skip
NO_SECRET = code(
    r"(?i)(test|fake|dummy|mock|sample|example)[\w-]*\b[^\n]*-----BEGIN (\w+ )?PRIVATE KEY-----",
    (*PROGRAM, *CONFIG), strings=True, counted=True, example='const TEST_FAKE_KEY: &str = "-----BEGIN PRIVATE KEY-----',
)  # fmt: skip
"""A key that says of itself that it is none."""
COMMITTED = either(
    code(
        r"(?i)^(export )?\w*(SECRET|PASSWORD|PASSWD|TOKEN|PRIVATE_KEY|API_?KEY)\w*[ \t]*=[ \t]*[\"']?[^\s\"'$<{#]{4,}",
        (In.PROPERTIES,), strings=True, example="SECRET_KEY=changethis",
        files=(".env", ".env.production", ".env.prod", ".env.local", ".env.staging"),
        but_not="**/{dev,development,local,test,ci,.ci}/**",
    ),
    code(
        r"\b(NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC)_\w*(SECRET|PRIVATE_KEY|SERVICE_ROLE)\w*",
        JAVASCRIPT, example="process.env.NEXT_PUBLIC_STRIPE_SECRET",
    ),
    file("**/tempkey.{jwk,rsa}"),
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """What looks like a secret is a reason to look, never a proof: published keys are mostly dummies."""
    fake = {signal.path: signal.places for signal in NO_SECRET.find(look)}
    live = tuple(signal for signal in LOOKS_LIVE.find(look) if signal.places > fake.get(signal.path, 0))
    committed, kept = COMMITTED.find(look), KEPT.find(look)
    if live:
        return Verdict(Status.PARTIAL, live, f"Something in {live[0].path} has the shape of a live secret: please look at it.")
    if committed:
        return Verdict(
            Status.PARTIAL,
            committed,
            f"{committed[0].path} is in the repository and names secrets: are these values used anywhere?",
        )
    kept = tuple(signal for signal in kept if not matches(signal.path or "", NOT_OURS))
    return Verdict(Status.PRESENT, kept) if kept else None


PRACTICE = Practice(
    id="secrets-in-env",
    stage=Stage.HARDENING,
    title="Secrets come from the environment, and none is in git",
    why="A secret in git belongs to everybody who ever cloned it, and cannot be taken back.",
    advice=(
        "Set secrets in the host's settings, or with npx convex env set; give CI short-lived credentials by OIDC.",
        "Take .env out of git, keep .env.example, and rotate whatever was committed.",
        "Never give a secret a name that the bundler publishes, such as NEXT_PUBLIC_ or VITE_.",
    ),
    looked_for="secrets read from the environment or a secret store, and for committed values that look like secrets",
    role=Role.ANCHOR,
    effort=Effort.SMALL,
    impact=5,
    observable=Observable.PARTLY,
    applies=CODE,
    guide="https://docs.convex.dev/production/environment-variables",
    question="Where are the production secrets kept, who can read them, and when were they last changed?",
    judge=judge,
    uses=(KEPT, LOOKS_LIVE, NO_SECRET, COMMITTED),
)
