"""The slug that stands for a bulletin in the web addresses of its pages."""

from __future__ import annotations

from django.utils.text import slugify

from publications.models import Bulletin

MAX_LENGTH = Bulletin._meta.get_field("slug").max_length or 50
OF_NO_WORDS = "bulletin"  # of a name without a letter or digit


def propose(name: str) -> str:
    """A slug for a bulletin of that name that no other has, Chinese in pinyin by its sound."""
    # Loading it takes 0.3 s and 60 MB: only for whoever makes a bulletin.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    words = [word.strip() for word in lazy_pinyin(name)]
    wanted = slugify(" ".join(words))[:MAX_LENGTH].strip("-_") or OF_NO_WORDS
    slug, n = wanted, 1
    while Bulletin.objects.filter(slug=slug).exists():
        n += 1
        end = f"-{n}"
        slug = wanted[: MAX_LENGTH - len(end)] + end
    return slug
