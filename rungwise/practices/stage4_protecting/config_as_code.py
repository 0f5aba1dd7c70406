"""Production configuration as reviewed code."""

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import HCL, SOURCE, YAML, Look, both, code, either, file, manifest, step
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage, Status

APPLIED = either(
    both(
        manifest("terraform:backend"),
        step(
            r"\b(terraform|tofu|terragrunt)\b.* (plan|apply)\b", uses=r"(?i)(terraform-?(plan|apply)|terragrunt-action|atlantis|spacelift|tfc-workflows)",
            example="terraform apply -auto-approve", on=(),
        ),
    ),
    code(r"^\s*vcs_repo\s*=?\s*\{", HCL, example="  vcs_repo = {"),
    step(
        r"\b(pulumi up|cdk deploy|sst deploy|serverless deploy|sls deploy|helmfile (apply|sync)|helm upgrade|kubectl apply -[fk]"
        r"|krane deploy|argocd app)\b",
        uses=r"(?i)(helmfile|pulumi/actions)", example="pulumi up --yes",
        on=("push", "release", "workflow_dispatch", "tag", "workflow_run"),
    ),
    both(
        file("Chart.yaml", "kustomization.y*ml"),
        file("**/values{-,_,.}{prod,production,live}*.y*ml", "**/{prod,production,live}{-,_,.}values.y*ml",
            "**/values/{prod,production,live}.y*ml", "**/{overlays,environments,env,envs}/{prod,production,live}/**"),
        step(
            uses=r"(?i)^[\w.-]+/[\w.-]+/(\.github/workflows/)?[\w.-]*deploy[\w.-]*$",
            example="acme/orb/deploy_env", on=("push", "release", "workflow_dispatch", "tag", "workflow_run"),
        ),
    ),
    both(file("**/config/deploy/**/*.{yaml,yml,yaml.erb,yml.erb}"), file("shipit*.yml", "**/config/deploy/production/**")),
    code(r"^kind:\s*(Application|ApplicationSet|HelmRelease|Kustomization)\b", YAML, example="kind: Application", where=SOURCE),
)  # fmt: skip
HOST = file(
    "fly*.toml", "**/fly/*.toml", "render.yaml", "wrangler.{toml,json,jsonc}", "vercel.json", "netlify.toml", "app.yaml", "railway.{json,toml}",
    "Dockerrun.aws.json", "appspec.yml", "*.tf", "*.bicep", "cdk.json", "Pulumi.yaml", "Chart.yaml", "kustomization.yaml",
    "**/config/deploy.yml", "convex.json",
)  # fmt: skip

MODULE = both(file("{,./}variables.tf"), file("{,./}outputs.tf"), file("{,./}versions.tf"))
"""The form in which a Terraform module is published."""
OPERATED = either(
    manifest("terraform:backend"),
    code(r"^\s*(provider \"\w+\"|cloud) \{", HCL, strings=True, example='provider "aws" {'),
    file("*.tfvars", "terragrunt.hcl", "*.tf.json"),
)  # fmt: skip


def judge(look: Look) -> Verdict | None:
    """Infrastructure often lives in a repository of its own, and a module that others call runs nothing by itself."""
    if (module := MODULE.find(look)) and not (OPERATED.find(look) or APPLIED.find(look)):
        return Verdict(Status.NOT_APPLICABLE, module, "It is a module that others call, and operates nothing itself.")
    if APPLIED.find(look) or HOST.find(look):
        return None
    return Verdict(Status.NOT_SEEN, (), "Nothing here configures production; another repository may.")


PRACTICE = Practice(
    id="config-as-code",
    stage=Stage.PROTECTING,
    title="Production is configured by files that somebody reviewed",
    why="What was clicked together in a console has no diff, no reviewer and no way back.",
    advice=(
        "Commit the host's own file first (fly.toml, render.yaml, vercel.json); take Terraform once two people change it.",
        "Plan on the pull request, apply on the merge, and look for drift once a week.",
    ),
    looked_for="infrastructure files for the production host, with a plan and an apply step or a controller that follows them",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    requires=(Fact.TEAM_OPERATES,),
    guide="https://stack.convex.dev/operational-maturity-for-production",
    question="Where are DNS, scaling and the secrets' configuration kept?",
    after=("branch-protection",),
    present=(APPLIED,),
    partial=(HOST,),
    judge=judge,
    uses=(MODULE, OPERATED),
)
