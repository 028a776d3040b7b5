from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("calling", "0007_levellings")]

    operations = [
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(fields=["employee", "due_at"], name="callback_by_employee"),
        ),
    ]
