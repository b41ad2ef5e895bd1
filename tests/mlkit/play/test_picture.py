import re

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt

from mlkit.play import picture


def test_a_picture_says_what_it_shows_and_is_shown_once():
    figure, axes = plt.subplots()
    axes.plot([0, 1], [1, 0])

    shown = picture(figure, 'falls from "1" to 0 & stops')

    assert repr(shown) == 'picture: falls from "1" to 0 & stops'
    assert 'alt="falls from &quot;1&quot; to 0 &amp; stops"' in shown._repr_html_()
    assert re.search(r"base64,iVBORw0KGgo", shown._repr_html_())  # how every PNG begins
    assert not plt.fignum_exists(figure.number)
