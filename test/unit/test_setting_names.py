"""Settings under a mistyped name."""

import warnings

import pytest

from cloudtower import ApiClient, Configuration, UnknownFieldWarning, VmApi
from cloudtower.exceptions import ApiArgumentError, ApiAttributeError


@pytest.mark.parametrize(
    "name, meant",
    [
        ("readonly", "read_only"),
        ("read_onyl", "read_only"),
        ("maxmatches", "max_matches"),
        ("field_validaton", "field_validation"),
        ("strictmodels", "strict_models"),
    ],
)
def test_a_name_like_that_of_a_safety_switch_is_refused(name, meant):
    configuration = Configuration()
    with pytest.raises(ApiAttributeError, match="did you mean '%s'" % meant):
        setattr(configuration, name, True)
    assert not hasattr(configuration, name)
    configuration.strict_models = False
    with pytest.warns(UnknownFieldWarning, match="'%s'.* has no effect" % meant):
        setattr(configuration, name, True)


@pytest.mark.parametrize(
    "name, meant",
    [
        ("verifyssl", "verify_ssl"),
        ("ssl_fingerpint", "ssl_fingerprint"),
        ("tiemout", "timeout"),
        ("passwrod", "password"),
        ("retry_polcy", "retry_policy"),
        ("on_events", "on_event"),
        ("api_keys", "api_key"),
    ],
)
def test_a_name_like_that_of_another_setting_is_a_warning(name, meant):
    configuration = Configuration()
    with pytest.warns(UnknownFieldWarning, match="did you mean '%s'" % meant) as caught:
        setattr(configuration, name, "x")
    assert caught[0].filename.rpartition(".")[0] == __file__.rpartition(".")[0]
    assert getattr(configuration, name) == "x"  # as any other attribute


@pytest.mark.parametrize("name", ["region", "_readonly", "owner", "note", "x"])
def test_other_attributes_may_be_set(name):
    configuration = Configuration()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        setattr(configuration, name, 1)
        configuration.verify_ssl = False
        configuration.retries = None


def test_a_derived_class_may_have_settings_of_its_own():
    class Mine(Configuration):
        read_only_mode = False

        def __init__(self):
            Configuration.__init__(self)
            self.read_only_mode = True

    assert Mine().read_only_mode


def test_keywords_of_the_constructor_say_what_to_do():
    with pytest.raises(TypeError, match="'read_only'; set it afterwards: configuration.read_only"):
        Configuration(read_only=True)
    with pytest.raises(TypeError, match="'pasword'; did you mean 'password'"):
        Configuration(pasword="x")
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'$"):
        Configuration(colour=1)


@pytest.mark.parametrize("name", ["api_key", "api_key_prefix"])
def test_secrets_are_dicts(name):
    configuration = Configuration(api_key={"Authorization": "x"})
    setattr(configuration, name, "s3cret")
    with ApiClient(configuration) as client:
        with pytest.raises(ApiArgumentError, match="%s needs a dict" % name) as caught:
            VmApi(client).get_vms({})
    assert "s3cret" not in str(caught.value)


def test_headers_of_a_call_are_a_dict():
    with ApiClient(Configuration(host="http://127.0.0.1:9")) as client:
        with pytest.raises(ApiArgumentError, match="_headers needs a dict of headers, not an int"):
            VmApi(client).get_vms({}, _headers=5)


def test_a_timeout_of_a_call_has_its_name():
    with ApiClient(Configuration(host="http://127.0.0.1:9")) as client:
        for call in (VmApi(client).get_vms, VmApi(client).start_vm):
            with pytest.raises(TypeError, match="did you mean '_request_timeout'"):
                call({"where": {"id": "a"}}, timeout=5)
        with pytest.raises(TypeError) as caught:
            VmApi(client).get_vms({}, lock_timeout=5)
        assert "'_lock_timeout'" not in str(caught.value)


def test_every_attribute_of_an_instance_is_a_setting():
    names = [name for name in vars(Configuration()) if name[0] != "_"]
    assert (
        len(names) > 10 and [name for name in names if name not in Configuration._settings()] == []
    )
