from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("sales", "0002_profiles_and_offers")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["ordered_on", "cancelled", "net"], name="order_by_day"),
        ),
    ]
