"""Each page in Chinese says what its English twin says: the same code, names, numbers, links."""

import os
import re

import pytest
from simulated import ROOT

TWINS = sorted(
    os.path.join(folder, name)
    for folder in ("", "docs")
    for name in os.listdir(os.path.join(ROOT, folder))
    if name.endswith(".zh-CN.md")
)
_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
#: what is translated within code: comments, and the docstrings of examples
_TRANSLATED = re.compile(r'#.*|""".*?"""|the API key|API 密钥')
_BLANKS = re.compile(r"\s+")


def sections(page):
    """What each section of a page has that no language changes, a list of dicts."""
    with open(os.path.join(ROOT, page), encoding="utf-8") as stream:
        text = stream.read()
    shown = [_BLANKS.sub(" ", _TRANSLATED.sub("", block)) for block in _BLOCK.findall(text)]
    parts = re.split("^(#+) .*\n", _BLOCK.sub("", text), flags=re.MULTILINE)
    found = [{"code blocks": shown}]
    for level, part in zip([""] + parts[1::2], parts[::2]):
        prose = re.sub(r"\]\([^)]*\)", "]", _CODE.sub("", part))
        found.append(
            {
                "level": level,
                "names": {each for each in _CODE.findall(part) if each.isascii()},
                "numbers": set(re.findall(r"\d[\d,.]*\d|\d", prose)),
                "items": len(re.findall(r"^\s*(?:-|\d+\.) ", part, re.MULTILINE)),
                "rows": len(re.findall(r"^\|", part, re.MULTILINE)),
                "links": len(re.findall(r"\]\(", part)),
            }
        )
    return found


def test_the_pages_are_found():
    assert len(TWINS) >= 6


@pytest.mark.parametrize("page", TWINS)
def test_both_languages_say_the_same(page):
    english, chinese = sections(page.replace(".zh-CN", "")), sections(page)
    assert len(english) == len(chinese)
    for ours, theirs in zip(english, chinese):
        assert ours == theirs


@pytest.mark.parametrize("page", TWINS)
def test_no_line_ends_within_a_chinese_sentence(page):
    """A browser shows the end of a line as a space, which Chinese does not have."""
    with open(os.path.join(ROOT, page), encoding="utf-8") as stream:
        text = _BLOCK.sub("", stream.read())
    assert not re.findall("[\u4e00-\u9fff\uff0c\u3001]\n *[\u4e00-\u9fff`]", text)
