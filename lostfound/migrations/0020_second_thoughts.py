"""A finder may say later, and at the counter, whether the owner may learn of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0019_looks_at_every_case")]

    operations = [
        migrations.AddField(
            model_name='finder',
            name='may_be_named',
            field=models.BooleanField(default=True, help_text='The owner may learn who found it, for the reward'),
        ),
        migrations.AlterField(
            model_name='claimevent',
            name='kind',
            field=models.CharField(choices=[('submitted', 'Handed in'), ('added', 'Added to'), ('asked', 'Question asked'), ('answered', 'Question answered'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected'), ('review', 'A second look was asked for'), ('withdrawn', 'Withdrawn'), ('identity', 'Identity checked'), ('unseen', 'Identity check taken back'), ('released', 'Handed over'), ('undone', 'Handing over undone')], max_length=10),
        ),
    ]
