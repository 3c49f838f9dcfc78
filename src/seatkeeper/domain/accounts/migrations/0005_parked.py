from django.db import migrations, models

from seatkeeper.kit.migrating import AddIndexBeside


class Migration(migrations.Migration):
    """Parked accounts are found without reading the others."""

    atomic = False
    dependencies = [
        ('accounts', '0004_tolerance'),
    ]
    operations = [
        AddIndexBeside(
            model_name='account',
            index=models.Index(condition=models.Q(('parked_reason', ''), _negated=True), fields=['seller', 'id'], name='account_parked'),
        ),
    ]
