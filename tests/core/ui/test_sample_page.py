import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.urls import reverse


@pytest.fixture
def sample_page(client, settings):
    settings.DEMO = True
    return client.get(reverse("ui:samples"))


def test_every_component_is_drawn(sample_page):
    assert sample_page.status_code == 200
    html = sample_page.content.decode()
    assert "入力内容に誤りが" in html
    assert html.count("data-chart=") == 4
    assert "<h1>部品見本</h1>" in html


def test_the_sample_page_asks_the_database_nothing(client, settings, django_assert_num_queries, db):
    settings.DEMO = True

    with django_assert_num_queries(0):
        client.get(reverse("ui:samples"))


def test_pages_hold_no_inline_script_style_or_handler(sample_page):
    html = sample_page.content.decode()

    assert " style=" not in html
    assert "<style" not in html
    assert "<script>" not in html
    assert not [word for word in (" onclick=", " onload=", " onchange=", "javascript:") if word in html]


def test_the_sample_page_is_absent_in_production(client, settings):
    settings.DEMO = settings.DEBUG = False

    assert client.get(reverse("ui:samples")).status_code == 404


@pytest.mark.parametrize(
    "source",
    [
        '{% chip "x" "pink" %}',
        "{% tier_chip 5 %}",
        '{% alert level="panic" %}{% endalert %}',
        '{% icon "unknown" %}',
        '{% kpi "a" 1 colour="red" %}',
        '{% download_links "/x/" formats="docx" %}',
    ],
)
def test_a_wrong_word_in_a_template_fails_at_once(source):
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}" + source).render(Context())
