from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("payments", "0002_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="method",
            name="removed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
