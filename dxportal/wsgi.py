"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from dxportal.running import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dxportal.settings")
embedded.ensure()
application = get_wsgi_application()

from dxportal.checks import refuse_unsafe_start  # noqa: E402 -- needs the apps

refuse_unsafe_start()
