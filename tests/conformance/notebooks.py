"""Notebooks that are awkward to run, one for each kind of trouble, with the options they need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell


@dataclass(frozen=True)
class Awkward:
    """A notebook and how it is run."""

    cells: list[Any]
    options: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    finish: Callable[[Any], None] = lambda _: None

    def notebook(self) -> Any:
        """Return it as it is written to a file."""
        made = new_notebook(
            cells=[code(each) if isinstance(each, str) else each for each in self.cells]
        )
        for number, each in enumerate(made.cells):
            each["id"] = f"cell-{number}"
        made.metadata.kernelspec = {"name": "python3", "display_name": "P", "language": "python"}
        self.finish(made)
        return made


def code(source: str, *tags: str) -> Any:
    """Return a cell of code."""
    return new_code_cell(source.strip("\n"), metadata={"tags": list(tags)} if tags else {})


def fails(source: str) -> Any:
    """Return a cell that may fail."""
    return code(source, "raises-exception")


def _without_ids(made: Any) -> None:
    made.nbformat_minor = 4
    for each in made.cells:
        del each["id"]


STREAMS = [
    "import sys, os, time, subprocess, logging, warnings\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
    "for n in range(3):\n    print(n, flush=True); print(-n, file=sys.stderr, flush=True)",
    "print('no newline', end=''); sys.stdout.flush(); print(' and on'); sys.stdout.writelines(['a', 'b'])",
    "for n in range(5):\n    print(f'\\r{n * 20}%', end='', flush=True)\nprint('\\b\\b done\\r\\nnext')",
    "os.write(1, b'by number\\n'); time.sleep(.5); os.write(2, b'to two\\n'); time.sleep(.5)",
    "os.write(1, '中文'.encode() + b'\\xff broken\\n'); time.sleep(.5)",
    "subprocess.run(['echo', 'a program']); time.sleep(.5)",
    "!echo by shell; echo and err >&2",
    "lines = !printf 'x\\ny\\n'\nlines",
    "import os as o; o.system('echo by system'); time.sleep(.5)",
    "logging.warning('logged'); logging.getLogger('mine').error('%s', 'failed')",
    "warnings.warn('beware'); warnings.warn('old', DeprecationWarning)",
    "print('before'); time.sleep(.4); print('after')",
    "print('a'); display('b'); print('c', file=sys.stderr); display('d'); print('e')",
    "sys.__stdout__.write('real'); sys.__stdout__.flush(); time.sleep(.5)",
    "print(sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name, sys.stdin.read())",
    "print('last', end='')",
    "print('\\x1b[31mred\\x1b[0m', '\\x00', '\\u202eabc', '😀', sep='|')",
]

BIG = [
    "print('x' * 10_000_000)",
    "import sys\nfor n in range(20_000): print('line', n)",
    "from IPython.display import HTML\nHTML('<p>' + '中' * 2_000_000 + '</p>')",
    "for n in range(300): display(n)",
    "import os\nfor n in range(40): os.write(1, b'y' * 4096)\nimport time; time.sleep(.5)",
]

ERRORS = [
    fails("1/0"),
    fails("def f(n):\n    return f(n - 1) if n else {}['missing']\nf(3)"),
    fails("x = = 1"),
    fails("  indented = 1\nwrong"),
    fails("raise KeyboardInterrupt('by hand')"),
    fails("try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise ValueError('又错了') from e"),
    fails("raise ExceptionGroup('many', [ValueError(1), TypeError(2)])"),
    fails("class Odd(Exception):\n    def __str__(self): return 'odd'\nraise Odd(1)"),
    fails("class Bad:\n    def __repr__(self): raise RuntimeError('no repr')\nBad()"),
    fails(
        "print('said before'); import sys; print('and err', file=sys.stderr); assert 1 == 2, '不等'"
    ),
    fails("raise SystemExit(3)"),
    fails("import sys; sys.exit()"),
    fails("sys.exit('text')"),
    fails("import asyncio\nawait asyncio.wait_for(asyncio.sleep(5), .05)"),
    fails("import signal, os, time\nos.kill(os.getpid(), signal.SIGINT); time.sleep(2)"),
    fails("exec('(' * 200)"),
    fails("%no_such_magic"),
    fails("no_such_name"),
    fails("raise Exception('\\ud800 lone')"),
    "Out, len(In)",
    "print('goes on'); undefined_here",
    "print('never run')",
]

RICH = [
    """
from IPython.display import *
import base64
PNG = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
""",
    "display(HTML('<b>b</b>'), Markdown('*m*'), Latex('$x$'), Math('y'), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))",
    "display(Image(PNG), Image(PNG, width=3, alt='点'), JSON({'a': [1, None, '中']}), Javascript('1'), Pretty('p'))",
    "display({'text/plain': 'raw', 'application/vnd.x+json': {'k': 1.5}, 'application/pdf': b'%PDF'}, raw=True, metadata={'text/plain': {'m': True}})",
    "display(GeoJSON({'type': 'Point', 'coordinates': [1, 2]}), ProgressBar(3), FileLink('none.txt'), IFrame('about:blank', 1, 2), Code('x=1', language='python'))",
    "class Many:\n    def _repr_mimebundle_(self, include=None, exclude=None): return {'text/plain': 'p', 'text/html': '<i>h</i>'}, {'text/html': {'k': 1}}\nMany()",
    "handle = display('first', display_id='fixed'); display('other'); handle.update('second')",
    "handle.update(HTML('<u>third</u>')); display('new place', display_id='fixed')",
    "update_display('all places', display_id='fixed', metadata={'n': 1})",
    "update_display('nowhere', display_id='unknown'); anew = display(display_id=True); type(anew).__name__",
    "print('gone'); clear_output(); print('stays')",
    "print('kept till next'); clear_output(wait=True)",
    "for n in range(4):\n    clear_output(wait=True); display(n); print(n)",
    "display('x', display_id='cleared'); clear_output(); display('y', display_id='cleared'); update_display('z', display_id='cleared')",
    "1; 2",
    "None",
    "'quiet';",
    "_, __, _13, Out.get(6)",
    "{'a': {1, 2}, 'b': float('nan'), 'c': b'x'}",
    fails("display({'text/plain': object()}, raw=True)"),
    fails("display({'application/json': {'n': {1, 2}}}, raw=True)"),
    "display({'application/json': {'n': float('inf'), 't': (1, 2), 3: 4}}, raw=True)",
    "import datetime; display({'application/json': {'d': datetime.datetime(2024, 1, 2)}}, raw=True)",
    "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.ast_node_interactivity = 'all'",
    "1\n'two'\nNone\n[3]",
]

WIDGETS = [
    "import itertools, uuid\nnumbers = itertools.count(1); uuid.uuid4 = lambda: uuid.UUID(int=next(numbers))",
    "import ipywidgets as w\nfrom IPython.display import display, clear_output\ns = w.IntSlider(3, description='滑'); s",
    "s.value = 7; out = w.Output(); display(out, w.HBox([s, w.Text('t')]))",
    "with out:\n    print('inside'); display('shown inside'); print('err', file=__import__('sys').stderr)\nprint('outside')",
    "with out:\n    clear_output(); print('only this')",
    "out.append_stdout('appended'); out.append_display_data('data')",
    "inner = w.Output()\nwith out:\n    with inner:\n        print('deep')\n    print('less deep')",
    fails("with out:\n    1/0"),
    "@out.capture()\ndef f(): print('captured')\nf(); len(out.outputs)",
    "w.interact(lambda x: print('x is', x), x=(0, 9));",
    "@w.interact_manual(t='a')\ndef g(t): return t * 2",
    "w.Image(value=bytes(range(200)), format='png')",
    "w.jslink((s, 'value'), (w.IntText(), 'value')); b = w.Button(); b.on_click(lambda _: print('clicked')); b.click()",
    "seen = []; s.observe(lambda c: seen.append(c.new), 'value'); s.value = 1; s.close(); seen",
    "from comm import create_comm\nc = create_comm(target_name='nobody', data={'x': 1}, buffers=[b'12']); c.send({'y': 2}); c.close()",
    "w.Widget.get_manager_state(widgets=[w.Label('l')])['version_major']",
    "import traitlets; p = w.IntProgress(max=3); display(p)\nfor n in range(4): p.value = n",
]

ASYNC = [
    "import asyncio\nawait asyncio.sleep(.01)\nprint('awaited')",
    "async def f(n):\n    await asyncio.sleep(.01 * n); print('n', n); return n\nawait asyncio.gather(*(f(n) for n in (3, 1, 2)))",
    "loop = asyncio.get_running_loop(); task = asyncio.create_task(f(9)); 'begun'",
    "await task",
    "async def late():\n    await asyncio.sleep(.2); print('late')\nt = asyncio.ensure_future(late()); print('cell ends')",
    "import time; await asyncio.sleep(.5); t.done()",
    "async def agen():\n    for n in range(3): yield n\n[x async for x in agen()]",
    "async with asyncio.timeout(5):\n    print('in time')",
    fails("await 3"),
    fails("asyncio.run(f(1))"),
    "%autoawait",
    "fut = loop.create_future(); loop.call_later(.05, fut.set_result, 'ok'); await fut",
    "loop.call_soon(print, 'soon'); None",
    "time.sleep(.1); 'after'",
    "reader = await asyncio.create_subprocess_exec('echo', 'sub', stdout=asyncio.subprocess.PIPE); (await reader.communicate())[0]",
    "await asyncio.to_thread(lambda: print('in a thread'))",
]

THREADS = [
    "import threading, time\ndef work(name, wait):\n    time.sleep(wait); print('thread', name)\nt = threading.Thread(target=work, args=('same', 0)); t.start(); t.join()",
    "threading.Thread(target=work, args=('later', .3)).start(); print('started')",
    "time.sleep(.8); print('next cell')",
    "def show():\n    display('from a thread')\nt = threading.Thread(target=show); t.start(); t.join()",
    "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool: print(sum(pool.map(lambda n: n * n, range(50))))",
    "def broken(): raise ValueError('in thread')\nt = threading.Thread(target=broken, name='T'); t.start(); t.join()",
    "t = threading.Timer(.2, lambda: print('timer')); t.start(); time.sleep(.6)",
    "import multiprocessing as m\ndef child(n): print('child', n, flush=True)\np = m.get_context('fork').Process(target=child, args=(1,)); p.start(); p.join(); time.sleep(.5); p.exitcode",
    "with m.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, -2, 3]))",
    "import os\nif (pid := os.fork()) == 0:\n    os._exit(3)\nos.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])",
]

MAGICS = [
    "%matplotlib inline\nimport matplotlib, matplotlib.pyplot as plt\nplt.plot([1, 3, 2]); plt.title('plain')",
    "plt.figure(figsize=(1, 1)); plt.show(); fig, ax = plt.subplots(figsize=(1, 1)); fig",
    "matplotlib.get_backend(), plt.get_fignums(), matplotlib.rcParams['figure.dpi']",
    "%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'x'\nplt.figure(figsize=(1, 1)); plt.savefig; None",
    "%%capture kept\nprint('hidden'); display('hidden too')",
    "kept.stdout, len(kept.outputs)",
    "%%writefile beside.py\nimport sys\nprint('ran', __name__, len(sys.argv))\nX = 5",
    "%run beside.py a b",
    "X",
    "%%bash\necho in bash; echo err >&2; exit 0",
    fails("%%bash\necho before; exit 3"),
    "%%sh\necho sh",
    "%%html\n<p>h</p>",
    "%%javascript\n1 + 1",
    "%%latex\n$a$",
    "%%markdown\n*m*",
    "import os; os.getcwd() == get_ipython().run_line_magic('pwd', '')",
    "%env DXKIT_CONFORMANCE=1\nos.environ['DXKIT_CONFORMANCE']",
    "%load_ext autoreload\n%autoreload 0",
    "%precision 3\n3.14159265",
    "%who_ls",
    "%history -n 1-3",
    "%history -g beside",
    "%recall 2",
    "print?",
    "%load beside.py",
    "get_ipython().set_next_input('nächste')",
    "?no_such_thing_at_all",
    "%%time\nsum(range(10))",
    "%time 1 + 1",
    "t = %timeit -o -n1 -r1 pass\ntype(t).__name__",
    "%%prun -q\nsum(range(5))",
    "%xmode Plain",
    fails("1/0"),
    "%xmode Minimal",
    fails("1/0"),
    "%alias greet echo hi %s\n%greet you",
    '%%script python3 -c "import sys; print(len(sys.stdin.read()))"\nabc',
    "%macro -q m 5-6\n'macro'",
    "%store",
    "_i1, _ih[2][:8], _oh.get(9)",
    "get_ipython().user_ns['In'][0], get_ipython().execution_count",
    "%reset -f\n'x' in globals()",
]

REFUSED = [
    fails("input('name? ')"),
    fails("import getpass; getpass.getpass()"),
    fails("raise StopIteration"),
    fails("breakpoint()"),
    fails("import sys; print(sys.stdin.readline() == '')"),
    fails("open(0).read()"),
]

SELF = [
    "import sys, os, signal, gc, threading, logging, warnings, locale, multiprocessing, asyncio, atexit, builtins",
    "__name__, sys.modules['__main__'].__dict__ is globals(), hasattr(sys.modules['__main__'], '__file__')",
    "os.path.basename(sys.argv[0]), sys.argv[1], sys.argv[3:], os.path.basename(os.getcwd()), sys.path",
    "sorted(k for k in os.environ if k not in {'_', 'SHLVL', 'JPY_PARENT_PID', 'COLUMNS', 'LINES'})",
    "os.environ.get('MPLBACKEND'), os.getsid(0) == os.getpid() == os.getpgid(0)",
    "signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGPIPE)",
    "gc.isenabled(), gc.get_threshold(), sys.gettrace(), sys.getrecursionlimit(), sys.getswitchinterval()",
    "threading.current_thread() is threading.main_thread(), threading.main_thread().name",
    "logging.root.handlers, logging.root.level, logging.getLogger('tornado').handlers != []",
    "[str(f[:3]) for f in warnings.filters], sys.warnoptions, dict(sys.flags.__class__.__dict__) != {}",
    "locale.getlocale(), multiprocessing.get_start_method(allow_none=True), type(asyncio.get_event_loop_policy()).__name__",
    "sorted(set(sys.modules) & {'pandas', 'matplotlib.pyplot', 'numpy', 'dxkit.cli', 'dxkit.batch', 'papermill', 'nbclient', 'ipywidgets'})",
    "type(asyncio.get_running_loop()).__name__, sys.displayhook.__class__.__name__, sys.excepthook.__name__",
    "ip = get_ipython(); type(ip).__name__, type(ip.display_pub).__name__, type(sys.stdout).__mro__[-2].__name__, ip.kernel.implementation",
    "ip.history_manager.enabled, ip.history_manager.hist_file, ip.profile, ip.kernel.shell is ip, ip.colors",
    "os.umask(os.umask(0)), os.nice(0), os.get_terminal_size.__name__",
    "sorted(set(dir(builtins)) - {'_'}) == sorted(set(dir(__builtins__)) - {'_'}), 'display' in dir(builtins), sorted(n for n in globals() if not n.startswith('_'))",
    "import random, tempfile; random.seed(1); random.random(), tempfile.gettempdir()",
    "import faulthandler; faulthandler.is_enabled(), sys.stdout.fileno() != 1, sys.__stdout__.fileno()",
    "import pandas as pd\npd.DataFrame({'省': ['内蒙古'], 'n': [1.5]})",
    "import pickle; class_ = type('C', (), {}); pickle.loads(pickle.dumps(len)), __doc__",
    "@atexit.register\ndef _(): open('left.txt', 'w').write('written at exit')\nunclosed = open('unclosed.txt', 'w'); unclosed.write('flushed') and None",
]

CELLS = [
    new_markdown_cell(
        "# 标题 ![a](attachment:a.png)", attachments={"a.png": {"image/png": "iVBORw0K"}}
    ),
    new_raw_cell("raw $x$"),
    code("case = 'none'; n = 1", "parameters"),
    code("print(case, n)"),
    code(""),
    code("   \n\n"),
    code("# only a comment"),
    code("print('skipped')", "skip-execution"),
    code("x = 1", "remove-input"),
    code("#%% papermill_description=步骤\nx"),
    new_markdown_cell(""),
]

ALL: dict[str, Awkward] = {
    "streams": Awkward(STREAMS),
    "big": Awkward(BIG),
    "errors": Awkward(ERRORS),
    "rich": Awkward(RICH),
    "widgets": Awkward(WIDGETS),
    "widgets not stored": Awkward(WIDGETS[:3], {"store_widget_state": False}),
    "async": Awkward(ASYNC),
    "threads": Awkward(THREADS),
    "magics": Awkward(MAGICS),
    "refused": Awkward(REFUSED),
    "self": Awkward(SELF),
    "cells": Awkward(CELLS, parameters={"case": "示范-铜业", "n": 2}),
    "no ids": Awkward(CELLS[2:4], finish=_without_ids),
    "report mode": Awkward(CELLS[2:4], {"report_mode": True}, {"n": 5}),
    "errors allowed": Awkward(["1/0", "2", "%xmode Plain", "nope"], {"allow_errors": True}),
    "error names allowed": Awkward(["1/0", "x", "3"], {"allow_error_names": ["ZeroDivisionError"]}),
    "errors forced": Awkward([fails("1/0"), "2"], {"force_raise_errors": True}),
    "coalesced": Awkward(STREAMS[:4], {"coalesce_streams": True}),
    "untimed": Awkward(["1", "print(2)"], {"record_timing": False}),
    "too slow": Awkward(
        ["print('begun', flush=True)\nimport time; time.sleep(30)", "1"], {"execution_timeout": 1}
    ),
    "interrupted": Awkward(
        [
            "import time\ntry:\n    print('begun', flush=True); time.sleep(30)\nfinally: print('ended')",
            "'after'",
        ],
        {"execution_timeout": 1, "interrupt_on_timeout": True, "allow_errors": True},
    ),
    "interrupted with an error of one's own": Awkward(
        [fails("import time; time.sleep(30)"), "'after'"],
        {
            "execution_timeout": 1,
            "interrupt_on_timeout": True,
            "error_on_timeout": {"ename": "Slow", "evalue": "too slow", "traceback": ["t"]},
        },
    ),
    "interrupted while awaiting": Awkward(
        [fails("import asyncio; await asyncio.sleep(2)"), "'after'"],
        {"execution_timeout": 1, "interrupt_on_timeout": True},
    ),
    "killed": Awkward(
        [
            "1",
            "import os, signal, time\nprint('last words', flush=True); time.sleep(.3)\nos.kill(os.getpid(), signal.SIGKILL)",
            "3",
        ]
    ),
    "exits hard": Awkward(["import os, time; time.sleep(.5); os._exit(0)", "2"]),
    "exits": Awkward(["print(1); exit()", "import time; time.sleep(1)"]),
    "quits at last": Awkward(["x = 1", "quit"]),
    "restarts": Awkward(
        [
            "import asyncio; asyncio.ensure_future(get_ipython().kernel.do_shutdown(True)); 1",
            "import time; time.sleep(1)",
        ]
    ),
    "immediate": Awkward(
        ["1", "open('x', 'w').write('y') and None"], {"shutdown_kernel": "immediate"}
    ),
}
