from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0007_drawn_by_lot")]

    operations = [
        migrations.AddIndex(
            model_name="poolentry",
            index=models.Index(fields=["entered_on", "drawn"], name="pool_entry_by_day"),
        ),
        migrations.AddIndex(
            model_name="poolentry",
            index=models.Index(
                condition=models.Q(left_on__isnull=False), fields=["left_on"], name="pool_entry_left_by_day"
            ),
        ),
        migrations.AddIndex(
            model_name="loss",
            index=models.Index(fields=["on"], name="loss_by_day"),
        ),
    ]
