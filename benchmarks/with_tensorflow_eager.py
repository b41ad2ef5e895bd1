"""TensorFlow, eager: the same code as with tf.function, without it."""

from functools import partial

import tensorflow as tf
import with_tensorflow

__all__ = [
    "chain",
    "cross_entropy",
    "epoch",
    "hessian",
    "hessian_vector",
    "jacobian",
    "tape",
    "train",
    "train_on_images",
]


def _unchanged(function):
    return function


(train, train_on_images, epoch, chain, jacobian, cross_entropy, hessian, hessian_vector) = (
    partial(function, ready=_unchanged)
    for function in (
        with_tensorflow.train,
        with_tensorflow.train_on_images,
        with_tensorflow.epoch,
        with_tensorflow.chain,
        with_tensorflow.jacobian,
        with_tensorflow.cross_entropy,
        with_tensorflow.hessian,
        with_tensorflow.hessian_vector,
    )
)


def tape(d):
    parameters = list(map(tf.Variable, d.parameters))
    x, labels = tf.constant(d.x), tf.constant(d.labels)

    def keep():
        with tf.GradientTape() as t:
            loss = with_tensorflow.loss_of(parameters, x, labels)
        return t, loss

    return keep
