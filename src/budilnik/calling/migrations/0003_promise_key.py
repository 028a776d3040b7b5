from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("calling", "0002_turns_holds_and_matters")]

    operations = [
        migrations.AddField(
            model_name="callback",
            name="key",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="callback_key_once"),
        ),
    ]
