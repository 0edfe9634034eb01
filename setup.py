"""How the package is built and installed; runs on every supported Python, 2.7 included.

There is no pyproject.toml on purpose: with one, an old pip builds in an
environment of its own, for which it may find no setuptools that runs on 2.7.
"""

import io
import os
import re
import shutil
import sys

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with io.open(os.path.join(ROOT, name), encoding="utf-8") as stream:
        return stream.read()


class BuildFresh(build_py):
    """Leaves out what an earlier build of another revision put into build/lib."""

    def run(self):
        shutil.rmtree(os.path.join(self.build_lib, "cloudtower"), ignore_errors=True)
        build_py.run(self)


# Read, not imported: an import would need the dependencies.
version = re.search(r'^__version__ = "(.+)"$', read("cloudtower/__init__.py"), re.M).group(1)

# The simulator is written for Python 3.8+: 2.x could not even compile it.
left_out = ["cloudtower.simulator", "cloudtower.simulator.*"] if sys.version_info[0] == 2 else []

simulator = [
    "starlette; python_version>='3.8'",
    "uvicorn; python_version>='3.8'",
]
# What the test command of the README needs. tox makes an environment for each
# Python; virtualenv 20.21 is the last that can make one for 2.7.
test = [
    "pytest<5; python_version<'3'",
    "pytest; python_version>='3'",
    "pytest-timeout",
    "tox>=4; python_version>='3.8'",
    "virtualenv<20.22; python_version>='3.8'",
    "jinja2; python_version>='3.8'",
    "build; python_version>='3.8'",
    "vermin; python_version>='3.8'",
    "black; python_version>='3.8'",
    "ruff; python_version>='3.8'",
]

setup(
    name="cloudtower-sdk",
    version=version,
    description="Python SDK for CloudTower, the management platform of SmartX clusters",
    long_description=read("README.md"),
    long_description_content_type="text/markdown",
    author="the cloudtower-sdk authors",
    license="ISC",
    keywords="cloudtower smartx hci api sdk",
    packages=find_packages(include=["cloudtower", "cloudtower.*"], exclude=left_out),
    package_data={"": ["*.json", "*.pyi", "py.typed"]},
    cmdclass={"build_py": BuildFresh},
    python_requires=">=2.7, !=3.0.*, !=3.1.*, !=3.2.*, !=3.3.*",
    install_requires=read("requirements.txt").split("\n"),
    extras_require={"simulator": simulator, "test": test},
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
