"""The entries of the log in words: who did what, and what it was before and after."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit_log.models import Entry

# What an act is called, by the noun that it begins with: the list of the filter is in this order.
# The words in brackets come from what the entry holds.
WORDS: dict[str, Promise] = {
    "issue.added": gettext_lazy("Uploaded."),
    "issue.edited": gettext_lazy("Edited the draft, from version %(version)s on."),
    "issue.read_again": gettext_lazy("Took a new reading of the files."),
    "proof.mailed": gettext_lazy("Had a proof mailed."),
    "top_story.chosen": gettext_lazy("Had the mails begin with “%(article)s”."),
    "top_story.dropped": gettext_lazy("Had the mails begin with no top story."),
    "issue.scheduled": gettext_lazy("Scheduled for %(time)s."),
    "issue.unscheduled": gettext_lazy("Took the time of publication back."),
    "issue.missed_its_time": gettext_lazy("Could not be published at its time."),
    "issue.published": gettext_lazy("Published, and mailed to readers: %(readers)s."),
    "issue.published_on_the_web": gettext_lazy("Published on the web only."),
    "issue.taken_back": gettext_lazy("Taken back before its first mail left."),
    "issue.withdrawn": gettext_lazy("Withdrawn."),
    "issue.restored": gettext_lazy("Put back on the web."),
    "article.withdrawn": gettext_lazy("Withdrew “%(article)s”."),
    "article.restored": gettext_lazy("Put “%(article)s” back on the web."),
    "issue.submitted": gettext_lazy("Submitted it for release: %(note)s"),
    "issue.released": gettext_lazy("Released it: %(word)s"),
    "issue.returned": gettext_lazy("Returned it: %(word)s"),
    "change.gathered": gettext_lazy("Changed words that wait for a release."),
    "submission.taken_back": gettext_lazy("Took back what was submitted."),
    "correction.sent": gettext_lazy("Sent a correction."),
    "issue.moved": gettext_lazy("Moved to the bulletin %(bulletin)s."),
    "issue.binned": gettext_lazy("Put into the bin."),
    "issue.taken_from_the_bin": gettext_lazy("Taken back from the bin."),
    "issue.changed": gettext_lazy("Changed the issue."),
    "digest.paused": gettext_lazy("Paused the mailing."),
    "digest.resumed": gettext_lazy("Resumed the mailing."),
    "digest.cancelled": gettext_lazy("Stopped the mailing for good."),
    "digest.finished": gettext_lazy(
        "The mailing is finished: sent %(sent)s, failed %(failed)s, uncertain %(uncertain)s, "
        "skipped %(skipped)s, excluded %(excluded)s."
    ),
    "uncertain.counted_as_sent": gettext_lazy("Counted %(count)s uncertain deliveries as sent."),
    "uncertain.sent_again": gettext_lazy("Had %(count)s uncertain deliveries sent again."),
    "delivery.resent": gettext_lazy("Had a mail sent again."),
    "failed.resent": gettext_lazy("Had %(count)s failed mails sent again."),
    "deliveries.pruned": gettext_lazy("Deleted %(count)s deliveries older than %(days)s days."),
    "circuit_breaker.reset": gettext_lazy("Had a server or provider tried again at once."),
    "bulletin.added": gettext_lazy("Made the bulletin."),
    "bulletin.changed": gettext_lazy("Changed the bulletin."),
    "bulletin.deleted": gettext_lazy("Deleted the bulletin."),
    "topic.added": gettext_lazy("Made the topic."),
    "topic.changed": gettext_lazy("Changed the topic."),
    "topic.retired": gettext_lazy("Retired the topic."),
    "topic.offered_again": gettext_lazy("Offered the topic again."),
    "topic.deleted": gettext_lazy("Deleted the topic."),
    "readers.imported": gettext_lazy("Took in a list of readers."),
    "readers.import_undone": gettext_lazy("Undid the import of a list of readers."),
    "readers.changed": gettext_lazy("Changed several readers at once."),
    "reader.added": gettext_lazy("Added a reader."),
    "reader.changed": gettext_lazy("Changed what a reader gets: %(because)s"),
    "reader.paused": gettext_lazy("Paused the mails to a reader: %(because)s"),
    "reader.resumed": gettext_lazy("Ended the pause of a reader: %(because)s"),
    "reader.unsubscribed": gettext_lazy("Unsubscribed a reader: %(because)s"),
    "reader.suppressed": gettext_lazy("Had nothing more mailed to a reader's address: %(because)s"),
    "reader.link_mailed": gettext_lazy("Had the link to their choices mailed to a reader."),
    "reader.note_added": gettext_lazy("Made a note about a reader."),
    "reader.note_removed": gettext_lazy("Removed a note about a reader."),
    "reader.deleted": gettext_lazy("Deleted a reader."),
    "reader.erased": gettext_lazy("Erased a reader: %(because)s"),
    "suppression.added": gettext_lazy("Entered an address that must not be mailed."),
    "suppression.changed": gettext_lazy("Lifted a suppression."),
    "user.added": gettext_lazy("Made the account."),
    "user.changed": gettext_lazy("Changed the account."),
    "user.password_changed": gettext_lazy("Set a password for the account."),
    "user.deleted": gettext_lazy("Deleted the account."),
    "group.added": gettext_lazy("Made the group."),
    "group.changed": gettext_lazy("Changed the group."),
    "group.deleted": gettext_lazy("Deleted the group."),
    "colleague.added": gettext_lazy("Made the account of a colleague."),
    "colleague.changed": gettext_lazy("Changed the roles of a colleague."),
    "colleague.invited": gettext_lazy("Mailed a colleague the link to set a password."),
    "colleague.made": gettext_lazy("Made an account at a log-in by another site."),
    "colleague.let_in": gettext_lazy("Let somebody in who was locked out."),
    "login.succeeded": gettext_lazy("Logged in."),
    "sign_on.joined": gettext_lazy("Joined their account to single sign-on."),
    "sign_on.ended": gettext_lazy("Parted an account from single sign-on."),
    "login.failed": gettext_lazy("Tried to log in, and could not."),
    "password_link.sent": gettext_lazy("Was mailed a link to set a password."),
    "password.changed": gettext_lazy("Set a new password."),
    "second_factor.added": gettext_lazy("Added a second factor."),
    "second_factor.removed": gettext_lazy("Removed a second factor."),
    "passkey.renamed": gettext_lazy("Renamed a passkey."),
    "session.ended": gettext_lazy("Ended a session."),
    "list.exported": gettext_lazy("Exported a list."),
    "log.exported": gettext_lazy("Exported the log."),
}

_DIFFERS = re.compile(r"%\(\w+\)s")

# The models whose fields acts of that noun change.
_MODELS = {
    "issue": "issues.Issue",
    "bulletin": "publications.Bulletin",
    "topic": "publications.Topic",
    "reader": "subscribers.Subscriber",
    "suppression": "subscribers.Suppression",
    "user": "auth.User",
    "group": "auth.Group",
}
_NAMES: dict[str, Promise] = {
    "because": gettext_lazy("reason given"),
    "topics": gettext_lazy("topics"),
    "aliases": gettext_lazy("section titles that mean this topic"),
    "readers": gettext_lazy("readers"),
    "count": gettext_lazy("number"),
    "remark": gettext_lazy("remark"),
    "articles": gettext_lazy("articles"),
    "article": gettext_lazy("article"),
    "bulletin": gettext_lazy("bulletin"),
    "publish_at": gettext_lazy("time of publication"),
    "filters": gettext_lazy("filters"),
    "rows": gettext_lazy("rows"),
    "version": gettext_lazy("version"),
    "sent": gettext_lazy("sent"),
    "failed": gettext_lazy("failed"),
    "uncertain": gettext_lazy("uncertain"),
    "skipped": gettext_lazy("skipped"),
    "excluded": gettext_lazy("excluded"),
    "queued": gettext_lazy("waiting"),
    "note": gettext_lazy("a word to them"),
    "word": gettext_lazy("a word"),
    "what": gettext_lazy("what was submitted"),
    "by_link": gettext_lazy("by the link in the mail"),
    "acts": gettext_lazy("changes"),
    "in": gettext_lazy("roles in single bulletins"),
    "digest": gettext_lazy("digest"),
    "delivery": gettext_lazy("delivery"),
}
_IN_SENTENCES = frozenset({"time"})  # stand in the sentence in the language of who did it


class Change(NamedTuple):
    """A value that an act changed, under the name that its page has for it."""

    name: str
    before: str
    after: str


def sentence(entry: Entry) -> str:
    """Return what was done."""
    words = WORDS.get(entry.act)
    if words is None:
        return entry.act
    known: Mapping[str, Any] = defaultdict(lambda: "–", entry.after)
    return (str(words) % known).removesuffix("–").rstrip(" :：")


def act_name(act: str) -> str:
    """Return the name of an act in a list of acts: its sentence, with dots for what differs."""
    return _DIFFERS.sub("…", str(WORDS.get(act, act)))


def who(entry: Entry) -> str:
    """Return who did it, as they were called then; of what the service did, by which command."""
    if entry.by_id is None and (not entry.by_name or entry.by_name.startswith("manage.py ")):
        name = {"command": entry.by_name}
        return _("the service (%(command)s)") % name if entry.by_name else _("the service")
    return entry.by_name


def changes(entry: Entry) -> Iterator[Change]:
    """Yield what was changed, field by field."""
    model = _model(entry.act)
    for key in {**entry.before, **entry.after}:
        if key not in _IN_SENTENCES:
            field = _field(model, key)
            before, after = (
                _in_words(side.get(key), field) for side in (entry.before, entry.after)
            )
            yield Change(_name(key, field), before, after)


def _model(act: str) -> type[Model] | None:
    name = _MODELS.get(act.partition(".")[0])
    return apps.get_model(name) if name else None


def _field(model: type[Model] | None, key: str) -> Field[Any, Any] | None:
    if model is None or key in _NAMES:
        return None
    fields = (*model._meta.fields, *model._meta.many_to_many)
    return next((field for field in fields if field.name == key), None)


def _name(key: str, field: Field[Any, Any] | None) -> str:
    return str(capfirst(field.verbose_name) if field else capfirst(str(_NAMES.get(key, key))))


def _in_words(value: Any, field: Field[Any, Any] | None) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    labels = dict(field.flatchoices) if field else {}
    return str(labels.get(value, value))
