"""On PostgreSQL the database, too, holds that the log is added to and not rewritten."""

from django.db import migrations

# Who did it may be forgotten with the user (`by_id`, whose name stays); what is older than the log
# is kept may be deleted by who says that that is what they do (`audit_log.retention`).
_FUNCTION = """
    CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF NEW.by_id IS NULL AND to_jsonb(NEW) - 'by_id' = to_jsonb(OLD) - 'by_id' THEN
                RETURN NEW;
            END IF;
        ELSIF current_setting('bulletin.forgets_log', true) = 'on' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$"""
_TRIGGER = """
    CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log_entry
    FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only()"""


def hold(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_FUNCTION)
        schema_editor.execute(_TRIGGER)


def let_go(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_log_append_only ON audit_log_entry")
        schema_editor.execute("DROP FUNCTION audit_log_is_append_only()")


class Migration(migrations.Migration):
    dependencies = [("audit_log", "0002_read_by_whom_and_when")]

    operations = [migrations.RunPython(hold, let_go)]
