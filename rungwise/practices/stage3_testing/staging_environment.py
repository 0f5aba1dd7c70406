"""A place shaped like production."""

import re2

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import YAML, Look, code, file
from rungwise.model import Effort, Fact, Kind, Observable, Role, Signal, Stage, Status
from rungwise.practices.stage1_prototyping.auto_deploy import BY_HAND, DEPLOYED, deploys, said_of

_BEFORE_PRODUCTION = re2.compile(
    r"(?i)(?:^|[\W_])(?:staging|stage|stg|pre-?prod\w*|uat|qa|canary|integration|unstable|sandbox)(?:$|[\W_])"
)
CONFIGURED = file(
    "**/values[-._]{staging,stage,stg,preprod,uat}.{yaml,yml}",
    "**/overlays/{staging,stage,stg,preprod,uat}/**",
    "**/environments/{staging,stage,preprod,uat}/**",
    "*.staging.tfvars",
    "staging.tfvars",
    "**/{staging,preprod}/*.tfvars",
    "**/config/environments/staging.rb",
    "appsettings.Staging.json",
    "application-{staging,stg,preprod,uat}.{yml,yaml,properties}",
    ".env.staging*",
    "fly.staging.toml",
    "**/config/deploy.staging.yml",
    "**/config/deploy/staging.rb",
    "**/config/deploy/staging/**",
    "**/{staging,preprod}.tf",
    "shipit.staging.yml",
    but_not=("**/models/staging/**",),
)


NAMED = code(
    r"(?i)(^|[\s\"'\[,-])(staging|stage|stg|pre-?prod\w*|uat)([\s\"'\],]|$)",
    YAML,
    example="environment: staging",
    files=(".github/workflows/*.yml", ".github/workflows/*.yaml"),
)
"""Where a workflow hands the environment's name to another."""


def judge(look: Look) -> Verdict | None:
    """Present for a job that deploys to something before production; partial for its configuration alone."""
    named = {signal.path for signal in NAMED.find(look)}
    deploying = deploys(look, DEPLOYED.find(look) + BY_HAND.find(look))
    found = tuple(signal for signal in deploying if signal.detail("workflow") in named or _goes_there(signal))
    return Verdict(Status.PRESENT, found) if found else None


def _goes_there(signal: Signal) -> bool:
    said = (*said_of(signal), signal.value, signal.detail("with"), signal.detail("if"))
    return any(_BEFORE_PRODUCTION.search(text) for text in said)


PRACTICE = Practice(
    id="staging-environment",
    stage=Stage.TESTING,
    title="A staging environment stands before production",
    why="A place shaped like production, with friendly users, shows what previews and tests cannot.",
    advice=(
        "Convex: a second project with a deploy key of its own; deploy the default branch there on each merge.",
        "Use the same infrastructure code with other variables, and never share databases or keys with production.",
    ),
    looked_for="a deployment to staging or another environment before production",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA, Kind.INFRA),
    requires=(Fact.TEAM_OPERATES,),
    after=("auto-deploy",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Is there a deployed copy with a configuration like production's, and who uses it?",
    judge=judge,
    partial=(CONFIGURED,),
    uses=(DEPLOYED, BY_HAND, NAMED),
)
