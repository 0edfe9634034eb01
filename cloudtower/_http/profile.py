"""Profiles: the towers that a user works with, a section each of one INI file.

[prod]
endpoint = https://tower.example.com
username = backup
password_command = pass show towers/prod
"""

import os
import re

from cloudtower._http import ini, proxy
from cloudtower._http.address import DEFAULT_API_PATH, without_api_path
from cloudtower._http.credentials import Credentials
from cloudtower._runtime import field_validation, mask
from cloudtower._runtime.text import TEXT, native, nearest
from cloudtower.exceptions import ApiTypeError, ApiValueError

FILE_VARIABLE = "CLOUDTOWER_CONFIG"
_FILE = os.path.join("cloudtower", "profiles.ini")

_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")
_MODES = (field_validation.WARN, field_validation.STRICT, field_validation.IGNORE)
_SECRET = ("password", "token")
_AUTHORIZATION = "Authorization"
_TOKEN = re.compile(r"[\x20-\x7e]+\Z")
_READABLE, _WRITABLE = 0o077, 0o022  # by others
# Whatever the address looks like otherwise is for urllib3 to say.
_SERVER = re.compile(r"(?![\"'])(?:[^:/?#]+://)?[^/?#]+(?<!:)(?:[/?#]|\Z)")
_PEM = "-----BEGIN "


# ---- values --------------------------------------------------------------------


def switch(text):
    """Whether a word means yes, bool, or None where it means neither."""
    word = text.strip().lower()
    return word in _YES if word in _YES + _NO else None


def _boolean(text, section):
    value = switch(text)
    if value is None:
        raise ApiValueError("must be true or false, not %r" % text)
    return value


def _text(text, section):
    return text


def _path(text, section):
    """A path, which is relative to the folder of the file."""
    return os.path.join(os.path.dirname(section.file), os.path.expanduser(text))


def _authorities(text, section):
    return text if _PEM in text else _path(text, section)


def _proxy(text, section):
    proxy.parse(text)
    return text


def _seconds(text, section):
    """A number of seconds; "none": no limit."""
    if text.lower() == "none":
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise ApiValueError("must be a number of seconds, or none, not %r" % text)
    return int(seconds) if seconds == int(seconds) else seconds


def _timeout(text, section):
    """Seconds, or "connect, silence"."""
    parts = [_seconds(part.strip(), section) for part in text.split(",")]
    if len(parts) > 2:
        raise ApiValueError("must be a number of seconds or two of them, not %r" % text)
    return parts[0] if len(parts) == 1 else tuple(parts)


def _count(text, section):
    """How many; "none": any number."""
    if text.lower() == "none":
        return None
    if not re.match("[0-9]+$", text):
        raise ApiValueError("must be a number, or none, not %r" % text)
    return int(text)


def _mode(text, section):
    if text not in _MODES:
        raise ApiValueError("it is one of %s, not %r" % (", ".join(_MODES), text))
    return text


#: Keys that are attributes of a Configuration, and what reads their values.
SETTINGS = {
    "assert_hostname": _text,
    "cert_file": _path,
    "field_validation": _mode,
    "key_file": _path,
    "max_matches": _count,
    "proxy": _proxy,
    "read_only": _boolean,
    "ssl_ca_cert": _authorities,
    "ssl_fingerprint": _text,
    "timeout": _timeout,
    "total_timeout": _seconds,
    "verify_ssl": _boolean,
}
#: Keys that say where the tower is and who calls.
_WHERE = ("endpoint", "host")
_WHO = ("username", "password", "password_command", "source", "token", "token_file")
KEYS = frozenset(SETTINGS).union(_WHERE, _WHO)


# ---- a profile -----------------------------------------------------------------


def configure(make, name):
    """See `Configuration.from_profile`.

    Parameters:
        make: the class of the configuration.
        name: of the profile, str.
    """
    section = _section(file(), name)
    endpoint = _endpoint(section)
    _check_who(section)
    key = next(key for key in _WHERE if key in section.values)
    root = root_url(endpoint, "%s: %s" % (section.at(key), key))
    configuration = make(root_url=root, api_path=DEFAULT_API_PATH)
    configuration.profile = section.name
    configuration._proxies = proxy.from_environment(os.environ)
    values = section.values
    for key in sorted(set(values).intersection(SETTINGS)):
        try:
            setattr(configuration, key, SETTINGS[key](values[key], section))
        except (ApiTypeError, ApiValueError) as error:
            raise ApiValueError("%s: %s: %s" % (section.at(key), key, error))
    if "token" in values:
        configuration.api_key[_AUTHORIZATION] = values["token"]
    if "token_file" in values:
        where = "%s: token_file" % section.at("token_file")
        configuration._token_file = TokenFile(_path(values["token_file"], section), where)
    if "username" in values:
        configuration.credentials = ProfileCredentials(section)
    return configuration


def root_url(endpoint, where):
    """The address of a server without the path of the API, str.

    Parameters:
        endpoint: as it was given, str.
        where: what names it in an error, str.

    Raises ApiValueError for what names no server, such as an address in quotes.
    """
    root = without_api_path(endpoint.strip().rstrip("/"))
    if not _SERVER.match(root):
        hint = ", without quotes" if root[:1] in ("'", '"') else ""
        raise ApiValueError(
            "%s must be an address such as https://tower.example.com%s, not %s"
            % (where, hint, mask.url(root))
        )
    return root


def file():
    """The path of the file with the profiles, str."""
    path = os.environ.get(FILE_VARIABLE, "").strip()
    if path:
        path = os.path.abspath(os.path.expanduser(path))
    else:
        path = os.path.join(_folder(), _FILE)
    if isinstance(path, bytes):  # 2.7, whose texts would not mix
        import sys

        path = native(path.decode(sys.getfilesystemencoding() or "utf-8", "replace"))
    return path


def _folder():
    if os.name == "nt":
        return os.environ.get("APPDATA") or os.path.expanduser("~")
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    return folder if os.path.isabs(folder) else os.path.join(os.path.expanduser("~"), ".config")


def _section(path, name):
    if not isinstance(name, (str, TEXT)):
        raise ApiTypeError("the name of a profile is a str, not %s" % type(name).__name__)
    if isinstance(name, bytes):  # 2.7, whose environment has no other texts
        name = native(name.decode("utf-8", "replace"))
    try:
        octets, mode = ini.load(path)
    except EnvironmentError as error:
        raise ApiValueError(
            "profile %r: %s cannot be read: %s. It needs a section [%s] with endpoint and username;"
            " %s names another file" % (name, path, error.strerror or error, name, FILE_VARIABLE)
        )
    sections = ini.read(path, octets)
    _check_mode(path, mode, sections.values())
    if name not in sections:
        like = nearest(name, sections)
        hint = "its profiles are %s" % ", ".join(sorted(sections)) if sections else "it is empty"
        if like:
            hint = "did you mean %r, in line %d?" % (like, sections[like].line)
        raise ApiValueError("%s has no profile %r; %s" % (path, name, hint))
    section = sections[name]
    for key in sorted(section.values, key=section.lines.get):
        if key not in KEYS:
            like = nearest(key, KEYS)
            hint = "did you mean `%s`?" % like if like else "known keys: %s" % _listed()
            raise ApiValueError(
                "%s: [%s] has an unknown key `%s`; %s" % (section.at(key), section.name, key, hint)
            )
        if not section.values[key] and key != "proxy":  # empty: in spite of the environment's
            raise ApiValueError("%s: `%s` has no value" % (section.at(key), key))
    return section


def _listed():
    return ", ".join(sorted(KEYS))


def _check_mode(path, mode, sections):
    """Refuse secrets that others may read, and a command that others may change."""
    if os.name != "posix":
        return
    keys = [(section, key) for section in sections for key in section.values]
    for section, key in sorted(keys, key=lambda each: each[0].lines[each[1]]):
        others = None
        if mode & _READABLE and _is_secret(key, section.values[key]):
            others = "holds a secret that others may read or change"
        elif mode & _WRITABLE and key == "password_command":
            others = "names a command that others may change"
        if others:
            raise ApiValueError(
                "%s: `%s` %s (mode %04o): run chmod 600 %s"
                % (section.at(key), key, others, mode & 0o777, path)
            )


def _is_secret(key, value):
    return key in _SECRET or (key in _WHERE + ("proxy",) and mask.url(value) != value)


def _endpoint(section):
    given = [key for key in _WHERE if key in section.values]
    if not given:
        raise ApiValueError(
            "%s: [%s] has no endpoint: give it the address of the server, such as"
            " endpoint = https://tower.example.com" % (section.at(), section.name)
        )
    _only_one(section, given)
    endpoint = section.values[given[0]]
    if re.search(r"\s", endpoint):
        raise ApiValueError(
            "%s: `%s` contains white space; a comment needs its own line"
            % (section.at(given[0]), given[0])
        )
    return endpoint


def _check_who(section):
    """Refuse what lacks a part, or says in two ways who calls."""
    values = section.values
    _only_one(section, [key for key in ("password", "password_command") if key in values])
    _only_one(section, [key for key in ("token", "token_file") if key in values])
    _only_one(section, [key for key in ("username", "token_file") if key in values])
    has_password = "password" in values or "password_command" in values
    if "username" in values and not has_password:
        raise ApiValueError(
            "%s: [%s] has a username but neither password nor password_command;"
            " CLOUDTOWER_PASSWORD does not count here, as address and credentials come from one"
            " source" % (section.at("username"), section.name)
        )
    for key in ("password", "password_command", "source"):
        if key in values and "username" not in values:
            raise ApiValueError(
                "%s: [%s] has `%s` but no username" % (section.at(key), section.name, key)
            )


def _only_one(section, keys):
    if len(keys) > 1:
        raise ApiValueError(
            "%s: [%s] has both `%s` and `%s`; give one"
            % (section.at(keys[1]), section.name, keys[0], keys[1])
        )


# ---- what is read when it is needed ----------------------------------------------


class ProfileCredentials(object):
    """The credentials of a profile, read from its file at each login: it keeps no password.

    Parameters:
        section: the `ini.Section` of the profile.

    Attributes besides these:
        username, source: those of the file when it was first read, str.
        asks_elsewhere: pickles may have it, and anybody may see it, True.
    """

    asks_elsewhere = True

    def __init__(self, section):
        self._file = section.file
        self._name = section.name
        self._endpoint = _endpoint(section)
        self.username = section.values["username"]
        self.source = section.values.get("source", "LOCAL")

    def __call__(self):
        """Credentials as they are now. Raises ApiValueError as `Configuration.from_profile`."""
        # One that came out of a pickle may be on another machine.
        path = self._file if os.path.exists(self._file) else file()
        section = _section(path, self._name)
        values = section.values
        if _endpoint(section) != self._endpoint:
            raise ApiValueError(
                "%s: the address of [%s] has changed since it was read, and its password may"
                " belong to another server: call Configuration.from_profile again"
                % (section.at(), self._name)
            )
        _check_who(section)
        if "username" not in values:
            raise ApiValueError("%s: [%s] has no username now" % (section.at(), self._name))
        password = values.get("password")
        if password is None:
            from cloudtower._http import command

            where = "%s: password_command" % section.at("password_command")
            password = command.output(values["password_command"], where)
        return Credentials(values["username"], password, values.get("source", "LOCAL"))

    def __repr__(self):
        return "<credentials of the profile %r in %s>" % (self._name, self._file)


class TokenFile(object):
    """A file with a token, read again when it has changed.

    Parameters:
        path: of the file, str.
        where: what names it in an error, str.
    """

    def __init__(self, path, where):
        self._path = path
        self._where = where
        self._seen = None  # what the file system says of the file that was read

    def refresh(self, configuration):
        """Put the token into a Configuration. Raises ApiValueError where there is none."""
        try:
            found = os.stat(self._path)
            state = found.st_mtime, found.st_size, found.st_ino
            keys = configuration.api_key
            if state == self._seen and keys and _AUTHORIZATION in keys:
                return
            octets, _ = ini.load(self._path)
        except EnvironmentError as error:
            raise ApiValueError("%s cannot be read: %s" % (self._where, error))
        token = native(octets.decode("utf-8-sig", "replace").strip())
        if not token:
            raise ApiValueError("%s, %s, is empty" % (self._where, self._path))
        if not _TOKEN.match(token):
            raise ApiValueError(
                "%s, %s, has to hold one line, the token, and holds something else"
                % (self._where, self._path)
            )
        if configuration.api_key is None:
            configuration.api_key = {}
        configuration.api_key[_AUTHORIZATION] = token
        self._seen = state
