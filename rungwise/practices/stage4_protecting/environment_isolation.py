"""Production isolated from staging and development."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import HCL, Clue, Look, beside, both, code, either, file, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

DEPLOY = either(
    step(
        run=r"\b(kubectl (apply|set image|rollout|patch)|helm (upgrade|install)|helmfile|terraform apply|tofu apply|pulumi up"
        r"|cdk deploy|sam deploy|serverless deploy|sls deploy|fly(ctl)? deploy|vercel|netlify deploy|wrangler"
        r"|firebase deploy|gcloud .*deploy|aws (ecs|s3 sync|lambda|cloudformation|deploy)|az (webapp|containerapp"
        r"|functionapp)|heroku|convex deploy|railway up|kamal|cap \w+ deploy|ansible-playbook|eb deploy|copilot .*deploy"
        r"|argocd app|(npm|pnpm|yarn|bun|make|just)( run)? deploy|ssh)\b",
        uses=r"(?i)deploy|amazon-ecs|vercel|netlify|wrangler|flyctl|helmfile", example="flyctl deploy --remote-only", on=(),
    ),
    step(run=r"(^|[ /])deploy[\w-]*\.(sh|py|rb|js|ts)\b", example="./scripts/deploy.sh production", on=()),
)  # fmt: skip
GUARDED = either(
    beside(
        code(
            r'resource\s+"github_repository_environment"',
            HCL, strings=True, example='resource "github_repository_environment" "prod" {',
        ),
        code(r"\b(reviewers|deployment_branch_policy)\s*\{|\bwait_timer\s*=\s*[1-9]", HCL, example="  reviewers {"),
    ),
    beside(
        code(
            r'(?i)(credential|role_arn|account_id|project_id)\w*["\]]*\s*[\[=:].*\bprod(uction)?\b',
            HCL, strings=True, example='variable_set_ids = [local.aws_credentials["production"]]',
        ),
        code(
            r"\b(team_access|required_reviewers|manual_approval)\s*=|\bauto_apply\s*=\s*false",
            HCL, example="  team_access = {",
        ),
    ),
)  # fmt: skip
STAGING = "{staging,stage,stg,integration,dev,development,test,qa,uat}"
PRODUCTION = "{production,prod,live}"


def _each(template: str) -> Clue:
    """The same file for production and for something before it."""
    return both(*(file(template.replace("ENV", environment)) for environment in (STAGING, PRODUCTION)))


APART = either(
    _each("**/ENV.tfvars"),
    _each("**/ENV/*.tfvars"),
    _each("**/ENV.{,*.}{backend,tfbackend}"),
    _each("**/ENV/{backend,terraform,main}.tf"),
    _each("**/overlays/ENV/kustomization.{yaml,yml}"),
    _each("**/values[-._]ENV.{yaml,yml}"),
    _each("**/values/ENV.{yaml,yml}"),
    _each("**/deploy/ENV/**"),
    _each("**/config/deploy/ENV.rb"),
    _each("**/config/deploy.ENV.yml"),
    _each("**/fly.ENV.toml"),
    _each("**/fly/ENV.toml"),
)  # fmt: skip


def _is_production(environment: str) -> bool:
    words = "".join(letter if letter.isalnum() else " " for letter in environment.lower()).split()
    return not {"production", "prod", "live"}.isdisjoint(words)


def judge(look: Look) -> Verdict | None:
    """Deployments may name their environment in the job, hand it on, or be chosen by it. Only a guard makes it present."""
    if GUARDED.find(look):
        return None
    steps = DEPLOY.find(look)
    named = tuple(s for s in steps if _is_production(s.detail("environment")) or "inputs." in s.detail("environment"))
    chosen = tuple(
        s
        for s in steps
        if any(line.lower().startswith(("environment=", "env=", "stage=")) for line in s.detail("with").splitlines())
        or ("environment" in s.detail("if").lower() and _is_production(s.detail("if")))
    )
    if named or chosen:
        reason = "deployments name their environment; whether production is guarded is not to be seen in the files"
        return Verdict(Status.PARTIAL, named + chosen, reason)
    return None


PRACTICE = Practice(
    id="environment-isolation",
    stage=Stage.PROTECTING,
    title="Production cannot be reached by mistake from anywhere else",
    why="Famous outages began with a command for the test system; with separate credentials that command fails.",
    advice=(
        "Create a GitHub environment called production, deploy to it from the default branch only, and keep its key there.",
        "On Convex, keep the production deploy key with the host alone; developers work on deployments of their own.",
        "In a cloud, give production its own account or project, and let CI sign in by OIDC instead of stored keys.",
    ),
    looked_for="a deployment to a named production environment with its own credentials and a rule that guards it",
    role=Role.ANCHOR,
    effort=Effort.MEDIUM,
    impact=5,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.DATA, Kind.INFRA, Kind.MOB),
    requires=(Fact.TEAM_OPERATES,),
    guide="https://docs.convex.dev/production/multiple-deployments",
    question="Could a laptop change or deploy to production by accident, and with which credential?",
    not_for="what others host, and libraries",
    after=("auto-deploy",),
    present=(GUARDED,),
    partial=(APART,),
    judge=judge,
    uses=(DEPLOY,),
)
