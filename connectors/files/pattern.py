"""Which file names a table takes: ``*.csv``, ``2024/*.csv``, ``**/*.csv``, ``*.zip!*.csv``.

``*`` and ``?`` stay within one folder, ``**`` crosses folders, and what follows ``!`` is looked for
inside ZIP files. Case does not matter: a sender who types ``DATA.CSV`` means the same file.
"""

import re
from functools import cached_property

_TOKENS = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|.", re.DOTALL)


class Pattern:
    """A glob over names relative to a place."""

    def __init__(self, text: str) -> None:
        outer, *inner = re.split(r"(?<!\[)!", text, maxsplit=1)
        self.outer = outer
        self.inner: Pattern | None = Pattern(inner[0]) if inner else None
        """The pattern for what is inside ZIP files; None where the files themselves are taken."""

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile("".join(map(_regex, _TOKENS.findall(self.outer))), re.IGNORECASE)

    def matches(self, name: str) -> bool:
        """Whether the file of this name, or the ZIP, is meant."""
        return self._expression.fullmatch(name) is not None

    def enters(self, folder: str) -> bool:
        """Whether a file in this folder could be meant, so that others need not be listed."""
        wanted = self.outer.split("/")[:-1]
        for depth, part in enumerate(folder.split("/")):
            if depth < len(wanted) and "**" in wanted[depth]:
                return True
            if depth >= len(wanted) or not Pattern(wanted[depth]).matches(part):
                return "**" in self.outer.rsplit("/", 1)[-1] and depth >= len(wanted)
        return True


def _regex(token: str) -> str:
    match token:
        case "**/":
            return "(?:.*/)?"
        case "**":
            return ".*"
        case "*":
            return "[^/]*"
        case "?":
            return "[^/]"
    if len(token) > 2 and token.startswith("["):
        inside = token[1:-1].replace("\\", r"\\")
        return f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
    return re.escape(token)
