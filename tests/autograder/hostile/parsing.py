"""Attacks on what reads the kernel's messages, and on who looks at outputs. The work is right."""

from .entry import Hostile

RAW = (
    "kernel = get_ipython().kernel\nsession, iopub = kernel.session, kernel.iopub_socket\n"
    "def send(*tail, signed=True, kind='stream'):\n"
    "    told = session.msg(kind, {'name': 'stdout', 'text': ''}, parent=kernel.get_parent())\n"
    "    parts = session.serialize(told, ident=b'stream')[:6] + list(tail)\n"
    "    parts[2] = session.sign(parts[3:]) if signed else b'no'\n"
    "    iopub.io_thread.send_multipart(parts)\n"
)
SHOW = "from IPython.display import publish_display_data as show\n"

PARSING = {
    "one long print": Hostile("print('x' * 30_000_000)", says="printed more than 20000"),
    "prints without end": Hostile("while True:\n    print('x' * 1000)", says="printed more than"),
    "tiny outputs without end": Hostile("while True:\n    display(0)", says="cell 3"),
    "a long value": Hostile("'x' * 10**7", says="printed more than 20000 characters"),
    "a long error": Hostile("raise ValueError('x' * 10**7)", says="printed more than"),
    "a message of 100 MB": Hostile(f"{RAW}send(b'\"' + b'x' * 10**8 + b'\"')"),
    "deep brackets in a message": Hostile(f"{RAW}send(b'[' * 200_000 + b']' * 200_000)"),
    "no JSON in a message": Hostile(
        f"{RAW}send(b'\\xff\\xfe{{')\nsend(b'')\nsend(b'3')\nsend(b'null')"
    ),
    "not a number in a message": Hostile(f'{RAW}send(b\'{{"name": NaN, "text": Infinity}}\')'),
    "half a character in a message": Hostile(
        f'{RAW}send(b\'{{"name": "stdout", "text": "\\\\ud800"}}\')\nprint(\'\\ud800\', flush=True)'
    ),
    "wrong types in a message": Hostile(
        RAW
        + "\n".join(
            f"send(b'{content}', kind='{kind}')"
            for kind in ("stream", "display_data", "error", "status", "execute_result")
            for content in (
                "[1]",
                '{"data": 3}',
                '{"data": {"text/plain": {"a": 1}}}',
                '{"text": 0}',
            )
        )
    ),
    "messages without a signature": Hostile(f"{RAW}send(b'{{}}', signed=False)"),
    "a thousand frames": Hostile(f"{RAW}send(b'{{}}', *[b'x' * 10**4] * 10**4)"),
    "a message without end": Hostile(
        "import os, socket, stat\nfor n in range(3, 256):\n    try:\n"
        "        s = socket.socket(fileno=os.dup(n))\n        s.getpeername()\n"
        "        s.settimeout(1)\n        for _ in range(3000):\n"
        "            s.sendall(bytes([3]) + (10**6).to_bytes(8, 'big') + bytes(10**6))\n"
        "    except OSError:\n        pass",
        says="cell 3",
    ),
    "another cell's output": Hostile(
        f"{SHOW}kernel = get_ipython().kernel\nparent = kernel.get_parent()\n"
        "parent['header']['msg_id'] = 'another'\n"
        "kernel.session.send(kernel.iopub_socket, 'stream', {'name': 'x', 'text': 'y'}, parent)"
    ),
    "outputs that change each other": Hostile(
        "from IPython.display import clear_output, update_display\n"
        "for n in range(2000):\n    update_display({'text/plain': 'x'}, display_id='d', raw=True)\n"
        "    clear_output()"
    ),
    "comms without number": Hostile(
        "from comm import create_comm\nfor n in range(500):\n"
        "    create_comm('x' * 99, data={'x': 'y' * 99})"
    ),
    "a widget's state": Hostile(
        f"{SHOW}show({{'application/vnd.jupyter.widget-view+json': {{'model_id': '../../x'}},\n"
        "    'application/vnd.jupyter.widget-state+json': {'state': {}}, 'text/plain': 'w'})",
        shows="w",
    ),
    "scripts in an output": Hostile(
        "from IPython.display import HTML, SVG, Javascript, display\n"
        "display(HTML('<script>alert(1)</script><img src=x onerror=alert(2)>'))\n"
        "display(Javascript('alert(3)'))\n"
        f"{SHOW}show({{'image/svg+xml': '<svg onload=alert(4)></svg>', 'text/latex': '<b>'}})"
    ),
    "kinds of data that nobody knows": Hostile(
        f"{SHOW}show({{'../../etc/passwd': 'x', '': 'y', 'text/html; <script>': '<script>',\n"
        "    'application/json': {'a': [1]}, 'text/plain': 'seen'})",
        shows="seen",
    ),
    "an error whose name is markup": Hostile(
        "bad = type('<img src=x onerror=alert(1)>', (Exception,), {})\n"
        "raise bad('</pre><script>alert(2)</script>')"
    ),
    "an error that raises": Hostile(
        "class Bad(Exception):\n    def __str__(self): raise Bad\n    __repr__ = __str__\n"
        "    def _render_traceback_(self): return 7\nraise Bad"
    ),
    "a value that shows itself for ever": Hostile(
        "class Bad:\n    def _repr_html_(self):\n        while True: pass\nBad()", says="ran longer"
    ),
    "a value whose picture is a number": Hostile(
        "class Bad:\n    _repr_png_ = _repr_html_ = lambda self: 7\n"
        "    _repr_mimebundle_ = lambda self, **k: {1: 2}\nBad()"
    ),
    "noise in a thread": Hostile(
        "import sys, threading, time\ndef noise():\n    while True:\n"
        "        print('noise', file=sys.stderr, flush=True)\n        time.sleep(0.002)\n"
        "threading.Thread(target=noise, daemon=True).start()"
    ),
    "terminal codes in a print": Hostile("print('\\x1b[2J\\x1b]0;title\\x07\\x00\\x08' * 9)"),
}
