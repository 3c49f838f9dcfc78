from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_backup_method"),
    ]

    operations = [
        migrations.AddField(
            model_name="seller",
            name="gateways",
            field=models.JSONField(default=dict),
        ),
    ]
