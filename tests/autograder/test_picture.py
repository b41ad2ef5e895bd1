import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.finding import Finding
from autograder.judge import Verdict
from autograder.picture import headline, html, text

PASSES = Finding("doubles a number", True, 1.0)
FAILS = Finding(
    "doubles <b>each</b> entry", False, 1.0, detail="<script>alert(1)</script>", calls=["f(<i>)"]
)


def verdict(state, findings, points=1.0, **more):
    return Verdict("double", "Doubling & co", state, points, 2.0, findings, **more)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.opened, self.closed, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.opened.append(tag)

    def handle_endtag(self, tag):
        self.closed.append(tag)

    def handle_data(self, data):
        self.words.append(data)


def read(page):
    tags = Tags()
    tags.feed(page)
    return tags


@pytest.mark.parametrize("state", ["right", "wrong", "not attempted", "no answer", "forbidden"])
def test_each_state_is_said_in_words_and_in_whole_html(state):
    shown = verdict(state, [PASSES, FAILS], hint="<u>think</u>", note="a <note>")

    tags = read(html(shown))

    assert sorted(tags.opened) == sorted(tags.closed)
    assert headline(shown) in "".join(tags.words)
    assert 'role="status"' in html(shown)


def test_nothing_from_a_student_becomes_markup():
    page = html(verdict("wrong", [FAILS], hint="<u>think</u>", note="<img src=x>"))

    assert not {"script", "i", "u", "img", "b"} & set(read(page).opened)
    assert "<script>alert(1)</script>" in "".join(read(page).words)


def test_pass_and_fail_do_not_depend_on_colour():
    page = html(verdict("wrong", [PASSES, FAILS]))

    assert 'aria-label="passes">✓' in page
    assert 'aria-label="fails">✗' in page


def test_text_and_html_say_the_same():
    shown = verdict("wrong", [PASSES, FAILS], hint="think again", note="a note")

    words = re.sub(r"\s+", "", "".join(read(html(shown)).words))
    for line in text(shown).splitlines():
        said = line.strip().removeprefix("hint: ")
        assert re.sub(r"\s+", "", said) in words


def test_points_that_wait_for_grading_are_told():
    assert headline(verdict("right", [PASSES])) == (
        "right, the check passes (1 of 1 points; 1 more at grading, with further checks)"
    )
    assert (
        headline(verdict("not attempted", [FAILS], 0.0)) == "not attempted yet (2 points to earn)"
    )
    assert headline(verdict("wrong", [PASSES, FAILS])) == "1 of 2 checks pass (1 of 2 points)"


def test_a_single_point_is_no_points():
    single = Verdict("double", "Doubling", "not attempted", 0.0, 1.0, [replace(FAILS, points=0.5)])

    assert headline(single) == "not attempted yet (1 point to earn)"


def test_an_unwritten_answer_shows_no_list_of_failures():
    assert "doubles a number" not in html(verdict("not attempted", [FAILS, PASSES], 0.0))
