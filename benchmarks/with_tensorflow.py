"""TensorFlow with tf.function: variables, a GradientTape, and the graph traced once."""

import tensorflow as tf

__all__ = [
    "chain",
    "cross_entropy",
    "epoch",
    "hessian",
    "hessian_vector",
    "jacobian",
    "train",
    "train_on_images",
]

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def _surprise(z, labels):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z))


def loss_of(parameters, x, labels):
    """Mean cross-entropy of the relu network."""
    for i in range(0, len(parameters), 2):
        x = tf.matmul(tf.nn.relu(x) if i else x, parameters[i]) + parameters[i + 1]
    return _surprise(x, labels)


def _loss_of_images(parameters, x, labels):
    first, first_b, second, second_b, dense, dense_b = parameters
    for w, b in ((first, first_b), (second, second_b)):
        x = tf.nn.relu(tf.nn.conv2d(x, w, 1, "VALID") + b)
        x = tf.nn.max_pool2d(x, 2, 2, "VALID")
    return _surprise(tf.matmul(tf.reshape(x, (-1, 400)), dense) + dense_b, labels)


def _trainer(parameters, loss, rate, ready):
    def update(x, labels):
        with tf.GradientTape() as t:
            surprise = loss(parameters, x, labels)
        for p, g in zip(parameters, t.gradient(surprise, parameters), strict=True):
            p.assign_sub(rate * g)

    return ready(update)


def _training(d, loss, ready):
    parameters, x, labels = list(map(tf.Variable, d.parameters)), d.x, d.labels
    x, labels = tf.constant(x), tf.constant(labels)
    update = _trainer(parameters, loss, d.rate, ready)

    def step():
        update(x, labels)
        return parameters

    return step


def train(d, ready=tf.function):
    return _training(d, loss_of, ready)


def train_on_images(d, ready=tf.function):
    return _training(d, _loss_of_images, ready)


def epoch(d, ready=tf.function):
    parameters = list(map(tf.Variable, d.parameters))
    update = _trainer(parameters, loss_of, d.rate, ready)

    def step():
        for places in d.batches:
            update(tf.constant(d.x[places]), tf.constant(d.labels[places]))
        return parameters

    return step


def chain(d, ready=tf.function):
    inputs = list(map(tf.constant, (d.x, d.w, d.b)))

    def slopes(x, w, b):
        with tf.GradientTape() as t:
            t.watch([x, w, b])
            h = x
            for _ in range(d.rounds):
                h = tf.nn.relu(h * w + b) - d.c
        return t.gradient(h, [x, w, b])

    slopes = ready(slopes)
    return lambda: slopes(*inputs)


def jacobian(d, ready=tf.function):
    z = tf.constant(d.z)

    def rows(z):
        with tf.GradientTape() as t:
            t.watch(z)
            p = tf.nn.softmax(z)
        return t.batch_jacobian(p, z)

    rows = ready(rows)
    return lambda: [rows(z)]


def cross_entropy(d, ready=tf.function):
    z, labels = tf.constant(d.z), tf.constant(d.labels)

    def slope(z, labels):
        with tf.GradientTape() as t:
            t.watch(z)
            surprise = _surprise(z, labels)
        return t.gradient(surprise, z)

    slope = ready(slope)
    return lambda: [slope(z, labels)]


def _slope_of_penalised(d):
    x, t = tf.constant(d.x), tf.constant(d.t)

    def slope(w):
        with tf.GradientTape() as tape:
            tape.watch(w)
            score = tf.linalg.matvec(x, w)
            loss = tf.reduce_mean(tf.nn.softplus(score) - t * score)
            loss += d.penalty / 2 * tf.reduce_sum(w * w)
        return tape.gradient(loss, w)

    return slope


def hessian(d, ready=tf.function):
    slope, w = _slope_of_penalised(d), tf.constant(d.w)

    def second(w):
        with tf.GradientTape() as t:
            t.watch(w)
            g = slope(w)
        return t.jacobian(g, w)

    second = ready(second)
    return lambda: [second(w)]


def hessian_vector(d, ready=tf.function):
    slope, w, v = _slope_of_penalised(d), tf.constant(d.w), tf.constant(d.v)

    def product(w, v):
        with tf.GradientTape() as t:
            t.watch(w)
            g = slope(w)
        return t.gradient(g, w, output_gradients=v)

    product = ready(product)
    return lambda: [product(w, v)]
