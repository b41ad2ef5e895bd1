"""The names students use: a change here is a change for every lesson."""

import subprocess
import sys

import mlkit

NAMES = [
    "softmax", "log_softmax", "logsumexp", "kl_divergence", "cross_entropy", "sigmoid", "softplus",
    "Tensor", "Variable", "GradientTape", "stop_gradient", "custom_gradient",
    "tensor", "no_grad", "Function", "detect_anomaly",
    "grad", "value_and_grad", "vjp", "jvp", "jacrev", "jacfwd", "hessian", "vmap", "checkpoint",
    "jit", "check_gradients", "draw", "swap", "ShapeError", "op",
    "matmul", "linear", "tanh", "relu", "ops", "gpu_available", "to_gpu", "to_host",
]  # fmt: skip


def test_the_public_names_are_these_in_teaching_order():
    assert mlkit.__all__ == NAMES


def test_every_public_name_is_documented():
    missing = [name for name in NAMES if not getattr(mlkit, name).__doc__]

    assert not missing


def test_importing_mlkit_loads_nothing_heavier_than_numpy():
    code = (
        "import numpy, sys; before = set(sys.modules); import mlkit; "
        "new = {m.partition('.')[0] for m in set(sys.modules) - before}; "
        "new -= set(sys.stdlib_module_names) | {'mlkit', 'numpy'}; "
        "print(*(m for m in new if 'cython' not in m))"  # those belong to numpy.random
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == ""
