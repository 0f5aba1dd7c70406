"""Decides what a repository is for, from what its files show (catalogue, 1.7). The first rule that fits decides; the reason is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from rungwise.clues import (
    ANYWHERE,
    CHANGE,
    CSHARP,
    DIRECT,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JSON,
    JVM,
    PYTHON,
    RUBY,
    RUST,
    SHELL,
    Clue,
    CodeClue,
    FileClue,
    Language,
    Look,
    at_least,
    both,
    code,
    dependency,
    either,
    file,
    manifest,
    names,
    step,
)
from rungwise.facts import CONVEX, FRONT_PAGE, RULES, SERVER
from rungwise.model import Fact, Flag, Kind, Place, Signal, SignalKind
from rungwise.seen import Seen, Watched

QUIET = timedelta(days=730)
"""No commit for so long, seen from the day of judgement, and a repository counts as archived."""

_MARKDOWN = (Language.MARKDOWN,)

TEMPLATE_NAME = re.compile(
    r"(?:^|[-_./])(templates?|starters?|boilerplate|examples?|demos?|samples?|tutorials?|workshop|course|playground|petclinic|quickstart)(?:$|[-_.])"
)
TEMPLATE_TEXT = code(
    r"(?i)\b(sample|reference|demo(nstration)?|example|boilerplate|template|quickstart|sandbox|skeleton)\s+(\.?\w+\s+){0,2}(app(lication)?s?|project|store|shop|repository)\b"
    r"|\b(sample|demo(nstration)?|example|template) implementation\b|\bexample of an? ([\w-]+ ){0,2}app(lication)?\b"
    r"|\b(project|application|full[- ]stack|cookiecutter) template\b"
    r"|\bthis (template|starter|boilerplate|starter kit|skeleton) (uses|includes|is|provides|comes|shows|features|contains|ships|helps|gives|demonstrates)\b"
    r"|\b(stack|foundation|starting point|base|setup|monorepo) for your (next|new) (\w+ ){0,2}(app(lication)?|project|product|startup|website|site|service|api)\b",
    _MARKDOWN,
    example="This is a sample application that shows ...",
    files=("README.md", "README.rst", "README.adoc", "readme.md"),
    where=ANYWHERE,
)
TEMPLATE_USE = code(
    r"(?i)\buse this (git(hub)? )?(repo(sitory)?|project|monorepo|codebase) as (a|your|the) ((github|project|starting|base) )?(template|starter( kit)?|boilerplate)\b",
    _MARKDOWN,
    example="Use this repository as a template, or clone it.",
    files=("README.md", "README.rst", "README.adoc", "readme.md"),
    but_not="*/**",
    where=ANYWHERE,
)
"""What says how another project is begun with it."""
CALLS_ITSELF_TEMPLATE = code(
    r"\"description\"\s*:\s*\"[^\"]*(?i:\b(skeleton|boilerplate|starter (kit|template|project)|(project|app|application) (template|skeleton)"
    r"|(app|application|project|site|shop|store|service) (to|that|which) (demonstrat|showcas|illustrat)(e|es|ing)?)\b)",
    JSON,
    example='"description": "The skeleton application for a framework."',
    files=("package.json", "composer.json"),
    but_not="*/**",
)
TEMPLATE_FILE = file(
    "cookiecutter.json",
    "copier.{yml,yaml}",
    ".template.config/template.json",
    but_not=("**/*/{cookiecutter.json,copier.yml,copier.yaml}",),
    where=ANYWHERE,
)
"""What a generator of projects is told by."""
INFRASTRUCTURE = file(
    "*.tf",
    "*.tofu",
    "Pulumi.yaml",
    "cdk.json",
    "Chart.yaml",
    "kustomization.yaml",
    "*.bicep",
    "ansible.cfg",
    "helmfile.yaml",
    "terragrunt.hcl",
    "*.pkr.hcl",
    "*.nomad",
    "galaxy.yml",
    "**/tasks/main.{yml,yaml}",
)
PROGRAMMED_INFRASTRUCTURE = both(
    file("cdk.json", "Pulumi.yaml", "cdktf.json"),
    dependency(
        npm="aws-cdk-lib aws-cdk @pulumi/* cdktf",
        pypi="aws-cdk-lib pulumi cdktf",
        go="github.com/aws/aws-cdk-go github.com/pulumi/pulumi",
    ),
)
PIPELINES = file("dbt_project.yml", "**/dags/*.py")
LEARNS = at_least(
    2,
    code(
        r"^\s*(import|from) (torch|tensorflow|keras|sklearn|jax|xgboost|lightgbm|pyspark|transformers)\b",
        PYTHON, example="import torch", but_not="**/{scripts,tools}/**",
    ),
)  # fmt: skip
_ROWS = "*.{csv,tsv,jsonl,parquet}"
DATA_WORK = either(
    # What is learnt or tuned on some records is tried on others.
    both(file(f"**/{{train,training}}/**/{_ROWS}"), file(f"**/{{val,validation}}/**/{_ROWS}")),
    code(r"\bbq +(load|query|extract|mk)\b", SHELL, example="bq load --source_format=CSV content.pages pages.csv"),
    file(
        "dbt_project.yml",
        "**/dags/*.py",
        "great_expectations.yml",
        "dvc.yaml",
        "dataform.json",
        "workflow_settings.yaml",
        "Snakefile",
        "nextflow.config",
    ),
    dependency(
        pypi="torch tensorflow scikit-learn apache-airflow dbt-core pyspark dagster prefect keras xgboost lightgbm catboost bertopic gensim spacy"
        " sentence-transformers transformers mlflow luigi sqlmesh",
    ),
    LEARNS,
)
DOCS_TOOL = file(
    "mkdocs.yml",
    "docusaurus.config.*",
    "config/tech-docs.yml",
    "antora.yml",
    "book.toml",
    "docs/conf.py",
    "_config.yml",
    "hugo.toml",
    where=ANYWHERE,
)
EXTENSION = code(
    r"\"manifest_version\"\s*:\s*[23]\b", JSON, example='"manifest_version": 3,', files=("manifest.json", "manifest{.,_,-}*.json")
)
"""What a browser is told of an extension: pages and scripts without a server."""
GO_PROGRAM = code(r"^package main\b", GO, example="package main", but_not="cmd/**")
GO_STARTED = code(r"^package main\b", GO, example="package main")
"""A program in Go wherever it lies, also beside a library."""
IMAGES = file("Dockerfile", "*.Dockerfile", "Dockerfile.*")
RAILS_APPLICATION = file("config/application.rb")
DJANGO_PROJECT = both(file("wsgi.py", "asgi.py"), file("manage.py"))
"""Settings, a server's entry and commands of its own: more than a Django app that other projects take in."""
NPM_INDEX = file("index.{js,cjs,mjs,ts,tsx,jsx}")
PACKAGE_INFO = ("pyproject.toml", "setup.cfg", "setup.py")
CLASSIFIED = code(
    r"\b(Environment|Framework|Topic) :: \w", (Language.TOML, Language.PROPERTIES, *PYTHON), strings=True, files=PACKAGE_INFO, but_not="*/**",
    example='"Topic :: Software Development",',
)  # fmt: skip
CLASSIFIED_AS_PROGRAM = code(
    r"\b(Environment :: Console|Topic :: (Software Development :: (Build Tools|Quality Assurance)|Terminals))\b",
    (Language.TOML, Language.PROPERTIES, *PYTHON), strings=True, files=PACKAGE_INFO, but_not="*/**", example='"Environment :: Console",',
)  # fmt: skip
CLASSIFIED_AS_LIBRARY = code(
    r"\bTopic :: Software Development :: Libraries\b", (Language.TOML, Language.PROPERTIES, *PYTHON), strings=True, files=PACKAGE_INFO,
    but_not="*/**", example='"Topic :: Software Development :: Libraries",',
)  # fmt: skip
SHOWN_IMPORT = code(
    r"^\s{0,8}(>>> ?)?(from [A-Za-z_][\w.]* import \w|import [A-Za-z_][\w.]*( as \w+)?\s*$)",
    _MARKDOWN, example="from shop import Shop", files=("README.{md,rst}",), but_not="*/**", where=ANYWHERE,
)  # fmt: skip
"""How to use what is imported."""
MOBILE = either(
    file(
        "**/android/app/build.gradle*",
        "**/ios/*.xcodeproj/project.pbxproj",
        "pubspec.yaml",
        "AndroidManifest.xml",
        "*.xcodeproj/project.pbxproj",
    ),
    dependency(npm="react-native expo"),
    manifest("nuget:UseMaui", "(?i)true"),
)
RELEASER = ".goreleaser.{yml,yaml}"
"""Releases programs of any sort, servers too."""
COMMAND_LINE = either(
    manifest("npm:bin"),
    manifest("pypi:scripts"),
    dependency(
        go="github.com/spf13/cobra github.com/urfave/cli github.com/alecthomas/kong", pypi="click typer fire docopt",
        npm="commander yargs oclif @oclif/core clipanion", crates="clap argh structopt", gem="thor dry-cli", maven="info.picocli:picocli",
    ),
    file("**/exe/*", RELEASER),
)  # fmt: skip
TERMINAL = dependency(
    go="github.com/charmbracelet/bubbletea github.com/gdamore/tcell github.com/rivo/tview github.com/jroimartin/gocui github.com/jesseduffield/gocui",
)
"""Draws on a terminal."""
OPERATORS = dependency(go="sigs.k8s.io/controller-runtime", pypi="kopf", maven="io.javaoperatorsdk:*")
"""What programs that look after things in a cluster are made with; the manifests beside them are theirs, however many."""
STANDING = either(
    OPERATORS,
    manifest("nuget:Sdk", r"^Microsoft\.NET\.Sdk\.Worker"),
    dependency(
        npm="discord.js telegraf grammy botkit @azure/functions @google-cloud/functions-framework",
        pypi="streamlit gradio dash chainlit nicegui discord-py python-telegram-bot aiogram slack-bolt functions-framework azure-functions",
        go="github.com/bwmarrin/discordgo gopkg.in/telebot.v3 github.com/aws/aws-lambda-go",
        nuget="Microsoft.Azure.Functions.Worker",
        gem="discordrb functions_framework",
        crates="serenity teloxide kube",
    ),
)
"""Bots, operators, functions, and pages that a library serves: what a team keeps running although no route is its own."""
WORKER = either(
    code(
        r"(^|[=(]\s*)(celery\.)?Celery\(|\.worker_main\(|^class WorkerSettings\b|\bdramatiq\.set_broker\(|\btask_queue=",
        PYTHON, example='app = Celery("orders")',
    ),
    both(dependency(npm="bullmq bull kafkajs @temporalio/worker"), code(r"\bnew Worker\(|\.consumer\(\{|\bWorker\.create\(", JAVASCRIPT, example="new Worker(queue, work)")),
    code(r"\basynq\.NewServer\(|\briver\.NewWorkers\(|\bworker\.New\(\w+, *\"|\bNewConsumerGroup\(", GO, strings=True, example="asynq.NewServer(redis, config)"),
    code(r"@(KafkaListener|RabbitListener|SqsListener|JmsListener)\b", JVM, example='@SqsListener("orders")'),
    code(r"\bAddHostedService<", CSHARP, example="services.AddHostedService<Worker>();"),
    code(r"\binclude Sidekiq::(Job|Worker)\b|\bGovukMessageQueueConsumer::Consumer\b", RUBY, example="include Sidekiq::Job"),
    code(r"\buse (Broadway|Oban\.Worker)\b", ELIXIR, example="use Broadway"),
)  # fmt: skip
"""Takes work from a queue for as long as it runs, whatever library reads the arguments that it is started with."""
PROGRAM = either(
    file("**/src/main.rs", "**/src/bin/**/*.rs", "**/__main__.py", "**/main.swift", "snapcraft.yaml"),
    GO_PROGRAM,
    manifest("crates:bin"),
    manifest("nuget:OutputType", "(?i)exe"),
    manifest("gradle:plugin", "^application$"),
    manifest("npm:bin"),
    manifest("pypi:scripts"),
    manifest("composer:bin"),
    manifest("hex:escript"),
    code(r"\bpublic static void main\(|^fun main\(", JVM, example="public static void main(String[] args) {"),
)
BUILT_FRONTEND = either(
    dependency(
        npm="vite react-scripts @angular/cli @angular/core @vue/cli-service parcel gatsby @11ty/eleventy astro vue react svelte preact next nuxt",
        scope=DIRECT,
    ),
    file("index.html", "**/src/index.html", "public/index.html", "_config.yml"),
    manifest("nuget:Sdk", r"^Microsoft\.NET\.Sdk\.BlazorWebAssembly"),
)
ENTRY = either(
    CONVEX,
    file("manage.py", "wsgi.py", "asgi.py", "gunicorn*.py", "artisan", "config.ru", "config/application.rb", "Procfile", "next.config.*", "nuxt.config.*", "svelte.config.*"),
    file("**/lib/*_web/endpoint.ex", "serverless.{yml,yaml}", "wrangler.{toml,json,jsonc}", "firebase.json", "host.json", "samconfig.toml"),
    FRONT_PAGE,
    file("Dockerfile", "*.Dockerfile", "Dockerfile.*", "**/docker/**/Dockerfile*", "docker-compose*.y*ml", "compose*.y*ml", "fly.toml", "render.yaml", "app.yaml", "vercel.json"),
    manifest("nuget:Sdk", r"^Microsoft\.NET\.Sdk\.Web"),
    code(r"@(SpringBootApplication|EnableAutoConfiguration)\b|\bQuarkus\.run\(|\bextends Application<|\bMicronaut\.(run|build)\(", JVM, example="@SpringBootApplication"),
    code(r"\b(uvicorn|app)\.run\(|\bFastAPI\(|\bFlask\(__name__", PYTHON, example="app = FastAPI()", but_not=("docs_src/**", "src/flask/**")),
    code(r"\.(ListenAndServe(TLS)?|Serve|Run|Start)\(", GO, example="http.ListenAndServe(addr, mux)"),
    code(r"\.listen\(", JAVASCRIPT, example="app.listen(3000)"),
    code(r"\baxum::serve\(|\bHttpServer::new\(|\brocket::build\(", RUST, example="axum::serve(listener, app)"),
)  # fmt: skip
PUBLISHED = either(
    step(
        uses=r"^(pypa/gh-action-pypi-publish|changesets/action|rubygems/release-gem|JS-DevTools/npm-publish|rubygems/configure-rubygems-credentials"
        r"|googleapis/release-please-action|google-github-actions/release-please-action|alphagov/govuk-infrastructure/\.github/workflows/publish-rubygem.*)",
        example="pypa/gh-action-pypi-publish", on=(),
    ),
    step(
        run=r"\b(npm|pnpm|yarn|lerna|pkg-pr-new) publish\b|\bsemantic-release\b|\bcargo publish\b|\bdotnet nuget push\b|\btwine upload\b|\b(uv|poetry|flit|hatch) publish\b|\bgem push\b"
        r"|\bmvn\b.*\bdeploy\b|\bgradlew?\b.*\bpublish|\bmix hex\.publish\b",
        example="npm publish", on=(),
    ),
)  # fmt: skip
PUBLISHABLE = either(
    file("*.gemspec", but_not=("**/*/**/*.gemspec",)),
    manifest("composer:type", r"^(library|symfony-bundle|wordpress-plugin|composer-plugin)$"),
    manifest("npm:exports"),
    manifest("npm:main"),
    manifest("npm:module"),
    manifest("npm:files"),
    manifest("npm:publishConfig"),
    manifest("pypi:build-system"),
    manifest("crates:lib"),
    manifest("nuget:IsPackable", "(?i)true"),
    manifest("nuget:PackageId"),
    manifest("go:module"),
    manifest("npm:script", r"\b(npm|pnpm|yarn|changeset) publish\b"),
    manifest("maven:packaging", "^(jar|maven-plugin)$"),
    file("action.yml", "action.yaml", but_not=("**/*/**/action.y*ml",)),
    file("**/src/lib.rs", "setup.py", "Package.swift", "galaxy.yml"),
    manifest("composer:name"),
    manifest("hex:package"),
    manifest("maven:name"),
    manifest("gradle:plugin", r"^(java-library|maven-publish|com\.vanniktech\.maven\.publish.*)$"),
    manifest("nuget:Sdk", r"^Microsoft\.NET\.Sdk$"),
)  # fmt: skip
_SHIPPED = ("npm:exports", "npm:module", "npm:files", "npm:publishConfig")
"""What only a package that is published says of itself."""
_ALSO_PROGRAMS = ("setup.py", "composer:name", "maven:name", "nuget:Sdk", "galaxy.yml")
"""What a program says of itself as well as a package: it makes a library only of what is nothing else."""
_INTRODUCTION = 500
"""The lines of a README that say what a project is; what comes later are special cases."""
_BEGINNING = 60
"""The lines of a README in which a template says how to begin with it. Below, products say what may be done with them as well."""
_README = ("README*", "readme*", "Readme*")
_DEPLOYS = (*CHANGE, "workflow_dispatch", "release", "tag", "workflow_run")

FOR_OPERATORS: tuple[tuple[int, Clue], ...] = (
    (
        2,
        either(
            step(
                uses=r"^(docker/(build-push-action|bake-action|github-builder)|goreleaser/goreleaser-action|helm/chart-releaser-action|elgohr/Publish-Docker-Github-Action)",
                example="docker/build-push-action", on=("tag", "release"),
            ),
            step(run=r"\bdocker (buildx build .*--push|push)\b|\bgoreleaser\b", example="docker push owner/name:latest", on=("tag", "release")),
            file(".goreleaser.{yml,yaml}", "snapcraft.yaml", "**/debian/control{,.in}", "**/rpm/*.spec"),
            # A server that is installed as a package is one that others run.
            step(uses=r"^pypa/gh-action-pypi-publish", example="pypa/gh-action-pypi-publish", on=()),
        ),
    ),
    (
        2,
        code(
            r"(?i)\bself[- ]?host(ed|able)?\b|^#.*\bself[- ]?hosting\b|\bself[- ]?hosting([])`:*]|</| (guide|docs|documentation|instructions|options?|your|it\b|this)|\s*$)|\bdocker run\b.{0,200}-p \d.{0,200}(\\\s*$|\s[a-z0-9][\w.-]*/[a-z0-9][\w./-]*(:[\w.-]+)?(`|\s|$))|\b(your|run|host|deploy) (your )?own (server|instance|infrastructure|hardware|copy)\b|\b(Cloudron|YunoHost|Unraid|TrueNAS|on[- ]premises?|instance admins?)\b|\bdocker pull [\w./-]+/\w+|\bhub\.docker\.com/r/",
            _MARKDOWN, example="You can self-host it with one container.", files=_README, but_not="*/**", where=ANYWHERE,
        ),
    ),
    (
        1,
        code(
            r"(?i)\b(demo (instance|server|site)|live demo|try the demo|docs/admin)\b|deploy to heroku|heroku\.com/deploy"
            r"|\binstall(ation|ing)?\b.{0,40}\b(guide|instructions|options|docs|documentation|upgrad)",
            _MARKDOWN, example="See the installation guide.", files=_README, but_not="*/**", where=ANYWHERE,
        ),
    ),
    (1, file(".github/FUNDING.yml")),
    (
        1,
        file(
            "INSTALL", "INSTALL.md", "docs/**/*{install,self-host,selfhost,self_host,upgrad}*.{md,rst,mdx}", "contrib/**/docker-compose*.y*ml", "docker-compose*example*",
            "docker/docker-compose*.y*ml", "app.json", "**/*.service", where=ANYWHERE, but_not=("docs/dev*/**", "docs/**/{dev,contribut}*/**", "docs/**/{dev,contribut}*"),
        ),
    ),
)  # fmt: skip
"""What makes a server a product for others to run, and what each is worth."""

PUBLISHED_BY_HAND = step(
    uses=r"^docker/(build-push-action|bake-action|github-builder)", run=r"\bdocker (buildx build .*--push|push)\b", example="docker/build-push-action",
    on=("workflow_dispatch",),
)  # fmt: skip
"""Somebody starts the release of an image. Where a change starts it too, it may as well be a deployment."""
IMAGE_SENT = step(uses=PUBLISHED_BY_HAND.uses, run=PUBLISHED_BY_HAND.run, example=PUBLISHED_BY_HAND.example, on=())
"""An image is built to be run somewhere, whatever starts that."""
SERVER_IMAGES = file(
    *IMAGES.globs, but_not=("*/**/*.{dev,development,test,ci}", "**/.devcontainer/**", "**/{dev,test,ci}.Dockerfile")
)

OWN_DEPLOYMENT: tuple[tuple[int, Clue], ...] = (
    (
        3,
        either(
            step(
                uses=r"^(aws-actions/amazon-ecs-deploy|google-github-actions/deploy|azure/webapps-deploy|superfly/flyctl-actions|akhileshns/heroku-deploy"
                r"|cloudflare/wrangler-action|amondnet/vercel-action|helmfile/helmfile-action)|/workflows/.*deploy.*\.ya?ml$",
                example="aws-actions/amazon-ecs-deploy-task-definition", on=_DEPLOYS,
            ),
            step(
                run=r"\b(kubectl (apply|rollout|set image)|helm upgrade|terraform apply|fly(ctl)? deploy|kamal deploy|cap production deploy|gcloud run deploy|eb deploy"
                r"|sls deploy|convex deploy|helmfile (apply|sync)|aws ecs update-service|aws deploy create-deployment|aws lambda update-function-code"
                r"|gcloud (app|functions) deploy|gcloud run services update|az (webapp|containerapp|functionapp) (up|update|deploy\w*|config)"
                r"|heroku container:release|cf (push|zero-downtime-push)|argocd app (sync|set)|nomad (job )?run|docker stack deploy)\b",
                example="kubectl rollout restart deployment/web", on=_DEPLOYS,
            ),
        ),
    ),
    (2, step(uses=r"^(aws-actions/configure-aws-credentials|google-github-actions/auth|azure/login)", example="azure/login", on=("push", "workflow_dispatch", "release"))),
    (2, file("catalog-info.yaml", "config/deploy.yml", "config/deploy.rb", "appspec.yml", "cloudbuild.yaml")),
    (1, file("Procfile", "app.yaml", "wrangler.toml", "wrangler.jsonc", "vercel.json", "netlify.toml", "sst.config.ts", "serverless.yml", but_not=("*/*/**",))),
    (1, file("fly.toml", "fly.*.toml", but_not=("**/*/**",))),
    (1, file("render.yaml", but_not=("**/*/**",))),
    (1, file("railway.json", "railway.toml", but_not=("**/*/**",))),
)  # fmt: skip
"""What shows that the team runs it itself. A host's file counts little, since products for others bring such files as one-click installers."""


def clues() -> Iterator[Clue]:
    """All clues that kinds and flags are decided by."""
    yield from (
        SERVER, CONVEX, TEMPLATE_TEXT, TEMPLATE_USE, TEMPLATE_FILE, CALLS_ITSELF_TEMPLATE, INFRASTRUCTURE, PROGRAMMED_INFRASTRUCTURE, PIPELINES, TERMINAL, STANDING, WORKER, PROGRAM, DATA_WORK, MOBILE, COMMAND_LINE, BUILT_FRONTEND, ENTRY, DOCS_TOOL, GO_PROGRAM, GO_STARTED, IMAGES, EXTENSION, DJANGO_PROJECT, NPM_INDEX,
        CLASSIFIED, CLASSIFIED_AS_PROGRAM, CLASSIFIED_AS_LIBRARY, SHOWN_IMPORT, RAILS_APPLICATION, PUBLISHED, PUBLISHABLE,
    )  # fmt: skip
    yield from (PUBLISHED_BY_HAND, IMAGE_SENT, SERVER_IMAGES)
    for _, clue in (*FOR_OPERATORS, *OWN_DEPLOYMENT):
        yield clue


class _Counts:
    """How many files there are, by language and place."""

    def __init__(self, look: Look) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        for signal in look.of(SignalKind.TREE):
            parts = signal.name.split(":")
            if len(parts) == 3:
                self._counts[parts[1], parts[2]] = int(signal.value)

    @property
    def program(self) -> int:
        """Files of program code that belongs to the product."""
        return self.sum(_CODE, (Place.SOURCE,))

    @property
    def prose(self) -> int:
        """Files of text and pages, wherever they lie."""
        return self.sum(("markdown", "html"))

    def sum(self, languages: tuple[str, ...] = (), places: tuple[Place, ...] = ()) -> int:
        return sum(
            count
            for (language, place), count in self._counts.items()
            if (not languages or language in languages) and (not places or place in places)
        )


_CODE = tuple(
    language.value
    for language in (
        Language.PYTHON, Language.JAVASCRIPT, Language.GO, Language.JAVA, Language.KOTLIN, Language.RUBY, Language.PHP, Language.RUST, Language.CSHARP,
        Language.ELIXIR, Language.SCALA, Language.SWIFT,
    )
)  # fmt: skip


def decide(look: Look, repository: str, flags: tuple[Flag, ...]) -> tuple[Kind, str]:
    """The kind of a repository, and the reason as a clause that can follow "because"."""
    counts = _Counts(look)
    served = SERVER.find(look) if ENTRY.find(look) else ()
    if PIPELINES.find(look) and all(
        signal.name.startswith("pypi:") or (signal.path or "").startswith("plugins/") for signal in served
    ):
        # What runs the pipelines brings a web framework along, and takes pages of one's own from its plugins.
        served = ()
    if served and _starts_nothing(look, served):
        served = ()
    if not look.named(SignalKind.TREE, "files") and look.named(SignalKind.SETTING, "visibility"):
        return Kind.EMPTY, "its contents were not looked at"
    if counts.sum() == 0 or (counts.sum() <= 3 and not counts.program and not INFRASTRUCTURE.find(look)):
        return Kind.EMPTY, "it holds no code yet"
    if program := _published_program(look, server=bool(served)):
        return Kind.CLI, f"it is installed as a command line tool ({_seen(program)})"
    library = _library(look, repository, server=bool(served))
    if library and not _deployed_beside(look, served):
        return library
    if not served:
        return _without_server(look, repository, counts)
    for_operators, shown = _points(look, FOR_OPERATORS)
    if shown and not FOR_OPERATORS[0][1].find(look):
        for_operators += any(signal.detail("on") == "workflow_dispatch" for signal in PUBLISHED_BY_HAND.find(look))
    own, _ = _points(look, OWN_DEPLOYMENT)
    if for_operators >= 2 and for_operators > own and Flag.TPL not in flags and _handed_over(look, served):
        return Kind.SELF, f"it serves requests and is made for others to run ({_seen(shown)})"
    return Kind.APP, f"it serves requests ({_seen(served)})"


def might_be(signals: Sequence[Signal], repository: str, flags: tuple[Flag, ...], unasked: frozenset[str]) -> frozenset[Kind]:
    """The kinds that :func:`decide` might tell had those names been looked for, which they were not; its own answer is among them.

    Each of the names that it asks for is supposed to be seen, by itself and with all others.
    """
    watched = Watched(Seen(signals))
    found = {decide(watched, repository, flags)[0]}
    asked = {name for kind, name in (each for each in watched.asked if isinstance(each, tuple)) if name in unasked}
    suppositions: dict[str, list[Signal]] = {}
    for clue in (*clues(), RULES[Fact.INFRA].clue):
        for part in clue.parts():
            for signal in part.supposed() if isinstance(part, CodeClue | FileClue) else ():
                if signal.name in asked:
                    suppositions.setdefault(signal.name, []).append(signal)
    several = [*suppositions.values(), [signal for supposition in suppositions.values() for signal in supposition]]
    return frozenset(found | {decide(Seen([*signals, *supposition]), repository, flags)[0] for supposition in several})


def might_be_template(flags: tuple[Flag, ...], unasked: frozenset[str]) -> bool:
    """Whether it might be a template though it is not called one: some of those names tell it, and they were not looked for."""
    telling = names((TEMPLATE_TEXT, TEMPLATE_USE, CALLS_ITSELF_TEMPLATE, TEMPLATE_FILE))
    return Flag.TPL not in flags and not unasked.isdisjoint(telling)


def _starts_nothing(look: Look, served: tuple[Signal, ...]) -> bool:
    """Whether what can serve requests is no service: nothing can be started that does, or a command opens a port by the way."""
    if all(_of(signal, "crates:", Language.RUST) for signal in served):
        return not PROGRAM.find(look)
    if all(_of(signal, "go:", Language.GO) for signal in served):
        opened = all(signal.kind is SignalKind.CODE for signal in served)
        return not GO_STARTED.find(look) or (opened and bool(TERMINAL.find(look)))
    commands = {signal.path for signal in look.named(SignalKind.MANIFEST, "npm:bin")}
    return "package.json" in commands and all(
        signal.kind is SignalKind.CODE and signal.detail("language") == Language.JAVASCRIPT for signal in served
    )


def _of(signal: Signal, ecosystem: str, language: Language) -> bool:
    return signal.name.startswith(ecosystem) or signal.detail("language") == language


def _handed_over(look: Look, served: tuple[Signal, ...]) -> bool:
    """Whether there is something to install: an image, a package, or a program that runs where it is unpacked.

    A server in JavaScript that nobody packs is made for the host that its team runs it on, whatever its README says of hosting it.
    """
    if FOR_OPERATORS[0][1].find(look) or IMAGES.find(look) or (PUBLISHED.find(look) and _hosted_package(look)):
        return True
    return not all(signal.name.startswith("npm:") or signal.detail("language") == Language.JAVASCRIPT for signal in served)


def _without_server(look: Look, repository: str, counts: _Counts) -> tuple[Kind, str]:
    infra = counts.sum(("hcl",), (Place.SOURCE,)) + len(INFRASTRUCTURE.find(look))
    if coded := PROGRAMMED_INFRASTRUCTURE.find(look):
        return Kind.INFRA, f"its programs define infrastructure ({_seen(coded)})"
    if infra and infra >= counts.program and not OPERATORS.find(look):
        return Kind.INFRA, f"{infra} of its files define infrastructure and it has no application of its own"
    if not counts.program and (defined := RULES[Fact.INFRA].clue.find(look)):
        return Kind.INFRA, f"it defines infrastructure ({_seen(defined)}) and holds no program code"
    command = COMMAND_LINE.find(look)
    if (imported := _imported(look)) and not PIPELINES.find(look) and all(signal.name.startswith("pypi:") for signal in command):
        return Kind.LIB, f"it is packaged for others to import ({_seen(imported)})"
    if data := DATA_WORK.find(look):
        return Kind.DATA, f"it works with data ({_seen(data)}) and serves no requests"
    if counts.sum(("notebook", "sql")) > counts.program:
        return Kind.DATA, "most of it is notebooks or SQL, and it serves no requests"
    if mobile := MOBILE.find(look):
        return Kind.MOB, f"it is a mobile app ({_seen(mobile)})"
    if not counts.program and (images := IMAGES.find(look)):
        return Kind.INFRA, f"it builds images ({_seen(images)}) and holds no program code"
    programs = counts.sum(_CODE, (Place.SOURCE, Place.TESTS))
    if counts.prose > 4 * programs or (DOCS_TOOL.find(look) and counts.prose > programs):
        return Kind.DOCS, "most of it is text"
    if EXTENSION.find(look):
        return Kind.SPA, "it is an extension of browsers and has no server of its own"
    standing, workers = STANDING.find(look), WORKER.find(look)
    if command and not workers and not (standing and all(signal.name == RELEASER for signal in command)):
        return Kind.CLI, f"it is a command line tool ({_seen(command)})"
    if _frontend(look, counts):
        return Kind.SPA, "it builds a site and has no server of its own"
    if not counts.program:
        return Kind.DOCS, "it holds no program code"
    if standing := (*workers, *standing):
        kind = Kind.SELF if _points(look, FOR_OPERATORS)[0] >= 2 else Kind.APP
        return kind, f"it is a program that is kept running ({_seen(standing)})"
    deployed, shown = _points(look, OWN_DEPLOYMENT)
    if deployed >= 2 or (deployed and IMAGES.find(look)):
        return Kind.APP, f"it is deployed as a program of its own ({_seen(shown)})"
    if packaged := _main_package(look, repository):
        return Kind.LIB, f"it is packaged for others to use ({_seen(packaged)})"
    if (packaged := _packaged(look)) and (not PROGRAM.find(look) or _packages_beside_programs(look, packaged)):
        return Kind.LIB, f"it is packaged for others to use ({_seen(packaged)})"
    return Kind.CLI, "it is run as a program and serves nothing"


def _frontend(look: Look, counts: _Counts) -> tuple[Signal, ...]:
    """What shows that it builds a site. A page or two among programs in another language are no site."""
    found = BUILT_FRONTEND.find(look)
    if all(signal.kind is SignalKind.FILE for signal in found):
        pages = counts.sum(("html", "javascript", "markdown"), (Place.SOURCE, Place.DOCS))
        others = counts.program - counts.sum(("javascript",), (Place.SOURCE,))
        return found if pages >= others else ()
    return found


def _packaged(look: Look) -> tuple[Signal, ...]:
    """What says of a folder that it is a package, and is not kept private."""
    private = {signal.path for signal in look.named(SignalKind.MANIFEST, "npm:private") if signal.value.lower() == "true"}
    indexed = {_folder(signal) for signal in NPM_INDEX.find(look)}
    images = any("/" not in (signal.path or "/") for signal in IMAGES.find(look))

    def says_nothing(signal: Signal) -> bool:
        """``npm init`` names an index whether or not there is one, and what goes into an image as a whole is no Go package."""
        if signal.name == "npm:main":
            return signal.value.removeprefix("./") == "index.js" and _folder(signal) not in indexed
        return signal.name == "go:module" and images and "/" not in (signal.path or "")

    return tuple(signal for signal in PUBLISHABLE.find(look) if signal.path not in private and not says_nothing(signal))


def _main_package(look: Look, repository: str) -> tuple[Signal, ...]:
    """The package of a build with several that is called as the repository is, unless it can be started itself."""
    folder = f"{repository.rsplit('/', 1)[-1]}/"
    if any((signal.path or "").startswith(folder) for signal in PROGRAM.find(look)):
        return ()
    return tuple(signal for signal in _packaged(look) if _folder(signal) + "/" == folder)


def _packages_beside_programs(look: Look, packaged: tuple[Signal, ...]) -> bool:
    """Whether projects of .NET are packed, and those that can be started are not: they try the packages out."""
    programs = PROGRAM.find(look)
    packed = {signal.path for signal in packaged if signal.name in ("nuget:PackageId", "nuget:IsPackable")}
    started = {signal.path for signal in programs}
    return bool(packed) and not packed & started and all(signal.name.startswith("nuget:") for signal in programs)


def _folder(signal: Signal) -> str:
    return (signal.path or "").rpartition("/")[0]


def _imported(look: Look) -> tuple[Signal, ...]:
    """What makes a Python package of a repository whose README shows how to import it."""
    if not _shown_imported(look):
        return ()
    return tuple(signal for signal in _packaged(look) if signal.path in PACKAGE_INFO)


def _shown_imported(look: Look) -> bool:
    """Whether the README, where it introduces the project, shows how to import it."""
    return any((signal.line or 0) <= _INTRODUCTION for signal in SHOWN_IMPORT.find(look))


def _started_server(look: Look) -> bool:
    """Whether a server is a Python package that is started by its own command and that nobody is shown to import."""
    return (
        bool(look.named(SignalKind.MANIFEST, "pypi:scripts"))
        and not _shown_imported(look)
        and not CLASSIFIED_AS_LIBRARY.find(look)
    )


def _hosted_package(look: Look) -> bool:
    """Whether a package of npm is a server that others install: a command starts it, it brings pages, and it is offered for hosting.

    What names the modules that others import is a library, whatever command it has beside them.
    """
    entries = ("npm:bin", "npm:exports", "npm:module", "npm:main")
    at_root = {name for name in entries if any(signal.path == "package.json" for signal in look.named(SignalKind.MANIFEST, name))}
    if at_root != {"npm:bin"} or not any(clue.find(look) for _, clue in FOR_OPERATORS[:2]):
        return False
    return any(signal.kind is SignalKind.DEPENDENCY for signal in BUILT_FRONTEND.find(look))


def _published_program(look: Look, *, server: bool) -> tuple[Signal, ...]:
    """What starts a Python package that is installed to be run rather than imported; empty where there is no such.

    Its classifiers tell, or, where it has none, that its README imports nothing.
    """
    packaged = any(signal.name == "pypi:build-system" and signal.path == "pyproject.toml" for signal in _packaged(look))
    if not packaged or not PUBLISHED.find(look) or DJANGO_PROJECT.find(look) or _shown_imported(look):
        return ()
    if CLASSIFIED_AS_PROGRAM.find(look):
        return PROGRAM.find(look)
    return () if server or CLASSIFIED.find(look) else tuple(look.named(SignalKind.MANIFEST, "pypi:scripts"))


def _library(look: Look, repository: str, *, server: bool) -> tuple[Kind, str] | None:
    """A library, and why; ``None`` if it is none."""
    packaged = _packaged(look)
    programs = {signal.path for signal in look.named(SignalKind.MANIFEST, "npm:bin")}
    named = {
        signal.path
        for signal in look.named(SignalKind.MANIFEST, "npm:name")
        if signal.value.rsplit("/", 1)[-1] == repository.rsplit("/", 1)[-1]
    }
    own = [
        signal
        for signal in packaged
        if signal.path in named
        and (signal.name in ("npm:exports", "npm:module") or (signal.name == "npm:files" and signal.path not in programs))
    ]
    if own and not _beside_an_app(look, own):
        return Kind.LIB, f"it is published as a package ({_seen(tuple(own))})"
    root = [signal for signal in packaged if signal.path and "/" not in signal.path and signal.name not in _ALSO_PROGRAMS]
    if any((signal.path or "").endswith(".gemspec") for signal in root) and not RAILS_APPLICATION.find(look):
        return Kind.LIB, f"it is packaged for others to use ({_seen(tuple(root))})"
    if server:
        # A server that is written in Go has a module path too; only a release as a package makes it a library.
        root = [signal for signal in root if signal.name != "go:module"]
    if server and (DJANGO_PROJECT.find(look) or _started_server(look) or _hosted_package(look)):
        return None
    if any(
        signal.value.rsplit("/", 1)[-1] == repository.rsplit("/", 1)[-1]
        for signal in look.named(SignalKind.MANIFEST, "composer:bin")
    ):
        return None
    if any(signal.name == "go:module" for signal in root) and not GO_STARTED.find(look) and not _frontend(look, _Counts(look)):
        return Kind.LIB, f"it is packaged for others to use ({_seen(tuple(root))})"
    if root and (PUBLISHED.find(look) or _published_by_hand(root)):
        return Kind.LIB, f"it is published as a package ({_seen(tuple(root))})"
    if not server and (shipped := [signal for signal in root if signal.name in _SHIPPED and signal.path not in programs]):
        return Kind.LIB, f"it is packaged for others to use ({_seen(tuple(shipped))})"
    if server or not root or _frontend(look, _Counts(look)) or COMMAND_LINE.find(look):
        return None
    # `npm init` writes a main field into everything, and a Go module may be nothing but a program.
    sure = [signal for signal in root if signal.name != "npm:main" and not (signal.name == "go:module" and GO_PROGRAM.find(look))]
    return (Kind.LIB, f"it is packaged for others to use ({_seen(tuple(sure))})") if sure else None


def _published_by_hand(root: list[Signal]) -> bool:
    """Whether a package of npm that names the modules that others import has a script that publishes it: somebody runs it, and CI does not.

    What can serve requests beside it tries the package out.
    """
    return {"npm:script", "npm:exports"} <= {signal.name for signal in root}


def _deployed_beside(look: Look, served: tuple[Signal, ...]) -> bool:
    """Whether a folder of its own holds a server that keeps data and goes out as an image: the packages beside it are its clients.

    Servers that show or measure a framework keep little, and nobody sends their images anywhere.
    """
    if not IMAGE_SENT.find(look) and not OWN_DEPLOYMENT[0][1].find(look):
        return False
    folders = tuple(f"{folder}/" for signal in SERVER_IMAGES.find(look) if (folder := _folder(signal)))

    def listed(signals: tuple[Signal, ...]) -> set[str]:
        paths = [signal.path or "" for signal in signals if signal.kind is SignalKind.DEPENDENCY]
        return {folder for folder in folders for path in paths if path.startswith(folder)}

    return bool(folders) and bool(listed(served) & listed(RULES[Fact.DATASTORE].clue.find(look)))


def _beside_an_app(look: Look, packaged: list[Signal]) -> bool:
    """Whether a package is one of a workspace whose site is built into an image of its own."""
    at_root = any("/" not in (signal.path or "") for signal in packaged)
    images = [signal for signal in IMAGES.find(look) if "/" not in (signal.path or "")]
    return not at_root and bool(images) and bool(BUILT_FRONTEND.find(look))


def _points(look: Look, weighed: tuple[tuple[int, Clue], ...]) -> tuple[int, tuple[Signal, ...]]:
    """What some clues are worth together, and the signals of the first that was seen."""
    found = [(points, signals) for points, clue in weighed if (signals := clue.find(look))]
    return sum(points for points, _ in found), found[0][1] if found else ()


def flags(look: Look, repository: str, *, quiet: bool) -> tuple[Flag, ...]:
    """What is said beside the kind; ``quiet`` is whether there was no commit for longer than :data:`QUIET`."""
    told = {
        signal.name
        for name in ("archived", "fork", "template", "gone")
        for signal in look.named(SignalKind.SETTING, name)
        if signal.value == "true"
    }
    found = [Flag.FORK] if "fork" in told else []
    early = [signal for signal in TEMPLATE_TEXT.find(look) if (signal.line or 0) <= 15 and signal.path and "/" not in signal.path]
    early += [signal for signal in TEMPLATE_USE.find(look) if (signal.line or 0) <= _BEGINNING]
    named = TEMPLATE_NAME.search(repository.rsplit("/", 1)[-1].lower())
    if named and PUBLISHED.find(look) and _library(look, repository, server=False):
        # A package may be called after the templates that it holds, and what is released under its own name is no draft of another.
        named = None
    if "template" in told or named or early or CALLS_ITSELF_TEMPLATE.find(look) or TEMPLATE_FILE.find(look):
        found.append(Flag.TPL)
    if quiet or {"archived", "gone"} & told:
        found.append(Flag.ARCH)
    return tuple(found)


def _seen(signals: tuple[Signal, ...]) -> str:
    if not signals:
        return ""
    signal = signals[0]
    if signal.kind is SignalKind.DEPENDENCY:
        return signal.name.split(":", 1)[1]
    return signal.path or signal.name
