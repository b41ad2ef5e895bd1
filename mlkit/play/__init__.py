"""Pictures that move: one laboratory per idea of the course, and `mine` to put your code in them.

`import mlkit` does not load this package. The moving pictures need the "play" extra; without it a
lab says so in one line and shows a still picture with the same numbers.
"""

from mlkit.play.distributions_lab import distributions_lab
from mlkit.play.figures import chart
from mlkit.play.jacobian_lab import jacobian_lab
from mlkit.play.mine import mine
from mlkit.play.picture import picture
from mlkit.play.softmax_lab import softmax_lab
from mlkit.play.staircase_lab import staircase
from mlkit.play.triangle_lab import triangle_lab

__all__ = [
    "chart",
    "distributions_lab",
    "jacobian_lab",
    "mine",
    "picture",
    "softmax_lab",
    "staircase",
    "triangle_lab",
]
