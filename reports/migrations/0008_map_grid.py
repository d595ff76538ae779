"""Places and months as the map counts them, and what finds reports by them.

A place's spot is its square of zoom 22: column and row with their bits interleaved, so that all
spots of a tile of any zoom follow each other. The functions are used by indexes: they stay as they
are; one that shall answer otherwise gets another name and new indexes.
"""

import reports.workflow
from django.db import migrations, models

# The search path is kept with the function: a restore, and PostgreSQL 17 whenever it builds an
# index, calls it with an empty one, and PostGIS would not be found.
SPOT = """
CREATE FUNCTION reports_spot(place geometry) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    size CONSTANT float8 := 4194304;  -- 2 to the power of 22
    latitude float8 := radians(least(greatest(ST_Y(place), -85.0511287798066), 85.0511287798066));
    x bigint := floor((ST_X(place) + 180) / 360 * size);
    y bigint := floor((1 - asinh(tan(latitude)) / pi()) / 2 * size);
BEGIN
    x := least(greatest(x, 0), 4194303);
    y := least(greatest(y, 0), 4194303);
    -- Spread the bits, so that those of column and row interleave.
    x := (x | (x << 16)) & 281470681808895;
    x := (x | (x << 8)) & 71777214294589695;
    x := (x | (x << 4)) & 1085102592571150095;
    x := (x | (x << 2)) & 3689348814741910323;
    x := (x | (x << 1)) & 6148914691236517205;
    y := (y | (y << 16)) & 281470681808895;
    y := (y | (y << 8)) & 71777214294589695;
    y := (y | (y << 4)) & 1085102592571150095;
    y := (y | (y << 2)) & 3689348814741910323;
    y := (y | (y << 1)) & 6148914691236517205;
    RETURN x | (y << 1);
END $$;
"""

MONTH = """
CREATE FUNCTION reports_month(moment timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT date_trunc('month', moment AT TIME ZONE 'Europe/Berlin')::date
$$;
"""

OPEN = [
    reports.workflow.Status['IN_PROGRESS'],
    reports.workflow.Status['NEW'],
    reports.workflow.Status['ON_HOLD'],
]


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0007_letters_of_municipalities'),
    ]

    operations = [
        migrations.RunSQL(SPOT, "DROP FUNCTION reports_spot(geometry)"),
        migrations.RunSQL(MONTH, "DROP FUNCTION reports_month(timestamptz)"),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(models.Func('public_position', function='reports_spot'), condition=models.Q(('is_public', True), ('status__in', OPEN)), name='report_spot_open'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(models.Func('changed_at', function='reports_month'), models.Func('public_position', function='reports_spot'), condition=models.Q(('is_public', True), models.Q(('status__in', OPEN), _negated=True)), name='report_spot_closed'),
        ),
    ]
