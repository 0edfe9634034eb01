"""The Python blocks of a page in Markdown, run one after the other against a simulator."""

import re

_BLOCK = re.compile(r"^( *)```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_HOST = re.compile(r'"https?://[^"/]+/v2/api"')
_WITHOUT_TOKEN = re.compile(r"ApiClient\((Configuration\(host=[^()]+\))\)")


def read(path):
    """The blocks of a file, a list of (number of its first line, text)."""
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    return [
        (text.count("\n", 0, match.start()) + 2, match.group(2)) for match in _BLOCK.finditer(text)
    ]


def run(blocks, endpoint, names, path="page"):
    """Run blocks in one namespace, their hosts replaced.

    Where a client is made without a token, it gets that of `names["with_token"]`.
    """
    for line, text in blocks:
        text = _HOST.sub('"%s"' % endpoint, text)
        text = _WITHOUT_TOKEN.sub(r"ApiClient(with_token(\1))", text)
        code = compile("\n" * (line - 1) + text, path, "exec", dont_inherit=True)
        exec(code, names)
    return names
