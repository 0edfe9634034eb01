"""How a model looks: what is set, and no secrets."""

import re

import pytest

import cloudtower
from cloudtower import NULL, LoginInput, VmStartParams, VmWhereInput
from cloudtower._runtime import codec
from cloudtower._runtime.model import Model


class Account(Model):
    __fields__ = (
        ("user", "str"),
        ("password", "str", "required secret"),
        ("inner", "list[LoginInput]"),
    )


def test_only_what_is_set_is_shown():
    assert repr(VmWhereInput()) == "VmWhereInput()"
    assert repr(VmWhereInput(name="x", id=None)) == "VmWhereInput(name='x')"
    assert repr(VmWhereInput(description=NULL)) == "VmWhereInput(description=None)"


def test_str_is_repr():
    made = VmStartParams(where=VmWhereInput(id="1"))
    assert str(made) == repr(made) == "VmStartParams(where=VmWhereInput(id='1'))"


def test_a_long_one_is_wrapped():
    made = VmWhereInput(name="x" * 50, _and=[VmWhereInput(name="y" * 50), VmWhereInput(id="1")])
    assert repr(made) == "\n".join(
        [
            "VmWhereInput(",
            "    _and=[",
            "        VmWhereInput(name='%s')," % ("y" * 50),
            "        VmWhereInput(id='1'),",
            "    ],",
            "    name='%s'," % ("x" * 50),
            ")",
        ]
    )
    assert eval(repr(made), {"VmWhereInput": VmWhereInput}) == made


@pytest.mark.parametrize("length, is_wrapped", [(67, False), (68, True)])
def test_a_line_has_88_characters_at_most(length, is_wrapped):
    text = repr(VmWhereInput(name="x" * length))
    assert ("\n" in text) is is_wrapped
    if not is_wrapped:
        assert len(text) == 88


@pytest.mark.parametrize("length, is_wrapped", [(59, False), (60, True)])
def test_the_indent_counts(length, is_wrapped):
    """Eight spaces, here."""
    inner = VmWhereInput(name="x" * length)
    text = repr(VmWhereInput(_and=[inner, VmWhereInput(name="y" * 70)]))
    lines = text.splitlines()
    (line,) = [each for each in lines if "x" * length in each]
    assert line.strip().startswith("name=" if is_wrapped else "VmWhereInput(name=")


def test_secrets_are_hidden():
    made = Account(
        user="u", password="hunter2", inner=[LoginInput(username="u", password="hunter3")]
    )
    for text in (repr(made), str(made), "%s" % [made], repr({"a": made})):
        assert "hunter" not in text and "password=***" in text and "user='u'" in text


def test_secrets_are_hidden_in_what_was_read():
    values = {"task_id": None, "data": {"token": "very-secret"}}
    made = codec.decode(values, "WithTaskLoginResponse")
    assert "very-secret" not in repr(made) and "token=***" in repr(made)
    made.data.token = "another-secret"
    assert "another-secret" not in repr(made)


def test_an_unset_secret_is_not_shown():
    assert "***" not in repr(Account(user="u"))


def test_the_secret_itself_is_not_changed():
    made = LoginInput(username="u", password="p")
    repr(made)
    assert made.password == "p" and codec.sanitize(made)["password"] == "p"
    assert made.to_dict()["password"] == "p" and "'p'" in made.to_str()


def test_unknown_members_are_not_shown():
    made = codec.decode({"username": "u", "new_password": "hunter2"}, "LoginInput")
    assert repr(made) == "LoginInput(username='u')"


SECRET = re.compile(r"(^|_)(password|secret|token|pass_phrase|community)$")


def generated():
    return [getattr(cloudtower, name) for name in cloudtower.models.catalog.homes]


def test_every_field_that_is_named_like_a_secret_is_one():
    seen = 0
    for cls in generated():
        for each in cls.__schema__.fields:
            if each.operand is None and each.type.name == "str" and SECRET.search(each.name):
                assert each.secret, (cls, each)
                assert "hunter2" not in repr(cls(**{each.name: "hunter2"}))
                seen += 1
    assert seen > 40


def test_secrets_are_hidden_in_filters():
    from cloudtower import IscsiTargetWhereInput

    made = IscsiTargetWhereInput(chap_secret="hunter2", chap_secret_in=["hunter3"])
    assert "hunter" not in repr(made)


@pytest.mark.parametrize("value", ["x", 5, 0.5, True, [], {"a": [1]}, (1,)])
def test_values_are_shown_as_python_writes_them(value):
    class Thing(Model):
        __fields__ = (("free", "object"),)

    shown = [value[0]] if isinstance(value, tuple) else value
    assert repr(Thing(free=value)) == "Thing(free=%r)" % (shown,)
