"""How the package is built and installed; runs on every supported Python, 2.7 included.

There is no pyproject.toml on purpose: with one, an old pip builds in an
environment of its own, for which it may find no setuptools that runs on 2.7.
"""

import gzip
import io
import os
import re
import shutil
import sys
import tarfile

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = os.path.dirname(os.path.abspath(__file__))

# The same files make the same archives, byte for byte, whoever packs them, where and when.
# So that a checkout and an unpacked archive agree, this is no date of anything.
DATE = int(os.environ.setdefault("SOURCE_DATE_EPOCH", "1580601600"))


def read(name):
    with io.open(os.path.join(ROOT, name), encoding="utf-8") as stream:
        return stream.read()


class BuildFresh(build_py):
    """Leaves out what an earlier build put into build/lib, and adds a stub for each path.

    Most documented modules, such as `cloudtower.models.vm_where_input`, have no file: one
    finder serves them all. Type checkers do not run it, so each of them needs a line.
    """

    def run(self):
        if "bdist_wheel" in self.distribution.commands:
            os.umask(0o022)  # a wheel records the modes of files, which the installer ignores
        shutil.rmtree(os.path.join(self.build_lib, "cloudtower"), ignore_errors=True)
        build_py.run(self)
        if sys.version_info[0] > 2:
            for path, line in documented_paths():
                target = os.path.join(self.build_lib, "cloudtower", "models", path + ".pyi")
                with io.open(target, "w", encoding="utf-8", newline="\n") as stream:
                    stream.write(line)


def documented_paths():
    """(module, the line of its stub) of each documented module of a model without a file."""
    folder = os.path.join("cloudtower", "models")
    row = r'^    "(\w+)": \("(\w+)", "(\w+)"\),$'
    for path, name, home in re.findall(row, read(os.path.join(folder, "__init__.py")), re.M):
        if not os.path.exists(os.path.join(ROOT, folder, path + ".py")):
            yield path, "from cloudtower.models.%s import %s as %s\n" % (home, name, name)


class PackSame(sdist):
    """Packs names and contents, and nothing of the machine that they lie on."""

    def make_archive(self, base_name, format, root_dir=None, base_dir=None, **owner):
        if format != "gztar":
            return sdist.make_archive(self, base_name, format, root_dir, base_dir, **owner)
        tree = os.walk(base_dir)
        paths = sorted(os.path.join(folder, name) for folder, _, names in tree for name in names)
        target = base_name + ".tar.gz"
        self.mkpath(os.path.dirname(target))
        with open(target, "wb") as stream:
            with gzip.GzipFile("", "wb", 9, stream, mtime=DATE) as packed:
                with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
                    for path in paths:
                        archive.add(path, filter=self._bare)
        return target

    @staticmethod
    def _bare(member):
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mode = 0o644
        member.mtime = DATE
        return member


# Read, not imported: an import would need the dependencies.
version = re.search(r'^__version__ = "(.+)"$', read("cloudtower/__init__.py"), re.M).group(1)

# Where the releases of this distribution have their source.
REPOSITORY = "https://github.com/smartxworks/cloudtower-python-sdk"


def absolute(page):
    """A page whose links lead to this version in the repository, as a package index needs them."""
    raw = "https://raw.githubusercontent.com/" + REPOSITORY.split("/", 3)[3]
    page = re.sub(r"(!\[[^]]*\]\()(?![a-z]+:)", r"\g<1>%s/v%s/" % (raw, version), page)
    return re.sub(
        r"((?<!!)\[[^]]*\]\()(?![a-z]+:|#)", r"\g<1>%s/blob/v%s/" % (REPOSITORY, version), page
    )


# The simulator is written for Python 3.8+: 2.x could not even compile it, and `setup.py
# install` would print that. What is built there is therefore without it and for 2.7 alone,
# which pip prefers to the wheel for all where it finds both. That one brings the simulator's
# files along; the pips of 2.7 keep quiet about what does not compile.
if sys.version_info[0] == 2:
    left_out, python_tag = ["cloudtower.simulator", "cloudtower.simulator.*"], "py27"
else:
    left_out, python_tag = [], "py2.py3"

simulator = [
    "starlette; python_version>='3.8'",
    "uvicorn; python_version>='3.8'",
    "PyYAML; python_version>='3.8'",  # worlds in files
    "trustme; python_version>='3.8'",  # certificates for --tls
]
# pytest loads this wherever the package is installed; without the extra it offers nothing.
plugins = [] if left_out else ["cloudtower = cloudtower.simulator.pytest_plugin"]

# What the test command of the README needs. tox makes an environment for each
# Python; virtualenv 20.21 is the last that can make one for 2.7.
test = [
    "pytest<5; python_version<'3'",
    "pytest; python_version>='3'",
    "pytest-timeout",
    "tox>=4; python_version>='3.8'",
    "virtualenv<20.22; python_version>='3.8'",
    "jinja2; python_version>='3.8'",
    "bandit; python_version>='3.8'",
    "build; python_version>='3.8'",
    "hypothesis; python_version>='3.8'",
    "vermin; python_version>='3.8'",
    "black; python_version>='3.8'",
    "ruff; python_version>='3.8'",
    "mypy; python_version>='3.8'",
    "pyright[nodejs]; python_version>='3.8'",
    "jedi; python_version>='3.8'",
    "distributed; python_version>='3.10'",  # Dask, whose executor a Fleet takes
    # an example makes spans of calls, and leaves out those of the instrumented urllib3
    "opentelemetry-sdk; python_version>='3.8'",
    "opentelemetry-instrumentation-urllib3; python_version>='3.8'",
]

setup(
    name="cloudtower-sdk",
    version=version,
    description="Python SDK for CloudTower, the management platform of SmartX clusters",
    long_description=absolute(read("README.md")),
    long_description_content_type="text/markdown",
    author="the cloudtower-sdk authors",
    url=REPOSITORY,
    project_urls={
        "Documentation": REPOSITORY + "/blob/v%s/docs/index.md" % version,
        "Changelog": REPOSITORY + "/blob/v%s/CHANGELOG.md" % version,
    },
    license="ISC",
    keywords="cloudtower smartx hci api sdk",
    packages=find_packages(include=["cloudtower", "cloudtower.*"], exclude=left_out),
    package_data={
        "": ["*.pyi", "py.typed"],
        "cloudtower": ["_meanings.json.gz", "_since.json.gz"],
        "cloudtower.simulator": ["demo.zh.json"],
    },
    cmdclass={"build_py": BuildFresh, "sdist": PackSame},
    options={"bdist_wheel": {"python_tag": python_tag}},
    python_requires=">=2.7, !=3.0.*, !=3.1.*, !=3.2.*, !=3.3.*",
    install_requires=read("requirements.txt").split("\n"),
    extras_require={"simulator": simulator, "progress": ["tqdm"], "test": test},
    entry_points={
        "pytest11": plugins,
        "pyinstaller40": ["hook-dirs = cloudtower._pyinstaller:get_hook_dirs"],
    },
    zip_safe=False,
    classifiers=[
        "Development Status :: 5 - Production/Stable",
        "Intended Audience :: Developers",
        "Intended Audience :: System Administrators",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 2.7",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.4",
        "Programming Language :: Python :: 3.5",
        "Programming Language :: Python :: 3.6",
        "Programming Language :: Python :: 3.7",
        "Programming Language :: Python :: 3.8",
        "Programming Language :: Python :: 3.9",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Topic :: Software Development :: Libraries :: Python Modules",
        "Topic :: System :: Systems Administration",
    ],
)
