"""What bytes of a response read as."""

import codecs

import pytest

from cloudtower._runtime import charset

CAFE = b"caf\xc3\xa9".decode("utf-8")
LOST = b"\xef\xbf\xbd".decode("utf-8")
# Codecs of Python that no web server means, names of no codec, and what no name is.
NONE = [
    "undefined",
    "idna",
    "punycode",
    "unicode_escape",
    "raw-unicode-escape",
    "unicode_internal",
    "string-escape",
    "base64",
    "rot13",
    "hex",
    "zip",
    "bz2",
    "uu",
    "quopri",
    "none-such",
    "utf",
    "x" * 5000,
    "\x80",
]


@pytest.mark.parametrize("name", NONE + ["utf-8", "UTF8"])
def test_what_is_no_charset_is_utf_8(name):
    assert charset.decode(CAFE.encode("utf-8"), "text/csv; charset=" + name) == CAFE


@pytest.mark.parametrize(
    "name",
    ["latin-1", "utf-7", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig", "UTF-8"],
)
def test_declared_charset(name):
    assert charset.decode(CAFE.encode(name), 'text/csv; charset="%s"; x=y' % name) == CAFE


@pytest.mark.parametrize(
    "mark, name",
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("header", [None, "text/csv; charset=utf-8", "text/csv; charset=latin-1"])
def test_a_byte_order_mark_decides_and_is_skipped(mark, name, header):
    assert charset.decode(mark + CAFE.encode(name), header) == CAFE


def test_the_wrong_charset_hides_nothing():
    assert charset.decode(CAFE.encode("utf-8"), "text/csv; charset=ascii") == CAFE
    assert charset.decode(CAFE.encode("latin-1"), "text/csv; charset=ascii") == "caf" + LOST
    assert charset.decode(CAFE.encode("latin-1"), None) == "caf" + LOST
    assert charset.decode(b"", "text/csv; charset=utf-16") == ""
