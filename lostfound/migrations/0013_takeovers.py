import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lostfound', '0012_traces'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Takeover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Of the file', max_length=120)),
                ('data', models.BinaryField(blank=True, default=bytes)),
                ('place_kind', models.CharField(blank=True, max_length=16)),
                ('sent_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('fresh', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='takeovers', to='lostfound.office')),
            ],
            options={
                'verbose_name': 'Takeover of a stock',
                'verbose_name_plural': 'Takeovers of stocks',
                'ordering': ['-pk'],
            },
        ),
    ]
