"""A corner: the schema is left loose."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

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
)
