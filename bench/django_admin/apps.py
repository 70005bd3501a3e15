"""The one app of the project."""

from django.apps import AppConfig


class Fund(AppConfig):
    """Organizations and proposals."""

    name = "bench.django_admin"
    label = "fund"
