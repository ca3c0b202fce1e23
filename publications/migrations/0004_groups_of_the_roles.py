"""Make the groups of the roles; what each may is kept true after every migration, by
`backoffice.roles`, because permissions exist only then."""

from typing import Any

from django.db import migrations

KEYS = ("editor", "publisher", "reader-care", "operator", "administrator")


def make_groups(apps: Any, schema_editor: Any) -> None:
    groups, roles = apps.get_model("auth", "Group"), apps.get_model("publications", "Role")
    using = schema_editor.connection.alias
    for key in KEYS:
        group, _new = groups.objects.using(using).get_or_create(name=key)
        roles.objects.using(using).get_or_create(key=key, defaults={"group": group})


class Migration(migrations.Migration):
    dependencies = [("publications", "0003_roles_and_sign_off")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
