"""Somebody has agreed to wake up."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import ANYWHERE, CONFIG, HCL, Look, code, dependency, either, file
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

HINTS = either(
    code(
        r"^resource \"(pagerduty|opsgenie|grafana_oncall|incident|betteruptime_policy|rootly|firehydrant)_?\w*\"",
        HCL,
        example='resource "pagerduty_schedule" "web" {',
    ),
    code(
        r"\b(pagerduty|opsgenie|victorops)_configs:|pagerduty\.com/integration-key|opsgenie\.com/component-selector",
        CONFIG,
        example="pagerduty_configs:",
    ),
    dependency(
        npm="@pagerduty/pdjs node-pagerduty", pypi="pdpyras pagerduty opsgenie-sdk", go="github.com/PagerDuty/go-pagerduty"
    ),
    file(
        "**/{runbook,runbooks,playbooks,on-call,oncall,postmortems}/**",
        "**/{runbook,on-call,oncall,postmortem}*.{md,mdx,rst}",
        where=ANYWHERE,
    ),
)


def judge(look: Look) -> Verdict:
    """Never more than a hint: only people can say who is paged."""
    hints = HINTS.find(look)
    told = f"{hints[0].path} hints at it, but" if hints else "Nothing hints at it, and"
    return Verdict(Status.NOT_SEEN, hints, f"{told} only people can say who is paged.")


PRACTICE = Practice(
    id="on-call-paging",
    stage=Stage.OBSERVING,
    title="One named person is paged, and a second behind them",
    why="At night an alert needs somebody who agreed to get up, and somebody else if they do not.",
    advice=(
        "Page only for what users notice; everything else goes to the channel.",
        "Rotate weekly with a primary and a secondary, and write down how fast an answer has to come.",
        "Keep one page for each alert: what it means, the first three checks, how to roll back.",
    ),
    looked_for="a rota or an escalation policy kept as code",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.NO,
    applies=(Kind.APP, Kind.INFRA, Kind.DATA),
    requires=(Fact.TEAM_OPERATES,),
    after=("alerting",),
    guide="https://stack.convex.dev/observability-in-production",
    question="Who is paged now, who is second, and when was a page last tested?",
    judge=judge,
    uses=(HINTS,),
)
