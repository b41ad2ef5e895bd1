"""Attacks on the box, the machine and other people's files. The work beside them is right."""

from .entry import ROWS, Hostile

LOOP = "while True:\n    pass"
FORK = (
    "import os, time\nfor _ in range({}):\n"
    "    if os.fork() == 0:\n        {}\n        os._exit(0)\n"
)

MACHINE = {
    # the end of Python
    "exits": Hostile("import os\nos._exit(3)", says="cell 3 ended Python: the process exited"),
    "asks to exit": Hostile("import sys\nsys.exit(0)", says="asks Python to exit"),
    "kills itself": Hostile("import os\nos.kill(os.getpid(), 9)", says="ended Python"),
    "kills its parent": Hostile("import os\nos.kill(os.getppid(), 9)\nprint('on')", shows="on"),
    "kills everybody it may": Hostile("import os\nos.kill(-1, 9)\nprint('on')", shows="on"),
    "kills its group": Hostile("import os\nos.killpg(0, 9)", says="ended Python"),
    "stops itself": Hostile("import os\nos.kill(os.getpid(), 19)", says="could not be interrupted"),
    "crashes": Hostile("import ctypes\nctypes.string_at(0)", says="segmentation fault"),
    "recurses in C": Hostile(
        "import sys\nsys.setrecursionlimit(10**8)\nx = []\n"
        "for _ in range(10**6):\n    x = [x]\nrepr(x)",
        says="ended Python",
    ),
    "recurses in Python": Hostile(
        "def again(n):\n    return again(n + 1)\n"
        "try: again(0)\nexcept RecursionError: print('deep')",
        shows="deep",
    ),
    "closes every file": Hostile("import os\nos.closerange(3, 999)", says="cell 3"),
    "leaves an alarm": Hostile(
        "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\nimport time\ntime.sleep(1)",
        says="ended Python",
    ),
    "loops for ever": Hostile(LOOP, says="ran longer than 2 s, so it was stopped"),
    "loops and ignores interrupts": Hostile(
        f"import signal\nsignal.signal(2, signal.SIG_IGN)\n{LOOP}", says="could not be interrupted"
    ),
    "catches the interrupt": Hostile(
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass",
        says="could not be interrupted",
    ),
    "blocks every signal": Hostile(
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "time.sleep(60)",
        says="ran longer",
    ),
    "waits for input": Hostile("input('name? ')", says="waits for input()"),
    "an answer without end": Hostile(
        double=f"def double(x):\n    {LOOP.replace(chr(10), chr(10) + '    ')}",
        mark=ROWS,
        state="partly",
        says="took longer than 2 s",
    ),
    "an answer that ends Python": Hostile(
        double="import os\ndef double(x):\n    os._exit(0)", mark=ROWS, state="partly", says="ended"
    ),
    # memory, processes, disk
    "takes 4 GB at once": Hostile("x = bytearray(4 * 2**30)", says="more memory than the 400 MiB"),
    "takes memory by and by": Hostile(
        "x = []\nwhile True:\n    x.append(np.ones(2**20))", says="more memory than the 400 MiB"
    ),
    "maps shared memory": Hostile(
        "import mmap\nx = mmap.mmap(-1, 2**28)\nfor at in range(0, 2**28, 4096): x[at] = 1",
        says="",
    ),
    "a fork bomb": Hostile(FORK.format(500, "time.sleep(60)"), shows="BlockingIOError"),
    "a fork bomb that grows": Hostile(
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        says="cell 3",
    ),
    "a thread bomb": Hostile(
        "import threading, time\nfor _ in range(2000):\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        shows="can't start new thread",
    ),
    "children that spin": Hostile(FORK.format(4, "[0 for _ in iter(int, 1)]") + "'on'", shows="on"),
    "a shell's bomb": Hostile("!:(){ :|:& };:", says=""),
    "fills the disk": Hostile(
        "for n in range(99): open(f'{n}', 'wb').write(bytes(10**6))", shows="No space left"
    ),
    "fills shared memory": Hostile(
        "for n in range(99): open(f'/dev/shm/{n}', 'wb').write(bytes(10**6))", shows="No space left"
    ),
    "a file of 200 MB": Hostile(
        "with open('big', 'wb') as file:\n    for _ in range(200): file.write(bytes(10**6))",
        shows="too large",
    ),
    "a sparse file of a terabyte": Hostile("open('x', 'wb').truncate(2**40)", shows="too large"),
    "empty files without number": Hostile(
        "for n in range(10**6): open(f'n{n}', 'x').close()", shows="No space left"
    ),
    "opens files without number": Hostile(
        "kept = [open('/dev/null') for _ in range(10**4)]", says="", shows="Too many open files"
    ),
    "writes to the raw output": Hostile(
        "import os\nfor _ in range(300):\n    for n in (1, 2): os.write(n, bytes(10**6))",
        shows="too large",
    ),
    "raises its limits": Hostile(
        "import resource as r\nr.setrlimit(r.RLIMIT_NPROC, (-1, -1))", shows="ValueError"
    ),
    "wants more of the processor": Hostile("import os\nos.nice(-20)", shows="PermissionError"),
    # what runs on
    "a daemon": Hostile(
        "import subprocess\nsubprocess.Popen('setsid sleep 297.5 &', shell=True)\n'on'", shows="on"
    ),
    "a daemon that forked twice and writes later": Hostile(
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        time.sleep(7)\n        open('CANARY', 'a').write('late')\n    os._exit(0)"
    ),
    # files of others
    "reads the canary": Hostile("open('CANARY').read()", shows="FileNotFoundError"),
    "writes the gradebook": Hostile(
        "import sqlite3\nsqlite3.connect('CLASS/gradebook.db').execute('delete from grade')",
        shows="unable to open",
    ),
    "lists and spoils other submissions": Hostile(
        "import pathlib\nfor path in pathlib.Path('CLASS').rglob('*.ipynb'):\n"
        "    path.write_text('')\n!cat CLASS/submitted/*/*/*.ipynb",
        shows="No such file",
    ),
    "looks for the hidden checks": Hostile(
        "!grep -rl 'def many_rows' / --include=*.py --include=*.json 2>/x; echo found none",
        shows="found none",
    ),
    "links to the gradebook": Hostile(
        "import os\nos.symlink('CLASS/gradebook.db', 'mine.txt')\nopen('mine.txt').read()",
        shows="FileNotFoundError",
    ),
    "changes the course's code": Hostile(
        "import autograder.judge as j\nopen(j.__file__, 'a').write('x')", shows="PermissionError"
    ),
    "changes the answers in its folder": Hostile("open('checks.json', 'w').write('{}')"),
    "removes all it can": Hostile("!rm -rf ~/* /run/course /home 2>/dev/null"),
    "reads secrets of the environment": Hostile(
        "import os\nprint([n for n in os.environ if 'PASSWORD' in n])", shows="[]"
    ),
    "reads the environments of others": Hostile(
        "!cat /proc/*/environ | grep -c PASSWORD", shows="0"
    ),
    "looks through the first process": Hostile(
        "import os\nprint(os.listdir('/proc/1/fd'), os.listdir('/proc/1/root'))",
        shows="PermissionError",
    ),
    "reads another process's memory": Hostile("open('/proc/1/mem', 'rb')", shows="PermissionError"),
    "makes a device": Hostile(
        "import os\nos.mknod('sda', 0o060600, os.makedev(8, 0))", shows="PermissionError"
    ),
    "opens the machine's devices": Hostile(
        "import os\nprint(sorted(set(os.listdir('/dev')) & {'mem', 'kmsg', 'sda', 'nvidia0'}))",
        shows="[]",
    ),
    "types into the terminal": Hostile("import fcntl\nfcntl.ioctl(0, 0x5412, b'x')", shows="Error"),
    # network, and what is left open to it
    "calls home": Hostile(
        "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/', timeout=1)",
        shows="unreachable",
    ),
    "asks for a name": Hostile(
        "import socket\nsocket.getaddrinfo('example.org', 80)", shows="gaierror"
    ),
    "looks for servers of this machine": Hostile(
        "import socket\nsocket.create_connection(('127.0.0.1', PORT), 1)", shows="refused"
    ),
    "calls a hidden socket": Hostile(
        "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('\\0abstract')",
        shows="refused",
    ),
    "writes into every open socket": Hostile(
        "import os, stat\nfor n in range(3, 256):\n    try:\n"
        "        if stat.S_ISSOCK(os.fstat(n).st_mode): os.write(n, b'\\xff' * 99)\n"
        "    except OSError: pass\n'on'"
    ),
    "survives its parent": Hostile(
        "import ctypes, os\nctypes.CDLL(None).prctl(1, 0)\nif os.fork() == 0:\n"
        "    ctypes.CDLL(None).prctl(1, 0)\n    import time\n    time.sleep(296.5)\n    os._exit(0)"
    ),
    "a new space of users": Hostile(
        "import subprocess\nsubprocess.run(['unshare', '-Ur', 'id'], check=True)",
        shows="CalledProcessError",
    ),
}
