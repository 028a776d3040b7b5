from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("calling", "0004_whether_a_call_was_a_talk")]

    operations = [
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="callback_ended"),
        ),
    ]
