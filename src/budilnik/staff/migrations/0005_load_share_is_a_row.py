"""The column gives way to the table that the migration before has filled; apart, for the database checks it between."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0004_workload_and_own_norm'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='employee',
            name='employee_load_share',
        ),
        migrations.RemoveField(
            model_name='employee',
            name='load_share',
        ),
    ]
