"""A record of who changed production data."""

from rungwise.catalogue import Practice
from rungwise.clues import JVM, PHP, PROGRAM, PYTHON, RUBY, at_least, beside, both, code, dependency
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage
from rungwise.practices.stage5_hardening.input_validation import BROWSER

LIBRARY = dependency(
    pypi="django-simple-history django-auditlog django-easy-audit django-reversion django-pghistory",
    gem="paper_trail audited logidze console1984 audits1984", composer="owen-it/laravel-auditing spatie/laravel-activitylog",
    maven="org.hibernate.orm:hibernate-envers org.javers:javers-spring-boot-starter-sql",
    nuget="Audit.NET Audit.EntityFramework.Core",
)  # fmt: skip
USED = code(
    r"\bhas_paper_trail\b|^\s*audited\b|\bhas_logidze\b|\bHistoricalRecords\(|\bauditlog\.register\(|\breversion\.register"
    r"|\buse (Auditable|LogsActivity)\b|@Audited\b|\bpghistory\.track\(",
    (*RUBY, *PYTHON, *PHP, *JVM), example="history = HistoricalRecords()",
)  # fmt: skip
OWN = code(
    r"(?i)\b\w*audit_?(logs?|events?|trails?|entry|entries)\w*\b|\bauditable\b|\bactivity_?log\w*\(",
    PROGRAM, but_not=BROWSER, example="AuditLog.record(actor=user)",
)  # fmt: skip
BY_STAFF = code(
    r"(?i)\b\w*audit_?(logs?|events?|trails?)\w*\b|\bauditable\b|\baudit_?log\(",
    PROGRAM, files=("**/{admin,Admin,avo,staff,backoffice}/**", "**/*{admin,Admin}*"), but_not=BROWSER,
    example="AuditLog.record(actor=admin)",
)  # fmt: skip
MODERATED = at_least(
    3,
    code(
        # What a classifier of texts calls moderation is written in small letters: ``client.moderations.create(``.
        r"(?i:\bmod_?log(insert|entry|entries|form|action|item|view)?s?\w*\s*(::|\.|\(|\{))"
        r"|\b(Moderation((Log|Action|Event)(Entry)?)?|(Staff|Admin|Mod)Action(Log(ger)?)?)(\.objects)?\.(new|create!?|log)\b|^\s+log_action[ (]:",
        PROGRAM, but_not=BROWSER, example="Modlog::create(&mut pool, &form)",
    ),
)  # fmt: skip
"""What moderators did, kept for everybody to read."""
RECORDED = at_least(
    5,
    code(
        r"\b(log|record)_?([aA]ctivity|[eE]vent)\(|\bActivity::add\(|\bactivity\(\)->",
        PROGRAM, but_not=BROWSER, example="$this->logActivity(ActivityType::SETTINGS_UPDATE, $setting);",
    ),
)  # fmt: skip
BY_ADMINS = ("**/{admin,Admin,staff,backoffice}/**", "**/admin.{py,rs,go,rb,ts,ex}", "**/*admin_controller*")
EVENT_BY_STAFF = code(
    r"\b(log|record|create|emit)_?([aA]dmin_?)?([eE]vent|[aA]ction)\(|\bJournalEntry\(",
    PROGRAM, files=BY_ADMINS, but_not=BROWSER, example="log_event(EventType::UserDeleted, &user, ACTING_ADMIN)",
)  # fmt: skip
ACTED = at_least(
    2,
    beside(
        code(
            r"[\"'](actor|performed_by|changed_by|acting_(user|admin))[\"']\s*(:|=>)|\b(actor|performed_by|changed_by|acting_(user|admin))\s*[=:]",
            PROGRAM, strings=True, files=BY_ADMINS, but_not=BROWSER, example='additional={"actor": request.user.username}',
        ),
        EVENT_BY_STAFF,
    ),
)  # fmt: skip
"""Such an event says which of the staff it was."""
BY_DJANGO = code(
    r"^@admin\.register\(|\badmin\.site\.register\(|\(([\w.]+, )*(admin\.)?ModelAdmin\b",
    PYTHON, example="@admin.register(Order)",
)  # fmt: skip
"""Django's admin writes a log entry for each change that is made through it."""
CHANGES_KEPT = code(
    r"^\s*def log_change\(self[^)\n]*\bmessage\b[^\n]*:\n([^\n]*\n){0,10}?[^\n]*\b(message(\.append\(|\.extend\(| *\+?= *[\[\w])|LogEntry\.objects\.)",
    PYTHON, example="def log_change(self, request, object, message):\n    message.append(object.changed_fields)",
)  # fmt: skip
"""It says more than which fields were changed, by the hook that Django has for that."""
LOGGED = code(
    r"(?i)\b(target:|get_?logger\(|logger\(|named\(|channel\()\s*[\"']\w*\.?audit\w*[\"']",
    PROGRAM, strings=True, but_not=BROWSER, example='info!(target: "audit", action = "yank", "done")',
)  # fmt: skip
"""A log of its own for what people do, kept wherever the other logs are."""
IMPERSONATED = code(
    r"\b(\w*_)?[iI]mpersonat\w*(_logs?|_events?|_audits?|Logs?|Events?|Audits?)\b|\b\w*([lL]og|[aA]udit|[rR]ecord)(_i|I)mpersonat\w*",
    PROGRAM, strings=True, but_not=BROWSER, example="ImpersonationLog.create!(actor: admin)",
)  # fmt: skip
"""Sessions in which staff act as a user are written down."""
EACH_REQUEST = beside(
    IMPERSONATED,
    code(
        r"\b\$?(request|req|conn)(\.|->|::)(full_?path|path|method|ip|remote_ip|url|originalUrl|fullUrl|get_full_path|request_path)\b",
        PROGRAM, but_not=BROWSER, example="path: request.fullpath,",
    ),
)  # fmt: skip
"""Whatever they do within such a session is, request by request."""

SHARED = (
    "**/*{Middleware,middleware,Interceptor,interceptor,Behaviour,Behavior,Subscriber,subscriber,CommandBus,command_bus,CommandProcess,CommandSource}*",
    "**/{middleware,middlewares,interceptors}/**",
)  # fmt: skip
"""What each change passes through, whoever asks for it."""
READABLE = code(
    r"(?i)(@Path|Mapping|Route|\b(get|path|resources?|MapGet|HttpGet|scope|url))\b[^\n]{0,30}[\"'/:](audits|audit[-_]?(logs?|trails?|events?|entries))\b",
    PROGRAM, strings=True, but_not=BROWSER, example='@Path("/v1/audits")',
)  # fmt: skip
BY_ALL = beside(
    code(r"(?i)\b\w*(audit|command_?(source|log|entry|history))\w*", PROGRAM, files=SHARED, but_not=BROWSER, example="AuditEntry entry"),
    code(
        r"(?i)\b(maker|actor|performed_?by|made_?by|changed_?by|user_?id|authenticated_?user|current_?user)\w*",
        PROGRAM, files=SHARED, but_not=BROWSER, example="private AppUser maker;",
    ),
)  # fmt: skip
"""Who did it is kept for each command or request, so for those of staff as well."""

PRACTICE = Practice(
    id="admin-audit-log",
    stage=Stage.PROTECTING,
    title="Each manual change of production data leaves a record",
    why="When data is wrong, the first question is who changed it, and memory is a poor witness.",
    advice=(
        "Write actor, action, subject, reason, before and after in the transaction that makes the change, and never edit them.",
        "Use what your framework has: django-auditlog, audited or console1984, laravel-activitylog, Convex triggers.",
        "Record reads of sensitive data too where the law asks for it.",
    ),
    looked_for="audit records with an actor and a target, written where staff change data",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF),
    requires=(Fact.DATASTORE, Fact.USERS),
    guide="https://stack.convex.dev/observability-in-production",
    question="Where is the record of the last manual change of production data?",
    after=("scoped-admin-access",),
    present=(
        both(LIBRARY, USED),
        both(at_least(3, OWN), BY_STAFF),
        both(OWN, RECORDED),
        both(BY_DJANGO, CHANGES_KEPT),
        both(BY_ALL, READABLE),
        MODERATED,
        ACTED,
        EACH_REQUEST,
    ),
    partial=(LIBRARY, OWN, IMPERSONATED, LOGGED, EVENT_BY_STAFF, BY_DJANGO),
)
