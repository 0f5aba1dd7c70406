"""Business events are kept as records."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.clues import (
    ANYWHERE,
    CSHARP,
    ELIXIR,
    GO,
    JAVASCRIPT,
    JVM,
    PHP,
    PROGRAM,
    PYTHON,
    RUBY,
    SQL,
    Language,
    at_least,
    both,
    code,
    dependency,
    either,
)
from rungwise.model import Effort, Fact, Observable, Role, Stage

NAMED = (
    r"(?:(?:\w+_)?audit_?(?:logs?|events?)(?:_?entr(?:y|ies))?|(?:\w+_)?activity_?logs?|activities|event_?logs?"
    r"|domain_?events|(?:\w+_)?(?:order|user|account|customer|payment|charge|invoice|subscription|booking|project|organi[sz]ation)_(?:events|activities))"
)
TABLE = either(
    code(
        r"\b(auditLogs?|activit(y|ies)|activityLogs?|eventLogs?)\s*:\s*defineTable\(",
        JAVASCRIPT,
        example="auditLogs: defineTable({",
    ),
    code(
        rf"(?i)create table (if not exists )?\W*(\w+\W{{1,3}})?{NAMED}\W",
        SQL,
        example="CREATE TABLE audit_logs (",
        where=ANYWHERE,
    ),
    code(
        # Who did it from where tells what happened in the product from dates in a calendar.
        r"(?i)create table (if not exists )?\W*(\w+\W{1,3})?(user_?|app_?|system_?|product_?)?events?\W+\([^;]*\b(client_?ip|ip_?address|user_?agent|event_?name|actor\w*|performed_?by|triggered_?by)\b",
        SQL,
        example="CREATE TABLE events (\n  id SERIAL,\n  client_ip INET",
        where=ANYWHERE,
    ),
    code(rf"\bcreate_table :?\"?{NAMED}\b", RUBY, strings=True, example='create_table "audit_logs" do |t|'),
    code(r"^model \w*(AuditLog|ActivityLog|EventLog|DomainEvent)\b", (Language.PRISMA,), example="model DocumentAuditLog {"),
    code(
        r"^class \w*(AuditLog|ActivityLog|EventLog|DomainEvent|(Order|Customer|User|Account|Payment)Event)\(.*(Model|Base)",
        PYTHON,
        example="class OrderEvent(models.Model):",
    ),
    code(
        rf"\bcreate_?[tT]able\(\s*['\"]{NAMED}['\"]",
        (*PYTHON, *JAVASCRIPT),
        strings=True,
        example='op.create_table("user_events",',
    ),
    code(rf"Schema::create\('{NAMED}'", PHP, strings=True, example="Schema::create('activities', function ($table) {"),
    code(
        rf"<createTable\s[^>]*\btableName=\"{NAMED}\"|\bcreateTable:\n(\s+[^\n]*\n){{0,40}}?\s+tableName: *['\"]?{NAMED}\b",
        (Language.XML, Language.YAML),
        example='<createTable tableName="order_events">',
    ),
    code(rf"\bcreate table\(:{NAMED}\b", ELIXIR, example="create table(:audit_logs) do"),
    code(
        r"\b(class|record) \w*(AuditLog|ActivityLog|EventLog)(Entry|Entity)?\b", (*JVM, *CSHARP), example="class EventLogEntry {"
    ),
)
_RECORD = r"(Activity|ActivityLog|AuditLog|AuditEvent|EventLog|DomainEvent|OperationLog)"
GO_RECORD = both(
    code(
        rf"^type {_RECORD} struct \{{[^}}]*\b(Actor|User|Operator|Author|Causer|Account)\w*\s[^}}]*\b\w*(Type|Action|Event|Verb|Operation)\s+[\w.]+\s+"
        r"[`\"][^}]*\b(xorm|gorm|db|bun|pg):",
        GO,
        strings=True,
        example='type Activity struct {\n\tUserID int64 `xorm:"index user_id"`\n\tAction string `xorm:"action"`\n',
    ),
    at_least(
        2,
        code(rf"\b(\w+\.)?{_RECORD}\{{\s*\w+:", GO, example="session.Insert(&entity.Activity{\n\tUserID: user.ID,"),
    ),
)
"""A mapped struct that says who did what, and is filled in several places."""
WRITTEN = at_least(
    2,
    code(
        r"\b\w*([aA]udit_?[lL]og|[aA]ctivity_?[lL]og|[eE]vent_?[lL]og|[aA]ctivity)\w*(\.objects)?(::|->|\.)(create|bulk_create|add|log|record"
        r"|insert|write|save)\w*"
        r"|\b(create|log|record|insert|store|publish|write|save|add)_?\w*([aA]udit|[aA]ctivity|[eE]vent)(_?[lL]og)?s?\("
        r"|\b\w*Event(\.objects)?\.(create|bulk_create)\w*|\bActivity::add\("
        r"|\brecord_event\b|\(\s*new \w*(Audit|Activity|Event)Log\w*\(|\bevent\(new \w*(Audit|Activity)\w*\(",
        PROGRAM,
        example="AuditLog.create(action: name)",
    ),
)
LOGGED_AS_EVENTS = either(
    both(
        either(
            code(r"\bcreate_table :?\"?events\b", RUBY, strings=True, example='create_table "events" do |t|'),
            code(
                r"(?i)create table (if not exists )?\W*(\w+\W{1,3})?events?\W+\([^;]*\b(event_?type|actor\w*|act(ing)?_?user\w*)\b",
                SQL,
                example="CREATE TABLE event (\n  id INT,\n  event_type INT",
            ),
        ),
        at_least(
            2,
            code(
                r"\bEventLogger\b|\b(log|record)_(\w+_)?events?\b|\b(Log|Record)(\w*[a-z])?Events?(Async)?\(",
                PROGRAM,
                example="EventLogger.log_command(command)",
            ),
        ),
    ),
    both(
        code(r"\bcreateTable\(\s*['\"]events['\"]", JAVASCRIPT, strings=True, example='queryInterface.createTable("events", {'),
        at_least(
            2,
            code(
                r"\bEvent\.\w+\((\w+,\s*)?\{\s*(name|type|action|event)\s*:\s*['\"]\w+[.:_]",
                JAVASCRIPT,
                strings=True,
                example='Event.create({ name: "orders.paid" })',
            ),
        ),
    ),
)
"""A table called plainly ``events`` may hold a calendar; what logs to it tells it apart."""
STORED_BY_EF = both(
    code(r"\bDbSet<\w*Event>", CSHARP, example="public DbSet<Event> Events => Set<Event>();"),
    code(
        r"(?s)\bclass \w*Event\s*\{.{0,600}?\bEvent_?(Name|Type)\b.{0,400}?\b(Payload|Data|Details)\b",
        CSHARP,
        example="public class Event\n{\n    public string EventName { get; init; }\n    public string Payload { get; init; }",
    ),
    at_least(
        2,
        code(
            r"\b(Publish|Record|Log|Raise|Save)(\w*[a-z])?Events?(Async)?\(",
            CSHARP,
            example="await events.PublishEventAsync(paid)",
        ),
    ),
)
"""A table of Entity Framework in which each row has a name and a payload."""
WITH_ACTOR = at_least(
    3,
    code(
        r"\b\w*(Feed|Activit|Event|History|Timeline|Audit|Log)\w*(::|\.objects\.|\.|->)(query\(\)->)?create!?\("
        r"[^;]{0,300}\b(author|actor|causer|performed_by)(_?id)?\b[^;]{0,300}\b(action|event|verb)\b['\"]?\s*(=>|=|:)",
        (*PHP, *RUBY, *PYTHON),
        strings=True,
        example="ContactFeedItem::create(['author_id' => $user->id, 'action' => ContactFeedItem::CREATED]);",
    ),
)
"""Whatever the table is called, each record says who did what."""
LIBRARY = dependency(
    gem="ahoy_matey rails_event_store public_activity audited paper_trail",
    pypi="django-activity-stream eventsourcing django-pghistory django-auditlog django-simple-history",
    composer="spatie/laravel-activitylog spatie/laravel-event-sourcing owen-it/laravel-auditing",
    npm="emmett",
    maven="org.axonframework:axon-spring-boot-starter org.javers:javers-core",
    nuget="WolverineFx.Marten Marten",
)
LIBRARY_USED = both(
    LIBRARY,
    either(
        code(
            r"^\s*(audited|has_paper_trail|tracked|visitable|include PublicActivity::\w+)\b|\bahoy\.track\b",
            RUBY,
            example="  has_paper_trail",
        ),
        code(
            r"\bauditlog\.register\(|\bHistoricalRecords\(|\bpghistory\.track\(|\baction\.send\(",
            PYTHON,
            example="auditlog.register(Document)",
        ),
        code(r"^\s*use (LogsActivity|Auditable)\b|\bactivity\(\)\s*->", PHP, example="    use LogsActivity;"),
    ),
)

PRACTICE = Practice(
    id="event-table",
    stage=Stage.OBSERVING,
    title="Business events are kept as records",
    why="Events in a table can be queried, joined and relied on; log lines cannot.",
    advice=(
        "Add an events table (type, actor, subject, time, details) and write to it in the transaction that makes the change.",
        "Begin with sign-up, invitation, payment and the core action.",
    ),
    looked_for="a table of events or activities that several features write to",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    after=("leveled-logging",),
    guide="https://stack.convex.dev/observability-in-production",
    question="Can you list, from data, who signed up last week and what they did first?",
    present=(both(TABLE, WRITTEN), GO_RECORD, LOGGED_AS_EVENTS, STORED_BY_EF, WITH_ACTOR, LIBRARY_USED),
    partial=(TABLE, LIBRARY),
)
