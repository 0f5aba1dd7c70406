"""What a service in Go shows of the practices where no library says it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rungwise.model import Assessment, Status
from tests.repositories import Files

Check = Callable[..., Assessment]


def service(requires: str = "", **files: str) -> Files:
    listed = "".join(
        f"require {module}\n" for module in ("github.com/gin-gonic/gin v1.10.0", "github.com/lib/pq v1.10.9", requires) if module
    )
    main = 'package main\nimport _ "github.com/lib/pq"\nfunc main() { r.Run(":" + os.Getenv("PORT")) }\n'
    return {
        "go.mod": f"module e.org/s\n{listed}",
        "main.go": main,
        "Procfile": "web: s\n",
        "user.go": "package main\ntype User struct {}\n",
    } | files


def several(text: str, number: int = 5) -> dict[str, str]:
    return {f"handlers/h{each}.go": f"package handlers\n{text}\n" for each in range(number)}


WRITER = {"log/console.go": "package log\nfunc write(props Props) {\n\t_ = json.NewEncoder(out).Encode(props)\n}\n"}
FIELDS = 'func run() { log.Infof(ctx, "saved @{User}", dto.Props{"User": id}) }'
MADE = 'func start() {\n\tcontextID := rand.String(32)\n\tctx = log.WithProperties(ctx, Props{"ContextID": contextID})\n}'
TOKEN = 'func who(c *Context) {\n\tcookie, err := c.Request.Cookie("auth")\n\tclaims, err := jwt.DecodeClaims(cookie.Value)\n'
PAYLOAD = (
    'type New struct {\n\tTitle string `json:"title"`\n}\nfunc (n *New) Validate(ctx context.Context) *Result { return nil }'
)
CONFIG = PAYLOAD.replace("json:", "yaml:")
DECODE = {"envs/envs.go": "package envs\nfunc init() {\n\tif err := envdecode.Decode(&Config); err != nil { panic(err) }\n}\n"}
PANIC = 'func need(name string) {\n\tif os.Getenv(name) == "" {\n\t\tpanic("environment variable not set: " + name)\n\t}\n}'
EVENTS = "CREATE TABLE events (\n  id SERIAL,\n  client_ip INET,\n  name VARCHAR(64)\n);\n"
REFUSED = "func TestIt(t *testing.T) {\n\tif code != http.StatusForbidden { t.Fail() }\n}"
IN_CONTEXT = {
    "web/ids.go": "package web\nfunc with(ctx context.Context, id string) context.Context {\n\treturn context.WithValue(ctx, requestIDKey, id)\n}\n"
}
LOGGED_ID = 'package log\nfunc (h H) Handle(record slog.Record) {\n\trecord.AddAttrs(slog.String("request_id", id))\n}\n'
VALIDATED = 'package config\nfunc load(text string) string { return os.ExpandEnv(text) }\nfunc (c *Config) Validate() error { return errors.New("no URL") }\n'
STRICT = "package config\nfunc load(text string) {\n\tdecoder := yaml.NewDecoder(strings.NewReader(os.ExpandEnv(text)))\n\tdecoder.KnownFields(true)\n}\n"
LISTED = "package store\nvar migrations = []migration{\n\t{stmts: []string{`create table orders (id int);`}},\n}\n"
STATEMENTS = "package store\nvar migrations = []string{\n\t`create table orders (id int);`,\n}\n"
OPENED = "package store\nfunc open() error {\n\tif _, err := c.migrate(); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}\n"
STRIPE = {"requires": "github.com/stripe/stripe-go/v82 v82.0.0"}

VIPER = 'package config\nfunc Validate() error {\n\tif viper.GetString("host") == "" { return errors.New("host must be set") }\n\treturn nil\n}\n'
BACKOFF = "package a\nfunc (r *Request) wait() time.Duration { return base * 1 << (r.attempts + 1) }\nfunc ask() { http.Get(address) }\n"
SET_UP = {"go.sum": "", "CONTRIBUTING.md": "## Building\n\n```sh\ngo build\n```\n"}


def refused(**named: str) -> dict[str, str]:
    return {
        f"handlers/{name}_test.go": f"package handlers\n{text}\n" for name, text in {"a": REFUSED, "b": REFUSED, **named}.items()
    }


@pytest.mark.parametrize(
    ("practice", "files", "expected"),
    [
        ("structured-logging", service(**WRITER, **several(FIELDS)), Status.PRESENT),
        ("structured-logging", service(**WRITER, **several('func run() { log.Info("saved") }')), Status.ABSENT),
        # What writes JSON elsewhere answers requests.
        ("structured-logging", service(**several(FIELDS + "\nfunc a() { json.NewEncoder(w).Encode(v) }")), Status.ABSENT),
        ("structured-logging", service(**WRITER, **several('func run() { log.New().WithFields(kv.Fields{{"user", id}}).Info("saved") }')), Status.PRESENT),
        ("structured-logging", service(**several('func run() { log.New().WithFields(kv.Fields{{"user", id}}).Info("saved") }')), Status.NOT_SEEN),
        ("structured-logging", service(**several('func run() { s.logger.Info("saved",\n\tmlog.String("user", id),\n) }')), Status.PRESENT),
        # The id itself says what it is called.
        ("structured-logging", service(**several('func run() { s.logger.Info("saved", id.String()) }')), Status.ABSENT),
        ("service-auth", service(**{"web/sign.go": "package web\nfunc check() { v, err := httpsig.NewVerifier(r) }\n"}), Status.PRESENT),
        # What this server signs is checked elsewhere.
        ("service-auth", service(**{"web/sign.go": "package web\nfunc send() { s, err := httpsig.NewSigner(prefs) }\n"}), Status.NOT_APPLICABLE),
        ("env-var-checks", service("github.com/spf13/viper v1.21.0", **{"config/validate.go": VIPER}), Status.PRESENT),
        ("env-var-checks", service("github.com/spf13/viper v1.21.0", **{"config/load.go": VIPER.replace("Validate", "Load")}), Status.PARTIAL),
        ("env-var-checks", service("github.com/spf13/viper v1.21.0", **{"web/form.go": VIPER.replace("config", "web")}), Status.PARTIAL),
        ("retries-with-backoff", service(**{"httpclient/request.go": BACKOFF}), Status.PRESENT),
        ("retries-with-backoff", service(**{"mail/send.go": BACKOFF}), Status.PARTIAL),
        ("one-command-setup", service(**SET_UP, **{"example/config.yaml": "host: localhost\n"}), Status.PRESENT),
        ("one-command-setup", service(**SET_UP, **{"example/dashboard.yaml": "title: Shop\n"}), Status.PARTIAL),
        ("request-tracing", service(**{"web/context.go": f"package web\n{MADE}\n"}), Status.PRESENT),
        (
            "request-tracing",
            service(**{"web/context.go": 'package web\nfunc a() {\n\tlog = log.With("request_id", uuid.NewString())\n\trequestID := uuid.New()\n}\n'}),
            Status.PRESENT,
        ),
        # A sentence with an id in it, where one handler fails.
        (
            "request-tracing",
            service(**{"web/a.go": 'package web\nfunc a() {\n\trequestID, err := uuid.NewRandom()\n\tlog.WithError(err).Errorf("%s failed", requestID)\n}\n'}),
            Status.NOT_SEEN,
        ),
        ("request-tracing", service(**{"web/context.go": "package web\nfunc a() {\n\tcontextID := rand.String(32)\n}\n"}), Status.ABSENT),
        ("request-tracing", service(**IN_CONTEXT, **{"log/handler.go": LOGGED_ID}), Status.PRESENT),
        ("request-tracing", service(**IN_CONTEXT), Status.PARTIAL),
        ("request-tracing", service(**{"web/ids.go": IN_CONTEXT["web/ids.go"].replace("requestID", "cartID")}), Status.ABSENT),
        ("env-var-checks", service(**{"config/config.go": VALIDATED}), Status.PRESENT),
        ("env-var-checks", service(**{"config/config.go": STRICT}), Status.PRESENT),
        ("env-var-checks", service(**{"config/config.go": STRICT.replace("KnownFields(true)", "SetIndent(2)")}), Status.ABSENT),
        ("uptime-checks", service(**{"proxy.go": 'package main\nfunc (p *P) serve() {\n\tif r.URL.Path == "/proxy/health" { p.up() }\n}\n'}), Status.PARTIAL),
        ("uptime-checks", service(**{"proxy.go": 'package main\nfunc (p *P) serve() {\n\tif r.URL.Path == "/proxy/healthy-food" { p.up() }\n}\n'}), Status.NOT_SEEN),
        ("retries-with-backoff", service(**{"a.go": "package main\nfunc ask() {\n\thttp.Get(u)\n\tsleepWithContext(ctx, s.ReconnectDelay)\n}\n"}), Status.PARTIAL),
        ("retries-with-backoff", service(**{"a.go": "package main\nfunc ask() {\n\thttp.Get(u)\n\tsleepWithContext(ctx, s.PollDelay)\n}\n"}), Status.ABSENT),
        # What checks what a client sent says nothing of the environment.
        ("env-var-checks", service(**{"config/config.go": VALIDATED.replace("*Config", "*Payload")}), Status.ABSENT),
        ("env-var-checks", service(**{"config.go": 'package main\ntype Config struct {\n\tPort int `env:"PORT,required"`\n}\n'}), Status.PRESENT),
        ("env-var-checks", service(**{"config.go": 'package main\ntype Config struct {\n\tPort int `json:"env"`\n}\n'}), Status.ABSENT),
        (
            "env-var-checks",
            service(**{"flags.go": 'package main\nvar flags = []cli.Flag{&cli.IntFlag{Name: "port", EnvVars: []string{"PORT"}}}\n'}),
            Status.PRESENT,
        ),
        ("migrations-in-code", service(**{"store/steps.go": LISTED}), Status.PRESENT),
        ("migrations-in-code", service(**{"store/steps.go": STATEMENTS}), Status.PRESENT),
        ("migrations-in-code", service(**{"store/steps.go": STATEMENTS.replace("migrations", "examples")}), Status.ABSENT),
        ("manual-migrations", service(**{"store/steps.go": LISTED}), Status.ABSENT),
        ("migration-automation", service(**{"store/steps.go": LISTED}), Status.NOT_SEEN),
        ("migration-automation", service(**{"store/steps.go": LISTED, "store/open.go": OPENED}), Status.PARTIAL),
        ("migration-automation", service(**{"store/steps.go": LISTED, "store/open.go": OPENED.replace("migrate", "connect")}), Status.NOT_SEEN),
        ("bounded-reads", service(**{"api/list.go": "package api\nfunc a(r *Request) { list(r.PageToken) }\n"}), Status.PARTIAL),
        # Another service is read page by page.
        ("bounded-reads", service(**{"api/list.go": "package api\nfunc a() { groups.List().PageToken(last).Do() }\n"}), Status.NOT_SEEN),
        ("env-var-checks", service(**DECODE), Status.PRESENT),
        ("env-var-checks", service(**{"envs/envs.go": f"package envs\n{PANIC}\n"}), Status.PRESENT),
        ("env-var-checks", service(**{"envs/envs.go": 'package envs\nvar port = os.Getenv("PORT")\n'}), Status.ABSENT),
        ("server-side-identity", service(**{"web/user.go": f"package web\n{TOKEN}\tc.SetUser(claims.User)\n}}\n"}), Status.PRESENT),
        (
            "server-side-identity",
            service(**{"web/user.go": f"package web\n{TOKEN}\tctx := context.WithValue(r.Context(), userKey, claims)\n}}\n"}),
            Status.PRESENT,
        ),
        ("server-side-identity", service(**{"web/user.go": 'package web\nfunc a() {\n\tc.SetUser(r.URL.Query().Get("user"))\n}\n'}), Status.NOT_SEEN),
        ("input-validation", service(**several(PAYLOAD + "\nfunc run(c *C) { c.BindTo(action) }", 3)), Status.PRESENT),
        ("input-validation", service(**several(PAYLOAD + "\nfunc run(c *C) { c.BindTo(action) }", 2)), Status.PARTIAL),
        ("input-validation", service(**several(CONFIG + "\nfunc run(c *C) { c.BindTo(action) }", 3)), Status.NOT_SEEN),
        ("event-table", service(**{"migrations/1_events.sql": EVENTS}), Status.PARTIAL),
        ("event-table", service(**{"migrations/1_events.sql": EVENTS.replace("client_ip INET", "starts_at DATE")}), Status.NOT_SEEN),
        # Who is subscribed to news pays nothing.
        ("critical-path-tests", service(**STRIPE, **refused(subscription='func TestFollow(t *testing.T) { follow("post") }')), Status.PARTIAL),
        ("critical-path-tests", service(**STRIPE, **refused(subscription='func TestUpgrade(t *testing.T) { change("plan") }')), Status.PRESENT),
        ("critical-path-tests", service(**STRIPE, **refused(billing="func TestBill(t *testing.T) {}")), Status.PRESENT),
        ("critical-path-tests", service(**refused()), Status.PRESENT),
    ],
)  # fmt: skip
def test_go(check: Check, practice: str, files: Files, expected: Status) -> None:
    assert next(found.status for found in check(files).findings if found.practice == practice) is expected
