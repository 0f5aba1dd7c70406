"""A rule speaks up when numbers go wrong."""

from rungwise.catalogue import Practice
from rungwise.clues import CONFIG, GO, HCL, JAVASCRIPT, JSON, PYTHON, RUBY, RUST, YAML, code, either, file, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

RULES = either(
    code(
        r"^kind: (PrometheusRule|SLO|AlertmanagerConfig|GrafanaAlertRuleGroup)\b|^\s*- alert: \S|\bAWS::CloudWatch::(Composite)?Alarm\b",
        (*YAML, *JSON),
        example="kind: PrometheusRule",
    ),
    file("alertmanager*.{yml,yaml}", "**/provisioning/alerting/**"),
    code(
        r"^resource \"(aws_cloudwatch_(metric|composite)_alarm|google_monitoring_alert_policy|azurerm_monitor_\w*alert\w*"
        r"|datadog_monitor|datadog_service_level_objective|grafana_rule_group"
        r"|sentry_(issue|metric)_alert|newrelic_nrql_alert_condition|axiom_monitor|betteruptime_policy|honeycombio_trigger"
        r"|(elasticsearch_)?opensearch_monitor|signalfx_detector|logzio_alert\w*|coralogix_alert|grafana_oncall_escalation"
        r"|pagerduty_service)\"",
        HCL,
        example='resource "datadog_monitor" "errors" {',
    ),
    code(r"\bkind\"?\s*[=:]\s*\"?PrometheusRule\b|/metric-alarms?\b", HCL, strings=True, example='kind = "PrometheusRule"'),
    code(
        r"\bnew (aws\.)?(cloudwatch\.)?(Metric|Composite)?Alarm\(|\balertChannels\s*:",
        JAVASCRIPT,
        example="new cloudwatch.Alarm(this, id, {})",
    ),
    code(r"\bcloudwatch\.Alarm\(", PYTHON, example="cloudwatch.Alarm(self, id)"),
    code(r"\bserverless-plugin-aws-alerts\b", CONFIG, example="- serverless-plugin-aws-alerts"),
)
OF_THE_PIPELINE = step(
    uses=r"(?i)slack|notify-failure",
    example="slackapi/slack-github-action",
    on=(
        "push",
        "schedule",
        "workflow_run",
        "workflow_dispatch",
        "workflow_call",
        "merge_group",
        "release",
        "tag",
        "deployment_status",
    ),
)
"""What runs for pull requests alone tells a team of pull requests."""
PAGER = code(
    r"events\.(eu\.)?pagerduty\.com|api\.opsgenie\.com",
    (*JAVASCRIPT, *PYTHON, *RUST, *GO, *RUBY),
    strings=True,
    example="const url = 'https://events.pagerduty.com/v2/enqueue'",
)

PRACTICE = Practice(
    id="alerting",
    stage=Stage.OBSERVING,
    title="Alert rules watch errors and key figures",
    why="A chart that nobody looks at protects nobody; a rule that speaks up does.",
    advice=(
        "Begin with three: a new kind of exception, more than one percent errors for five minutes, the site is down.",
        "Send them to one channel, and delete each alert that twice led to nothing.",
        "Later keep the rules in the repository, as Terraform or Prometheus rules.",
    ),
    looked_for="alert rules or monitors kept as code",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA, Kind.INFRA),
    requires=(Fact.TEAM_OPERATES,),
    after=("error-tracking",),
    not_for="Whoever runs it sets its alerts.",
    guide="https://stack.convex.dev/observability-in-production",
    question="Which conditions in production send a person a message, and where?",
    present=(RULES,),
    partial=(OF_THE_PIPELINE, PAGER),
)
