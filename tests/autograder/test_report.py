"""The class report: complete, self-contained, and safe whatever students write."""

import csv
import io
import json
import re
from datetime import datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from autograder import report
from autograder.assess import Result
from autograder.finding import Finding
from autograder.gradebook import Standing
from autograder.judge import Verdict
from autograder.report import Entry

MADE = datetime(2024, 2, 29, 12, 0)
EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def verdict(question: str, state: str, points: float, mistake: str | None = None) -> Verdict:
    findings = [
        Finding("small numbers", points > 0, 1.0),
        Finding("large numbers", points > 1, 1.0, hidden=True, detail="NaN came back"),
    ]
    hint = f"the hint for {mistake}" if mistake else None
    return Verdict(question, f"About {question}", state, points, 2.0, findings, hint, mistake)


def result(student: str, *verdicts: Verdict, state: str = "graded", **rest: object) -> Result:
    mark = sum(v.points for v in verdicts)
    told = [v.to_json() for v in verdicts]
    return Result(student, "01-tiny", state, mark, 4.0, verdicts=told, **rest)  # type: ignore[arg-type]


@pytest.fixture
def entries() -> list[Entry]:
    rows = [
        result("ada", verdict("one", "right", 2.0), verdict("two", "right", 2.0), by_hand=2.0),
        result("bob", verdict("one", "wrong", 1.0, "sums_all"), verdict("two", "right", 2.0)),
        result(
            "cy", verdict("one", "wrong", 1.0, "sums_all"), verdict("two", "wrong", 0.0, "no_max")
        ),
        result("dee", verdict("one", "not attempted", 0.0), verdict("two", "not attempted", 0.0)),
        result(
            "eve", verdict("one", "no answer", 0.0), verdict("two", "no answer", 0.0),
            state="not gradable", reason="the file ends in the middle", by_hand=2.0,
        ),
        result(
            "fay", verdict("one", "right", 2.0), verdict("two", "wrong", 1.0),
            repairs=["a check was put back"], events=["cell 3 ran longer than 30 s"],
        ),
    ]  # fmt: skip
    return [Entry.of(row) for row in rows]


def page(entries: list[Entry]) -> str:
    return report.html(entries, "Marks", MADE)


def text(markup: str) -> str:
    """What a reader sees, on one line."""
    without = re.sub(r"<(style|script).*?</\1>", "", markup, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", without).split())


def test_states_are_words_for_whole_submissions(entries: list[Entry]) -> None:
    states = {entry.student: entry.state for entry in entries}

    assert states == {
        "ada": "right",
        "bob": "partly right",
        "cy": "partly right",
        "dee": "not attempted",
        "eve": "not graded",
        "fay": "partly right",
    }


def test_nothing_right_is_wrong() -> None:
    assert report.state_of([verdict("one", "wrong", 0.0)]) == "wrong"
    assert report.state_of([verdict("one", "forbidden", 0.0)]) == "wrong"


def test_every_mark_is_explained(entries: list[Entry]) -> None:
    seen = text(page(entries))

    for sentence in (
        "the file ends in the middle",
        "a check was put back",
        "cell 3 ran longer than 30 s",
        "the hint for sums_all",
        "large numbers 0 of 1, hidden from students NaN came back",
        "Written answers are marked by hand, for 2 points more.",
    ):
        assert sentence in seen


def test_mistakes_are_counted_the_most_frequent_first(entries: list[Entry]) -> None:
    seen = text(page(entries))

    assert "sums all About one 2 the hint for sums_all no max About two 1" in seen


def test_questions_are_counted_over_what_could_be_read(entries: list[Entry]) -> None:
    seen = text(page(entries))

    # right, wrong, not attempted, mean points of five; the sixth file could not be read
    assert "About one 2 2 1 1.2 of 2" in seen
    assert "About two 2 2 1 1 of 2" in seen


WAITS = Standing(True, None, 3.0, 0.0, 4.0, 7.0, to_mark=True)
MARKED = Standing(True, 2.0, 3.0, 1.0, 5.0, 7.0, to_mark=False)
AGAIN = Standing(True, 2.0, 3.0, 0.0, 6.0, 7.0, to_mark=True)
ABSENT = Standing(False, 0.0, 3.0, 0.0, 0.0, 7.0, to_mark=False)


@pytest.fixture
def booked() -> list[Entry]:
    """Right answers that wait, are marked, or wait for a second look; and nothing handed in."""
    right = verdict("one", "right", 2.0), verdict("two", "right", 2.0)
    books = {"ada": WAITS, "bob": MARKED, "cy": AGAIN}
    rows = [Entry.of(result(name, *right), book) for name, book in books.items()]
    reason = "nothing was handed in"
    absent = Entry("01-tiny", "dee", 0.0, 4.0, report.ABSENT, reason, gradebook=ABSENT)
    return [*rows, absent, Entry.of(result("eve", *right))]


def test_the_page_shows_written_points_penalty_and_total(booked: list[Entry]) -> None:
    seen = text(page(booked))

    assert "ada 4 of 4 to be marked 4 of 7 ✓ right" in seen
    assert "bob 4 of 4 2 of 3 5 of 7 1 off, late ✓ right" in seen
    assert "cy 4 of 4 2 of 3, look again 6 of 7 ✓ right" in seen
    assert "Written answers: 2 of 3. Taken off for being late: 1. Total in the gradebook: 5" in seen
    assert "with written answers to mark 2 " in seen


def test_a_student_who_handed_nothing_in_is_a_row_and_no_submission(booked: list[Entry]) -> None:
    seen = text(page(booked))

    assert "dee 0 of 4 0 of 3 0 of 7 – not handed in nothing was handed in" in seen
    assert "submissions 4 mean of the checks 4 of 4" in seen
    assert "none 0 to 25 %" in seen


def test_a_class_of_which_nobody_handed_in_has_a_page(booked: list[Entry]) -> None:
    assert "submissions 0" in text(page([booked[3]]))


def test_the_table_has_the_gradebooks_columns(booked: list[Entry]) -> None:
    rows = list(csv.DictReader(io.StringIO(report.as_csv(booked), newline="")))

    columns = ("mark", "max", "written", "written max", "late penalty", "total", "total max")
    figures = {row["student"]: [row[name] for name in columns] for row in rows}
    assert figures == {
        "ada": ["4.0", "4.0", "to be marked", "3.0", "0.0", "4.0", "7.0"],
        "bob": ["4.0", "4.0", "2.0", "3.0", "1.0", "5.0", "7.0"],
        "cy": ["4.0", "4.0", "2.0", "3.0", "0.0", "6.0", "7.0"],
        "dee": ["0.0", "4.0", "0.0", "3.0", "0.0", "0.0", "7.0"],
        "eve": ["4.0", "4.0", "", "", "", "", ""],
    }


def test_the_data_have_the_gradebooks_points(booked: list[Entry]) -> None:
    data = json.loads(report.as_json(booked))

    assert (data[1]["gradebook"]["written"], data[1]["gradebook"]["total"]) == (2.0, 5.0)
    assert data[0]["gradebook"]["written"] is None
    assert data[4]["gradebook"] is None


def test_the_page_needs_nothing_but_itself(entries: list[Entry]) -> None:
    markup = page(entries)

    assert not re.search(r"""\b(src|href)\s*=\s*["'](?!#)""", markup)
    assert not re.search(r"@import|url\(|https?:", markup)


def test_the_page_is_made_for_everybody(entries: list[Entry]) -> None:
    markup = page(entries)
    tables = re.findall(r"<table.*?</table>", markup, flags=re.DOTALL)

    assert '<html lang="en">' in markup
    assert "prefers-color-scheme: dark" in markup
    assert tables and all("<caption>" in table for table in tables)
    assert all(
        'scope="' in head for head in re.findall(r"<th\b[^>]*>", markup) if "hidden" not in head
    )
    levels = [int(level) for level in re.findall(r"<h([1-6])", markup)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))


class _Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(" ".join([tag, *(name for name, _ in attrs)]))


def test_what_students_write_is_text_and_never_markup() -> None:
    evil = Verdict(
        "one", EVIL, "wrong", 0.0, 2.0, [Finding(EVIL, False, 2.0, detail=EVIL, calls=[EVIL])],
        EVIL, EVIL, EVIL,
    )  # fmt: skip
    told = {"repairs": [EVIL], "events": [EVIL], "reason": EVIL}
    hostile = [Entry.of(result(EVIL, evil, **told))]
    harmless = Verdict(
        "one", "t", "wrong", 0.0, 2.0, [Finding("t", False, 2.0, detail="d", calls=["c"])],
        "h", "m", "n",
    )  # fmt: skip
    plain = [Entry.of(result("s", harmless, repairs=["r"], events=["e"], reason="r"))]

    assert _Tags(page(hostile)).seen == _Tags(page(plain)).seen


def test_students_with_similar_names_have_links_of_their_own() -> None:
    names = ["a b", "a-b", "a_b", "a_20_b", "ä", "a"]

    assert len({Entry("01", name, 0, 1, "wrong").anchor for name in names}) == len(names)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", " =1+1", "\n=1", '=HYPERLINK("x")', "-2+3"],
)
def test_no_cell_of_the_table_is_a_formula(text: str) -> None:
    hostile = Verdict("q", "t", "wrong", 0.0, 1.0, [], text, text)
    rows = [Entry.of(result(text, hostile, reason=text))]

    table = report.as_csv(rows)

    for row in csv.reader(io.StringIO(table, newline="")):
        assert not any(re.match(r"\s*[=+\-@]|[\t\r\n]", value) for value in row)


def test_a_semicolon_does_not_open_a_new_cell(entries: list[Entry]) -> None:
    table = report.as_csv([Entry.of(result("a;=1+1"))])

    assert '"a;=1+1"' in table  # quoted, so also a spreadsheet that splits at semicolons keeps it


def test_the_table_has_everybody_with_their_points(entries: list[Entry]) -> None:
    rows = list(csv.DictReader(io.StringIO(report.as_csv(entries), newline="")))

    assert [row["student"] for row in rows] == ["ada", "bob", "cy", "dee", "eve", "fay"]
    assert (rows[1]["mark"], rows[1]["max"], rows[1]["first hint"]) == (
        "3.0",
        "4.0",
        "the hint for sums_all",
    )
    assert (rows[1]["01-tiny/one"], rows[1]["01-tiny/two"]) == ("1.0", "2.0")
    assert rows[4]["reason"] == "the file ends in the middle"


def test_the_data_say_what_the_page_says(entries: list[Entry]) -> None:
    data = json.loads(report.as_json(entries))

    assert data[2]["verdicts"][1]["mistake"] == "no_max"
    assert data[4]["state"] == "not graded"


def test_an_empty_class_is_a_sentence() -> None:
    assert "course grade" in text(page([]))


def test_a_result_of_another_lesson_has_its_own_section(entries: list[Entry]) -> None:
    other = Entry("02-more", "ada", 1.0, 1.0, "right")

    markup = page([*entries, other])

    assert re.findall(r"<h2[^>]*>([^<]+)", markup) == ["01-tiny", "02-more"]
