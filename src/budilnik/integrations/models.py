"""What was loaded, from where, and what was refused."""

from django.db import models


class ImportRun(models.Model):
    """One run over one kind of file. accepted + unchanged + rejected = data rows, once `ended_at` is set."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    files = models.JSONField()
    on = models.DateField()
    accepted = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    rejected_file = models.CharField(max_length=400, blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class ImportProblem(models.Model):
    """Why rows were refused: one row per reason with its count and first place; the rows are in the file."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    code = models.CharField(max_length=48)
    rows = models.PositiveIntegerField()
    first_file = models.CharField(max_length=240)
    first_row = models.PositiveIntegerField()
    column = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "code", "column"], name="problem_once_a_run")]
