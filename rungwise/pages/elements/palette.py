"""The colours of the six stages, and the little style that their bars need.

Streamlit draws no bar that shows three shares at once, and its theme colours cannot be named from HTML. So the bars are HTML of
our own. Greys are mixed from the text's colour, and stages are coloured by ``light-dark()``: both follow the app's own theme,
whatever the server believes it to be. A popover lies outside the app, where ``light-dark()`` is always light: only greys there.
"""

from __future__ import annotations

from rungwise.model import Stage

LIGHT = ("#4b3d8f", "#1590cf", "#1d7d6b", "#a8891a", "#a8480f", "#7a1f55")
"""On white; told apart with any of the three kinds of colour blindness, each at least 3:1 against the page."""
DARK = ("#6a7fe0", "#5bb9e8", "#5ee8cd", "#f2d55c", "#df8a45", "#b06a93")

_STAGES = "\n".join(
    f".rw-s{int(stage)} {{ --rw-stage: light-dark({light}, {dark}); }}"
    for stage, light, dark in zip(Stage, LIGHT, DARK, strict=True)
)

STYLE = f"""<style>
{_STAGES}
.rw-bar {{ display: flex; height: 0.6rem; border-radius: 0.3rem; overflow: hidden;
  background: color-mix(in srgb, currentColor 15%, transparent); }}
.rw-bar > i {{ display: block; height: 100%; }}
.rw-there {{ background: var(--rw-stage); }}
.rw-likely {{ background: color-mix(in srgb, var(--rw-stage) 55%, transparent); }}
.rw-open {{ background: 0 0 / 6px 6px
  linear-gradient(135deg, var(--rw-stage) 12.5%, transparent 12.5% 50%, var(--rw-stage) 50% 62.5%, transparent 62.5%); }}
.rw-none {{ height: 0.6rem; }}
.rw-dot {{ display: inline-block; box-sizing: border-box; width: 0.75em; height: 0.75em; border-radius: 50%;
  border: 0.125em solid var(--rw-stage); vertical-align: -0.04em; margin-right: 0.15em; flex: none; }}
.rw-dot.sure {{ background: var(--rw-stage); }}
.rw-dot.held {{ background: radial-gradient(circle, var(--rw-stage) 0 38%, transparent 44%); }}
.rw-dot.open {{ background: linear-gradient(90deg, var(--rw-stage) 50%, transparent 50%); }}
.rw-dot.not_applicable {{ height: 0.125em; border: 0; border-radius: 0; background: color-mix(in srgb, currentColor 50%, transparent);
  vertical-align: 0.28em; }}
.rw-plain {{ --rw-stage: currentColor; }}
.rw-soft {{ color: color-mix(in srgb, currentColor 72%, transparent); }}
.rw-small {{ font-size: 0.85rem; line-height: 1.35; }}
.rw-six {{ display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); column-gap: 0.9rem; align-items: center; }}
.rw-cell {{ display: flex; flex-direction: column; gap: 0.3rem; min-width: 0; }}
.rw-cell > span {{ display: flex; gap: 0.35em; align-items: center; }}
.rw-need {{ height: 0.55rem; margin: 0.3rem -0.45rem 0 0; border-radius: 2px; border-right: 3px solid;
  background: linear-gradient(currentColor, currentColor) 0 50% / 100% 1px no-repeat; }}
.rw-cards {{ display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 0.9rem; }}
@media (max-width: 1100px) {{ .rw-cards {{ grid-template-columns: repeat(3, minmax(0, 1fr)); }} }}
@media (max-width: 560px) {{ .rw-cards {{ grid-template-columns: repeat(2, minmax(0, 1fr)); }} }}
.rw-card {{ border: 1px solid color-mix(in srgb, currentColor 17%, transparent); border-radius: 0.5rem; padding: 0.8rem 0.9rem 0.75rem;
  display: flex; flex-direction: column; gap: 0.45rem; }}
.rw-card b {{ font-weight: 600; }}
.rw-head {{ display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 0.5em; }}
.rw-card.next {{ border-color: var(--rw-stage); box-shadow: inset 0 0.2rem 0 var(--rw-stage); }}
.rw-rows {{ display: grid; grid-template-columns: max-content minmax(4rem, 1fr) max-content; gap: 0.85rem 0.9rem;
  align-items: center; }}
.rw-legend {{ display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; }}
.rw-legend span {{ display: inline-flex; gap: 0.4em; align-items: center; }}
.rw-legend .rw-bar {{ width: 1.5rem; }}
.rw-shade {{ display: inline-block; width: 1.5rem; height: 0.75rem; border-radius: 2px;
  background: color-mix(in srgb, currentColor var(--rw-depth), transparent);
  border: 1px solid color-mix(in srgb, currentColor 35%, transparent); }}
.rw-stroke {{ display: inline-block; width: 1.5rem; border-top: 2px solid; }}
.rw-stroke.dashed {{ border-top-style: dashed; }}
.rw-stroke.upright, .rw-stroke.up {{ width: 0; height: 1rem; border-top: 0; border-left: 2px dotted; }}
.rw-stroke.up {{ border-left: 3px solid; }}
.rw-stroke.ring {{ box-sizing: border-box; width: 0.65rem; height: 0.65rem; border: 2px solid; border-radius: 50%; }}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] {{ padding: 0; background: none;
  line-height: 1.4; min-height: 1.65rem; }}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"]:hover {{ text-decoration: underline; }}
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] * {{ white-space: normal; overflow-wrap: anywhere; }}
.st-key-teams-by-stages :is(.xtick, .ytick, .heatmap-label) text {{ fill: light-dark(#141a29, #e8ecf3) !important; }}
[class*="st-key-lines"] summary, [class*="st-key-lines"] summary * {{ opacity: 1; }}
[class*="st-key-lines"] summary {{ color: light-dark(#141a29, #e8ecf3); }}
[class*="st-key-lines"] [data-testid="stExpanderDetails"] {{ margin-left: 0.45rem; padding-left: 1rem;
  border-left: 2px solid color-mix(in srgb, currentColor 17%, transparent); }}
[class*="st-key-lines"] summary [data-testid="stMarkdownContainer"] {{ font-size: 0.95rem; }}
</style>"""
"""Once on every page."""
