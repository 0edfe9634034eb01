"""The names that downloads get."""

import errno
import os

import pytest

from cloudtower._http import download

E_ACUTE = b"\xc3\xa9".decode("utf-8")


@pytest.mark.parametrize(
    "disposition, name",
    [
        ("attachment; filename*=UTF-8''caf%C3%A9.txt", "caf%s.txt" % E_ACUTE),
        ("attachment; filename=a.txt; filename*=utf-8'en'b.txt", "b.txt"),
        ("attachment; filename*=utf-8''b.txt; filename=a.txt", "b.txt"),
        ("attachment; FileName* = ISO-8859-1''caf%E9.txt", "caf%s.txt" % E_ACUTE),
        ("attachment; filename*=koi8-r''x.txt; filename=a.txt", "a.txt"),
        ("attachment; filename*=broken; filename=a.txt", "a.txt"),
        ("attachment; filename*=UTF-8''%2e%2e%2fup.txt", "up.txt"),
        ("attachment; filename*=UTF-8''a%00b%0d%0a.txt", "a_b__.txt"),
        ('attachment; filename="a\\"b;c.txt"', "a_b;c.txt"),
        ('attachment; x="filename=no.txt"; filename=yes.txt', "yes.txt"),
        ("attachment; filename=two words.txt", "two"),
        ("filename=bare.txt", "bare.txt"),
        (b"attachment; filename=caf\xc3\xa9.txt".decode("latin-1"), "caf%s.txt" % E_ACUTE),
        (b"attachment; filename=caf\xe9.txt".decode("latin-1"), "caf%s.txt" % E_ACUTE),
        ("attachment; filename=CON", "_CON"),
        ("attachment; filename=nul.tar.gz", "_nul.tar.gz"),
        ("attachment; filename=com1.txt", "_com1.txt"),
        ("attachment; filename=console.txt", "console.txt"),
        ('attachment; filename="end. . "', "end"),
        ("attachment; filename=.hidden", "hidden"),
        ('attachment; filename="C:\\\\x\\\\y.txt"', "y.txt"),
        ("attachment; filename*=UTF-8''a%E2%80%AEtxt.exe", "a_txt.exe"),
        ("attachment; filename*=UTF-8''%FF%FE.txt", None),
        ('attachment; filename=""', None),
        ("attachment; filename*=UTF-8''", None),
        ("attachment; filename*=UTF-8''%2F; filename=a.txt", "a.txt"),
    ],
)
def test_names_of_downloads(disposition, name):
    found = download.file_name(disposition)
    found = found.decode("utf-8") if isinstance(found, bytes) else found
    if "%FF" in disposition:
        assert found.endswith(".txt")
    else:
        assert found == name


@pytest.mark.parametrize("letter", ["a", E_ACUTE, b"\xe4\xb8\xad".decode("utf-8")])
def test_long_names_of_downloads(tmpdir, letter):
    disposition = "attachment; filename*=UTF-8''%s.tar.gz" % "".join(
        "%%%02X" % octet for octet in bytearray((letter * 300).encode("utf-8"))
    )
    paths = [download.save([b"x"], disposition, str(tmpdir)) for _ in range(12)]
    assert len(set(paths)) == 12
    for path in paths:
        name = os.path.basename(path)
        octets = name if isinstance(name, bytes) else name.encode("utf-8")
        assert 250 < len(octets) <= 255 and path.endswith(".gz")
        assert octets.decode("utf-8")[:80] == letter * 80
    without_stem = download.save([b"x"], "filename=" + "a." + "b" * 400, str(tmpdir))
    assert len(os.path.basename(without_stem)) == 255


def test_a_name_that_the_system_refuses_is_replaced(tmpdir, monkeypatch):
    real = os.open

    def refuse(path, *args):
        if "refused" in str(path):
            raise OSError(errno.EINVAL, "Invalid argument")
        return real(path, *args)

    monkeypatch.setattr(os, "open", refuse)
    path = download.save([b"con", b"tent"], "filename=refused.txt", str(tmpdir))
    with open(path, "rb") as saved:
        assert saved.read() == b"content" and os.path.dirname(path) == str(tmpdir)


def test_a_download_beside_what_has_its_name(tmpdir):
    tmpdir.mkdir("a.txt")
    os.symlink(str(tmpdir.join("nowhere")), str(tmpdir.join("a-1.txt")))
    assert download.save([b"x"], "filename=a.txt", str(tmpdir)) == str(tmpdir.join("a-2.txt"))
