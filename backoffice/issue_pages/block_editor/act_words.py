"""Acts and refusals in an editor's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from issues.editing.document import Gone
from issues.editing.history import NotEditable, NothingToUndo
from issues.editing.refusals import ActRefused, Refusal
from issues.markup import NoSuchFigure
from issues.models import Revision

REFUSED: Mapping[str, Promise] = {
    Refusal.NOTHING_ABOVE: gettext_lazy("There is nothing above that this could go with."),
    Refusal.NOTHING_BELOW: gettext_lazy("This is the last article of its section."),
    Refusal.NOT_ALIKE: gettext_lazy("These two cannot be one: they are of different kinds."),
    Refusal.TOO_LONG: gettext_lazy("This is too long, or is no text, for a title."),
    Refusal.EMPTY: gettext_lazy("Write something first; what is not wanted can be dropped."),
    Refusal.NOTHING_CHANGED: gettext_lazy("Nothing is different from before."),
    Refusal.PUBLISHED: gettext_lazy(
        "The issue is published: words can be mended, but its sections and articles stay as they "
        "are."
    ),
    Refusal.SIGNED: gettext_lazy(
        "What is published here was released by a second person. Words can be changed one by one, "
        "and wait for a release; this cannot be done."
    ),
}

GATHERED = gettext_lazy(
    "Your change is kept. It is seen by readers once a second person has released it: press "
    "“Sign-off …” to ask for that."
)

AS_RELEASED = gettext_lazy(
    "The text is again as it was released: nothing waits for a release any more."
)

NOT_THERE = gettext_lazy(
    "This is not there any more: it was moved or dropped meanwhile, in another window or by "
    "somebody else. Nothing was changed."
)
CHOSEN_MEANWHILE = gettext_lazy(
    "Somebody else chose this meanwhile, or another window did. What is chosen now is shown; "
    "choose again to change it."
)
NOTHING_TO_UNDO = gettext_lazy(
    "There is nothing to take back here, or it was taken back in another window."
)

_ACTS: Mapping[str, Promise] = {
    "begin_article": gettext_lazy("An article begins at “%(block)s”"),
    "begin_section": gettext_lazy("A section begins at “%(block)s”"),
    "set_kind": gettext_lazy("“%(block)s” was made a text of another kind"),
    "join": gettext_lazy("“%(block)s” was joined to the text above"),
    "move_block": gettext_lazy("“%(block)s” was moved to “%(article)s”"),
    "drop_block": gettext_lazy("“%(block)s” was dropped"),
    "edit_block": gettext_lazy("The text “%(block)s” was edited"),
    "add_blocks": gettext_lazy("Text was added to “%(article)s”"),
    "edit_article": gettext_lazy("The head of “%(article)s” was edited"),
    "edit_text": gettext_lazy("The text of “%(article)s” was edited"),
    "merge_article": gettext_lazy("The article below “%(article)s” was joined to it"),
    "move_article": gettext_lazy("“%(article)s” was moved in or to “%(section)s”"),
    "mail_article": gettext_lazy("Whether “%(article)s” is mailed was changed"),
    "drop_article": gettext_lazy("The article “%(article)s” was dropped"),
    "add_article": gettext_lazy("An article was added to “%(section)s”"),
    "divide_section": gettext_lazy("A section begins at the article “%(article)s”"),
    "edit_section": gettext_lazy("The title of the section “%(section)s” was changed"),
    "file_section": gettext_lazy("What the section “%(section)s” is about was chosen"),
    "move_section": gettext_lazy("The section “%(section)s” was moved"),
    "merge_section": gettext_lazy("The section “%(section)s” was joined to the one above"),
    "section_to_article": gettext_lazy("The section “%(section)s” was made an article"),
    "drop_section": gettext_lazy("The section “%(section)s” was dropped with its articles"),
    "add_section": gettext_lazy("The section “%(title)s” was added"),
    "take_in": gettext_lazy("Text that was in no article was taken in: “%(remnant)s”"),
    "drop_remnant": gettext_lazy("Text that was in no article was dropped: “%(remnant)s”"),
    "take_back": gettext_lazy("“%(binned)s” was taken back"),
    "edit_facts": gettext_lazy("Title, number, date or publisher were changed"),
    "undo": gettext_lazy("An act was undone"),
    "redo": gettext_lazy("What was undone was done again"),
    "restore": gettext_lazy("An earlier state was brought back"),
    "read_again": gettext_lazy("The issue was read again"),
}


def why_not(error: Exception) -> str:
    """Return why a press did nothing."""
    sentence: Promise | str = gettext_lazy("Nothing was pressed that can be done here.")
    match error:
        case Gone():
            sentence = NOT_THERE
        case NothingToUndo():
            sentence = NOTHING_TO_UNDO
        case ActRefused(refusal=refusal):
            sentence = REFUSED[refusal]
        case ValidationError(messages=messages):
            sentence = " ".join(messages)
        case NoSuchFigure(name=name):
            no_picture = _("This issue has no picture “%(name)s”. Write the name as it was.")
            sentence = no_picture % {"name": name}
        case NotEditable():
            sentence = gettext_lazy("This issue cannot be edited now.")
    return str(sentence)


_AGAIN: Mapping[str, Promise] = {
    "undo": gettext_lazy("Undone: %(what)s"),
    "redo": gettext_lazy("Done again: %(what)s"),
}


def sentence(revision: Revision, about: Revision | None = None) -> str:
    """Return what was done, with the names as they were; `about` is the revision that it undid, or
    did again, if any."""
    if revision.act is None:
        return _("The issue as it was read from the file")
    again = _AGAIN.get(revision.act["act"])
    if again is not None and about is not None:
        return str(again) % {"what": sentence(about)}
    return of_act(revision.act, revision.words)


def sentence_to(revision: Revision, about: Revision | None) -> str:
    """Return what was done, for whoever did it; of what somebody else had done, by whom."""
    said = sentence(revision, about)
    if about is None or about.made_by is None or about.made_by_id == revision.made_by_id:
        return said
    return _("%(what)s. That was done by %(who)s.") % {"what": said, "who": about.made_by}


def is_about(revision: Revision) -> int:
    """Return the number of the revision that one undid, or did again; -1 for others."""
    act = revision.act or {}
    return int(act["number"]) if act.get("act") in _AGAIN else -1


def of_act(act_json: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """Return what an act does, with the names of what it is about."""
    act = act_json["act"]
    if act == "several":
        return _several(words)
    names = {name: words.get(name) or _("(without a title)") for name in _NAMES}
    names["title"] = act_json.get("title") or names["section"]
    return str(_ACTS.get(act, gettext_lazy("The draft was changed"))) % names


_NAMES = ("block", "article", "section", "remnant", "binned")


def _several(words: Mapping[str, object]) -> str:
    count = int(str(words.get("count", 0)))
    if words.get("of") == "begin_article":
        return ngettext(
            "%(number)d sub-heading was made an article",
            "%(number)d sub-headings were made articles",
            count,
        ) % {"number": count}
    if words.get("of") == "file_section":
        return ngettext(
            "What %(number)d section is about was chosen",
            "What %(number)d sections are about was chosen",
            count,
        ) % {"number": count}
    return ngettext("%(number)d change in one", "%(number)d changes in one", count) % {
        "number": count
    }
