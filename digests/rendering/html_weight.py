"""The weight of a mail's HTML, in bytes: trimmed where Gmail would cut it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from digests.rendering import composing
from digests.rendering.block_names import OF_ARTICLES, TOP_STORY, WHOLE, names
from digests.rendering.blocks import EncodedBlock
from digests.rendering.composing import TOP, Group, Weight

MAX_HTML_BYTES = 102_400  # bytes of HTML; Gmail cuts what is longer


def fitted(
    groups: Sequence[Group],
    html: Mapping[str, EncodedBlock],
    *,
    articles: Mapping[int, Weight],
    new_topics: Sequence[int] = (),
) -> list[Group]:
    """Return the groups, trimmed where their HTML would weigh more than MAX_HTML_BYTES; of
    `articles` it is known what each weighs."""
    frame = [name for name in names(groups) if name.split()[0] not in OF_ARTICLES]
    frame += [f"more {group.key}" for group in groups]
    frame += [f"new {topic}" for topic in new_topics]
    special = {
        pk: _of_special(pk, html, group)
        for group in groups
        for pk in (group.shown if group.key == TOP else group.marked)
    }
    room = MAX_HTML_BYTES - total(html, frame)
    return composing.fitted(groups, weights={**articles, **special}, room=room)


def total(html: Mapping[str, EncodedBlock], names: Iterable[str]) -> int:
    """Return what the blocks of these names weigh together; the HTML has no list of links."""
    return sum(html[name].weight for name in names if name in html)


def of_article(pk: int, html: Mapping[str, EncodedBlock]) -> Weight:
    """Return what an article weighs, whole and as its headline."""
    return Weight(_sum(pk, html, "article", *WHOLE), _sum(pk, html, "brief"))


def _of_special(pk: int, html: Mapping[str, EncodedBlock], group: Group) -> Weight:
    """What an article weighs as the top story, or with the phrase that it has."""
    if group.key == TOP:
        return Weight(_sum(pk, html, *TOP_STORY), _sum(pk, html, "top", "closed"))
    frame = _sum(pk, html, "alerted", "ended")
    return Weight(frame + max(_sum(pk, html, "found"), _sum(pk, html, "said")), frame)


def _sum(pk: int, html: Mapping[str, EncodedBlock], *names: str) -> int:
    return total(html, (f"{name} {pk}" for name in names))
