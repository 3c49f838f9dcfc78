from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0005_parked"),
    ]

    operations = [
        migrations.AddField(
            model_name="seller",
            name="gateways",
            field=models.JSONField(default=dict),
        ),
    ]
