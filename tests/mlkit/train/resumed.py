"""A training that may be killed at any moment and started again: resumed.py CHECKPOINT RESULT.

Prints a line after each step; at the end puts weights and history into RESULT.
"""

import json
import sys

import numpy as np

from mlkit import data, losses, metrics, nn, optim, train, weights


class Tell(train.Callback):
    """Says after each step that it is done."""

    def on_step(self, run):
        print(run.steps, flush=True)


def main(checkpoint, result):
    images, labels = data.digits()
    x, y = images[:300].reshape(300, 64), labels[:300]
    rng = np.random.default_rng(5)
    model = nn.Sequential(
        nn.Dense(64, 16, rng=rng), nn.BatchNorm(16), nn.ReLU(), nn.Dropout(0.2, rng=rng),
        nn.Dense(16, 10, rng=rng),
    )  # fmt: skip
    history = train.fit(
        model, losses.cross_entropy, optim.Adam(model.parameters(), 0.01), (x, y),
        epochs=30, batch_size=16, validation=(x, y), metrics=[metrics.accuracy], rng=rng,
        callbacks=[
            train.Checkpoint(checkpoint, every=3, resume=True),
            train.EarlyStopping("val_accuracy", patience=30),
            Tell(),
        ],
    )  # fmt: skip
    weights.write(result, model.state_dict() | {"history": np.frombuffer(
        json.dumps(history).encode(), np.uint8
    )})  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
