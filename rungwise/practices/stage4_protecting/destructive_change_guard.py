"""Guard against accidental destructive changes."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import GO, HCL, PHP, PROGRAM, SHELL, SQL, YAML, Look, both, code, dependency, either, file, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

LINTED = either(
    both(
        dependency(gem="strong_migrations online_migrations safe-pg-migrations"),
        file("**/config/initializers/{strong_migrations,online_migrations}.rb"),
    ),
    step(
        r"\b(squawk|diesel-guard|lintmigrations|migration-linter|atlas migrate lint|buf breaking)\b",
        uses=r"(?i)(squawk-action|atlas-action/migrate/lint|buf-action|conftest)", example="diesel-guard check migrations/",
    ),
    code(
        r"^\s*(prevent_destroy|deletion_protection\w*|enable_deletion_protection)\s*=\s*true\b",
        HCL, example="    prevent_destroy = true",
    ),
    code(r"\bprohibitDestructiveCommands\(", PHP, example="DB::prohibitDestructiveCommands($this->app->isProduction());"),
)  # fmt: skip
SOMETHING = either(
    dependency(
        gem="strong_migrations rails activerecord", composer="laravel/framework", npm="convex squawk-cli",
        pypi="django-migration-linter",
    ),
    file(".squawk.toml", "atlas.hcl", "diesel-guard.toml"),
    code(
        r"(?i)\b(are you sure|cannot be undone|type yes|confirm(ation)?\()|->confirm\(|\bsafety_assured\b|\bdialoguer::"
        r"|\bprompt_confirm",
        PROGRAM, strings=True, files=("**/{commands,Commands,management,tasks,scripts,bin,workers,admin,cli,util,utils}/**",),
        but_not=("**/{components,ui,client,frontend}/**", "*.tsx"), example="if not confirm('Delete all data?'):",
    ),
    code(
        r"\bdry[_-]?[rR]un\b",
        PROGRAM, strings=True, files=("**/{commands,Commands,management,workers,tasks}/**",),
        example="parser.add_argument('--dry-run')",
    ),
    code(
        r"(?i)\b\w*(ask|prompt|read|get|require)_?\w*confirm\w*\(|\b\w*yes_?no\w*\(|\bsurvey\.Confirm\b|\bpromptui\.Prompt\b"
        r"|\bnew_?confirm\w*\(",
        GO, files=("**/{cmd,cli,command,commands,internal,cmdx}/**", "**/*{migrat,popx}*{/**,}"),
        example="if !cmdx.AskForConfirmation(question, nil) {",
    ),
    code(
        r"(?i)\b(are you sure|do you (really )?(want|wish) to|not reversible|cannot be undone|may destroy|type ['\"]?\w+['\"]? (and press|to (confirm|continue|proceed)))",
        PROGRAM, strings=True,
        files=("**/{cmd,cli,command,commands,console,management,cmdx,popx}/**", "**/*{migrat,Migrat}*{/**,}"),
        but_not=("**/{components,ui,client,frontend,web,migrations,Migrations}/**", "**/*Migrations/**", "*.tsx"), example="confirm('Schema down migrations may DESTROY data')",
    ),
    code(r"\.AutoMigrate\(", GO, example="db.AutoMigrate(new(model.User))"),
    code(
        r"\bdeletion_protection\b|\bforce_destroy\s*=\s*false|\bhelm\.sh/resource-policy: keep|\bPrune=false",
        (*HCL, *YAML), example="force_destroy = false",
    ),
    code(
        r"(?i)read -p\b.*\b(y/n|yes|confirm|continue)",
        SHELL, files="**/*{deploy,migrat,restore,db,release,reset,drop,backup,preflight}*",
        example='read -p "Continue? (y/n) " answer',
    ),
)  # fmt: skip
DOWN = code(
    r"\bdef (self\.)?(down|downgrade)\b|\bfunction down\(|\b(const|let) down\b|\bexports\.down\b|\bdown:? ?(=>|= ?(async)|\(|async|: ?async)|\bvoid Down\("
    r"|\bfn down\b|\bfunc \w*[dD]own\w*\(|\bdown do\b",
    PROGRAM, files=("**/*migrat*/**", "**/*migrat*", "**/*Migrat*/**", "**/alembic/**"), example="def downgrade():",
)  # fmt: skip
"""Where the way back begins: what it drops was made by the migration itself."""
DROPS = code(
    r"(?i)\bdrop (table|column|index)\b|\b(remove_column|drop_table|remove_index)\b|\bop\.drop_(column|table|index)\("
    r"|\b(RemoveField|DeleteModel)\(|\b(dropColumn|dropTable|removeColumn|dropIfExists)\(|\.Drop(Column|Table)\(",
    (*PROGRAM, *SQL), strings=True, files=("**/*migrat*/**", "**/*migrat*"), but_not=("**/*down*.{sql,fizz}", "**/{stub,stubs}/**", "**/*{down,revert,rollback,undo}*/**"), example="ALTER TABLE users DROP COLUMN name;",
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """Migrations that drop things while nothing checks them show what is missing; without them it is a question."""
    if LINTED.find(look) or SOMETHING.find(look):
        return None
    down = {signal.path: signal.line or 0 for signal in DOWN.find(look)}
    forward = [signal for signal in DROPS.find(look) if (signal.line or 0) < down.get(signal.path, 1 << 30)]
    drops = tuple(sorted(forward, key=lambda signal: signal.path or "", reverse=True))
    if drops:
        return Verdict(Status.ABSENT, drops, "Migrations drop things, and no check of them was seen.")
    return Verdict(Status.NOT_SEEN, (), "No guard was seen, and nothing that drops data either.")


PRACTICE = Practice(
    id="destructive-change-guard",
    stage=Stage.PROTECTING,
    title="Dropping data takes more than one careless command",
    why="Removing a table or a large index is quick to type, and putting it back can take a day.",
    advice=(
        "Check migrations in CI with a linter that refuses drops nobody marked as safe: squawk, strong_migrations, diesel-guard.",
        "In Terraform, set prevent_destroy and deletion protection on every store, and apply only a plan that somebody has read.",
        "On Convex, never allow the deletion of large indexes in a deploy script; drop them in a change of their own.",
    ),
    looked_for="a check that stops destructive migrations or infrastructure changes before they reach production",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=5,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    requires=((Fact.DATASTORE, Fact.INFRA),),
    guide="https://stack.convex.dev/operational-maturity-for-production",
    question="What would stop one command from dropping a table or an index in production?",
    present=(LINTED,),
    partial=(SOMETHING,),
    judge=judge,
    uses=(DROPS, DOWN),
)
