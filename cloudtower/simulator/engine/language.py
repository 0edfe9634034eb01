"""Texts that the tower shows in the language of the caller."""

import json

LANGUAGES = ("en-US", "zh-CN", "*")

#: kind -> its fields that are texts
LOCALIZED = {
    "Alert": ("cause", "impact", "message", "solution"),
    "GlobalAlertRule": ("cause", "impact", "message", "solution"),
    "Task": ("description",),
    "UserAuditLog": ("message",),
}


class Text(str):
    """An English text that knows its Chinese twin; as a value it is the English one."""

    def __new__(cls, english, chinese):
        text = str.__new__(cls, english)
        text.chinese = chinese
        return text

    def in_language(self, language):
        """The text for a `content-language`; "*" gives a JSON map of all."""
        if language == "*":
            return json.dumps({"en-US": self, "zh-CN": self.chinese}, ensure_ascii=False)
        return self.chinese if language == "zh-CN" else str(self)


def localize(kind_name, shown, language):
    """Put the texts of rendered objects of a kind into one of LANGUAGES, in their place."""
    for name in LOCALIZED.get(kind_name, ()) if language != "en-US" else ():
        for item in shown:
            if isinstance(item[name], Text):
                item[name] = item[name].in_language(language)
