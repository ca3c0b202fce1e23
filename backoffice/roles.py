"""The roles of an office, and what each may: the one table of it.

After every migration the groups have what the table says, and keep what an office added by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import connections
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publications.models import Role

EDITOR, PUBLISHER, READER_CARE = "editor", "publisher", "reader-care"
OPERATOR, ADMINISTRATOR = "operator", "administrator"

LABELS: Mapping[str, Promise] = {
    EDITOR: _("Editor"),
    PUBLISHER: _("Publisher"),
    READER_CARE: _("Reader care"),
    OPERATOR: _("Operator"),
    ADMINISTRATOR: _("Administrator"),
}
MEANINGS: Mapping[str, Promise] = {
    EDITOR: _("brings issues, reads and repairs them, looks after the topics"),
    PUBLISHER: _("an editor who also releases, publishes, mails and corrects"),
    READER_CARE: _("looks after readers: their choices, imports, exports, addresses"),
    OPERATOR: _("watches the mailings, pauses them, sends again, reads the log"),
    ADMINISTRATOR: _("may do everything, makes bulletins and colleagues"),
}


def _all(app: str, *models: str, acts: str = "view add change delete") -> set[str]:
    return {f"{app}.{act}_{model}" for model in models for act in acts.split()}


_LOOKS = _all("issues", "issue", "section", "article", acts="view") | _all(
    "publications", "bulletin", "topic", acts="view"
)
_MAILINGS = _all("digests", "digest", "edition", "delivery", "feedback", acts="view")
_EDITS = (
    _LOOKS
    | _all("issues", "issue", "section", "article")
    | _all("publications", "topic", "alias")
    | {"digests.view_digest"}
)
_PUBLISHES = _EDITS | _MAILINGS | {"issues.publish_issue", "digests.resend_delivery"}
_CARES = (
    _LOOKS
    | _MAILINGS
    | _all("subscribers", "subscriber")
    | _all("subscribers", "suppression", acts="view add change")
    | {"subscribers.view_subscription", "subscribers.view_keywordalert"}
    | {f"subscribers.{one}" for one in ("view_address", "import_subscriber", "export_subscriber")}
    | {"digests.resend_delivery"}
)
_OPERATES = (
    _LOOKS
    | _MAILINGS
    | {"digests.change_delivery", "digests.resend_delivery", "audit_log.view_entry"}
    | _all("subscribers", "subscriber", "subscription", "suppression", acts="view")
)
_ADMINISTERS = (
    _PUBLISHES
    | _CARES
    | _OPERATES
    | _all("publications", "bulletin")
    | _all("subscribers", "subscriber", "suppression")
    | _all("auth", "user", "group")
)

PERMISSIONS: Mapping[str, frozenset[str]] = {
    EDITOR: frozenset(_EDITS),
    PUBLISHER: frozenset(_PUBLISHES),
    READER_CARE: frozenset(_CARES),
    OPERATOR: frozenset(_OPERATES),
    ADMINISTRATOR: frozenset(_ADMINISTERS),
}


def label(group: Group) -> str:
    """Return the name of a group in the language in force: ours where it is one of the roles."""
    role = getattr(group, "role", None)
    return str(LABELS[role.key]) if role and role.key in LABELS else group.name


def keep_true(using: str = "default", **_kwargs: Any) -> None:
    """Make the groups that are missing, and give each what the table says; take from it what the
    table gave it once and gives no more. A receiver of `post_migrate`."""
    if Role._meta.db_table not in connections[using].introspection.table_names():
        return  # migrated to a time before there were roles
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    for key, wanted in PERMISSIONS.items():
        _keep(_role(key, using), wanted, using)


def _role(key: str, using: str) -> Role:
    role = Role.objects.using(using).select_related("group").filter(key=key).first()
    if role is not None:
        return role
    group, _new = Group.objects.using(using).get_or_create(name=key)
    return Role.objects.using(using).create(key=key, group=group)


def _keep(role: Role, wanted: Iterable[str], using: str) -> None:
    named = _by_name(using)
    held = set(role.group.permissions.using(using).values_list("pk", flat=True))
    wanted = {name for name in wanted if name in named}
    missing = {named[name] for name in wanted} - held
    dropped = {named[name] for name in set(role.granted) - wanted if name in named}
    if missing:
        role.group.permissions.add(*missing)
    if dropped:
        role.group.permissions.remove(*dropped)
    if sorted(wanted) != role.granted:
        role.granted = sorted(wanted)
        role.save(using=using, update_fields=["granted"])


def _by_name(using: str) -> dict[str, int]:
    rows = Permission.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in rows}
