"""What services on Dropwizard and data bases kept by Liquibase say of themselves, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Status

Check = Callable[..., Assessment]


def pom(*artifacts: str) -> str:
    listed = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId></dependency>"
        for group, name in (artifact.split(":") for artifact in artifacts)
    )
    return f"<project><dependencies>{listed}</dependencies></project>"


DROPWIZARD = {
    "pom.xml": pom("io.dropwizard:dropwizard-core", "io.dropwizard:dropwizard-migrations", "org.postgresql:postgresql"),
    "src/main/java/acme/Shop.java": "class Shop extends Application<Settings> {}\n",
    "Dockerfile": "FROM eclipse-temurin\nCMD java -jar shop.jar server shop.yaml\n",
}
CHANGES = "<databaseChangeLog><changeSet id='1' author='a'>{}</changeSet></databaseChangeLog>\n"
MIGRATED = {**DROPWIZARD, "src/main/resources/migrations.xml": CHANGES.format("<createTable tableName='orders'/>")}


def status(assessment: Assessment, practice: str) -> Status:
    return next(finding.status for finding in assessment.findings if finding.practice == practice)


@pytest.mark.parametrize(
    ("path", "text", "kept"),
    [
        ("src/main/resources/migrations.xml", CHANGES.format("<createTable tableName='orders'/>"), True),
        ("src/main/resources/liquibase/master.yaml", "databaseChangeLog:\n  - include:\n      file: orders.yaml\n", True),
        ("src/main/resources/liquibase/master.json", '{\n  "databaseChangeLog": []\n}\n', True),
        ("src/main/resources/shop.yaml", "liquibase:\n  databaseChangeLogTable: changes\n", False),
        ("src/test/resources/migrations.xml", CHANGES.format("<createTable tableName='orders'/>"), False),
    ],
)
def test_a_change_log_is_a_migration_whatever_it_is_called(check: Check, path: str, text: str, kept: bool) -> None:
    judged = check({**DROPWIZARD, path: text})
    assert (status(judged, "migrations-in-code") is Status.PRESENT) is kept
    assert (status(judged, "manual-migrations") is Status.ABSENT) is kept


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('<createIndex indexName="by_user" tableName="orders"><column name="user"/></createIndex>', Status.PARTIAL),
        ("<sql>CREATE INDEX CONCURRENTLY by_user ON orders (user);</sql>", Status.PARTIAL),
        ('<dropIndex indexName="by_user"/>', Status.NOT_SEEN),
    ],
)
def test_a_change_log_makes_indexes(check: Check, change: str, expected: Status) -> None:
    judged = check({**DROPWIZARD, "src/main/resources/migrations.xml": CHANGES.format(change)})
    assert status(judged, "indexed-queries") is expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ('<createTable tableName="charge_events">', Status.PARTIAL),
        ('<createTable\n    schemaName="shop" tableName="audit_log">', Status.PARTIAL),
        ('<createTable tableName="events">', Status.NOT_SEEN),
        ('<dropTable tableName="charge_events"/>', Status.NOT_SEEN),
    ],
)
def test_a_change_log_makes_tables_of_events(check: Check, change: str, expected: Status) -> None:
    judged = check({**DROPWIZARD, "src/main/resources/migrations.xml": CHANGES.format(change)})
    assert status(judged, "event-table") is expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ('SHOP.getApplication().run("db", "migrate", "shop.yaml");', Status.PARTIAL),
        ('new Liquibase("migrations.xml", files, database).update("");', Status.PARTIAL),
        ('SHOP.getApplication().run("server", "shop.yaml");', Status.NOT_SEEN),
    ],
)
def test_tests_may_make_their_database_by_the_change_log(check: Check, test: str, expected: Status) -> None:
    ci = "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: mvn verify\n"
    tested = {
        "src/test/java/acme/ShopTest.java": f"class ShopTest {{ @Test void before() {{ {test} }} }}\n",
        ".github/workflows/ci.yml": ci,
    }
    judged = check({**MIGRATED, **tested})
    assert status(judged, "migration-tests") is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("java $JAVA_OPTS -jar *-all.jar db migrate *.yaml", Status.PARTIAL),
        ("java -jar shop.jar db status shop.yaml", Status.NOT_SEEN),
    ],
)
def test_dropwizard_migrates_by_a_command_of_its_own(check: Check, command: str, expected: Status) -> None:
    assert status(check({**MIGRATED, "start.sh": f"#!/bin/sh\n{command}\n"}), "migration-automation") is expected


@pytest.mark.parametrize(
    ("appenders", "tracked"),
    [
        ("  appenders:\n    - type: console\n    - type: sentry\n      dsn: ${SENTRY_DSN}\n", Status.PRESENT),
        ("  sources:\n    - type: sentry\n", Status.ABSENT),
    ],
)
def test_an_appender_of_dropwizard_tracks_errors(check: Check, appenders: str, tracked: Status) -> None:
    judged = check({**DROPWIZARD, "config/shop.yaml": f"logging:\n  level: INFO\n{appenders}"})
    assert status(judged, "error-tracking") is tracked


@pytest.mark.parametrize(
    ("appender", "expected"),
    [
        ("type: console\n      layout:\n        type: json\n", Status.PRESENT),
        ("type: logstash-tcp\n", Status.PRESENT),
        ("type: console\n", Status.NOT_SEEN),
    ],
)
def test_a_layout_of_dropwizard_gives_logs_fields(check: Check, appender: str, expected: Status) -> None:
    fields = {"src/main/java/acme/Orders.java": 'class Orders { void save() { MDC.put("order", id); } }\n'}
    judged = check({**DROPWIZARD, **fields, "config/shop.yaml": f"logging:\n  appenders:\n    - {appender}"})
    assert status(judged, "structured-logging") is expected


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("new SubstitutingSourceProvider(files, new EnvironmentVariableSubstitutor(true))", Status.PRESENT),
        ("new FileConfigurationSourceProvider()", Status.NOT_APPLICABLE),
    ],
)
def test_a_validated_configuration_may_take_in_the_environment(check: Check, provider: str, expected: Status) -> None:
    settings = "class Settings extends Configuration {\n    @Valid @NotNull private Database database;\n}\n"
    files = {
        "src/main/java/acme/Settings.java": settings,
        "src/main/java/acme/Start.java": f"class Start {{ Object p = {provider}; }}\n",
    }
    assert status(check({**DROPWIZARD, **files}), "env-var-checks") is expected


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ('Task<Void> mail() { return Tasks.oneTime("mail").execute((a, b) -> send()); }', Status.PRESENT),
        ('List<Void> mail() { return TaskList.of("mail"); }', Status.PARTIAL),
    ],
)
def test_db_scheduler_keeps_tasks_in_the_data_base(check: Check, task: str, expected: Status) -> None:
    files = {
        **DROPWIZARD,
        "pom.xml": pom("io.dropwizard:dropwizard-core", "org.postgresql:postgresql", "com.github.kagkarlsson:db-scheduler"),
        "src/main/java/acme/Mails.java": f"class Mails {{ {task} }}\n",
        "src/main/java/acme/Orders.java": "class Orders { void take() { schedulerClient.scheduleIfNotExists(mail, now); } }\n",
        "src/main/java/acme/Jobs.java": "class Jobs { @Scheduled void run() {} }\n",
    }
    assert status(check(files), "background-queue") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("public SpringLiquibase liquibase(DataSource source) { return null; }", Status.PARTIAL),
        ("public DataSource liquibaseSource() { return null; }", Status.NOT_SEEN),
    ],
)
def test_a_bean_may_migrate_at_start(check: Check, line: str, expected: Status) -> None:
    bean = {"src/main/java/acme/Store.java": f"class Store {{\n    {line}\n}}\n"}
    assert status(check({**MIGRATED, **bean}), "migration-automation") is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("builder.withExpiry(ExpiryPolicyBuilder.timeToLiveExpiration(Duration.ofSeconds(60)));", Status.PRESENT),
        ("RedisCacheConfiguration.defaultCacheConfig().entryTtl(Duration.ofMinutes(5));", Status.PRESENT),
        ("session.setMaxInactiveInterval(Duration.ofMinutes(5));", Status.NOT_SEEN),
    ],
)
def test_a_cache_says_when_it_forgets(check: Check, line: str, expected: Status) -> None:
    cached = {"src/main/java/acme/Cached.java": f"class Cached {{\n    void start() {{ {line} }}\n}}\n"}
    assert status(check({**DROPWIZARD, **cached}), "cache-friendly-data") is expected


@pytest.mark.parametrize(
    ("imported", "expected"), [("io.gatling.javaapi.core.*", Status.PARTIAL), ("acme.simulation.*", Status.NOT_SEEN)]
)
def test_a_load_test_is_known_by_what_it_imports(check: Check, imported: str, expected: Status) -> None:
    script = {"src/test/java/load/OrdersTest.java": f"import {imported};\nclass OrdersTest extends Simulation {{}}\n"}
    assert status(check({**DROPWIZARD, **script}), "load-testing") is expected
