from django.db import migrations


def ask_for_what_was_chosen(apps, schema_editor):
    """Who has not confirmed yet has what they chose in a request instead of subscriptions."""
    Subscriber = apps.get_model("subscribers", "Subscriber")
    Subscription = apps.get_model("subscribers", "Subscription")
    SignUpRequest = apps.get_model("subscribers", "SignUpRequest")
    waiting = Subscriber.objects.filter(confirmed_at=None, unsubscribed_at=None)
    for reader in waiting.order_by("pk").iterator():
        request = SignUpRequest.objects.create(
            subscriber=reader,
            address=reader.address,
            language=reader.language,
            requested_at=reader.signed_up_at,
        )
        chosen = Subscription.objects.filter(subscriber=reader, ended_at=None)
        request.topics.set(chosen.values_list("topic_id", flat=True))
        chosen.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('subscribers', '0008_requests_limits_and_goodbyes'),
    ]

    operations = [
        migrations.RunPython(ask_for_what_was_chosen, migrations.RunPython.noop),
    ]
