"""A picture in place of a strip whose stored samples give none: it says so at any size, and without a script."""

from html import escape

from app.charts import style


def damaged_svg(words: str) -> bytes:
    """An SVG that fills whatever place it is shown in, with these words in its middle."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="100%" height="100%" role="img"'
        f' font-family="{style.FONT_FAMILY}" font-size="14"><title>{escape(words)}</title>'
        f'<rect width="100%" height="100%" fill="{style.PAPER}"/>'
        f'<text x="50%" y="45%" fill="{style.INK}" text-anchor="middle">{escape(words)}</text></svg>\n'
    ).encode()
