from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0006_history_by_day")]

    operations = [
        migrations.AddField(
            model_name="poolentry",
            name="drawn",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="poolentry",
            constraint=models.CheckConstraint(
                condition=models.Q(drawn__in=["", "in", "out", "broken"]), name="pool_entry_drawn_known"
            ),
        ),
    ]
