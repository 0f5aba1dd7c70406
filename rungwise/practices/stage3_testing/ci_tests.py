"""Tests that run by themselves."""

import re2

from rungwise.catalogue import CODE, Practice, Verdict
from rungwise.clues import CHANGE, Language, Look, StepClue, code, file, step
from rungwise.model import Effort, Fact, Observable, Role, Signal, SignalKind, Stage, Status

START = (
    r"^(?:if |! |time |sudo |exec |eval |env |cross-env |xvfb-run |npx |bunx |vpx |yarn |pnpm |bun |dotenv -- |bundle exec "
    r"|bin/spring "
    r"|(?:pnpm|npm|yarn|bun) (?:exec|dlx|x) |browserstack-node-sdk "
    r"|(?:poetry|pipenv|pdm|hatch|uv|rye|pipx|mise|asdf|direnv|devbox|pixi"
    r"|conda) (?:run|exec|x) (?:.* )?"
    r"|hatch run \S+:|python[\d.]* -m |py -m |\$\{?PYTHON\}? -m |coverage run (?:-\S+ )*|timeout \S+ |nice |retry |gosu \S+ "
    r"|nix develop \S* ?(?:-c|--command) |(?:docker|podman|nerdctl)(?:[ -]compose)? (?:.* )?(?:run|exec) .* |kubectl exec .* "
    r"|devcontainer exec .* |ssh .* |su -c .*|bash |sh |pwsh |-\S+ |\w+=(?:\"[^\"]*\"|'[^']*'|\S*) )*[\"'(]*(?:\S*/)?"
)
"""What may stand before the command that does the work: variables, tools that run another tool, a folder."""
RUNNERS = (
    r"pytest|py\.test|tox|nox|nosetests|nose2|unittest|ctest|bats|prove|rspec|cucumber|jasmine|jasmine-browser-runner"
    r"|parallel_test"
    r"|parallel_rspec|parallel_cucumber|turbo_tests|rspecq|knapsack|vitest|jest|mocha|ava|karma|uvu|tap|wtr|phpunit"
    r"|simple-phpunit|paratest"
    r"|pest|codecept|behat|gotestsum|ginkgo|busted|testem"
)
COMMANDS = (
    r"(?:rich)?go test",
    r"cargo (?:\S+ )*(?:test|nextest|llvm-cov|tarpaulin)",
    r"dotnet (?:test|run .*Tests?\b.*)",
    r"mvn(?:w|d)?(?:\.cmd)? (?:.* )?(?:test|verify|install|package|integration-test)",
    r"gradlew?(?:\.bat)? (?:.* )?(?:\S*[tT]est\w*|\S*check|\S*build|\S*jacoco\w*)",
    r"(?:sbt|lein|stack|cabal|dart|flutter|swift|deno|bun|zig build|mix|gleam|dune|crystal) (?:.* )?[\"']?(?:test\S*|spec"
    r"|coveralls\S*)",
    r"xcodebuild .*\btest",
    r"node (?:\S+ )*--test",
    r"(?:python[\d.]* )?\S*manage\.py test|django test",
    r"php (?:\S+ )*(?:artisan test|\S*phpunit|\S*pest)|artisan test",
    r"(?:rails|rake) (?:\S+ )*(?:test|spec|cucumber|jasmine|parallel|knapsack|default|ci)\S*|rake$",
    r"composer (?:.* )?(?:test|tests|phpunit|pest|ci)\S*",
    r"bazel(?:isk)? (?:\S+ )*(?:test|coverage)",
    r"(?:turbo|nx|lerna|moon|rush|lage|ng|wp-scripts|react-scripts|craco|vue-cli-service|ember|lb|tsdx) (?:.* )?(?:test"
    r"|vitest|jest)\S*",
    r"(?:npm|pnpm|yarn|bun|vp)(?: \S+)* (?:\w+:)?(?:t|tst|tests?|unit|coverage|e2e|jasmine|playwright|vitest|jest"
    r"|cy:run)(?:[:-][\w:.-]+)?",
    r"(?:test|unit|e2e|jasmine|coverage)(?::[\w:.-]+)?",
    r"playwright test|cypress run",
    r"(?:terraform|tofu)(?: \S+)* test|gator (?:verify|test)|conftest (?:verify|test)|opa test|helm unittest|molecule test"
    r"|ct install",
    r"(?:make|gmake|just|task|mage|poe|poethepoet|inv|invoke|hatch|pdm|rye|earthly|dagger call|doit|ant|cargo make"
    r"|cargo xtask|melos|fastlane"
    r"|run|mise)(?: \S+)* (?:[\w:+/.-]*[-_:+/.])?(?:tests?|check|unit|specs?|verify|cov|coverage|unittests?|pytest|rspec"
    r"|phpunit)(?:[-_:.]\w+)*",
    r"(?:rails|rake|npm run|yarn|pnpm|bun run|make|just|mvnw?|gradlew?|cargo|composer|dotnet"
    r"|go) (?:.* )?\$\{?\{?[^}]*(?i:test)\w*[\s}]*",
    r"(?:[\w-]+[-_])?(?:tests?|cibuild|runtests)(?:[-_]\w+)*(?:\.(?:sh|py|rb|ps1|js|ts|mjs|bash|php|exs))?",
)
RUNS_TESTS = START + rf"(?:{'|'.join((RUNNERS, *COMMANDS))})(?:$|[\s\"');:])"
CALLS_TESTS = (
    r"(?i)^(?:cypress-io/github-action|php-actions/phpunit|[\w-]+/[\w.-]*(?:pytest|phpunit|rspec|run-tests)[\w.-]*"
    r"|[\w-]+/[\w.-]+/\.github/workflows/[\w.-]*(?:test|rspec|minitest|jasmine|cucumber|pact)[\w.-]*\.ya?ml"
    # Jobs of CircleCI's orbs, and the library of the Jenkins project that all its plugins call.
    r"|[\w-]+/[\w-]+/(?:[\w-]+-)?tests?|buildPlugin)$"
)
NOTHING_RUN = re2.compile(
    r"^(?:if )?(?:! )?test (?:-|!|\"|\$)|--no-run|--collect-only|--listTests|-DskipTests(?:$|\s|=true)"
    r"|maven\.test\.skip(?:$|\s|=true)"
    r"|-x (?:test|check)\b|--dry-run|--help|--version"
    r"|\b(?:npm|pnpm|yarn|bun|pip3?|pipx|uv|gem|cargo|go|composer|poetry|conda|bundle|playwright)(?: -\S+| global| tool| pip)*"
    r" (?:install|add|ci|require|sync|get)\b"
)
"""Commands in which a test runner's name stands, and which only compile, list or install."""
OTHER_TASK = re2.compile(
    r"tests?[-_:.](?:types?|lint|format|typecheck|tsc|build|watch|open|results?|reports?|fixtures?|setup|image|deps|clean"
    r"|up|down)\b"
    r"|(?:install|upload|publish|clean|build)[-_:]\w*tests?\b"
)
"""Tasks that are named after tests, and are about something else."""


def test_step(*, on: tuple[str, ...] = CHANGE, soft: bool = False, services: str | None = None) -> StepClue:
    """A CI step that runs tests, whatever the language; ask :func:`runs` for those that really do."""
    return step(RUNS_TESTS, CALLS_TESTS, example="bundle exec rspec", on=on, soft=soft, services=services)


def runs(look: Look, clue: StepClue) -> tuple[Signal, ...]:
    """The steps that a clue of :func:`test_step` finds, without those that only look like a test run."""
    return tuple(signal for signal in clue.find(look) if signal.name == "uses" or _runs(clue, signal.value))


def _runs(clue: StepClue, command: str) -> bool:
    called = re2.search(clue.run or "", command)
    return bool(called) and not OTHER_TASK.search(called.group()) and not NOTHING_RUN.search(command)


ON_CHANGE = test_step()
AT_ALL = test_step(on=(), soft=True)
ELSEWHERE = step(uses=r"/\.github/workflows/", example="acme/ci/.github/workflows/ruby.yml")
NAMED_TESTS = re2.compile(r"(?i)^(?:unit[-_])?tests?(?:\.ya?ml)?$")
SEALED = step(
    START + r"(?:ci|build|check|verify|pipeline)(?:[-_]\w+)*\.(?:sh|ps1|py|cmd|bat)\b|\b(?:earthly|dagger|bazel|nix) ",
    r"/\.github/workflows/",
    example="./ci/build.sh",
)
"""A step whose inside cannot be seen from here: a script that was not found, or a workflow of another repository."""
UNREAD_SYSTEM = file(
    "Jenkinsfile",
    "Jenkinsfile.*",
    ".semaphore/*.yml",
    ".buildkite/**",
    ".drone.yml",
    ".drone.star",
    ".drone.jsonnet",
    ".woodpecker*",
    ".woodpecker/**",
    ".cirrus.yml",
    "bitbucket-pipelines.yml",
    "appveyor.yml",
    ".appveyor.yml",
    ".zuul.yaml",
    "zuul.d/**",
    ".prow/**",
    "cloudbuild*.yaml",
    ".teamcity/**",
    "ci/pipeline.yml",
    "ci/*.yml",
    "azure-pipelines*.yml",
    ".circleci/config.yml",
    ".gitlab-ci.yml",
    ".travis.yml",
    "codeship-*.yml",
    "wercker.yml",
    ".taskcluster.yml",
    ".tekton/**",
    "codefresh.yml",
    ".concourse/**",
    "concourse/**",
)


def judge(look: Look) -> Verdict | None:
    """Present for a test command on each change, partial for one that may fail or runs at other times."""
    if found := runs(look, ON_CHANGE):
        return Verdict(Status.PRESENT, found)
    if found := runs(look, AT_ALL):
        if not found[0].detail("on"):
            said = f"Tests run in {found[0].path}; what starts it is set up elsewhere."
            return Verdict(Status.PARTIAL, found, said)
        return Verdict(Status.PARTIAL, found, f"Tests run in {found[0].path}, but not on each change, or a failure is let pass.")
    if elsewhere := tuple(signal for signal in ELSEWHERE.find(look) if any(NAMED_TESTS.search(text) for text in _names(signal))):
        return Verdict(Status.PRESENT, elsewhere, f"{elsewhere[0].path} calls a workflow of another repository to run the tests.")
    if sealed := _sealed(look):
        return Verdict(Status.NOT_SEEN, sealed, f"CI runs something in {sealed[0].path} whose inside cannot be seen from here.")
    return None


def _names(signal: Signal) -> tuple[str, str]:
    return (signal.detail("workflow") or signal.path or "").rsplit("/", 1)[-1], signal.detail("job")


def _sealed(look: Look) -> tuple[Signal, ...]:
    steps = look.of(SignalKind.STEP)
    read = {signal.path for signal in steps}
    opened = {(signal.path, signal.line) for signal in steps if signal.detail("via")}
    sealed = tuple(signal for signal in SEALED.find(look) if (signal.path, signal.line) not in opened)
    return sealed or tuple(signal for signal in UNREAD_SYSTEM.find(look) if signal.path not in read)


PRACTICE = Practice(
    id="ci-tests",
    stage=Stage.TESTING,
    title="Tests run by themselves on every change",
    why="Tests that wait for somebody to remember them are forgotten in the week that matters.",
    advice=(
        "Add a workflow on pull_request and push: check out, install from the lock file, test.",
        "Let a failing test fail the job, cancel runs that were overtaken, and stay under ten minutes.",
    ),
    looked_for="a CI job that runs the tests on pushes or pull requests",
    role=Role.ANCHOR,
    effort=Effort.SMALL,
    impact=5,
    observable=Observable.YES,
    applies=CODE,
    requires=(Fact.TESTS,),
    after=("unit-tests",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which system runs the tests before a merge?",
    judge=judge,
    uses=(ON_CHANGE, AT_ALL, ELSEWHERE, SEALED, UNREAD_SYSTEM),
    near=(
        (
            file(
                "*.star",
                ".build.yml",
                ".builds/*.yml",
                "dagger.json",
                "screwdriver.yaml",
                ".scrutinizer.yml",
                ".rultor.yml",
                "buildspec*.y*ml",
                ".harness/**",
                ".space.kts",
                ".onedev-buildspec.yml",
                ".cirun.yml",
            ),
            "belongs to no CI system that is known here",
        ),
        (file(".{github,gitea,forgejo}/workflows/*.y*ml"), "is a workflow, and no step of it was seen to run tests"),
        (file("{ci,.ci}/*"), "sounds like CI, and belongs to no system that is known here"),
    ),
    doubt=(
        (
            code(
                r"(?i)^FROM\b[^\n]*\bAS [\"']?\S*(test|ci)s?\b",
                (Language.DOCKERFILE,),
                example="FROM production AS concourse_tests",
            ),
            "builds an image to run tests in, which a CI elsewhere may do",
        ),
        (
            step(
                r"\b(?:make|just|task|mage|rake|invoke|nox|npm run|pnpm|yarn|bun run) (?:\S+ )*\w+tests?$",
                example="make richtest",
                on=(),
                soft=True,
            ),
            "runs something that is named after tests, and no command that is known here to run them",
        ),
    ),
)
