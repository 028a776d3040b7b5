"""The load of an employee by days, his own norm only where it differs from the firm's, and versions taken back."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NORM_BEFORE = 20


def _norm_of_firm(apps, on):
    versions = apps.get_model("staff", "PolicyVersion").objects.filter(starts_on__lte=on).order_by("-version")
    row = versions.first()
    return row.settings.get("norm", NORM_BEFORE) if row else NORM_BEFORE


def _last_known_day(apps):
    """The day of the newest fact stands for today: the clock is not read here, and rules planned ahead do not count."""
    latest = apps.get_model("staff", "AuditEntry").objects.order_by("-at").first()
    return latest.at.date() if latest else datetime.date(2000, 1, 1)


def keep_loads_and_own_norms(apps, schema_editor):
    employees, loads = apps.get_model("staff", "Employee"), apps.get_model("staff", "Workload")
    on = _last_known_day(apps)
    at = datetime.datetime.combine(on, datetime.time(), datetime.UTC)
    loads.objects.bulk_create(
        loads(employee=each, from_on=each.joined_on, share=each.load_share, at=at)
        for each in employees.objects.exclude(load_share=1)
    )
    employees.objects.filter(norm=_norm_of_firm(apps, on)).update(norm=None)


def write_loads_and_norms_back(apps, schema_editor):
    employees, loads = apps.get_model("staff", "Employee"), apps.get_model("staff", "Workload")
    on = _last_known_day(apps)
    employees.objects.filter(norm=None).update(norm=_norm_of_firm(apps, on))
    for each in loads.objects.filter(from_on__lte=on).order_by("from_on"):
        employees.objects.filter(pk=each.employee_id).update(load_share=each.share)


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0003_jobs_and_outbox'),
    ]

    operations = [
        migrations.AddField(
            model_name='policyversion',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='policyversion',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Workload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('share', models.FloatField()),
                ('why', models.CharField(blank=True, default='', max_length=240)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('employee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='workloads', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('employee', 'from_on'), name='workload_once_a_day'),
                    models.CheckConstraint(condition=models.Q(('share__gte', 0), ('share__lte', 1)), name='workload_share'),
                ],
            },
        ),
        migrations.AlterField(
            model_name='employee',
            name='norm',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.RunPython(keep_loads_and_own_norms, write_loads_and_norms_back),
    ]
