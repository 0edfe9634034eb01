import shutil

import pytest
from checkers import ROOT

from cloudtower.models import catalog


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """A folder with the package as a wheel has it: documented modules have a stub there."""
    folder = tmp_path_factory.mktemp("installed")
    package = folder / "cloudtower"
    shutil.copytree(ROOT / "cloudtower", package, ignore=shutil.ignore_patterns("__pycache__"))
    for path, (name, home) in catalog.table.items():
        stub = package / "models" / (path + ".pyi")
        if not stub.exists():
            stub.write_text("from cloudtower.models.%s import %s as %s\n" % (home, name, name))
    return folder
