"""Students' HTML made harmless before others look at it, by bleach, which comes with nbconvert."""

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters import strip_files_prefix


def _words(text: str) -> list[str]:
    return text.split()


TEXT = _words(
    "a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p"
    " pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var"
)

SHAPES = _words("circle ellipse g line path polygon polyline rect svg text tspan")
"""Still pictures. Neither <style> nor <title> nor <math>: with those, markup can be smuggled."""

DRAWN = _words(
    "aria-label class cx cy d dx dy fill fill-opacity font-size font-weight height points r role"
    " rx ry stroke stroke-dasharray stroke-width style text-anchor transform viewBox width x x1 x2"
    " y y1 y2"
)

ATTRIBUTES = {
    "*": _words("align aria-hidden aria-label aria-labelledby class colspan id role rowspan style"),
    "a": ["href", "title"],
    "details": ["open"],
    "img": ["src", "alt", "width", "height"],
    **dict.fromkeys(SHAPES, DRAWN),
}

STYLES = _words(
    "background-color border border-bottom border-left border-radius border-top color fill"
    " font-family font-size font-style font-weight line-height list-style margin max-width"
    " overflow-wrap padding padding-left stroke text-align text-decoration vertical-align width"
)


def clean_html(markup: object) -> str:
    """The markup without scripts, handlers, forms, frames and anything else that could act."""
    text = markup.decode(errors="replace") if isinstance(markup, bytes) else str(markup)
    return bleach.clean(
        text,
        tags=[*TEXT, *SHAPES],
        attributes=ATTRIBUTES,
        protocols=["http", "https", "mailto", "data"],
        css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
        strip=True,
    )


def clean_prose(markup: str) -> str:
    """nbconvert's last step for Markdown, cleaned too: nbgrader's templates forget that."""
    return clean_html(strip_files_prefix(markup))
