"""What is secret in the interface, reviewed by hand, and that there is one list of it."""

import re

import interface_changes
import pytest
from tiny import fields, passed

import cloudtower
from cloudtower import _spec, models
from cloudtower._runtime import mask
from codegen.__main__ import DOCUMENT, interface
from codegen.passes import secrets

OPERATOR = re.compile(r"_(not_)?(in|contains|starts_with|ends_with|gte?|lte?|not)$")
# Whatever a reader could take for a secret: a new name belongs into one of the two sets. Until
# somebody has looked at it, `intake` names it, and the tests leave it out.
SECRET = set(
    "api_key auth_pass_phrase chap_secret community default_user_password file_secret"
    " iscsi_chap_secret password platform_password privacy_pass_phrase root_user_password"
    " token".split()
)
OPEN = set(
    "api_key_name auth auth_config_id auth_info auth_protocol auth_type ecp_license"
    " enable_single_session_login key license license_expire_date license_serial"
    " license_sign_date license_type mfa_type password_complexity password_expire_days"
    " password_expired password_recover_qa password_updated_at public_keys session_max_age"
    " use_api_key".split()
)


@pytest.fixture(scope="module")
def made():
    return interface(DOCUMENT)


def test_every_name_that_sounds_secret_was_looked_at(made):
    found = {True: set(), False: set()}
    for schema in made.schemas:
        if schema.name in interface_changes.CLASSES:
            continue
        for each in schema.fields:
            name = OPERATOR.sub("", each.name)
            if each.secret or secrets.DOUBTFUL.search(name):
                found[each.secret].add(name)
    assert found[True] <= SECRET and found[False] <= OPEN
    assert found == {True: SECRET, False: OPEN} or interface_changes.CLASSES


def test_count_of_secret_properties(made):
    marked = [each.name for schema in made.schemas for each in schema.fields if each.secret]
    assert (len(marked), len(set(marked))) == (169, 90) or interface_changes.NAMES


def test_what_is_shown_and_what_is_logged_agree_on_every_property():
    seen = 0
    for name in models.catalog.homes:
        schema = getattr(cloudtower, name).__schema__
        for each in getattr(schema, "fields", ()):
            seen += 1
            assert each.secret == mask.is_secret(each.name), (name, each)
            assert each.secret == mask.is_secret(each.json), (name, each)
    assert seen > 20000 - interface_changes.lost(interface_changes.MEMBER)


def test_the_names_are_those_of_the_pass():
    assert _spec.SECRET_NAMES == secrets.NAMES
    assert list(secrets.NAMES) == sorted(set(secrets.NAMES))


def test_only_text_is_marked():
    kinds = {
        "password": "string",
        "has_token": "boolean",
        "db_token": "boolean",
        "token": "integer",
    }
    properties = {name: {"type": kind} for name, kind in kinds.items()}
    properties["tokens"] = {"type": "array", "items": {"type": "string"}}
    made = passed({"Thing": {"type": "object", "properties": properties}})
    marked = {name for name, each in fields(made, "Thing").items() if each.secret}
    assert marked == {"password", "tokens"}
