"""Every statement that changes what the public may count leaves its difference behind.

Triggers, so that nothing is missed whoever writes (deeds, erasure, bulk loads, a shell), and so
that a deed pays no statement of its own. They see whole statements: COPY of a million rows leaves
one row per cell and day, not a million. Both ends are grouped together, so what did not change for
the map adds up to nothing and is not written.
"""

from django.db import migrations

# The day from which on a change counts as lately. Without the row (emptied tables), 30 days ago.
SINCE = """
CREATE FUNCTION reports_since() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT since FROM reports_lately), (now() AT TIME ZONE 'Europe/Berlin')::date - 30
    )
$$;
INSERT INTO reports_lately (id, since) VALUES (1, reports_since());
"""

# A report's key in the pyramid and what it adds there, times the sign of `side`.
FACE = """
    (report.changed_at AT TIME ZONE 'Europe/Berlin')::date,
    (reports_spot(report.public_position) >> 14)::integer,  -- level 15
    report.municipality_id,
    report.status,
    coalesce(side.group_id, 0),
    sum(side.sign),
    sum(side.sign * round(ST_X(report.public_position) * 1000000)::bigint),
    sum(side.sign * round(ST_Y(report.public_position) * 1000000)::bigint),
    sum(side.sign * report.id)
"""


def differences(sides):
    """SQL: one row per key of the pyramid in which `sides` add up to something.

    `sides`: a FROM item that gives `report` and `side (group_id, sign)`; sign is 1 for what is
    there now and -1 for what was.
    """
    return f"""
        INSERT INTO reports_pyramiddelta
            (day, cell, municipality, status, "group", n, lon, lat, reports)
        SELECT * FROM (
            SELECT {FACE} FROM {sides}
            WHERE report.is_public AND report.public_position IS NOT NULL
            GROUP BY 1, 2, 3, 4, 5
        ) AS face (day, cell, municipality, status, "group", n, lon, lat, reports)
        WHERE n <> 0 OR lon <> 0 OR lat <> 0 OR reports <> 0;
    """


def of(rows):
    """`rows`: a FROM item of reports with their sign."""
    return f"""
        {rows} AS report JOIN reports_category AS category ON category.id = report.category_id
        CROSS JOIN LATERAL (SELECT category.group_id, report.sign) AS side
    """


BEFORE = "SELECT *, -1 AS sign FROM before"
AFTER = "SELECT *, 1 AS sign FROM after"

REPORT = f"""
CREATE FUNCTION reports_report_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN {differences(of(f"({AFTER})"))}
    ELSIF TG_OP = 'UPDATE' THEN {differences(of(f"({BEFORE} UNION ALL {AFTER})"))}
    ELSIF TG_OP = 'DELETE' THEN {differences(of(f"({BEFORE})"))}
    ELSE
        DELETE FROM reports_pyramiddelta;
        DELETE FROM reports_pyramidday;
        DELETE FROM reports_pyramidcell;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER report_came AFTER INSERT ON reports_report
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION reports_report_counted();
CREATE TRIGGER report_changed AFTER UPDATE ON reports_report
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION reports_report_counted();
CREATE TRIGGER report_left AFTER DELETE ON reports_report
    REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION reports_report_counted();
CREATE TRIGGER reports_emptied AFTER TRUNCATE ON reports_report
    FOR EACH STATEMENT EXECUTE FUNCTION reports_report_counted();
"""

# A category that moves to another group takes its reports along. Who writes a report meanwhile
# waits, for a report that still counted under the old group would be missed.
MOVED = """
    before JOIN after ON after.id = before.id
        AND before.group_id IS DISTINCT FROM after.group_id
    CROSS JOIN LATERAL (VALUES (before.group_id, -1), (after.group_id, 1)) AS side (group_id, sign)
    JOIN reports_report AS report ON report.category_id = before.id
"""
CATEGORY = f"""
CREATE FUNCTION reports_category_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM before JOIN after USING (id)
        WHERE before.group_id IS DISTINCT FROM after.group_id
    ) THEN
        RETURN NULL;
    END IF;
    LOCK TABLE reports_report IN SHARE ROW EXCLUSIVE MODE;
    {differences(MOVED)}
    RETURN NULL;
END $$;
CREATE TRIGGER category_moved AFTER UPDATE ON reports_category
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION reports_category_counted();
"""

# Folded deltas are dead rows: cleared away soon, they cost no reader anything.
TIDY = """
ALTER TABLE reports_pyramiddelta SET (
    autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0
);
"""

BACKWARDS = """
DROP TRIGGER category_moved ON reports_category;
DROP FUNCTION reports_category_counted();
DROP TRIGGER report_came ON reports_report;
DROP TRIGGER report_changed ON reports_report;
DROP TRIGGER report_left ON reports_report;
DROP TRIGGER reports_emptied ON reports_report;
DROP FUNCTION reports_report_counted();
DROP FUNCTION reports_since();
DELETE FROM reports_lately;
DELETE FROM reports_pyramiddelta;
DELETE FROM reports_pyramidday;
DELETE FROM reports_pyramidcell;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0009_pyramid'),
    ]

    # One transaction: the triggers' lock keeps writers out until what is there is counted too.
    operations = [
        migrations.RunSQL(
            SINCE + REPORT + CATEGORY + TIDY
            + differences(of("(SELECT *, 1 AS sign FROM reports_report)")),
            BACKWARDS,
        ),
    ]
