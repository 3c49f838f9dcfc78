from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("sandbox", "0002_setup"),
    ]

    operations = [
        migrations.AddField(
            model_name="sandboxcharge",
            name="refunds",
            field=models.CharField(blank=True, db_index=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="at",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="confirmed",
            field=models.CharField(blank=True, default="", max_length=3),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sandboxcharge",
            name="return_to",
            field=models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sandboxsetup",
            name="kinds",
            field=models.JSONField(default=list),
        ),
    ]
