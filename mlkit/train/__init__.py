"""Training: fit and what goes with it. Keras's compile, fit, evaluate and predict rest on it."""

from mlkit.train.callback import Callback, CSVLog, EarlyStopping, TensorBoard
from mlkit.train.checkpoint import Checkpoint
from mlkit.train.compiled import Trainable
from mlkit.train.history import History
from mlkit.train.loop import fit
from mlkit.train.run import Run
from mlkit.train.use import evaluate, predict

__all__ = [  # noqa: RUF022, in teaching order
    "fit",
    "evaluate",
    "predict",
    "History",
    "EarlyStopping",
    "Checkpoint",
    "CSVLog",
    "TensorBoard",
    "Callback",
    "Run",
    "Trainable",
]
