"""A linter or static checker runs on every change."""

from rungwise.catalogue import CODE, Practice
from rungwise.clues import CHANGE, JVM, both, code, dependency, either, file, manifest, step
from rungwise.clues import Language as In
from rungwise.model import Effort, Observable, Role, Stage

TOOL = (
    r"(eslint|jshint|next lint|biome (check|lint|ci)|oxlint|tslint|standardx?|xo|stylelint|svelte-check|vue-tsc|tsc (.* )?--noEmit"
    r"|ruff([ -]check)?|flake8|pylint|mypy|pyright|basedpyright|ty check|bandit|golangci-lint|staticcheck|go vet|revive|rubocop"
    r"|standardrb|srb tc|erb_?lint|haml-lint|slim-lint|phpstan|psalm|phpcs|larastan|phpmd|clippy|detekt|ktlint|checkstyle"
    r"|spotbugs|pmd|dotnet format|credo|dialyzer|swiftlint|tflint|terraform validate|tofu validate|terragrunt validate"
    r"|yamllint|hadolint|actionlint|shellcheck|sqlfluff|ansible-lint|semgrep|ast-grep scan|buf lint|spectral lint|kubeconform"
    r"|cfn-lint|checkov|tfsec|terrascan|kics scan|regal lint|opa check|trivy (config|conf))"
)  # fmt: skip
SCRIPT = (
    r"\b(npm|pnpm|yarn|bun|composer|mix|make|just|rake|nx|turbo|task|gradlew?)\b.*[ :]([\w-]*lint|typecheck|type-check"
    r"|check-static|analy[sz]e)\b"
)  # fmt: skip
BY_GRADLE = either(
    manifest("gradle:plugin", r"(checkstyle|pmd|spotbugs|detekt|ktlint|errorprone)"),
    code(
        r"^\s*(checkstyle|pmd|spotbugs|detekt|ktlint)\s*\{|\bconfigure<(Ktlint|Detekt|Checkstyle|Pmd|SpotBugs)Extension>",
        JVM, files="*.gradle{,.kts}", example="configure<KtlintExtension> {",
    ),
)  # fmt: skip
"""A checker of Gradle's, named as a plugin or set up where another plugin has brought it."""
RUN = either(
    step(
        run=rf"(^|[\s/:'\"(`}}]){TOOL}([\s'\";@)`]|$)|{SCRIPT}|\bpre-commit run\b|\bprek( run)?\b",
        uses=r"(?i)(eslint|biome-action|stylelint|standardx|ruff-action|mypy|golangci|staticcheck|rubocop|erb-?lint|phpstan"
        r"|psalm|phpcs|clippy|detekt|ktlint|checkstyle|credo|swiftlint|tflint|yamllint|hadolint|actionlint|shellcheck"
        r"|super-linter|mega-?linter|static-?analysis|reviewdog|pre-commit/action|lint-action|sonar(cloud|qube)|semgrep|qodana)",
        example="npx eslint . --max-warnings 0",
    ),
    both(
        manifest("maven:plugin", r"\b(maven-checkstyle-plugin|maven-pmd-plugin|spotbugs-maven-plugin)\b"),
        step(r"\bmvnw?\b.*\b(verify|install|package|checkstyle)\b", example="./mvnw -B verify"),
    ),
    both(
        code(
            r"<(TreatWarningsAsErrors|EnforceCodeStyleInBuild)>true<",
            (In.XML,), example="<TreatWarningsAsErrors>true</TreatWarningsAsErrors>",
        ),
        step(r"\bdotnet (build|publish|pack)\b", example="dotnet build --configuration Release"),
    ),
    both(
        BY_GRADLE,
        step(r"\bgradlew?\b.* (\S*:)?(check|build)\b", example="./gradlew build"),
    ),
    both(
        code(
            rf"^\s*(RUN( --\S+)*|&&)\s+(((npx|bunx|yarn|pnpm|poetry run|uv run|python3? -m|bundle exec|cargo) )?{TOOL}(\s|$)"
            r"|(npm|pnpm|yarn|bun|make|just|task|composer|mix)( run)?( -\S+)* ([\w-]+:)*(lint|typecheck|type-check|check-static|analy[sz]e)\b)",
            (In.DOCKERFILE,), strings=True, files=("Dockerfile*", "*.Dockerfile"), example="RUN npm run lint && npm run build",
        ),
        step(
            r"\bdocker (buildx )?build\b|\bdocker[ -]compose (\S+ )*build\b|\bbuildah (bud|build)\b",
            r"^docker/(build-push-action|bake-action)$", example="docker build .",
        ),
    ),
    both(manifest("crates:lints"), step(r"\bcargo (check|build|test)\b", example="cargo check")),
)  # fmt: skip
HOOK = step(
    rf"(^|[\s/:'\"_]){TOOL}([\s'\";@]|-(full|lint|all|local|docker)\b|$)|{SCRIPT}", example="pre-commit https://github.com/astral-sh/ruff-pre-commit ruff",
    on=("pre-commit",),
)  # fmt: skip
CONFIG = either(
    file(
        ".eslintrc*", "eslint.config.*", "biome.json*", ".oxlintrc.json", ".stylelintrc*", "ruff.toml", ".ruff.toml", ".flake8",
        ".pylintrc", "mypy.ini", "pyrightconfig.json", "{.,}golangci.{yml,yaml,toml,json}", ".rubocop.yml", ".standard.yml", "phpstan.neon*",
        "psalm.xml*", "phpcs.xml*", "clippy.toml", "checkstyle*.xml", "detekt*.yml", ".credo.exs", ".tflint.hcl", ".yamllint*",
        ".hadolint.yaml", ".semgrep.yml", "sonar-project.properties", ".sqlfluff",
        # What sets a format for a formatter is half of it too.
        ".prettierrc*", "prettier.config.*", ".clang-format", ".swiftformat", ".scalafmt.conf", "{.,}rustfmt.toml", ".dprint.json{,c}", "dprint.json{,c}",
        ".php-cs-fixer{,.dist}.php", ".formatter.exs", ".csharpierrc*",
    ),
    dependency(
        npm="eslint @biomejs/biome oxlint standard xo", pypi="ruff flake8 pylint mypy pyright", gem="rubocop standard rubocop-rails-omakase",
        composer="phpstan/phpstan larastan/larastan laravel/pint squizlabs/php_codesniffer vimeo/psalm friendsofphp/php-cs-fixer",
        hex="credo dialyxir", scope=("development", "optional"),
    ),
    manifest("pypi:tool", "^(ruff|pylint|mypy|flake8|pyright|basedpyright)$"),
    code(rf"^\t@?([\w./]+/)?{TOOL}\b", (In.MAKEFILE,), example="\tgolangci-lint run ./..."),
    manifest("npm:tool", "^(eslintConfig|oxlint|stylelint|xo)$"),
    manifest("npm:script", rf"(^|[\s/:'\"=]){TOOL}([\s'\";@]|$)"),
    BY_GRADLE,
    manifest("crates:lints"),
    step(
        r"\bspotless(:check|Check)\b|\bfmt:check\b|\bscalafmtCheck\w*|\bcsharpier (--)?check\b|\b(prettier|gofmt|gofumpt|goimports|cargo fmt|rustfmt|mix format|black|terraform fmt|ruff[ -]format|helm lint|pint"
        r"|php-cs-fixer)\b|--warnings-as-errors|\bhelm lint\b",
        uses=r"(?i)(prettier|black|gofmt|rustfmt|kubevious|kube-linter|kubeconform)", example="cargo fmt --check",
        on=(*CHANGE, "pre-commit"),
    ),
)  # fmt: skip

PRACTICE = Practice(
    id="lint-config",
    stage=Stage.PROTECTING,
    title="A static checker reads every change first",
    why="A program that never tires finds whole classes of slips before a colleague has to.",
    advice=(
        "Begin with your ecosystem's usual one (ruff, eslint, golangci-lint, rubocop, clippy, phpstan) in the test workflow.",
        "Fail on new findings only, or the first day brings a thousand old ones.",
    ),
    looked_for="a linter or type checker that CI or a commit hook runs",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=CODE,
    guide="https://stack.convex.dev/eslint-setup",
    question="Which checker runs before a change is merged?",
    after=("ci-tests",),
    extension=True,
    present=(RUN, HOOK),
    partial=(CONFIG,),
    doubt=(
        (
            file(
                ".clang-tidy",
                ".mdlrc",
                ".markdownlint*",
                ".remarkrc*",
                ".htmlhintrc",
                ".djlintrc",
                ".lintr",
                ".luacheckrc",
                ".jshintrc",
                ".jscsrc",
                ".scalafix.conf",
                ".scss-lint.yml",
                ".reek.yml",
                "analysis_options.yaml",
                ".ansible-lint",
            ),
            "is for a linter that nothing was seen to run",
        ),
        (
            step(uses=r"/\.github/workflows/", example="acme/ci/.github/workflows/checks.yml"),
            "calls a workflow of another repository, which may run one",
        ),
    ),
    near=(
        (
            file(".editorconfig"),
            "sets a format, and checks nothing else",
        ),
    ),
)
