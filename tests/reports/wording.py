"""What a page says, also to those who hear it or rest the pointer on it, and whether in English."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from kota.settings import PROJECT_ROOT

OURS = PROJECT_ROOT / "reports" / "translations" / "id" / "LC_MESSAGES" / "messages.po"

# Pictures are named by the library that draws them, and read by nobody: each stands beside a text
# or in a control that has a name of its own.
TEXTS = """beside => {
    const said = new Set();
    const isShown = element => element.checkVisibility({visibilityProperty: true});
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (parent.closest('script, style, noscript, code') || !isShown(parent)) continue;
        if (beside && parent.closest(beside)) continue;
        said.add(walker.currentNode.textContent.trim());
    }
    for (const element of document.querySelectorAll('*:not(.anticon):not(svg)'))
        for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
            if (element.hasAttribute(name) && isShown(element)
                && !(beside && element.closest(beside)))
                said.add(element.getAttribute(name).trim());
    said.add(document.title);
    said.delete('');
    return [...said];
}"""

# Words that no Indonesian sentence has, and no name in the city's data.
ENGLISH = re.compile(
    r"\b(the|and|of|is|are|was|your|you|not|with|for|from|this|that|by|or|select|search|show|loading"
    r"|page|rows?|entries|records|charts?|dashboards?|download|export|apply|cancel|save|close|delete"
    r"|view|refresh|next|previous|error|failed|please|enter|sign|ago|last|modified|days?|weeks?"
    r"|months?|years?|unexpected|access|denied|settings|clear)\b",
    re.IGNORECASE,
)


def said_by(page: Page, beside: str = "") -> set[str]:
    """Every text that is shown, but those in ``beside``, and every label, hint and title."""
    return set(page.evaluate(TEXTS, beside))


def in_english(said: set[str], superset_texts: Path) -> set[str]:
    """Those of ``said`` that Superset's catalogue has as English, or that have an English word.

    A text that the Indonesian catalogue gives for something is Indonesian, whatever it looks like.
    """
    indonesian = _indonesian()
    english = _english(superset_texts)
    return {
        text
        for text in said - indonesian
        if (text in english and re.search(r"[A-Za-z]", text)) or ENGLISH.search(text)
    }


@cache
def _indonesian() -> frozenset[str]:
    with OURS.open("rb") as lines:
        catalog = read_po(lines)
    texts = [message.string for message in catalog if message.id]
    return frozenset(
        single.strip() for text in texts for single in ([text] if isinstance(text, str) else text)
    )


@cache
def _english(superset_texts: Path) -> frozenset[str]:
    with superset_texts.open("rb") as lines:
        catalog = read_po(lines)
    ids = [message.id for message in catalog if message.id]
    return frozenset(
        single.strip() for text in ids for single in ([text] if isinstance(text, str) else text)
    )
