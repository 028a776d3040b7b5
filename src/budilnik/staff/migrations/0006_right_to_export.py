from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_load_share_is_a_row")]

    operations = [
        migrations.AddField(model_name="employee", name="may_export", field=models.BooleanField(default=False)),
    ]
