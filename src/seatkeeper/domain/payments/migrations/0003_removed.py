from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="method",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
