"""Who may import whom: nothing points up, and there are no cycles.

Each module of the table may import the modules named beside it and no other of ours. A new edge is
a decision: write it here, or do without. Modules that are not in the table may not close a cycle.
"""

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

TABLE = {
    "mlkit.device": "",
    "mlkit.tree": "",
    "mlkit.errors": "",
    "mlkit.row": "",
    "mlkit.engine": "mlkit.device mlkit.errors mlkit.row",
    "mlkit.place": "mlkit.device",
    "mlkit.ops.elementwise": "mlkit.device mlkit.engine mlkit.place",
    "mlkit.ops.trigonometry": "mlkit.device mlkit.engine mlkit.ops.elementwise",
    "mlkit.ops.activation": "mlkit.device mlkit.engine mlkit.ops.elementwise",
    "mlkit.ops.comparison": "mlkit.engine",
    "mlkit.ops.shape": "mlkit.device mlkit.engine",
    "mlkit.ops.index": "mlkit.device mlkit.engine mlkit.ops.shape",
    "mlkit.ops.reduce": "mlkit.device mlkit.engine mlkit.ops.index mlkit.ops.shape",
    "mlkit.ops.linear": "mlkit.device mlkit.engine mlkit.errors mlkit.ops.elementwise"
    " mlkit.ops.index mlkit.ops.reduce mlkit.ops.shape",
    "mlkit.ops.einstein": "mlkit.device mlkit.engine mlkit.ops.index mlkit.ops.shape",
    "mlkit.ops.conv": "mlkit.device mlkit.engine mlkit.ops.elementwise mlkit.ops.index"
    " mlkit.ops.linear mlkit.ops.reduce"
    " mlkit.ops.shape",
    "mlkit.ops.loss": "mlkit.device mlkit.engine mlkit.ops.activation mlkit.ops.reduce",
    "mlkit.ops": "mlkit.device mlkit.engine mlkit.ops.elementwise mlkit.ops.trigonometry"
    " mlkit.ops.activation mlkit.ops.comparison mlkit.ops.reduce mlkit.ops.shape mlkit.ops.index"
    " mlkit.ops.linear mlkit.ops.einstein mlkit.ops.conv mlkit.ops.loss",
    "mlkit.tensor": "mlkit.device mlkit.engine mlkit.ops mlkit.place",
    "mlkit.doors": "mlkit.device mlkit.engine mlkit.ops mlkit.tensor",
    "mlkit.kinds": "mlkit.engine mlkit.ops mlkit.ops.activation mlkit.ops.elementwise"
    " mlkit.ops.trigonometry",
    "mlkit.rows": "mlkit.device mlkit.engine mlkit.ops mlkit.doors mlkit.kinds",
    "mlkit.tape": "mlkit.device mlkit.engine mlkit.ops mlkit.tree mlkit.doors mlkit.forward"
    " mlkit.place mlkit.rows",
    "mlkit.backward": "mlkit.device mlkit.engine mlkit.ops mlkit.tree mlkit.doors mlkit.place",
    "mlkit.forward": "mlkit.device mlkit.engine mlkit.ops mlkit.doors mlkit.kinds",
    "mlkit.functional": "mlkit.device mlkit.engine mlkit.ops mlkit.tree mlkit.doors mlkit.forward"
    " mlkit.run",
    "mlkit.run": "mlkit.device mlkit.engine mlkit.ops mlkit.tree mlkit.doors mlkit.forward"
    " mlkit.rows",
    "mlkit.gradcheck": "mlkit.device mlkit.engine mlkit.ops mlkit.tree",
    "mlkit.layout": "",
    "mlkit.graph": "mlkit.device mlkit.engine",
    "mlkit.draw": "mlkit.device mlkit.engine mlkit.graph mlkit.layout",
    "mlkit.swap": "mlkit.device mlkit.engine mlkit.gradcheck",
    "mlkit.data.shipped": "",
    "mlkit.data.order": "",
    "mlkit.data.encode": "",
    "mlkit.data.idx": "",
    "mlkit.data.download": "mlkit.data.idx",
    "mlkit.data": "mlkit.data.shipped mlkit.data.order mlkit.data.encode mlkit.data.idx"
    " mlkit.data.download",
    "mlkit.nn.module": "mlkit.device mlkit.engine mlkit.train.compiled",
    "mlkit.nn.initial": "",
    "mlkit.nn.layer": "mlkit.engine mlkit.ops mlkit.ops.shape mlkit.nn.initial mlkit.nn.module",
    "mlkit.nn.activation": "mlkit.ops mlkit.nn.module",
    "mlkit.nn.convolution": "mlkit.engine mlkit.ops mlkit.nn.initial mlkit.nn.layer"
    " mlkit.nn.module",
    "mlkit.nn.normalize": "mlkit.device mlkit.engine mlkit.ops mlkit.ops.shape mlkit.nn.layer"
    " mlkit.nn.module",
    "mlkit.nn.summary": "mlkit.backward mlkit.device mlkit.ops.shape mlkit.nn.layer"
    " mlkit.nn.module mlkit.nn.normalize",
    "mlkit.nn.sequential": "mlkit.nn.module mlkit.nn.summary",
    "mlkit.nn": "mlkit.nn.activation mlkit.nn.convolution mlkit.nn.initial mlkit.nn.layer"
    " mlkit.nn.module mlkit.nn.normalize mlkit.nn.sequential",
    "mlkit.optim.clip": "mlkit.device mlkit.engine mlkit.tree",
    "mlkit.optim.place": "mlkit.device mlkit.engine",
    "mlkit.optim.optimizer": "mlkit.device mlkit.engine mlkit.tree mlkit.optim.clip"
    " mlkit.optim.place",
    "mlkit.optim.rules": "mlkit.optim.optimizer mlkit.optim.place",
    "mlkit.optim.schedule": "",
    "mlkit.optim": "mlkit.optim.clip mlkit.optim.optimizer mlkit.optim.rules mlkit.optim.schedule",
    "mlkit.labels": "mlkit.device",
    "mlkit.losses": "mlkit.device mlkit.engine mlkit.labels mlkit.ops mlkit.ops.loss"
    " mlkit.ops.shape",
    "mlkit.metrics": "mlkit.device mlkit.engine mlkit.labels",
    "mlkit.files": "",
    "mlkit.train.history": "",
    "mlkit.train.run": "mlkit.train.history",
    "mlkit.train.callback": "mlkit.files mlkit.train.run",
    "mlkit.train.checkpoint": "mlkit.files mlkit.train.callback mlkit.train.run",
    "mlkit.train.progress": "mlkit.train.callback mlkit.train.run",
    "mlkit.train.check": "mlkit.data.order",
    "mlkit.train.use": "mlkit.device mlkit.engine mlkit.backward mlkit.data.order"
    " mlkit.train.check",
    "mlkit.train.loop": "mlkit.device mlkit.data.order mlkit.train.callback mlkit.train.check"
    " mlkit.train.checkpoint"
    " mlkit.train.history mlkit.train.progress mlkit.train.run mlkit.train.use",
    "mlkit.train.compiled": "mlkit.train.callback mlkit.train.check mlkit.train.history"
    " mlkit.train.loop mlkit.train.run mlkit.train.use",
    "mlkit.train": "mlkit.train.callback mlkit.train.checkpoint mlkit.train.compiled"
    " mlkit.train.history mlkit.train.loop mlkit.train.run mlkit.train.use",
    "mlkit.onnx": "mlkit.device mlkit.files mlkit.nn mlkit.ops",
    "mlkit.weights.network": "mlkit.files",
    "mlkit.weights.pytorch": "mlkit.device mlkit.nn mlkit.weights.network",
    "mlkit.weights": "mlkit.files mlkit.weights.network mlkit.weights.pytorch",
    "mlkit.jit.trace": "mlkit.engine",
    "mlkit.jit.view": "",
    "mlkit.jit.nest": "mlkit.engine",
    "mlkit.jit.calls": "mlkit.jit.trace mlkit.jit.view",
    "mlkit.jit.tracer": "mlkit.device mlkit.engine mlkit.jit.calls mlkit.jit.trace mlkit.jit.view",
    "mlkit.jit.rewrite": "mlkit.jit.trace",
    "mlkit.jit.lines": "mlkit.device",
    "mlkit.jit.memory": "mlkit.jit.lines mlkit.jit.rewrite mlkit.jit.trace",
    "mlkit.jit.emit": "mlkit.jit.memory mlkit.jit.trace mlkit.jit.view",
    "mlkit.jit.around": "mlkit.engine",
    "mlkit.jit.place": "mlkit.engine mlkit.jit.calls mlkit.jit.tracer",
    "mlkit.jit.plan": "mlkit.engine mlkit.jit.around mlkit.jit.emit mlkit.jit.nest mlkit.jit.place"
    " mlkit.jit.trace mlkit.jit.tracer",
    "mlkit.jit": "mlkit.doors mlkit.engine mlkit.swap mlkit.jit.nest mlkit.jit.plan"
    " mlkit.jit.trace",
    "mlkit": "mlkit.device mlkit.engine mlkit.ops mlkit.ops.activation mlkit.ops.linear"
    " mlkit.ops.loss mlkit.ops.trigonometry mlkit.tape mlkit.backward mlkit.functional"
    " mlkit.gradcheck"
    " mlkit.draw mlkit.swap mlkit.jit",
    "autograder.answer": "",
    "autograder.cells": "",
    "autograder.cost": "",
    "autograder.forbid": "",
    "autograder.probe": "autograder.answer",
    "autograder.finding": "autograder.answer autograder.probe",
    "autograder.judge": "autograder.finding autograder.probe",
    "autograder.picture": "autograder.finding autograder.judge",
    "autograder.check": "autograder.forbid autograder.judge autograder.picture autograder.probe",
}
CHECK_PATH = [
    "autograder",
    *(name for name in TABLE if name.startswith("autograder") and name != "autograder.cells"),
]


def _files():
    for path in sorted([*ROOT.glob("mlkit/**/*.py"), *ROOT.glob("autograder/**/*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(_files())


def imports(source):
    """Every module that a source imports, wherever it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else str(node.module) for name in names)


EDGES = {name: set(imports(path.read_text())) for name, path in MODULES.items()}


@pytest.mark.parametrize("name", TABLE)
def test_a_module_imports_only_what_the_table_allows(name):
    extra = (EDGES[name] & MODULES.keys()) - set(TABLE[name].split())

    assert not extra, f"new edge: {name} imports {', '.join(sorted(extra))}"


def test_no_module_imports_one_that_imports_it():
    graph = {name: EDGES[name] & MODULES.keys() for name in MODULES}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"cycle: {' <- '.join(error.args[1])}")


def test_every_module_of_mlkit_is_in_the_table():
    ours = {name for name in MODULES if name.split(".")[0] == "mlkit" and ".play" not in name}

    assert ours <= TABLE.keys()


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("mlkit")])
def test_mlkit_stands_alone(name):
    assert not {i for i in EDGES[name] if i.split(".")[0] in ("autograder", "nbgrader")}


@pytest.mark.parametrize("name", CHECK_PATH)
def test_checking_in_a_notebook_needs_numpy_and_nothing_else(name):
    roots = {i.partition(".")[0] for i in EDGES[name]} - sys.stdlib_module_names

    assert roots <= {"numpy", "IPython", "autograder"}
    assert (EDGES[name] & MODULES.keys()) <= set(CHECK_PATH)
