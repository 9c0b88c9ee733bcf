"""Forms of a prefecture's own capacities."""

from django import forms

from dxportal.core.ui.fields import JpCharField
from dxportal.core.ui.forms import PortalForm


class OwnCapacityForm(PortalForm):
    name = JpCharField(label="役割の名称", limit=60)
    has_field = forms.BooleanField(
        label="分野をもつ", required=False, help_text="専門プロデューサーのように、分野を決めて置く役割"
    )


class OwnCapacityChangeForm(OwnCapacityForm):
    is_active = forms.BooleanField(
        label="使用中", required=False, help_text="外すと、新しく選べなくなります。登録済みの役割と人数は残ります。"
    )
