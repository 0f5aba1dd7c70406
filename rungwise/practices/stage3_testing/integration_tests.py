"""Tests against a real store."""

from rungwise.catalogue import Practice, Verdict
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
    RUST,
    SHELL,
    SOURCE_AND_TESTS,
    TESTS,
    YAML,
    Language,
    Look,
    at_least,
    both,
    code,
    dependency,
    either,
    file,
    step,
)
from rungwise.model import Effort, Fact, Kind, Observable, Role, Signal, Stage, Status
from rungwise.practices.stage3_testing.ci_tests import runs, test_step

STORE = (
    r"postgres|pgautoupgrade|postgis|pgvector|timescale|mysql|mariadb|mongo|redis|valkey|memcached|elasticsearch|opensearch"
    r"|clickhouse|rabbitmq"
    r"|kafka|redpanda|localstack|dynamodb|cassandra|scylla|neo4j|cockroach|mssql|sqlserver|minio|foundationdb|meilisearch"
    r"|typesense|weaviate|qdrant|influxdb|couchdb|solr|arangodb|surrealdb|libsql|emulator"
)
WITH_SERVICE = test_step(services=STORE)
TESTED = test_step()
STARTED = step(
    rf"\bdocker[ -]compose\b.*\b(?:up|run|start)\b|\bsupabase start\b|\bdocker run\b.*(?:{STORE})|\bconvex dev --local"
    r"|\b(?:neonctl|neon) branch(?:es)? create\b|\bpscale branch create\b|\bturso db create\b|\bsupabase db start\b"
    r"|\b(?:systemctl|service)\b.*\b(?:postgres\w*|mysql|mariadb|redis\S*|mongod?)\b",
    r"(?i)/.*(?:mysql|postgres|mongodb|redis|opensearch|elasticsearch)|supabase/setup-cli|compose-action|^neondatabase/create-branch-action$",
    example="docker compose up -d db",
)
CONTAINERS = either(
    both(
        dependency(
            npm="testcontainers @testcontainers/postgresql @testcontainers/mysql @testcontainers/mongodb @testcontainers/redis"
            " mongodb-memory-server",
            pypi="testcontainers pytest-postgresql pytest-docker pytest-mysql",
            go="github.com/testcontainers/testcontainers-go github.com/ory/dockertest github.com/fergusstrange/embedded-postgres",
            maven="org.testcontainers:* org.springframework.boot:spring-boot-testcontainers io.zonky.test:embedded-postgres",
            nuget="Testcontainers Testcontainers.PostgreSql Testcontainers.MsSql Testcontainers.MySql Testcontainers.MongoDb",
            crates="testcontainers testcontainers-modules",
            scope=("runtime", "development", "optional"),
            where=SOURCE_AND_TESTS,
        ),
        either(
            code(
                r"\b(Generic|Docker|Compose|DockerCompose|Postgre\w*|My[sS][qQ][lL]|MariaD[bB]|Mongo\w*|Redis|Valkey|Kafka"
                r"|RabbitM[qQ]|Elasticsearch"
                r"|Open[sS]earch|Cassandra|Neo4j|Click[hH]ouse|MsSql|MSSQLServer|SqlServer|LocalStack|Cosmos\w*|Oracle\w*"
                r"|Minio|MinIO)"
                r"(Container|Builder)\b|\bMongoMemory(Server|ReplSet)\b"
                r"|@(Testcontainers|ServiceConnection|AutoConfigureEmbeddedDatabase)\b",
                (*JAVASCRIPT, *JVM, *CSHARP, *PYTHON),
                example="new PostgreSQLContainer()",
                where=TESTS,
            ),
            code(
                r"\b(testcontainers|dockertest|embeddedpostgres)\.|\bcontainers\.\w+\(t\b"
                r"|\b(postgres|mysql|redis|mongodb)\.Run(Container)?\(",
                GO,
                example="testcontainers.GenericContainer(ctx, request)",
                where=SOURCE_AND_TESTS,
            ),
            code(r"\btestcontainers(_modules)?::", RUST, example="use testcontainers::GenericImage;", where=SOURCE_AND_TESTS),
            code(r"\bpostgresql\w*_proc\b|\bdocker_services\b", PYTHON, example="def test_save(docker_services):", where=TESTS),
        ),
    ),
    code(r"\.ContainerCreate\(", GO, example="client.ContainerCreate(ctx, config)", where=SOURCE_AND_TESTS, files="**/*test*/**"),
    code(r"#\[sqlx::test\b", RUST, example="#[sqlx::test]", where=SOURCE_AND_TESTS),
    code(r"\bAdd(Postgres|SqlServer|MySql|MongoDB|Redis)\(", CSHARP, example='builder.AddPostgres("db")', where=TESTS),
    code(
        r"(?i)\bcreate database\b|\bcreate_database\(",
        PROGRAM,
        strings=True,
        example='connection.execute(text("CREATE DATABASE shop_test"))',
        where=TESTS,
        files="**/*{conftest,setup,Setup,helper,Helper,support,fixture,Fixture,testutil,testdb,test_db,database,Database,harness}*",
    ),
    code(r"\bbackendHarness\b", JAVASCRIPT, example="await backendHarness(run)", where=SOURCE_AND_TESTS),
)
TRANSACTIONAL = code(
    r"\buse_transactional_(fixtures|tests)\b|\bDatabaseCleaner\b|\bfixtures :all\b|\bmaintain_test_schema\b",
    RUBY,
    example="config.use_transactional_fixtures = true",
    where=TESTS,
)
RAILS = both(dependency(gem="pg mysql2 trilogy mongoid"), TRANSACTIONAL)
SANDBOXED = code(
    r"\bEcto\.Adapters\.SQL\.Sandbox\b",
    ELIXIR,
    example="Ecto.Adapters.SQL.Sandbox.mode(Repo, :manual)",
    where=SOURCE_AND_TESTS,
)
PHOENIX = both(dependency(hex="postgrex myxql"), SANDBOXED)
LARAVEL = both(
    code(
        r"\b(RefreshDatabase|DatabaseTransactions|DatabaseMigrations|LazilyRefreshDatabase)\b",
        PHP,
        example="use RefreshDatabase;",
        where=TESTS,
    ),
    code(
        r"name=\"DB_CONNECTION\"\s+value=\"(mysql|pgsql|mariadb|sqlsrv|testing_mysql|mysql_testing)\"",
        (Language.XML,),
        example='<env name="DB_CONNECTION" value="mysql"/>',
        files=("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"),
    ),
)
SUITE = (
    "**/{suites,*test*,e2e,*-e2e,cypress,playwright,integration,acceptance}/**/*compose*.y*ml",
    "*compose*{test,e2e,ci,integration}*.y*ml",
)
COMPOSED = both(
    code(
        rf"^\s+(- )?['\"]?image['\"]?:.*(?:{STORE})",
        YAML,
        example="    image: postgres:17",
        files=SUITE,
        where=ANYWHERE,
    ),
    either(
        code(
            r'"[\w:-]*(test|e2e|cypress|cy|integration)[\w:-]*"\s*:\s*"[^"]*compose\b',
            JSON,
            example='"cypress:run": "docker compose -f cypress/docker-compose.yml up"',
            files="package.json",
            where=SOURCE_AND_TESTS,
        ),
        code(
            r"['\"][\w./-]*compose[\w.-]*\.ya?ml['\"]",
            (*GO, *PYTHON, *JAVASCRIPT, *JVM, *RUBY, *RUST, *ELIXIR, *CSHARP),
            strings=True,
            example='NewEnvironment("suites/postgres/compose.yml")',
            where=SOURCE_AND_TESTS,
            files=("**/*{test,Test,suite,Suite,e2e,integration}*/**", "*{test,Test,suite,Suite,e2e}*.*"),
        ),
        code(
            r"compose\b[^\n]*\b(up|run|start)\b",
            (*SHELL, *JAVASCRIPT, *PYTHON, *GO, *RUBY),
            strings=True,
            example="docker compose -f test/docker-compose.yml up -d",
            where=SOURCE_AND_TESTS,
            files=("**/*{test,e2e,suite}*/**", "*{test,e2e,integration}*.sh", "Makefile"),
        ),
    ),
)
SCRIPTED = both(
    code(
        r'"test[\w:-]*"\s*:\s*"[^"]*(db|redis|infra|docker|compose|services|stack|database)[\w-]*\.sh\b',
        JSON,
        example='"test": "../dev/with-test-db.sh jest"',
        files="package.json",
    ),
    code(
        r"\bcompose\b[^\n]*\b(up|run|start)\b",
        SHELL,
        strings=True,
        example="docker compose -f $file up --wait db_test",
        where=ANYWHERE,
        files="*.sh",
    ),
)
"""A suite that starts its own stores: compose files beside the tests, or a script that the tests are run through."""
STAND_IN = either(
    code(
        rf"^\s+(- )?['\"]?image['\"]?:.*(?:{STORE})",
        YAML,
        example="    image: postgres:17",
        files=SUITE,
        where=ANYWHERE,
    ),
    code(
        r"(?i)\btest_?(database|db|redis|postgres|mysql|mongo)_?(url|uri|dsn)\b|\b(database|db|redis|postgres|mysql|mongo)_?(url|uri|dsn)_?test\b",
        PROGRAM,
        strings=True,
        example='os.environ["TEST_DATABASE_URL"]',
        where=TESTS,
    ),
    code(
        r"\b(TransactionTestCase|LiveServerTestCase|django_db|StaticLiveServerTestCase|APITestCase)\b"
        r"|\bdjango\.test import\b[^\n]*\bTestCase\b"
        r"|\bTestClient\(|\bsqlite:///",
        PYTHON,
        example="client = TestClient(app)",
        where=TESTS,
    ),
    code(
        r"\b(RefreshDatabase|DatabaseTransactions|DatabaseMigrations|KernelTestCase|WebTestCase)\b",
        PHP,
        example="use RefreshDatabase;",
        where=TESTS,
    ),
    code(
        r"@(SpringBootTest|DataJpaTest|QuarkusTest|MicronautTest|JdbcTest|DataMongoTest)\b",
        JVM,
        example="@SpringBootTest",
        where=TESTS,
    ),
    code(
        r"\bWebApplicationFactory<|\bUseInMemoryDatabase\(|\bUseSqlite\(",
        CSHARP,
        example="new WebApplicationFactory<Program>()",
        where=TESTS,
    ),
    code(
        r"\bconvexTest\(|\bnewDb\(\)|['\"]:memory:['\"]",
        JAVASCRIPT,
        strings=True,
        example="const t = convexTest(schema)",
        where=TESTS,
    ),
    code(
        r"\bconvexTest\(",
        JAVASCRIPT,
        example="const t = convexTest(schema)",
        files=("**/*test*", "**/*setup*", "**/*helper*"),
    ),
    code(
        r"\bsqlite\.Open\(|\bsqlmock\.New\(|:memory:",
        GO,
        strings=True,
        example='sqlite.Open("file::memory:")',
        where=SOURCE_AND_TESTS,
    ),
    code(r"\buse \w+\.(DataCase|ConnCase)\b", ELIXIR, example="use Shop.DataCase", where=TESTS),
    dependency(gem="database_cleaner database_cleaner-active_record database_cleaner-mongoid", npm="pg-mem", scope=DIRECT),
    both(
        dependency(npm="supertest", scope=DIRECT),
        either(
            code(
                r"(?i)\b(prisma\w*|typeorm\w*|data_?source|knex|sequelize|mongoose|drizzle|mikro_?orm|database_url|createconnection|pool\.query"
                r"|db\.(query|exec\w*|select|insert|delete\w*|truncate))\b",
                JAVASCRIPT,
                strings=True,
                example="await prisma.user.deleteMany();",
                where=TESTS,
            ),
            at_least(2, code(r"\bAppModule\b", JAVASCRIPT, example="imports: [AppModule],", where=TESTS)),
        ),
    ),
)
"""Tests that go through a database's interface, where which database stands behind it cannot be seen."""
SERVER_STORE = dependency(
    npm="pg postgres mysql mysql2 mongodb mongoose mssql oracledb",
    pypi="psycopg psycopg2 psycopg2-binary psycopg-binary asyncpg mysqlclient pymysql aiomysql pymongo motor",
    go="github.com/lib/pq github.com/jackc/pgx github.com/go-sql-driver/mysql go.mongodb.org/mongo-driver gorm.io/driver/postgres"
    " gorm.io/driver/mysql",
    nuget="Npgsql Npgsql.EntityFrameworkCore.PostgreSQL Microsoft.EntityFrameworkCore.SqlServer Microsoft.Data.SqlClient"
    " Pomelo.EntityFrameworkCore.MySql MySqlConnector MongoDB.Driver",
    gem="pg mysql2 trilogy mongoid mongo",
    hex="postgrex myxql mongodb_driver",
    crates="tokio-postgres postgres sqlx diesel diesel-async sea-orm mysql mysql_async mongodb",
)
EMBEDDED = (
    both(dependency(gem="sqlite3"), TRANSACTIONAL),
    both(dependency(hex="ecto_sqlite3"), SANDBOXED),
    both(
        dependency(crates="rusqlite"),
        code(r"\bConnection::open(_in_memory)?\(", RUST, example="Connection::open_in_memory()?", where=TESTS),
    ),
    both(
        code(
            r"['\"]django\.db\.backends\.sqlite3['\"]",
            PYTHON,
            strings=True,
            example='"ENGINE": "django.db.backends.sqlite3",',
            but_not="**/{dev,development,local,test,testing,ci}*.py",
        ),
        code(
            r"\b(TransactionTestCase|LiveServerTestCase|django_db|StaticLiveServerTestCase|APITestCase)\b"
            r"|\bdjango\.test import\b[^\n]*\bTestCase\b",
            PYTHON,
            example="from django.test import TestCase",
            where=TESTS,
        ),
    ),
    both(
        dependency(go="modernc.org/sqlite github.com/mattn/go-sqlite3 github.com/glebarez/sqlite github.com/ncruces/go-sqlite3"),
        code(
            r"\bsqlite3?\.Open\(|:memory:|\bsql\.Open\(",
            GO,
            strings=True,
            example='db, err := sql.Open("sqlite3", path)',
            where=TESTS,
        ),
    ),
    both(
        dependency(nuget="Microsoft.EntityFrameworkCore.Sqlite Microsoft.Data.Sqlite"),
        code(r"\bUseSqlite\(|\bnew SqliteConnection\(", CSHARP, example="options.UseSqlite(connection)", where=TESTS),
    ),
    both(
        dependency(npm="better-sqlite3 sqlite3"),
        code(r"\bnew (sqlite3\.)?Database\(", JAVASCRIPT, example="const db = new Database(':memory:')", where=TESTS),
    ),
)
"""Tests on SQLite. It is the real store where no driver of another one is installed."""


def judge(look: Look) -> Verdict | None:
    """Present where tests run beside a store that the same CI job starts."""
    if found := runs(look, WITH_SERVICE):
        return Verdict(Status.PRESENT, found)
    started = {_job(signal) for signal in STARTED.find(look)}
    beside = tuple(signal for signal in runs(look, TESTED) if _job(signal) in started)
    if beside:
        return Verdict(Status.PRESENT, beside)
    if SERVER_STORE.find(look) or not runs(look, TESTED):
        return None
    embedded = tuple(signal for clue in EMBEDDED for signal in clue.find(look))
    return Verdict(Status.PRESENT, embedded) if embedded else None


def _job(signal: Signal) -> tuple[str, str]:
    return signal.detail("workflow") or signal.path or "", signal.detail("job")


PRACTICE = Practice(
    id="integration-tests",
    stage=Stage.TESTING,
    title="Tests run against a real store",
    why="A mock hides just the query, transaction and configuration mistakes that hurt in production.",
    advice=(
        "In GitHub Actions, add the database as a service at production's major version, migrate, then test.",
        "JVM, Go, .NET, Node and Python have testcontainers; Convex has its open-source local backend.",
    ),
    looked_for="tests that reach a real database, queue or cache: in CI, in a container or through the framework",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    after=("unit-tests", "ci-tests"),
    guide="https://stack.convex.dev/testing-patterns",
    judge=judge,
    present=(CONTAINERS, RAILS, PHOENIX, LARAVEL, COMPOSED, SCRIPTED),
    partial=(STAND_IN,),
    uses=(WITH_SERVICE, TESTED, STARTED, SERVER_STORE, *EMBEDDED),
    doubt=(
        (
            code(
                r"(?i)\b(database|db|postgres\w*|mysql|redis|mongo\w*)_?(url|uri|dsn|host|pool)\b|\b(PgPool|create_engine|DataSource|DbContext)\b"
                r"|\bsql\.Open\(|\btest_?(db|database)\w*|\bRefreshDatabase\b",
                PROGRAM,
                strings=True,
                example="let pool = PgPool::connect(&url).await;",
                where=TESTS,
            ),
            "speaks of a database in a test",
        ),
        (
            file("*compose*{test,ci,e2e,integration}*.y*ml", "**/{*test*,e2e,cypress}/**/*compose*.y*ml", where=SOURCE_AND_TESTS),
            "starts something for the tests",
        ),
        (
            both(
                dependency(npm="supertest", scope=DIRECT),
                at_least(
                    2,
                    code(r"\b(request|supertest)\(", JAVASCRIPT, example="await request(app).get('/orders')", where=TESTS),
                ),
            ),
            "asks the server in a test, and what stands behind it was not seen",
        ),
        (file("**/{integration,integration_tests,integration-tests,functional}/**", where=TESTS), "is named for it"),
    ),
)
