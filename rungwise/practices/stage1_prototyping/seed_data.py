"""Seed data that can be made again."""

from rungwise.catalogue import Practice
from rungwise.clues import (
    ANYWHERE,
    CSHARP,
    DIRECT,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JSON,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    SHELL,
    SOURCE_AND_TESTS,
    SQL,
    TESTS,
    YAML,
    Language,
    beside,
    both,
    code,
    dependency,
    either,
    file,
    manifest,
    step,
)
from rungwise.model import Effort, Fact, Kind, Observable, Place, Role, Stage

_NOT_SEEDS = (
    "db/seeds.rb",
    "**/priv/repo/seeds.exs",
    "**/DatabaseSeeder.php",
    "**/seedrandom*",
    "**/*torrent*",
    "**/fuzz/**",
    "**/sim/**",
    "**/simulation/**",
)
_SEEDING = (
    "seed.{ts,js,mjs,py,rb,sql,go,php,exs,sh,cs,rs}",
    "seeds.{ts,js,mjs,py,rb,sql,go,php,exs,sh,rs}",
    "seed{_,-}*.{ts,js,mjs,py,rb,sql,go,php,exs,sh,rs}",
    "*{_,-,.}{seed,seeds,seeder}.{ts,js,mjs,py,rb,sql,go,php,exs,sh,rs}",
    "**/{seed,seeds,seeder,seeders}/**/*.{ts,js,mjs,py,rb,sql,go,php,exs,rs}",
    "**/convex/{init,seed}*.ts",
    "**/{initial_data,sample_data,demo_data,dummy_data,populate_db,populate_database}*.{py,ts,js,go,sql,rb}",
    "**/commands/*import*{live,prod,production,staging}*.py",
    "*Seeder.{php,java,kt,cs}",
    "*{Seed,Seeding}.cs",
    "Seed*.cs",
)
_LOADED = (
    "**/supabase/seed.sql",
    "**/src/main/resources/**/data.sql",
    "**/src/main/resources/**/data-*.sql",
    "**/src/main/resources/import.sql",
)
"""What a framework loads from SQL by itself. Starters bring such a file with nothing but comments in it."""
_MIGRATED = "**/{migrations,migration,migrate,delta,upgrade,upgrades}/**"
_ANY = r"(?s)\w.*"
"""More than comments."""
SEED_FILE = either(
    beside(
        code(_ANY, (*PROGRAM, *SQL, *SHELL), example="await insert();", files=_SEEDING, but_not=_NOT_SEEDS),
        file(*_SEEDING, but_not=_NOT_SEEDS),
    ),
    file(
        "**/{seed,seeds,seeder,seeders}/**/*.{json,yml,yaml,csv}",
        "*{sampleData,sample_data,sample-data,seedData,seed_data,demoData,demo_data}*.{json,jsonl,csv,yml,yaml}",
        but_not=_NOT_SEEDS,
    ),
)
COMMAND = (
    r"\b(rails|rake|artisan|prisma|knex|sequelize|sequelize-cli|typeorm|drizzle-kit|npm|pnpm|yarn|bun|npx|node|tsx|ts-node"
    r"|deno|python[\d.]*|manage\.py|flask"
    r"|go run|cargo|make|poe|just|mix|psql|php|dotnet|invoke|uv run)\b[^\n=#]*[ :/_-](seed|seeds|seeder|seeding"
    r"|initial_data|sample_data|demo_data)\b"
    r"|^(db-?)?seed:|\bloaddata\b|\bpopulatedb\b|--preview-run\b|convex dev\b[^\n]*--run\b|\bdb:(seed|reset|setup|prepare)\b"
)
RUN = either(
    code(
        r'"[\w:.-]*\bseed(s|er|ers|ing)?\b[\w:.-]*"\s*:\s*"[^"\n]* [^"\n]*"',
        JSON,
        example='"db:seed": "tsx prisma/seed.ts"',
        files="package.json",
    ),
    code(
        r"\bconvex (dev|run|deploy)\b[^\"\n]*(--(preview-)?run\b|\binit\b|\bseed)",
        JSON,
        example='"predev": "convex dev --run init --until-success"',
        files="package.json",
    ),
    manifest("pypi:scripts", r"^([\w.]+[-_])*(seed|seeds|seeding)([-_]\w+)*="),
    code(r"^(\w+-)*(seed|seeds)(-\w+)*\s*:([^=]|$)", (Language.MAKEFILE,), example="db-seed-local: guard-DB"),
    code(COMMAND, SHELL, example="bundle exec rails db:seed", strings=True),
    code(COMMAND, (Language.YAML, Language.TOML), example="run: php artisan db:seed", files=("*.yml", "*.yaml", "*.toml")),
    code(r"^func (\(\w+ [^)]*\) )?[sS]eed\w*\(", GO, example="func (s *Store) seed(ctx context.Context) error {"),
    step(r"\b(?:db:seed|prisma db seed|artisan db:seed|loaddata|flask seed)\b", example="npx prisma db seed", on=()),
)
SEED_BESIDE_TESTS = file(
    "{seed,seeds}{,_*,-*}.{py,ts,js,rb,go}",
    where=TESTS,
    but_not=("*{.,_,-}{test,tests,spec}.*", "**/fuzz/**"),
)
"""Made with the factories of the tests, and lying with them."""
BUILT_IN = either(
    code(
        r"\b(create|create!|insert_all!?|upsert_all|upsert|find_or_create_by!?|find_or_initialize_by|first_or_create!?"
        r"|save!?|FactoryBot|import|load|execute)\b",
        RUBY,
        example='User.create!(name: "Ada")',
        files=("db/seeds.rb", "**/db/seeds.rb", "**/db/seeds/**/*.rb", "**/db/fixtures/**/*.rb"),
    ),
    code(
        r"\b(Repo\.insert|insert_all)|\b[A-Z]\w*\.(create|insert|register|upsert|seed|import)\w*!?\(",
        ELIXIR,
        example="Repo.insert!(%User{})",
        files="**/priv/**/seeds*.exs",
    ),
    code(r"\.command\(\s*['\"](db[-_:])?seed", PYTHON, strings=True, example='@app.cli.command("seed")'),
    both(
        code(r"\bloaddata\b", (*SHELL, *YAML), strings=True, example="python manage.py loaddata shop.json"),
        file("**/fixtures/*.{json,yaml,yml}", where=(Place.FIXTURES,), but_not=("**/test*/**",)),
    ),
    both(
        either(
            code(
                r"(?i)\b(insert into|copy)\b",
                SQL,
                example="INSERT INTO users VALUES (1);",
                files="**/{seed,seeds,local,dev,demo,sample,samples,sampledata,testdata,test-data,dummy}/**/*.sql",
            ),
            file("**/src/main/resources/**/testdata/**/*.sql", where=(Place.FIXTURES,)),
        ),
        code(
            r"\b(classpath\*?|filesystem):[^\s,'\"]*/(seeds?|local|dev|demo|samples?|sampledata|test-?data|dummy)\b",
            (Language.YAML, Language.PROPERTIES),
            example="locations: classpath:db/migration,classpath:db/seed",
        ),
    ),
    code(
        r"->(create|insert|call|createQuietly|createMany|save)\(|::(create|insert|factory|firstOrCreate|updateOrCreate)\(",
        PHP,
        example="User::factory()->count(3)->create();",
        files=("**/database/seeds/**/*.php", "**/database/seeders/**/*.php"),
    ),
    both(
        dependency(composer="doctrine/doctrine-fixtures-bundle", scope=DIRECT),
        file("*Fixture{,s}.php", where=(Place.SOURCE, Place.FIXTURES), but_not=("**/{tests,test,Tests}/**",)),
    ),
    code(
        r"\bdefineSeed\b|\bseed\s*:\s*[`'\"]",
        JAVASCRIPT,
        example="migrations: { seed: 'tsx prisma/seed.ts' }",
        files="prisma.config.*",
    ),
    code(
        r'"prisma"\s*:\s*\{\s*[^{}]*"seed"\s*:', JSON, example='"prisma": { "seed": "tsx prisma/seed.ts" }', files="package.json"
    ),
    beside(code(_ANY, SQL, example="INSERT INTO orders VALUES (1);", files=_LOADED), file(*_LOADED)),
    file(
        "**/DataFixtures/**/*.php",
        "**/management/commands/*{seed,populatedb,populate_db,sample,demo,dummy,fake,create_test}*.py",
        "**/{cli,commands,cmd,tasks,bin}/**/seed*.{py,js,ts,go,rb,php,rs}",
        "**/cmd/**/seed/**/*.go",
        "**/liquibase/fake-data/**",
        "**/Commands/**/*{Dummy,Demo,Sample,SeedData,SeedDatabase}*.php",
        "**/src/main/resources/**/{initial,init,seed,demo,sample,default}{-,_}data*.{yaml,yml,json,sql}",
        "{script,scripts,bin,tools,dev}/**/*{import,load}*dump*",
    ),
    code(
        r"\b(UseSeeding|UseAsyncSeeding|EnsureSeedData)\(|\bSeedData\.\w+\("
        r"|(\)|\b\w*([sS]eed\w*|[iI]nitiali[sz]er|[cC]ontext|[dD]b))\.SeedAsync\(",
        CSHARP,
        example="await seeder.SeedAsync(context);",
    ),
    code(
        r"\.Add(Range)?(Async)?\(",
        CSHARP,
        example="context.Orders.AddRange(orders);",
        files=("*{DbInitiali,DatabaseInitiali,DataInitiali,ContextSeed,DataSeed,DbSeed,SeedData}*.cs",),
        but_not="**/Migrations/**",
    ),
    beside(
        file(
            "**/src/main/**/*{DataLoader,DataInitializer,DatabaseInitializer,DbInitializer,DataSeeder,DatabaseSeeder,LoadDatabase}*.{java,kt}",
            "**/src/main/**/*{SampleData,DemoData,DevData,InitData,SeedRunner}*.{java,kt}",
        ),
        code(
            r"\b(CommandLineRunner|ApplicationRunner|ApplicationReadyEvent|PostConstruct)\b",
            JVM,
            example="class DataLoader implements CommandLineRunner",
        ),
    ),
)
"""Places from which a framework seeds by a command of its own, or at start."""
MADE_FOR_TESTS = either(
    dependency(
        npm="@faker-js/faker faker fishery @snaplet/seed drizzle-seed rosie factory.ts @mswjs/data @ngneat/falso chance casual typeorm-extension",
        pypi="factory-boy faker model-bakery mimesis polyfactory django-dynamic-fixture model-mommy autofixture pytest-factoryboy hypothesis-jsonschema",
        gem="factory_bot factory_bot_rails faker ffaker fabrication seed-fu machinist",
        composer="fakerphp/faker zenstruck/foundry league/factory-muffin nelmio/alice",
        nuget="Bogus AutoFixture AutoFixture.Xunit2",
        go="github.com/go-testfixtures/testfixtures github.com/brianvoe/gofakeit github.com/go-faker/faker github.com/bxcodec/faker github.com/jaswdr/faker github.com/bluele/factory-go",
        hex="ex_machina faker",
        maven="net.datafaker:datafaker com.github.javafaker:javafaker org.instancio:instancio-junit org.jeasy:easy-random-core",
        crates="fake",
        scope=DIRECT,
    ),
    file("**/factories/*.{rb,py,php,ts}", "**/factories.{py,rb}", where=SOURCE_AND_TESTS + TESTS),
)

PRACTICE = Practice(
    id="seed-data",
    stage=Stage.PROTOTYPING,
    title="Seed data is made by a script",
    why="A script that rebuilds useful data makes it cheap to throw data away, on a new laptop or in a preview.",
    advice=(
        "Keep a seed that can run twice: db/seeds.rb, DatabaseSeeder, `prisma db seed`, a management command.",
        "Convex: an internal mutation in convex/init.ts, run by `convex dev --run init` and `--preview-run init`.",
        "Let the types check the seed against the schema, so that it breaks first.",
    ),
    looked_for="a seed file or command, and something that runs it",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF),
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/seeding-data-for-preview-deployments",
    present=(BUILT_IN, both(RUN, SEED_FILE), both(RUN, SEED_BESIDE_TESTS)),
    partial=(SEED_FILE, MADE_FOR_TESTS),
    near=(
        (
            file("*{seed,Seed}*.{py,ts,js,go,rb,php,rs,ex,exs,java,kt,cs,sql,sh}"),
            "is named for it, and was not seen to fill a database",
        ),
    ),
    doubt=(
        (
            code(
                r"(?i)\b(create|insert|make|load|populate|generate|add|setup|init|build)_?(test|sample|demo|initial|fake|dummy|mock|seed|default)_?(data\w*|users?|accounts?|fixtures?|records?|db|database)\b",
                PROGRAM,
                example="func createDemoData(db *sql.DB) error {",
                where=SOURCE_AND_TESTS,
                # What a file of tests makes for itself fills no database that anybody would look at.
                but_not=(
                    "*.{test,spec}.*",
                    "test_*.py",
                    "*_test.{py,go,rb,exs}",
                    "*_spec.rb",
                    "*{Test,Tests,Spec,IT}.{java,kt,scala,cs,php,swift}",
                ),
            ),
            "makes data by a name like it",
        ),
        (
            code(
                r"\bconvex import\b[^\n]*(\.(jsonl|csv|json)\b|seed|sample|demo|fixture|initial)",
                (Language.MARKDOWN, *JSON, *SHELL),
                example="npx convex import --table tasks sampleData.jsonl",
                strings=True,
                where=ANYWHERE,
            ),
            "imports data",
        ),
        (
            file(
                "**/{bin,cmd,cli,commands,tasks}/**/*import*{/**,}/main.{rs,go}",
                "**/{bin,cmd,cli,commands,tasks}/**/*import*.{rs,go,py,rb,ts,js,php,ex,exs,rake}",
                but_not=("**/*important*",),
            ),
            "is a command that brings data in",
        ),
        (
            code(
                r"(?i)^(static_?)?(users|passwords|accounts|clients):",
                YAML,
                example="staticPasswords:",
                files="*{.,-,_}{dev,development,local}{.,-,_}*y*ml",
            ),
            "names users for development",
        ),
        (
            beside(
                code(r"(?i)^insert (ignore )?into\b", SQL, example="INSERT INTO users VALUES (1);", but_not=_MIGRATED),
                code(r"(?i)^create table\b", SQL, example="CREATE TABLE users (id INT);", but_not=_MIGRATED),
            ),
            "fills tables that it makes",
        ),
        (
            file(
                "**/fixtures/**/*.{json,yml,yaml,sql,toml,csv}",
                "**/{testdata,test_data,test-data}/**/*.{sql,db,sqlite,sqlite3,dump}",
                "**/tests/data/**/*.{db,sqlite,sqlite3,dump}",
                "**/suites/**/users*.y*ml",
                where=(*SOURCE_AND_TESTS, Place.FIXTURES),
                but_not=("**/{test,tests,spec,__tests__,__fixtures__}/**/fixtures/**", "**/fixtures/**/{test,tests,spec}/**"),
            ),
            "holds data that something may load",
        ),
    ),
)
