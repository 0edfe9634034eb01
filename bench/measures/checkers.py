"""What a type checker needs for a script of ten lines, of this SDK and of the published one.

It needs mypy and pyright, which the extra `test` brings, in the Python that runs the bench. Cold
is without mypy's cache; pyright has none. The published SDK has no types to be checked against.
"""

import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from statistics import median

SCRIPT = """\
from cloudtower import ApiClient, Configuration, VmApi
from cloudtower.utils import wait_tasks

client = ApiClient(Configuration(host="https://tower.example.com/v2/api"))
vm_api = VmApi(client)
vms = vm_api.get_vms({"where": {"name_contains": "web", "cluster": {"name": "c"}}, "first": 5})
for vm in vms:
    print(vm.name, vm.memory, vm.status)
tasks = vm_api.start_vm({"where": {"id_in": [vm.id for vm in vms]}})
wait_tasks([task.task_id for task in tasks], client)
"""
#: title, checker, whether its cache is thrown away before each round, target in seconds
CHECKS = (
    ("mypy, cold", "mypy", True, 10),
    ("mypy, warm", "mypy", False, 1),
    ("pyright", "pyright", True, 6),
)


def rows(bench):
    missing = [name for name in ("mypy", "pyright") if find_spec(name) is None]
    if missing:
        print("left out: no %s" % " and ".join(missing), file=sys.stderr)
        return
    rounds = max(3, bench.rounds // 3)
    for title, checker, cold, target in CHECKS:
        ours, theirs = (
            median(_rounds(bench.folder / side, bench.side(side).python, checker, cold, rounds))
            for side in ("this", "published")
        )
        yield bench.row(
            "a script of ten lines: " + title,
            "%.1f s" % ours,
            "%.1f s" % theirs,
            "%d s" % target,
            ours <= target,
        )


def _rounds(folder, python, checker, cold, rounds):
    """Seconds of each round; the first, which reads files from the disk, does not count."""
    folder.mkdir(exist_ok=True)
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    option = {"mypy": "--python-executable", "pyright": "--pythonpath"}[checker]
    command = [sys.executable, "-m", checker, option, str(python), "script.py"]
    environment = dict(os.environ, PYRIGHT_PYTHON_IGNORE_WARNINGS="1")
    for turn in range(rounds + 1):
        if cold:
            shutil.rmtree(str(folder / ".mypy_cache"), ignore_errors=True)
        start = time.perf_counter()
        subprocess.run(command, cwd=str(folder), env=environment, stdout=subprocess.DEVNULL)
        if turn:
            yield time.perf_counter() - start
