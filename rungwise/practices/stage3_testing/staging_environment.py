"""A place shaped like production."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import HCL, YAML, Look, beside, code, file, occurs, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Signal, Stage, Status
from rungwise.practices.stage1_prototyping.auto_deploy import BY_HAND, DEPLOYED, MERGED, deploys, said_of

_BEFORE_PRODUCTION = r"(?i)(?:^|[\W_])(?:staging|stage|stg|pre-?prod\w*|uat|qa|canary|integration|unstable|sandbox)(?:$|[\W_])"
CONFIGURED = file(
    "**/values[-._]{staging,stage,stg,preprod,uat,aat,sit}{,.*}.{yaml,yml}",
    "**/overlays/{staging,stage,stg,preprod,uat}/**",
    "**/environments/{staging,stage,preprod,uat}/**",
    "*.staging.tfvars",
    "{staging,stage,stg,preprod,uat,aat,sit}.tfvars",
    "**/{staging,preprod}/*.tfvars",
    "**/config/environments/staging.rb",
    "appsettings.Staging.json",
    "application-{staging,stg,preprod,uat}.{yml,yaml,properties}",
    ".env.staging*",
    "fly.staging.toml",
    "**/fly/{staging,stage,stg,preprod}.toml",
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


WORKSPACE = beside(
    code(r"\bvcs_repo\b", HCL, example="vcs_repo = {"),
    code(
        r"(?i)\bname\s*=\s*\"(?:[^\"]*[-_])?(?:staging|stage|stg|pre-?prod|uat|integration)(?:[-_][^\"]*)?\"|\bworkspace_name\s*=\s*\"[^\"]*[-_](?:staging|stg|uat|integration)\"",
        HCL, strings=True, example='  workspace_name = "cluster-staging"',
    ),
)  # fmt: skip
"""A workspace of Terraform Cloud that follows the repository and deploys there by itself."""
ASKED = step(
    r"https?://(?:[\w-]+[.-])?(?:staging|stage|stg|pre-?prod|uat|qa)[.-][\w.-]+\.\w",
    r"\S",
    example="curl -fsS https://staging.shop.example/",
    on=(*MERGED, "schedule", "workflow_dispatch"),
)
CALLED = step(r"\S", r"(?i)deploy", example="python3 deploy.py", on=MERGED)
_A_DEPLOYMENT = r"(?i)deploy|(?:^|[\W_])cd(?:$|[\W_])|rollout|promote"
_HOST = r"https?://(?:[\w-]+[.-])?(?:staging|stage|stg|pre-?prod|uat|qa)[.-]"


def judge(look: Look) -> Verdict | None:
    """Present for a job that deploys to something before production, or tries it there; partial for its configuration alone."""
    named = {signal.path for signal in NAMED.find(look)}
    deploying = deploys(look, DEPLOYED.find(look) + BY_HAND.find(look))
    if found := tuple(signal for signal in deploying if signal.detail("workflow") in named or _goes_there(signal)):
        return Verdict(Status.PRESENT, found)
    if called := tuple(signal for signal in deploys(look, CALLED.find(look)) if _is_called_so(signal)):
        return Verdict(Status.PRESENT, called)
    if followed := WORKSPACE.find(look):
        return Verdict(Status.PRESENT, followed)
    asked = tuple(signal for signal in ASKED.find(look) if signal.name == "run" or occurs(_HOST, signal.detail("with")))
    return Verdict(Status.PRESENT, asked, f"{asked[0].path} asks a staging host.") if asked else None


def _is_called_so(signal: Signal) -> bool:
    """Whether one and the same name says both that it deploys and where to."""
    names = (signal.path or "", signal.detail("job"), signal.detail("job_name"), signal.value if signal.name == "uses" else "")
    return any(occurs(_A_DEPLOYMENT, name) and occurs(_BEFORE_PRODUCTION, name) for name in names)


def _goes_there(signal: Signal) -> bool:
    said = (*said_of(signal), signal.value, signal.detail("with"), signal.detail("if"))
    return any(occurs(_BEFORE_PRODUCTION, text) for text in said)


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
    uses=(DEPLOYED, BY_HAND, NAMED, WORKSPACE, ASKED, CALLED),
)
