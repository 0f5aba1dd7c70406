"""Migrations kept in the repository."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    CSHARP,
    GO,
    JAVASCRIPT,
    PROGRAM,
    PYTHON,
    Look,
    code,
    dependency,
    either,
    file,
    manifest,
)
from rungwise.clues import Language as In
from rungwise.facts import OWN_MIGRATIONS
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

FILES = file(
    "**/db/*migrate*/[0-9]*.rb", "**/db/data_migration*/[0-9]*.rb", "**/database/migrations/**/*.php",
    "**/migrations/{,*/}Version*.php", "**/{migration,migrations,db-migrations,DbScripts}/{,*/,*/*/}*[0-9]*.{sql,cql,surql,cypher}",
    "**/{migration,migrations}/**/{up,migration}.sql", "**/{migrate,ddl}/**/[0-9V]*.sql", "**/V[0-9]*__*.{sql,java,kt}",
    "**/*.{up,down}.sql", "**/drizzle/{,*/}[0-9]*_*.sql", "**/{db,database}[.-]changelog*",
    "**/changelog/**/*.{xml,yaml,yml,sql}", "**/priv/*repo*/migrations/*.exs", "**/alembic/versions/*.py",
    "**/migrations/versions/*.py", "**/migrations/[0-9]*_*.py", "**/{migration,migrations}/{,*/}[0-9]*.{js,ts,mjs,cjs,go,rb}",
    "**/migrations/{,*/}m[0-9]*_*.rs", "**/Migrations/{,*/}[0-9]*_*.cs", "**/Migrations/*ModelSnapshot.cs",
    "**/convex/migrations{.ts,/**}", "**/{migration,migrations}/**/*[-._]migration.{ts,js,mjs,py,rb,php}",
    "**/*{upgrade,update,migration,migrate,patch}{-,_,.,}{v,}[0-9]*.{sql,cql,surql}", "**/{upgrade,upgrades,db-updates,sql-updates}/**/*[0-9]*.{sql,cql,surql}",
    "**/{db,database,data,schema,sql,scripts}/{,*/}20[0-9][0-9]{,-,_}[01][0-9]{,-,_}[0-3][0-9]*.{sql,cql,surql}",
    "**/{upgrade,upgrades,db-updates,sql-updates,migration,migrations}/{,**/}{,v,V}[0-9]*/**/*.{sql,cql,surql}",
    but_not=("**/*.md", "*.{spec,test}.*"),
)  # fmt: skip
HALF = either(
    code(r"\.AutoMigrate\(", GO, example="db.AutoMigrate(new(model.User))"),
    code(r"\bsynchronize:\s*true\b|\.sync\(\{\s*(alter|force)\b", JAVASCRIPT, example="synchronize: true,"),
    code(r"\bcreate_all\(", PYTHON, example="Base.metadata.create_all(bind=engine)"),
    code(r"\bddl-auto\b\s*[:=]\s*(update|create)", (In.YAML, In.PROPERTIES), example="spring.jpa.hibernate.ddl-auto=update"),
    code(r"\.EnsureCreated(Async)?\(", CSHARP, example="context.Database.EnsureCreated();"),
    code(r"\bprisma db push\b", (In.SHELL, In.DOCKERFILE), example="npx prisma db push"),
    manifest("npm:script", r"\b(prisma db push|drizzle-kit push)\b"),
    file(
        "**/{schema,init,create_tables,structure}.sql", "**/db/schema.rb",
        "**/{migration,migrations,migrator}.{ex,go,py,rb,rs,ts,js,php}", "**/*{Backfill,Migrat}*.{java,kt,cs}",
        "**/*backfill*.{py,rb,ts,go,rs}",
    ),
    dependency(npm="@convex-dev/migrations migrate-mongo umzug", pypi="alembic flask-migrate", go="github.com/pressly/goose"),
)  # fmt: skip

MENTIONED = code(
    r"(?i)\b(run|apply|execute|perform|upgrade|update|ensure)_?(db_?|database_?|schema_?|data_?|pending_?|all_?)*(migrations?|schema)\w*\("
    r"|\b(schema|db|database|data)_?(version|migrat\w+|upgrad\w+)\b|\bmigrate_?(up|to|from|db|database|schema|data)\w*\(",
    PROGRAM, example="if schemaVersion < 4 { upgradeSchema(db) }",
)  # fmt: skip
"""Code that may change the shape of stored data as it goes."""


def judge(look: Look) -> Verdict | None:
    """The newest migration says most, and its name sorts last."""
    files = FILES.find(look)
    newest_first = sorted(files, key=lambda signal: (signal.value == "new", signal.path or ""), reverse=True)
    return Verdict(Status.PRESENT, tuple(newest_first)) if files else None


PRACTICE = Practice(
    id="migrations-in-code",
    stage=Stage.PROTECTING,
    title="Each change of the data model is a migration in git",
    why="A migration in git is reviewed once, runs the same everywhere, and tells later readers how the data came to be.",
    advice=(
        "Take your framework's tool (Rails, Django, Alembic, Flyway, Prisma, goose, EF Core) and start from today's schema.",
        "On Convex, add the migrations component and define one migration for each change of shape.",
        "Switch automatic schema changes off in production: synchronize, ddl-auto, db push.",
    ),
    looked_for="versioned migration files of any common tool, or migrations written in the program's own language",
    role=Role.ANCHOR,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/migrating-data-with-mutations",
    not_for="stateless services and mere caches",
    doubt=(
        (
            file(
                "**/{upgrade,upgrades,migrator,migrators,db-migrations,data-migrations,schema-changes}/**/*.{py,rb,ts,js,go,rs,java,kt,cs,php,ex,sql,cql,sh}"
            ),
            "is in a folder that may change the shape of stored data",
        ),
        (MENTIONED, "speaks of migrations"),
    ),
    console=((Fact.CONVEX, "a Convex app needs a data migration only when the shape of stored data changes"),),
    present=(OWN_MIGRATIONS,),
    partial=(HALF,),
    judge=judge,
    uses=(FILES,),
)
