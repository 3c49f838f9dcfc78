from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("sandbox", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SandboxSetup",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=64)),
                ("return_to", models.CharField(max_length=500)),
                ("choice", models.CharField(blank=True, max_length=32)),
                ("status", models.CharField(default="open", max_length=8)),
            ],
        ),
    ]
