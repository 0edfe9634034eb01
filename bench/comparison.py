"""Turns, medians and rows: what a measure is given to work with."""

import subprocess
import sys
import tempfile
from collections import namedtuple
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.environments import ROOT, Environment

# figures are text, `met` is None where there is no target
Row = namedtuple("Row", "measure this published target met")


class Bench(object):
    """
    Attributes:
        rounds: how often each side has its turn, int.
        base: a revision of this repository to measure besides, str, or None.
        environments: {side: Environment}.
        folder: a folder for the files of this run, Path.
    """

    def __init__(self, rounds, base=None):
        self.rounds = rounds
        self.base = base
        self.environments = {}
        self._temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self._temporary.name)

    def side(self, name):
        if name not in self.environments:
            environment = Environment(name, self.base)
            environment.make()
            self.environments[name] = environment
        return self.environments[name]

    def turns(self, script, *arguments, sides=("this", "published"), options=(), rounds=None):
        """Run a script in all sides by turns; its first run, which warms, does not count.

        Returns {side: [result of each round]}.
        """
        results = {side: [] for side in sides}
        for turn in range((rounds or self.rounds) + 1):
            for side in sides:
                result = self.side(side).run(script, *arguments, options=options)
                if turn:
                    results[side].append(result)
        return results

    def vms(self, fill):
        """A file with the JSON text of 2,000 VMs.

        Parameters:
            fill: "full" or "sparse".
        """
        path = self.folder / (fill + ".json")
        if not path.exists():
            self.side("this").run(ROOT / "bench" / "vms.py", fill, 2000, path)
        return path

    @contextmanager
    def server(self):
        """A server with one fixed answer; its port."""
        command = [sys.executable, str(ROOT / "bench" / "server.py")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()
            process.wait()

    @staticmethod
    def times(results, key):
        """How many times our figure goes into the published one: the median over the rounds."""
        pairs = zip(results["this"], results["published"])
        return median(theirs[key] / ours[key] for ours, theirs in pairs)

    @staticmethod
    def medians(results, key):
        """(ours, the published one's): the median of each over the rounds."""
        return [median(each[key] for each in results[side]) for side in ("this", "published")]

    @staticmethod
    def row(measure, this, published, target="", met=None):
        return Row(measure, this, published, target, met)
