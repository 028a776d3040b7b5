from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_right_to_export")]

    operations = [
        migrations.AddField(
            model_name="employee",
            name="email",
            field=models.EmailField(blank=True, default="", max_length=254),
        ),
        migrations.AddField(model_name="employee", name="letter", field=models.BooleanField(default=True)),
    ]
