from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0005_a_client_pinned_to_his_manager")]

    operations = [
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                fields=[
                    "owner",
                    "in_pool_since",
                    "silent_since",
                    "last_talk_on",
                    "ever_contacted",
                    "agreed_until",
                    "grace_until",
                    "archived_on",
                    "stopped_on",
                ],
                name="client_coverage",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["client", "on", "voided_at"], name="contact_of_client"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["employee", "on"], name="contact_by_employee"),
        ),
        migrations.AddIndex(
            model_name="statuschange",
            index=models.Index(fields=["on"], name="status_change_by_day"),
        ),
    ]
