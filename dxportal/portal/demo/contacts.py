"""The demo's contact persons without account."""

from dxportal.core.organizations.models import Organization
from dxportal.core.people.models import Contact
from dxportal.portal.demo.world import read


def load(prefecture: Organization) -> bool:
    """Once; also beside the demo of the version before. Whether anything was loaded."""
    if Contact.objects.filter(organization__prefecture=prefecture).exists():
        return False
    towns = {town.name: town for town in prefecture.members.municipalities()}
    rows = [row for row in read("contacts.yaml") if row["town"] in towns]
    Contact.objects.bulk_create(
        Contact(organization=towns[row["town"]], **{name: value for name, value in row.items() if name != "town"})
        for row in rows
    )
    return True
