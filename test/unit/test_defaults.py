"""The settings of models that are not given a Configuration."""

import os
import subprocess
import sys

import pytest

import cloudtower
from cloudtower import Configuration, VmWhereInput
from cloudtower._runtime import defaults
from cloudtower.exceptions import ApiTypeError


@pytest.fixture(autouse=True)
def no_default():
    yield
    Configuration.set_default(None)


def run(code):
    """What a program prints in a fresh interpreter."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(cloudtower.__file__)))
    environment = dict(os.environ, PYTHONPATH=root)
    output = subprocess.check_output([sys.executable, "-W", "ignore", "-c", code], env=environment)
    return output.decode("ascii").split()


# Prints whether an unknown keyword is refused.
_TRY = """
def attempt():
    try:
        VmWhereInput(nope=1)
    except TypeError:
        print("refused")
    else:
        print("accepted")
"""
_MODELS = "import sys\nfrom cloudtower.models import VmWhereInput\n" + _TRY


def test_models_need_no_configuration():
    code = _MODELS + "attempt()\nprint('cloudtower.configuration' in sys.modules)"
    assert run(code) == ["refused", "False"]


@pytest.mark.parametrize(
    "change",
    [
        "Configuration.strict_models = False",
        "Configuration.set_default(configuration)",
        "Configuration._default = configuration",
    ],
)
def test_a_setting_counts_for_models_that_were_used_before(change):
    code = _MODELS + "attempt()\nfrom cloudtower import Configuration\nattempt()\n"
    code += "configuration = Configuration()\nconfiguration.strict_models = False\n"
    code += change + "\nattempt()"
    assert run(code) == ["refused", "refused", "accepted"]


def test_a_setting_of_the_class_comes_and_goes(monkeypatch):
    monkeypatch.setattr(Configuration, "strict_models", False)
    with pytest.warns(UserWarning):
        VmWhereInput(nope=1)
    monkeypatch.undo()
    with pytest.raises(ApiTypeError):
        VmWhereInput(nope=1)


def test_the_default_configuration_comes_first():
    assert isinstance(defaults.current(), Configuration)
    lenient = Configuration()
    lenient.client_side_validation = False
    Configuration.set_default(lenient)
    assert defaults.current().client_side_validation is False
    assert defaults.current() is Configuration._default
    cloudtower.Vm(name=None)  # required
    Configuration.set_default(None)
    with pytest.raises(ValueError):
        cloudtower.Vm(name=None)


def test_a_configuration_of_a_models_own_comes_before_that():
    lenient = Configuration()
    lenient.strict_models = False
    with pytest.warns(UserWarning):
        VmWhereInput(nope=1, local_vars_configuration=lenient)
    with pytest.raises(ApiTypeError):
        VmWhereInput(nope=1)


def test_what_holds_before_a_configuration_is_loaded_is_what_a_new_one_has():
    plain, new = defaults.Plain(), Configuration()
    names = [name for name in dir(plain) if not name.startswith("__")]
    assert len(names) >= 4
    for name in names:
        assert getattr(plain, name) == getattr(new, name), name


def test_a_model_can_still_be_asked_for_its_configuration():
    assert isinstance(VmWhereInput().local_vars_configuration, Configuration)


def test_an_api_without_a_client_makes_one():
    assert isinstance(cloudtower.VmApi().api_client, cloudtower.ApiClient)
    code = "import sys\nfrom cloudtower.api.vm_api import VmApi\nprint(type(VmApi().api_client).__name__)"
    assert run(code) == ["ApiClient"]


def test_an_error_is_decoded_before_any_model_was_used():
    code = (
        "import sys\nfrom cloudtower.exceptions import ApiException\n"
        "assert 'cloudtower.models' not in sys.modules\n"
        "error = ApiException(400, 'no')\nerror.body = '{\"code\": \"EMine\"}'\n"
        "print('%s %s' % (type(error.error).__name__, error.code))"
    )
    assert run(code) == ["ErrorBody", "EMine"]
