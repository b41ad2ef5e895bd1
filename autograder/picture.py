"""A verdict as people read it: HTML for notebooks and feedback, text for terminals.

Nothing is told by colour alone, every value from a student is escaped, and the page's own theme
(light or dark) is used where there is one.
"""

from html import escape

from autograder.finding import Finding
from autograder.judge import Verdict

_MARKS = {"right": "✓", "wrong": "✗", "not attempted": "○", "no answer": "✗", "forbidden": "✗"}
_COLOURS = {"right": "#009E73", "not attempted": "#7a7a7a"}
_WRONG = "#D55E00"


def headline(verdict: Verdict) -> str:
    """One sentence: the state in words, and the points."""
    passed, of = sum(f.passed for f in verdict.findings), len(verdict.findings)
    said = {
        "right": f"right, all {of} checks pass" if of > 1 else "right, the check passes",
        "wrong": f"{passed} of {of} checks pass",
        "not attempted": "not attempted yet",
        "no answer": "no answer came back",
        "forbidden": "not allowed here",
    }[verdict.state]
    waiting = verdict.max_points - sum(f.points for f in verdict.findings)
    if not verdict.findings or waiting < 1e-3:  # at grading every check is here
        return f"{said} ({_points(verdict.points)} of {_points(verdict.max_points)} points)"
    if verdict.state == "not attempted":
        unit = "point" if verdict.max_points == 1 else "points"
        return f"{said} ({_points(verdict.max_points)} {unit} to earn)"
    here = verdict.max_points - waiting
    earned = f"{_points(verdict.points)} of {_points(here)} points"
    return f"{said} ({earned}; {_points(waiting)} more at grading, with further checks)"


def text(verdict: Verdict) -> str:
    """The verdict as plain lines."""
    lines = [f"{_MARKS[verdict.state]} {verdict.title}: {headline(verdict)}"]
    lines += [f"  {verdict.note}"] if verdict.note else []
    lines += [f"  hint: {verdict.hint}"] if verdict.hint else []
    if verdict.state != "not attempted":
        for finding in verdict.findings:
            lines.append(f"  {'✓' if finding.passed else '✗'} {finding.title}")
            lines += [f"      {line}" for line in _details(finding)]
    return "\n".join(lines)


def html(verdict: Verdict) -> str:
    """The verdict as one self-contained block of HTML."""
    colour = _COLOURS.get(verdict.state, _WRONG)
    parts = [
        f'<div role="status" style="border-left:4px solid {colour};padding:.4em .9em;'
        f"margin:.2em 0;font-family:var(--jp-ui-font-family,system-ui,sans-serif);"
        f'line-height:1.5;color:var(--jp-ui-font-color1,inherit)">',
        f'<div><span aria-hidden="true" style="color:{colour};font-weight:bold">'
        f"{_MARKS[verdict.state]}</span> <strong>{escape(verdict.title)}</strong>: "
        f"{escape(headline(verdict))}</div>",
    ]
    if verdict.note:
        parts.append(f"<div>{escape(verdict.note)}</div>")
    if verdict.hint:
        parts.append(f"<div><strong>Hint:</strong> {escape(verdict.hint)}</div>")
    if verdict.findings and verdict.state != "not attempted":
        parts.append(_list(verdict))
    return "".join([*parts, "</div>"])


def _list(verdict: Verdict) -> str:
    """The probes, folded away when all is well."""
    items = "".join(_item(finding) for finding in verdict.findings)
    listed = f'<ul style="list-style:none;margin:.3em 0;padding-left:.2em">{items}</ul>'
    if verdict.state == "right":
        return f"<details><summary>what was checked</summary>{listed}</details>"
    return listed


def _item(finding: Finding) -> str:
    mark, word, colour = (
        ("✓", "passes", _COLOURS["right"]) if finding.passed else ("✗", "fails", _WRONG)
    )
    details = "".join(
        f'<div style="padding-left:1.4em;overflow-wrap:anywhere">{_coded(line)}</div>'
        for line in _details(finding)
    )
    return (
        f'<li><span style="color:{colour};font-weight:bold" aria-label="{word}">{mark}</span> '
        f"{escape(finding.title)}{details}</li>"
    )


def _details(finding: Finding) -> list[str]:
    """What was tried and what came of it, one line each; nothing for a probe that passes."""
    if finding.passed:
        return []
    tried = [f"tried: {call}" for call in finding.calls]
    return [*tried, finding.detail] if finding.detail else tried


def _coded(line: str) -> str:
    if line.startswith("tried: "):
        return f"tried: <code>{escape(line.removeprefix('tried: '))}</code>"
    return escape(line)


def _points(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")
