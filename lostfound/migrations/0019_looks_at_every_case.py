"""Who looked at a loser or at a finder who reported from home is noted as for things."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0018_finds_by_transaction")]

    operations = [
        migrations.AddField(
            model_name='disclosure',
            name='find',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='disclosures', to='lostfound.findreport'),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='loss',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='disclosures', to='lostfound.lossreport'),
        ),
        migrations.AlterField(
            model_name='disclosure',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='disclosures', to='lostfound.founditem'),
        ),
        migrations.AlterField(
            model_name='disclosure',
            name='whose',
            field=models.CharField(choices=[('finder', 'Finder'), ('owner', 'Owner'), ('claim', 'Claimant'), ('loser', 'Who misses it')], max_length=6),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('find', None), ('item__isnull', False), ('loss', None)), models.Q(('find', None), ('item', None), ('loss__isnull', False)), models.Q(('find__isnull', False), ('item', None), ('loss', None)), _connector='OR'), name='disclosure_of_one_case'),
        ),
    ]
