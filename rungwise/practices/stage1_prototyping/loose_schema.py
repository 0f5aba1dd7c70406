"""A corner: the schema is left loose."""

from rungwise.catalogue import SERVICES, Practice, Verdict
from rungwise.clues import JAVASCRIPT, Language, Look, code, either
from rungwise.model import Effort, Fact, Observable, Role, Stage, Status

LOOSE = either(
    code(r"\b(schemaValidation|strictTableNameTypes)\s*:\s*false\b", JAVASCRIPT, example="schemaValidation: false"),
    code(r"\bnew (mongoose\.)?Schema\(\s*\{\s*\}", JAVASCRIPT, example="new Schema({}, { strict: false })"),
    code(
        r"ddl-auto\s*[:=]\s*(update|create|create-drop)\b",
        (Language.PROPERTIES, Language.YAML),
        example="spring.jpa.hibernate.ddl-auto=update",
        but_not=("*test*", "*dev*", "*local*", "*h2*"),
    ),
)


def judge(look: Look) -> Verdict | None:
    """The corner is taken (present) where checks of the schema are switched off."""
    found = LOOSE.find(look)
    return Verdict(Status.PRESENT, found) if found else Verdict(Status.ABSENT, (), "The corner was left, or never taken.")


PRACTICE = Practice(
    id="loose-schema",
    stage=Stage.PROTOTYPING,
    title="Corner: the schema is loose, on purpose",
    why="A data model without ceremony suits a product that still changes shape daily, and rots once it does not.",
    advice=(
        "Convex: keep the types with `defineSchema` and `schemaValidation: false` rather than having no schema.",
        "Let the dashboard write the schema from the data once the model has settled.",
    ),
    looked_for="schema validation that is switched off, or fields that take anything",
    role=Role.CORNER,
    effort=Effort.SMALL,
    impact=1,
    observable=Observable.YES,
    applies=SERVICES,
    requires=(Fact.DATASTORE,),
    guide="https://stack.convex.dev/yolo-fast-mvp",
    graduates_to="data-schema-validation",
    judge=judge,
    uses=(LOOSE,),
)
