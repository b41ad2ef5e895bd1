"""Attacks on the judge, from within the kernel. The work beside them is wrong: it earns nothing."""

from .entry import NOTHING, ROWS, Hostile


def _silent(code: str) -> Hostile:
    """No answer comes back, and that is said."""
    return _wrong(code, state="partly", says="no answer came back: your code keeps Python")


def _wrong(code: str = "", **more: object) -> Hostile:
    return Hostile(code, right=False, **{"mark": NOTHING, **more})  # type: ignore[arg-type]


SEND = (
    "import autograder.kernel as k\nfrom IPython.display import publish_display_data\n"
    "def reply(nonce, probe, seed, answer):\n"
    "    said = {'answer': answer, 'warnings': [], 'changed': [], 'calls': []}\n"
    "    told = {'probe': probe, 'seed': seed, 'reply': said}\n"
    "    publish_display_data({k.REPLY: {'nonce': nonce, 'answer': told}})\n"
)
NUMBER = "{'dtype': 'f', 'shape': [], 'values': [3.0]}"

JUDGING = {
    "assertions do nothing": _wrong("np.testing.assert_allclose = lambda *a, **k: None"),
    "every comparison is true": _wrong(
        "np.isclose = np.allclose = np.array_equal = lambda *a: True"
    ),
    "all code becomes empty": _silent(
        "get_ipython().input_transformers_post.append(lambda lines: ['pass'])"
    ),
    "the kernel says ok": _silent(
        "get_ipython().kernel.do_execute = lambda *a, **k: {'status': 'ok'}"
    ),
    "the shell runs nothing": _silent("get_ipython().run_cell = lambda *a, **k: None"),
    "the check prints points": _wrong("check = lambda question: 5.0\nprint(5.0)"),
    "the checks are rewritten": Hostile(
        right=False,
        mark=NOTHING,
        spoil=lambda notebook, folder: (
            [cell.update(source="5.0") for cell in notebook.cells if "check(" in cell.source]
            and None
        ),
        says="was changed; it was put back",
    ),
    "a reply that is equal to everything": _wrong(
        "class Yes(float):\n    __eq__ = lambda a, b: True\n    __hash__ = None\n"
        "double = rows = lambda x: Yes(1)"
    ),
    "an array that lies": _wrong(
        "class Array(np.ndarray):\n    __eq__ = lambda a, b: True\n"
        "    def __array_ufunc__(self, *a, **k): return True\n    def tolist(self): return self\n"
        "double = rows = lambda x: np.zeros(3).view(Array)"
    ),
    "a thing that says it is a number": _wrong(
        "class Float:\n    __class__ = float\n    __module__ = 'mlkit.tensor'\n"
        "    data = np.ones(3)\n"
        "double = rows = lambda x: Float()"
    ),
    "a pickle": _wrong(
        "class Bad:\n    def __reduce__(self): return (open, ('CANARY', 'w'))\n"
        "double = rows = lambda x: Bad()"
    ),
    "an array of pickles": _wrong(
        "class Bad:\n    def __reduce__(self): return (open, ('CANARY', 'w'))\n"
        "double = rows = lambda x: np.array([Bad()], dtype=object)"
    ),
    "answers learnt by heart": _wrong(
        "def double(x):\n    return 3.0\ndef rows(x):\n    return np.array([3.0, 7.0])"
    ),
    "answers looked up": _wrong(
        "import json\nopen_answers = json.load(open('checks.json'))\n"
        "double = lambda x: 2 * x if x == 1.5 else x\nrows = lambda x: np.array([3.0, 7.0])"
    ),
    "nan and infinity": _wrong("double = rows = lambda x: np.full(np.shape(x), np.nan)"),
    "many numbers": _wrong("double = rows = lambda x: np.zeros(10**7)"),
    "nests itself": _wrong("x = []\nx.append(x)\ndouble = rows = lambda y: x"),
    "a dictionary of itself": _wrong("x = {}\nx[1] = x\ndouble = rows = lambda y: x"),
    "an answer that is an exception": _wrong(
        "class Right(Exception):\n    pass\nRight.__mro__\n"
        "def double(x): raise Right('2.0')\ndef rows(x): raise KeyboardInterrupt"
    ),
    "a generator": _wrong("def double(x):\n    yield 2 * x\nrows = iter"),
    "replies of any kind": _wrong(
        "import autograder.kernel as k\nk.ask = lambda *a: {'answer': {'dtype': 'f', "
        "'shape': [10**9], 'values': 'x'}, 'warnings': 3, 'changed': None, 'calls': 7}"
    ),
    "deep replies": _wrong(
        "import autograder.kernel as k\nx = []\nfor i in range(900): x = [x]\n"
        "k.ask = lambda *a: {'answer': {'items': x}, 'warnings': [], 'changed': [], 'calls': []}"
    ),
    "replies without a nonce": _wrong(
        f"{SEND}for seed in (0, 7):\n    reply('', 'one_number', seed, {NUMBER})\n"
        f"    reply('0' * 16, 'one_number', seed, {NUMBER})"
    ),
    "replies with the true nonce": _wrong(
        f"{SEND}def answer(nonce, probes, seeds, *rest):\n"
        "    for probe in probes:\n        for seed in seeds:\n"
        f"            reply(nonce, probe, seed, {NUMBER})\n"
        "k.answer = k.answer_as_kept = answer"
    ),
    "every reply twice, the second right": Hostile(
        double=f"{SEND}double = lambda x: x\nreal = k.ask\nimport sys\n"
        "def ask(*a):\n    f = sys._getframe(1).f_locals\n    said = real(*a)\n"
        f"    reply(f['nonce'], f['probe'], f['seed'], {NUMBER})\n    return said\nk.ask = ask",
        mark=NOTHING,
    ),
    "no reply at all": _silent("import autograder.kernel as k\nk.answer = lambda *a: None"),
    "the session's key, from memory": _wrong(
        "import gc\nfrom jupyter_client.session import Session\n"
        f"{SEND}key = [o.key for o in gc.get_objects() if isinstance(o, Session)][0]\n"
        "kernel = get_ipython().kernel\nfor parent in (None, kernel.get_parent()):\n"
        "    for kind in ('execute_reply', 'status'):\n"
        "        kernel.session.send(kernel.iopub_socket, kind, parent=parent,\n"
        "            content={'execution_state': 'idle', 'status': 'ok', 'points': 5})"
    ),
    "idle before its time": _silent(
        "import threading, time\nkernel = get_ipython().kernel\ndef idle():\n    while True:\n"
        "        kernel.session.send(kernel.iopub_socket, 'status', parent=kernel.get_parent(),\n"
        "            content={'execution_state': 'idle'})\n        time.sleep(0.001)\n"
        "threading.Thread(target=idle, daemon=True).start()"
    ),
    "a thread that answers later": _wrong(
        f"{SEND}import threading, time\ndef later():\n    while True:\n"
        "        for probe in list(k._probes):\n"
        f"            for seed in (0, 7): reply('', probe, seed, {NUMBER})\n"
        "        time.sleep(0.01)\n"
        "threading.Thread(target=later, daemon=True).start()"
    ),
    "kept names changed": _wrong(
        "import autograder.kernel as k\nclass Names(dict):\n"
        "    __setitem__ = lambda *a: None\n    __getitem__ = lambda s, n: {}\nk._kept = Names()"
    ),
    "probes replaced": _silent(
        "import autograder.kernel as k\nclass Names(dict):\n    update = lambda *a, **k: None\n"
        "k._probes = Names()"
    ),
    "the encoder says what it likes": _wrong(
        "import autograder.probe as p\np.encode = lambda value: " + NUMBER
    ),
    "json and signatures replaced": _wrong(
        "import json\nreal = json.dumps\njson.dumps = lambda *a, **k: real({'points': 5})\n"
        "get_ipython().kernel.session.sign = lambda parts: b''",
        state="partly",
        says="could not be interrupted",
    ),
    "warnings and numpy replaced": _silent(
        "import warnings\nwarnings.catch_warnings = np.errstate = None\n"
        "np.random.default_rng = None"
    ),
    "the judge says yes": _wrong(
        "import autograder.judge as j, autograder.answer as a, autograder.finding as f\n"
        "j.AnswerKey.judge = lambda *a: 5\na.difference = f.difference = lambda *a: None"
    ),
    "hunts for expected answers": _wrong(
        "import gc, sys\ndef hunt():\n    found = [o for o in gc.get_objects()\n"
        "        if isinstance(o, dict) and 'expected' in o]\n    frame = sys._getframe()\n"
        "    while frame:\n"
        "        found += [v for v in frame.f_locals.values() if v is not found]\n"
        "        frame = frame.f_back\n    return found\n"
        "def double(x):\n    return next((o['expected'] for o in hunt()\n"
        "        if isinstance(o, dict) and 'expected' in o), None)\nrows = double"
    ),
    "tells what hidden checks ask": _wrong(
        "import inspect, sys, threading, time\nimport autograder.kernel as k\n"
        "def tell():\n    source = [getattr(p, 'function', p).__code__.co_consts for p in\n"
        "        k._probes.values()]\n    said = repr((source, sys._getframe(2).f_locals))\n"
        "    if len(k._probes) > 2:\n        said = 'LE' + 'AK' + said\n"
        "    print(said, flush=True)\n    raise type(said, (Exception,), {})(said)\n"
        "def double(x):\n    threading.Thread(target=tell).start()\n    tell()\n"
        "rows = double"
    ),
    "a trace on every call": _wrong(
        "import sys\ndef trace(frame, event, arg):\n"
        "    if 'value' in frame.f_locals: frame.f_locals['value'] = 3.0\n    return trace\n"
        "sys.settrace(trace)\nimport threading\nthreading.settrace(trace)"
    ),
    "changes what it is given": Hostile(
        double="def double(x):\n    x *= 2\n    return x", mark=ROWS, says="was changed"
    ),
    "right by a forbidden way": Hostile(
        double="def double(x):\n    return np.multiply(x, 2)",
        mark=ROWS,
        says="without numpy.multiply",
    ),
    "a name that is not asked for": Hostile(
        double="def my_double(x):\n    return x + x", mark=ROWS, says="found my_double instead"
    ),
    "another answer after the check": Hostile(
        double="def double(x):\n    return x", last="def double(x):\n    return x + x", mark=ROWS
    ),
    "depends on the clock": Hostile(
        double="import time\nborn = time.time()\ndef double(x):\n"
        "    return x + x if time.time() < born else x",
        mark=ROWS,
    ),
    "right the first time only": Hostile(
        double="calls = []\ndef double(x):\n    calls.append(x)\n"
        "    return x + x if len(calls) == 1 else x",
        mark=NOTHING + ROWS,
    ),
}
