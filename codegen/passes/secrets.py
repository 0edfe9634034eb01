"""Which fields hold secrets, so that nothing ever shows their values.

This is the one list. The names go into `_spec.py`, where logs, exceptions and
`repr` read them; a field is secret if its name ends in one of them.
"""

import re
from dataclasses import replace

from cloudtower._runtime.secret_names import SecretNames
from codegen.ir import TEXT

#: What the interface has, and what bodies and headers of others may have.
NAMES = (
    "access_key",
    "api_key",
    "authorization",
    "client_key",
    "community",
    "community_string",
    "cookie",
    "credential",
    "encryption_key",
    "jwt",
    "mfa_code",
    "one_time_code",
    "otp",
    "pass_phrase",
    "passcode",
    "passwd",
    "password",
    "password_confirm",
    "password_confirmation",
    "password_hash",
    "private_key",
    "psk",
    "pwd",
    "secret",
    "secret_key",
    "secret_value",
    "session_id",
    "session_key",
    "shared_key",
    "signing_key",
    "token",
    "token_value",
    "verification_code",
)
#: Whatever a reader could take for a secret: somebody has to look at a new name.
DOUBTFUL = re.compile(
    "pass|secret|token|key|cred|community|auth|cookie|session|private|pwd|otp|psk|jwt|mfa|license"
)
_names = SecretNames(NAMES)


def run(interface, sources):
    schemas = tuple(_mark(schema) for schema in interface.schemas)
    return replace(interface, schemas=schemas, secrets=NAMES)


def _mark(schema):
    fields = tuple(_marked(each) for each in schema.fields)
    rows = schema.rows
    if schema.form == "where":
        rows = tuple(_marked(each) for each in rows)
    return replace(schema, fields=fields, rows=rows)


def _marked(each):
    is_secret = TEXT in each.type.leaves() and _names.match(each.name)
    return replace(each, secret=True) if is_secret else each
