"""The frame around every page."""

from pathlib import Path

import streamlit as st

from rungwise.pages.elements import palette

MARK = Path(__file__).parent / "rungwise/pages/elements/mark.svg"

st.set_page_config(page_title="Rungwise", page_icon=MARK, layout="wide")
st.logo(MARK, size="large")
st.html(palette.STYLE)
st.navigation(
    [
        st.Page("rungwise/pages/overview.py", title="Overview", default=True),
        st.Page("rungwise/pages/team.py", title="Team"),
        st.Page("rungwise/pages/repository.py", title="Repository"),
        st.Page("rungwise/pages/practices.py", title="Practices"),
        st.Page("rungwise/pages/moved.py", title="What moved"),
        st.Page("rungwise/pages/collection.py", title="Collection"),
    ],
    position="top",
).run()
