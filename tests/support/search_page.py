"""Asking for the search page and reading which of the small cases it lists."""

import re

PAGE = "/cases/"


def found(page: str) -> list[str]:
    return re.findall(r'id="case-(t-[a-z]+)"', page)


def show(client, query: str = "") -> str:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200
    return response.content.decode()
