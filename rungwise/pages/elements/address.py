"""The state of a page is in its address, so that whatever is on the screen can be sent to somebody else."""

from __future__ import annotations

import streamlit as st

from rungwise.model import Stage

TEAM = "rungwise/pages/team.py"
REPOSITORY = "rungwise/pages/repository.py"
PRACTICES = "rungwise/pages/practices.py"
MOVED = "rungwise/pages/moved.py"

UNOWNED = "(unowned)"
"""What stands in an address for the repositories that nobody owns; no team on GitHub can be called this."""


def asked(name: str) -> str | None:
    """What the address says, ``None`` where it says nothing."""
    value = st.query_params.get(name)
    return str(value) if value else None


def asked_stage() -> Stage | None:
    """The stage in the address, if there is one and it is a stage."""
    value = asked("stage")
    return Stage(int(value)) if value in {str(int(stage)) for stage in Stage} else None


def state(**wanted: str | int | None) -> dict[str, str]:
    """What a link has to carry: all that is given, and the week where it is not the newest."""
    carried = {"week": asked("week"), **wanted}
    return {name: str(value) for name, value in carried.items() if value}


def change(**wanted: str | int | None) -> None:
    """Put something else into this page's address; ``None`` takes it out."""
    for name, value in wanted.items():
        if value:
            st.query_params[name] = str(value)
        elif name in st.query_params:
            del st.query_params[name]
