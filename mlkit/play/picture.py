"""A matplotlib figure as a picture that a screen reader can read out, the same in any export."""

import base64
import io
import sys
from html import escape
from typing import Any


class Picture:
    """A figure's image with the words that say what it shows."""

    def __init__(self, figure: Any, words: str) -> None:
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=144)
        self.words = words
        self._data = base64.b64encode(png.getvalue()).decode()

    def __repr__(self) -> str:
        return f"picture: {self.words}"

    def _repr_html_(self) -> str:
        return (
            f'<img style="width:40em;max-width:100%" alt="{escape(self.words)}" '
            f'src="data:image/png;base64,{self._data}">'
        )


def picture(figure: Any, words: str) -> Picture:
    """A figure to show as a cell's result. Closes it, so that it is not shown a second time.

    figure: a matplotlib figure. words: what there is to see, for those who do not see it.
    """
    shown = Picture(figure, words)
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close(figure)
    return shown
