from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("clients", "0005_a_client_pinned_to_his_manager")]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["client", "on"], condition=Q(voided_at=None), name="contact_of_client"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["employee", "on"], condition=Q(voided_at=None), name="contact_by_employee"),
        ),
        migrations.AddIndex(
            model_name="statuschange",
            index=models.Index(fields=["on"], name="status_change_by_day"),
        ),
    ]
