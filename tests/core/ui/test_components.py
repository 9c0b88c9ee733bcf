from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template

from dxportal.core.ui.tags.lists import heat_class


def draw(source, query="", **values):
    request = SimpleNamespace(GET=QueryDict(query))
    return Template("{% load ui %}" + source).render(Context({"request": request, **values}))


def test_text_from_outside_is_escaped_everywhere():
    evil = "<b>&"
    sources = [
        "{% chip x %}", "{% kpi x x unit=x change=x note=x %}", "{% tier_chip 1 x %}", "{% breadcrumbs items %}",
        "{% alert heading=x %}{{ x }}{% endalert %}", "{% meta_line source=x note=x %}", "{% progress 1 2 x %}",
        "{% sort_header x 'f' %}", "{% bar 1 2 label=x %}", "{% sparkline values x %}", "{% heat_cell None missing=x %}",
    ]  # fmt: skip

    drawn = [draw(source, x=evil, items=[(evil, evil), (evil, None)], values=[1]) for source in sources]

    assert [html for html in drawn if "<b>" in html or "&lt;b&gt;&amp;" not in html] == []


@pytest.mark.parametrize(
    ("query", "link", "state"),
    [
        ("", "?sort=name", "none"),
        ("sort=name&q=a", "?q=a&amp;sort=-name", "ascending"),
        ("sort=-name&page=3", "?sort=name", "descending"),
    ],
)
def test_a_sortable_header_turns_the_order_and_goes_back_to_page_one(query, link, state):
    html = draw("{% sort_header '団体' 'name' %}", query)

    assert f'href="{link}"' in html
    assert f'aria-sort="{state}"' in html


def test_paging_keeps_the_filter_and_vanishes_for_a_single_page():
    pages = Paginator(range(120), 50)

    html = draw("{% pagination page %}", "q=a&page=2", page=pages.page(2))

    assert 'href="?q=a&amp;page=1"' in html
    assert 'href="?q=a&amp;page=3"' in html
    assert draw("{% pagination page %}", page=Paginator([1], 50).page(1)) == ""


@pytest.mark.parametrize(("value", "level"), [(0, 1), (5.9, 1), (6, 2), (12, 3), (24, 5), (30, 5), (31, 5)])
def test_heat_has_five_equal_classes(value, level):
    assert heat_class(value, 30) == level


def test_a_missing_figure_is_never_zero():
    assert draw("{{ x|score }}{{ x|number:'未回答' }}{{ x|percent }}", x=None) == "—未回答—"
    assert "heat-none" in draw("{% heat_cell x 30 %}", x=None)
    assert "データなし" in draw("{% bar x 30 %}", x=None)


def test_a_gap_in_a_series_is_a_gap_in_the_line():
    html = draw("{% sparkline values 'x' %}", values=[1, 2, None, 3, 4])

    assert html.count("<circle") == 4
    assert html.split(' d="')[1].split('"')[0].count("M") == 2


def test_progress_says_its_numbers():
    assert "回答 42／66問</span>" in draw("{% progress 42 66 '回答' %}")
    assert "0／0問" in draw("{% progress 0 0 %}")


def test_download_links_keep_the_query_of_the_page():
    assert 'href="/x/?format=xlsx&amp;bureau=2"' in draw("{% download_links '/x/' query='bureau=2' %}")


def test_an_empty_distribution_says_so_instead_of_drawing_nothing():
    html = draw("{% tier_bar counts %}", counts=[(1, "関与", 0), (4, "共創", 0)])

    assert html == '<p class="missing">まだ分類された団体はありません。</p>'
