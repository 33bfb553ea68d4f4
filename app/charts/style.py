"""Colours, line widths and type of a strip: near-black ink on warm paper, readable in black and white.

Lengths are millimetres of the printed picture unless a name says otherwise.
"""

POINT_MM = 25.4 / 72

FONT_FAMILY = "Inter, system-ui, Helvetica, Arial, sans-serif"
AXIS_TEXT_PT = 8.5
CAPTION_TEXT_PT = 9.0
ADVICE_TEXT_PT = 9.5

SHEET = "#ffffff"
PAPER = "#fffaf4"
BAND = "#ece6f3"
GRID_FINE = "#f3dfd0"
GRID = "#e5bfa4"
GRID_STRONG = "#bd8560"
FRAME = "#b58a6c"
GRID_FINE_PT = 0.4
GRID_PT = 0.6
GRID_STRONG_PT = 1.0
FRAME_PT = 0.8

INK = "#15141c"
SECOND_INK = "#93307a"
MATERNAL_INK = "#5c4326"
MUTED = "#4a4858"
LOSS = "#55525f"
LANE = "#f3efe9"
HATCH = "#c9c4cf"
DEMO = "#7c2d12"
# What people noted: arrows and flags, no lines.
NOTED = "#3b3947"

# Computed things are blue or indigo, dashed or bracketed: none of them can be taken for the trace.
BASELINE = "#2f5fb3"
COMPUTED = "#4a3aa7"

INK_MM = 0.75 * POINT_MM
SECOND_INK_MM = 1.35 * POINT_MM
MATERNAL_INK_MM = 0.8 * POINT_MM
BASELINE_MM = 0.9 * POINT_MM
BRACKET_MM = 1.0 * POINT_MM
