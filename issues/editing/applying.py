"""Doing an act: a draft and an act to the draft that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from msgspec.structs import replace

from issues.editing import acts, articles, bin_acts, blocks, sections
from issues.editing.acts import Act
from issues.editing.document import Draft
from issues.editing.refusals import ActRefused, Refusal


def applied(draft: Draft, act: Act) -> Draft:
    """Return the draft after an act, one version on. Costs a pass over the draft.

    Raises Gone where a thing that the act names is not there, and ActRefused where it cannot be
    done, both without a change.
    """
    done = _done(draft, act)
    if replace(done, version=draft.version) == draft:
        raise ActRefused(Refusal.NOTHING_CHANGED)
    return replace(done, version=draft.version + 1)


def _done(draft: Draft, act: Act) -> Draft:
    if isinstance(act, acts.Several):
        return reduce(_done, act.acts, draft)
    return _APPLY[type(act)](draft, act)


_APPLY: Mapping[type, Callable[[Draft, Any], Draft]] = {
    acts.BeginArticle: blocks.begin_article,
    acts.BeginSection: blocks.begin_section,
    acts.SetKind: blocks.set_kind,
    acts.Join: blocks.join,
    acts.MoveBlock: blocks.move,
    acts.DropBlock: bin_acts.drop_block,
    acts.EditBlock: blocks.edit,
    acts.AddBlocks: blocks.add,
    acts.EditArticle: articles.edit,
    acts.EditText: articles.edit_text,
    acts.MergeArticle: articles.merge,
    acts.MoveArticle: articles.move,
    acts.MailArticle: articles.mail,
    acts.DropArticle: bin_acts.drop_article,
    acts.AddArticle: articles.add,
    acts.DivideSection: sections.divide,
    acts.EditSection: sections.edit,
    acts.FileSection: sections.file,
    acts.MoveSection: sections.move,
    acts.MergeSection: sections.merge,
    acts.SectionToArticle: sections.to_article,
    acts.DropSection: bin_acts.drop_section,
    acts.AddSection: sections.add,
    acts.TakeIn: bin_acts.take_in,
    acts.DropRemnant: bin_acts.drop_remnant,
    acts.TakeBack: bin_acts.take_back,
    acts.EditFacts: sections.edit_facts,
}
