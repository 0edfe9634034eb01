"""Which names belong to secrets, for codegen and for whatever is shown to people."""

import re

# The operators that a filter writes behind a field's name.
_OPERATOR = re.compile(
    r"_(?:not_)?(?:contains|starts_with|ends_with|in)$|_(?:gt|gte|lt|lte|not)$", re.I
)
# Names that ask a question about a secret, such as has_password.
_QUESTION = re.compile(
    r"(?:has|is|use|uses|enable|require|requires|need|needs|allow|show|no|without)(?=[_-]|[A-Z])"
)
_OTHER = re.compile(r"[^a-z]+")


class SecretNames(object):
    """The names that end in one of some names, however their words are joined.

    Parameters:
        names: in lower case with underscores, such as "api_key", iterable of str.
    """

    def __init__(self, names):
        names = sorted(names)
        self._endings = tuple(name.replace("_", "") for name in names)
        #: Finds where such a name may be in a text; `match` decides.
        self.pattern = "|".join(name.replace("_", r"[\W_]?") for name in names)
        self._hint = re.compile(self.pattern, re.I)

    def match(self, name):
        """Whether a name is that of a secret: `apiKey`, `X-Api-Key`, `chap_secret_in`."""
        if not self._hint.search(name):
            return False
        name = name.lstrip("-_")
        if _QUESTION.match(name):
            return False
        letters = _OTHER.sub("", _OPERATOR.sub("", name).lower())
        return letters.endswith(self._endings) or (
            letters.endswith("s") and letters[:-1].endswith(self._endings)
        )
