"""Guard against accidental destructive changes."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import GO, HCL, PHP, PROGRAM, RUBY, SHELL, SQL, YAML, Look, beside, both, code, dependency, either, file, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage4_protecting.safe_schema_changes import OWN_CHECK
from rungwise.practices.stage5_hardening.input_validation import BROWSER

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
BY_HAND = "**/{commands,Commands,management,tasks,scripts,bin,workers,admin,cli,util,utils}/**"
NOT_A_PAGE = (*BROWSER, "**/{components,ui,client,frontend}/**", "*.tsx")
DATABASE = code(
    r"(?i)\b(migrat\w*|\w*database\w*|schemas?|truncate\w*|backfill\w*|purge\w*|wipe\w*|(delete|destroy|update|insert)_?all\w*|find_each|pg_\w+|sql\w*)\b"
    r"|\b(drop|reset|flush|clear|restore)_?(table|db|data|schema|collection|index)\w*|\bdb[.:>(]|\bdb\b\W|\.objects\.|\.(where|query|queryset|cursor|session|execute)\b"
    r"|->(delete|update|truncate)\(|\b(delete|update|insert|drop|alter)\b (from|into|table|index)\b|\b(prisma|knex|sequelize|\w*[rR]epository)\b|::(where|query|all)\(",
    PROGRAM, strings=True, files=(BY_HAND, "*.rake"), but_not=NOT_A_PAGE, example="Order.where(paid: nil).delete_all",
)  # fmt: skip
"""What a question or a dry run has to be about before it guards stored data."""
SOMETHING = either(
    dependency(
        gem="strong_migrations rails activerecord", composer="laravel/framework", npm="convex squawk-cli",
        pypi="django-migration-linter",
    ),
    file(".squawk.toml", "atlas.hcl", "diesel-guard.toml"),
    OWN_CHECK,
    beside(
        code(
            r"(?i)\b(get_?)?pending_?migrations?\w*\b|\bMigrate(Async)?\(|\b(run|apply|execute)_?(all_?)?migrations?\w*\(|\bmigrate_?(up|database|db)\w*\(",
            PROGRAM, but_not=BROWSER, example="await context.Database.MigrateAsync();",
        ),
        code(
            r"(?i)\b((create|make|take|write|perform|run)_?)?(database_?|db_?)?back_?up(_?(database|db|before|data))?\w*\(|\b(back_?up|migration)_?(file|path|dir|directory)\b",
            PROGRAM, but_not=BROWSER, example="await backupService.BackupDatabase();",
        ),
    ),
    code(r"\bsafety_assured\b", RUBY, example="safety_assured { remove_column :users, :name }"),
    beside(
        DATABASE,
        either(
            code(
                r"(?i)\b(are you sure|cannot be undone|type yes|confirm(ation)?\()|->confirm\(|\bdialoguer::|\bprompt_confirm",
                PROGRAM, strings=True, files=BY_HAND, but_not=NOT_A_PAGE,
                example="if not confirm('Delete all data?'):",
            ),
            code(
                r"\bdry[_-]?[rR]un\b",
                PROGRAM, strings=True, files=("**/{commands,Commands,management,workers,tasks}/**",),
                example="parser.add_argument('--dry-run')",
            ),
        ),
    ),
    code(
        r"(?i)\b\w*(ask|prompt|read|get|require)_?\w*confirm\w*\(|\b\w*yes_?no\w*\(|\bsurvey\.Confirm\b|\bpromptui\.Prompt\b"
        r"|\bnew_?confirm\w*\(",
        GO,
        files=("**/{cmd,cli,command,commands,internal,cmdx}/**{migrat,database,db,schema,sql,store,storage}*{/**,}", "**/*{migrat,popx}*{/**,}"),
        example="if !cmdx.AskForConfirmation(question, nil) {",
    ),
    code(
        r"(?i)\b(are you sure|do you (really )?(want|wish) to|not reversible|cannot be undone|may destroy|type ['\"]?\w+['\"]? (and press|to (confirm|continue|proceed)))",
        PROGRAM, strings=True,
        files=("**/{cmd,cli,command,commands,console,management,cmdx,popx}/**{migrat,Migrat,database,Database,db,Db,schema,Schema,sql,Sql,store,storage,Storage}*", "**/*{migrat,Migrat}*{/**,}"),
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
MIGRATIONS = ("**/*migrat*/**", "**/*migrat*")
FORWARD = ("**/*down*.{sql,fizz}", "**/{stub,stubs}/**", "**/*{down,revert,rollback,undo}*/**")
DROPS = code(
    r"(?i)\bdrop (table|column)\b|\b(remove_column|drop_table)\b|\bop\.drop_(column|table)\("
    r"|\b(RemoveField|DeleteModel)\(|\b(dropColumn|dropTable|removeColumn|dropIfExists)\(|\.Drop(Column|Table)\(",
    (*PROGRAM, *SQL), strings=True, files=MIGRATIONS, but_not=FORWARD, example="ALTER TABLE users DROP COLUMN name;",
)  # fmt: skip
DROPS_INDEX = code(
    r"(?i)\bdrop index\b|\bremove_index\b|\bop\.drop_index\(|\bdrop(_if_exists)?[ (]+(unique_)?index\(|\bdropIndex\(",
    (*PROGRAM, *SQL), strings=True, files=MIGRATIONS, but_not=FORWARD, example="DROP INDEX by_name;",
)  # fmt: skip
MAKES = code(
    r"(?i)\bcreate (temp(orary)? )?table\b|\badd (column|constraint)\b|\badd [\"`]?\w+[\"`]? (\w*int|\w*char|text|bool|\w*date|\w*time|json|uuid)",
    SQL, strings=True, files=MIGRATIONS, example="ALTER TABLE users ADD COLUMN name text;",
)  # fmt: skip
"""In SQL the way back stands below the way there, and only a comment tells where it begins."""
MAKES_INDEX = code(
    r"(?i)\bcreate (unique )?index\b|\badd_index\b|\bop\.create_index\(|\bcreate(_if_not_exists)?[ (]+(unique_)?index\(|\b(create|add)Index\(",
    (*PROGRAM, *SQL), strings=True, files=MIGRATIONS, example="CREATE INDEX by_name ON users (name);",
)  # fmt: skip
"""An index that the same migration makes anew was changed, not lost."""


def judge(look: Look) -> Verdict | None:
    """Migrations that drop things while nothing checks them show what is missing; without them it is a question."""
    if LINTED.find(look) or SOMETHING.find(look):
        return None
    down = {signal.path: signal.line or 0 for signal in DOWN.find(look)}
    made, indexed = ({signal.path for signal in clue.find(look)} for clue in (MAKES, MAKES_INDEX))
    dropped = [signal for signal in DROPS.find(look) if signal.path not in made]
    dropped += [signal for signal in DROPS_INDEX.find(look) if signal.path not in made | indexed]
    forward = [signal for signal in dropped if (signal.line or 0) < down.get(signal.path, 1 << 30)]
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
    uses=(DROPS, DROPS_INDEX, MAKES, MAKES_INDEX, DOWN),
)
