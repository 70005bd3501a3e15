"""The two lists, and entries that fill the menu up to as many as Sala's has."""

from django.contrib import admin

from bench.django_admin.models import Organization, Proposal, more_entries

# Users and groups are registered by Django itself.
ENTRIES = 50 - 4


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """The list of organizations."""

    list_display = ("name", "province_code", "sector")
    list_filter = ("sector",)
    search_fields = ("name",)
    list_per_page = 25


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    """The list of proposals, with the columns and filters of Sala's."""

    list_display = (
        "sequence",
        "fiscal_year",
        "listed_at",
        "title",
        "organization",
        "screening_status",
        "group_status",
        "group_points",
        "sub_status",
        "sub_points",
        "board_status",
    )
    list_filter = ("screening_status", "group_status", "sub_status", "board_status")
    search_fields = ("title", "organization__name")
    list_select_related = ("organization",)
    list_per_page = 25
    ordering = ("-listed_at",)


for entry in more_entries(ENTRIES):
    admin.site.register(entry)
