from django.db import migrations, models

from seatkeeper.kit.migrating import AddIndexBeside


class Migration(migrations.Migration):
    """Counts of outcomes within a span of time come from an index."""

    atomic = False
    dependencies = [
        ('payments', '0003_removed'),
    ]
    operations = [
        AddIndexBeside(
            model_name='attempt',
            index=models.Index(condition=models.Q(('settled_at__isnull', False)), fields=['settled_at', 'status'], name='attempt_outcome'),
        ),
    ]
