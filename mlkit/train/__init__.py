"""Training: fit and what goes with it. Keras's compile, fit, evaluate and predict rest on it.

>>> import numpy as np
>>> from mlkit import data, losses, metrics, nn, optim
>>> rng = np.random.default_rng(0)
>>> images, labels = data.digits()
>>> training, validation, unseen = data.split(images.reshape(-1, 64), labels, rng=rng)
>>> model = nn.Sequential(nn.Dense(64, 64, rng=rng), nn.ReLU(), nn.Dense(64, 10, rng=rng))
>>> model.compile(optim.Adam, losses.cross_entropy, [metrics.accuracy])
>>> history = model.fit(*training, epochs=20, validation_data=validation)
>>> model.evaluate(*unseen)["accuracy"] > 0.95
True
>>> model.predict(unseen[0][:5]).argmax(axis=1) == unseen[1][:5]
array([ True,  True,  True,  True,  True])
"""

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
