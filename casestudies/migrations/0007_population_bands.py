"""1万人未満 becomes two bands of the index's facets, those of the dashboard: below 5,000, and from there on."""

from django.db import migrations

# The rows keep population and kind of their organisations side by side (−1: not known), so no text is read again.
SPLIT = """
UPDATE casestudies_caseindex i SET facets = (
    SELECT array_agg(facet ORDER BY facet COLLATE "C") FROM (
        SELECT unnest(array_remove(i.facets, 'bands:to1')) AS facet
        UNION
        SELECT CASE WHEN p.population < 5000 THEN 'bands:to5k' ELSE 'bands:5kto1' END
        FROM unnest(i.populations, i.kinds) AS p (population, kind)
        WHERE p.kind <> 'prefecture' AND p.population BETWEEN 0 AND 9999
    ) AS f
)
WHERE 'bands:to1' = ANY(i.facets)
"""
JOIN = """
UPDATE casestudies_caseindex SET facets = array_remove(array_remove(facets, 'bands:to5k'), 'bands:5kto1') || 'bands:to1'::text
WHERE facets && ARRAY['bands:to5k', 'bands:5kto1']
"""


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0006_attachments_of_cases")]

    operations = [migrations.RunSQL(SPLIT, JOIN)]
