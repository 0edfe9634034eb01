"""Which names objects may have: a rule for all, and stricter ones."""

import re

from cloudtower.simulator.errors import invalid

#: What every name keeps to: no control character, no separator of lines or paragraphs.
_ANY = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,255}"
#: (kind, field) -> (pattern of the whole text, what that means)
_STRICTER = {
    ("Datacenter", "name"): (
        r"""[^\x00-\x1f\x7f-\x9f\u2028\u2029%&*$#@!\\/:?"<>|;']{1,255}""",
        "1 to 255 characters without % & * $ # @ ! \\ / : ? \" < > | ; '",
    ),
    ("Label", "key"): (r"[\w.-]{1,255}", "1 to 255 letters, digits, _ - and ."),
    ("Label", "value"): (r"[\w.-]{0,255}", "up to 255 letters, digits, _ - and ."),
    ("User", "username"): (r"[^\x00-\x1f\x7f]{1,32}", "1 to 32 characters on one line"),
    ("Vm", "name"): (
        r"""[^\x00-\x1f\x7f-\x9f\u2028\u2029;\\"]{1,255}""",
        '1 to 255 characters on one line, without ; \\ and "',
    ),
}
_FIELDS = ("key", "name", "username", "value")


def require(kind_name, name, field="name"):
    """Refuse a name that no object of a kind may have.

    Raises Refusal with status 400.
    """
    text = "1 to 255 characters on one line"
    pattern, text = _STRICTER.get((kind_name, field), (_ANY, text))
    if not re.match(pattern + r"\Z", name):
        raise invalid(field, "%s must have %s: %r" % (field, text, name))


def require_all(kind_name, values):
    """Refuse the values of an object of a kind that are no names for it."""
    for field in _FIELDS:
        is_guarded = field in ("name", "username") or (kind_name, field) in _STRICTER
        if is_guarded and isinstance(values.get(field), str):
            require(kind_name, values[field], field)
