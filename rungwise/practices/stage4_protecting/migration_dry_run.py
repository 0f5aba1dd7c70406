"""A dry run or a plan before production."""

from rungwise.catalogue import Practice
from rungwise.clues import HCL, PHP, PROGRAM, YAML, beside, code, either, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage
from rungwise.practices.stage4_protecting.destructive_change_guard import DATABASE

PLANNED = either(
    step(
        r"\b(terraform|tofu|terragrunt)\b.* plan\b|\bpulumi preview\b|\bcdk diff\b|\bhelm diff\b|\bkubectl diff\b"
        r"|\bargocd app diff\b|\bprisma migrate diff\b|\balembic upgrade\b.*--sql|\bsqlmigrate\b|\bmigrate --plan\b"
        r"|\batlas migrate lint\b|\bconvex deploy\b.*--dry-run|\bflyway validate\b",
        uses=r"(?i)(terraform-plan|atlantis|spacelift|atlas-action|tf-summarize)", example="terraform plan -input=false",
    ),
    code(r"^\s*vcs_repo\s*=?\s*\{", HCL, example="  vcs_repo = {"),
)  # fmt: skip
POSSIBLE = either(
    code(
        r"\bdry[_-]?[rR]un\b",
        PROGRAM, strings=True, example="parser.add_argument('--dry-run')",
        files=("**/migrations.ts", "**/{migrate,migrations,migrator,backfill,backfills}/**", "**/*Migrator*/**"),
        but_not=("**/node_modules/**", ".github/**"),
    ),
    code(
        r"\bdry[_-]?[rR]un\b",
        PHP, strings=True, files="**/{Command,Commands}/**{Correct,Fix,Repair,Migrat,Backfill,Convert,Recalculat,Upgrade}*{,/**}",
        example="protected $signature = 'orders:fix-totals {--dry-run}';",
    ),
    beside(
        DATABASE,
        code(
            r"\bdry[_-]?[rR]un\b",
            PROGRAM, strings=True, example="parser.add_argument('--dry-run')",
            files=("**/tasks/**", "**/*.rake", "**/management/commands/**", "**/commands/**", "**/workers/**Command*"),
            but_not=("**/node_modules/**", ".github/**"),
        ),
    ),
    code(r"\bmakemigrations\b.*--(check|dry-run)", YAML, example="entry: python manage.py makemigrations --check --dry-run"),
    step(
        r"\bmakemigrations\b.*--(check|dry-run)|\bmigrate (status|info)\b|\bdb:migrate:status\b"
        r"|\bkubectl\b.* --dry-run=server\b|\bhelm (upgrade|install)\b.* --dry-run\b|\bartisan migrate\b.*--pretend\b"
        r"|\bliquibase\b.* update-?[sS][qQ][lL]\b|\bgoose\b.* status\b"
        r"|\bef migrations (script|has-pending-model-changes)\b",
        example="python manage.py makemigrations --check",
    ),
)  # fmt: skip

PRACTICE = Practice(
    id="migration-dry-run",
    stage=Stage.PROTECTING,
    title="You see what a change will do before it does it",
    why="Reading a plan costs a minute, and it is the last cheap moment to notice the wrong rows or the wrong server.",
    advice=(
        "Put the plan or the generated SQL into the pull request: terraform plan, alembic upgrade --sql, prisma migrate diff.",
        "Let scripts that repair data print how many rows they would touch, and change them only with --apply.",
        "On Convex, call the migration with dryRun before you call it for production.",
    ),
    looked_for="a plan or diff on pull requests, or migration scripts with a dry run",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    requires=((Fact.MIGRATIONS, Fact.INFRA),),
    guide="https://www.convex.dev/components/migrations",
    question="When was a production change last tried as a dry run, on what, and by whom?",
    after=("migrations-in-code",),
    present=(PLANNED,),
    partial=(POSSIBLE,),
)
