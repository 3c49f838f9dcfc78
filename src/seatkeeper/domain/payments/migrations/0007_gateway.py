from django.db import migrations, models


def name_gateways(apps, schema_editor):
    """What there was came from the sandbox, and what has no gateway is paid by bank transfer."""
    apps.get_model("payments", "Method").objects.exclude(kind="bank_transfer").update(gateway="sandbox")


class Migration(migrations.Migration):

    dependencies = [
        ("payments", "0006_turn"),
    ]

    operations = [
        migrations.AddField(
            model_name="method",
            name="gateway",
            field=models.CharField(blank=True, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.RunPython(name_gateways, migrations.RunPython.noop),
    ]
