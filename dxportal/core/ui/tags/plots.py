"""``{% chart %}``: a figure with caption, reading, drawing, table, sources and files."""

from typing import Any

from django.utils.safestring import SafeString

from dxportal.core.ui.charts import Chart
from dxportal.core.ui.tags.blocks import download_links, meta_line
from dxportal.core.ui.tags.library import draw, register


@register.simple_tag
def chart(chart: Chart) -> str:
    """One ``dxportal.core.ui.charts.Chart``. The page's ``scripts`` block must hold ``{% chart_scripts %}``."""
    return draw(
        "chart",
        chart=chart,
        data=SafeString(chart.data),
        meta=meta_line(**chart.meta) if chart.meta else "",
        downloads=download_links(chart.downloads) if chart.downloads else "",
    )


@register.simple_tag
def chart_scripts() -> Any:
    """The drawing library (4 MB, cached for good) and its starter; once a page, only where charts are."""
    return draw("chart_scripts")
