"""Queries that use indexes."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    ANYWHERE,
    CONFIG,
    CSHARP,
    DIRECT,
    ELIXIR,
    GO,
    HCL,
    JAVASCRIPT,
    JSON,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    SOURCE_AND_TESTS,
    SQL,
    Look,
    at_least,
    both,
    code,
    dependency,
    either,
)
from rungwise.clues import Language as In
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status
from rungwise.practices.stage3_testing.performance_regression_tests import (
    PLAN_READ,
    QUERIES_COUNTED,
    QUERIES_COUNTED_SOMEHOW,
)

INDEXES = either(
    code(
        r"(?i)\bcreate (unique )?index\b",
        (*SQL, *PROGRAM), strings=True, example="CREATE INDEX feeds_user_id_idx ON feeds(user_id);",
    ),
    code(r"(?i)^\s*(unique )?(key|index)\b.*\(", SQL, example="  INDEX(last_name)"),
    code(
        r"\badd_index\b|\bt\.index\b|\bindex: (true|\{)",
        RUBY, files="**/{db,migrate}/**", example="add_index :editions, :state",
    ),
    code(
        r"\bdb_index=True|\bmodels\.Index\(|\bindex=True|\b(Gin|BTree|Hash)?Index\(|\bunique=True\b|\bop\.create_index\(",
        PYTHON, example="email: str = Field(unique=True, index=True)",
    ),
    code(r"@@(index|unique)\b", (In.PRISMA,), example="@@index([userId])"),
    code(
        r"\.(index|searchIndex)\(\s*[\"']|\b(uniqueI|i)ndex\(\s*[\"']|@Index\(|\btable\.(index|unique)\(|\b(createIndex"
        r"|ensureIndex)\(\s*\{|\baddIndex\(",
        JAVASCRIPT, example='.index("by_user", ["userId"])',
    ),
    both(
        dependency(npm="mongoose @nestjs/mongoose @typegoose/typegoose"),
        code(
            r"\w*[sS]chema\.index\(\s*\{|\b(index|unique)\s*:\s*true\b",
            JAVASCRIPT, files=("*[sS]chema*", "**/{models,model,schemas,entities}/**"), example="orderSchema.index({ shop: 1, createdAt: -1 });",
        ),
    ),
    code(r"->(index|unique|fullText)\(", PHP, files="**/migrations/**", example="$table->index('slug');"),
    code(
        r"@Index\(|\bindexes\s*=|\b[gG]lobalSecondaryIndex\w*|@Indexed\b",
        JVM, example="indexes = @Index(columnList = \"name\")",
    ),
    code(
        r"(?i)<createIndex\b|^\s*- createIndex:|\bcreate (unique )?index (concurrently )?(if not exists )?\w+ on\b",
        (In.XML, In.YAML), example='<createIndex indexName="orders_user_id_idx" tableName="orders">',
    ),
    code(r"\.HasIndex\(|\[Index\(", CSHARP, example="builder.HasIndex(ci => ci.Name);"),
    code(
        r"gorm:\"[^\"]*\b(index|unique|uniqueIndex|unique_index)\b",
        GO, strings=True, example='Name string `gorm:"unique_index"`',
    ),
    code(r"\bcreate(_if_not_exists)?[ (](unique_)?index\b", ELIXIR, example="create index(:users, [:email])"),
)  # fmt: skip
GUARD = either(
    dependency(
        gem="bullet prosopite active_record_doctor database_consistency pghero goldiloader n_plus_one_control",
        pypi="nplusone django-zen-queries django-perf-rec pytest-django-queries", composer="beyondcode/laravel-query-detector",
        scope=DIRECT,
    ),
    code(
        # What the recommended rules do not hold before.
        r"\"@convex-dev/eslint-plugin\"\s*:\s*\"[^\"\d]*([2-9]|[1-9]\d)\b",
        JSON, files="package.json", example='"@convex-dev/eslint-plugin": "^2.0.0"',
    ),
    QUERIES_COUNTED,
    at_least(3, QUERIES_COUNTED_SOMEHOW),
    PLAN_READ,
    code(r"\bstrict_loading_by_default\b", RUBY, where=SOURCE_AND_TESTS, example="config.active_record.strict_loading_by_default = true"),
    code(r"\b(preventLazyLoading|shouldBeStrict)\(", PHP, example="Model::shouldBeStrict();"),
    code(
        r"\bpg_stat_statements\b|\bno-(filter|collect)-in-query\b|\bno-unindexed-queries\b",
        (*CONFIG, *HCL, *SQL, *JAVASCRIPT), strings=True, example="shared_preload_libraries = pg_stat_statements",
    ),
)  # fmt: skip
WHOLE = both(INDEXES, GUARD)
CHAINS = code(r"\bdb\s*\.query\(", JAVASCRIPT, files="**/convex/**", counted=True, example='ctx.db.query("messages")')
SCANS = code(
    r"\bdb\s*\.query\([^()]*\)\s*\.filter\(",
    JAVASCRIPT, files="**/convex/**", counted=True, example='ctx.db.query("messages").filter((q) => q.eq(q.field("to"), user))',
)  # fmt: skip
BY_INDEX = code(
    r"\.with(Search)?Index\(|\.vectorSearch\(|\.(vectorIndex|searchIndex|index)\(",
    JAVASCRIPT, files="**/convex/**", example='.withIndex("by_user", (q) => q.eq("user", user))',
)  # fmt: skip
TABLES = at_least(
    5,
    code(
        r"(?i)\bcreate table\b",
        SQL,
        files="**/{migrations,migration,migrate}/**",
        example="CREATE TABLE notes (id INT PRIMARY KEY);",
    ),
)
SPOKEN_OF = code(
    r"(?i)\b(create|add|drop|using)\b[^;\n]{0,40}\bindex\b|\bindex(es)? (on|\w+ on)\b|\bexplain analy[sz]e\b|\bAddIndex\(|\badd_index\b",
    (*SQL, *PROGRAM),
    strings=True,
    where=ANYWHERE,
    example="DROP INDEX notes_user_id;",
)


def judge(look: Look) -> Verdict | None:
    """On Convex the queries that read every row can be counted: with more than a fifth of them it is half of the practice."""
    scans, chains = (sum(signal.places for signal in clue.find(look)) for clue in (SCANS, CHAINS))
    if scans * 5 > chains and WHOLE.find(look):
        return Verdict(Status.PARTIAL, SCANS.find(look), f"{scans} of {chains} queries filter rows without an index.")
    if scans and not BY_INDEX.find(look) and not INDEXES.find(look):
        return Verdict(Status.ABSENT, SCANS.find(look), "Queries filter all rows of a table, and no table has an index.")
    if (tables := TABLES.find(look)) and not INDEXES.find(look) and not SPOKEN_OF.find(look):
        return Verdict(Status.ABSENT, tables, "The migrations make tables, and no index beyond their keys.")
    return None


PRACTICE = Practice(
    id="indexed-queries",
    stage=Stage.SCALING,
    title="Queries find their rows by an index",
    why="Reading every row is quick on a laptop and takes the database down at a million.",
    advice=(
        "On Convex, replace .filter on a query by .withIndex, and let the ESLint rule report what is left.",
        "In Postgres, read the slowest queries from pg_stat_statements, and build missing indexes concurrently.",
        "Make N+1 queries fail in tests: Bullet or Prosopite, assertNumQueries.",
    ),
    looked_for="indexes beyond primary keys, and a guard against scans and N+1 queries",
    role=Role.ANCHOR,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/queries-that-scale",
    question="Which three queries were the slowest in production this month?",
    not_for="tables that stay in the thousands",
    after=("data-schema-validation",),
    present=(WHOLE,),
    partial=(INDEXES,),
    judge=judge,
    uses=(CHAINS, SCANS, BY_INDEX, TABLES, SPOKEN_OF),
)
