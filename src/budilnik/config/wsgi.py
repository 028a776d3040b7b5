"""The site for a web server."""

import os

from django.core.wsgi import get_wsgi_application

from budilnik.config.supervised import is_supervised, leave_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "budilnik.config.settings")
if is_supervised():
    # A worker of granian: its main process may be killed without a word.
    leave_with(os.getppid())

application = get_wsgi_application()
