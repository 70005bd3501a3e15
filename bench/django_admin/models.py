"""Sala's tables as Django sees them; it neither makes nor changes them."""

from django.db import models

from models.fund.codes import LEVEL_STATUSES, STATES


def _choices(codes):
    return [(code, code) for code in codes]


class Organization(models.Model):
    """An organization."""

    name = models.CharField(max_length=500)
    province_code = models.CharField(max_length=2)
    sector = models.CharField(max_length=10)

    class Meta:
        managed = False
        db_table = "fund_organization"

    def __str__(self):
        return self.name


class Proposal(models.Model):
    """A proposal."""

    fiscal_year = models.IntegerField(null=True)
    sequence = models.IntegerField(null=True)
    organization = models.ForeignKey(Organization, models.DO_NOTHING)
    title = models.CharField(max_length=500)
    listed_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=_choices(STATES))
    screening_status = models.CharField(max_length=20, choices=_choices(LEVEL_STATUSES["screening"]))
    group_status = models.CharField(max_length=20, choices=_choices(LEVEL_STATUSES["group"]))
    sub_status = models.CharField(max_length=20, choices=_choices(LEVEL_STATUSES["sub"]))
    board_status = models.CharField(max_length=20, choices=_choices(LEVEL_STATUSES["board"]))
    group_points = models.IntegerField(null=True)
    sub_points = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "fund_proposal"

    def __str__(self):
        return self.title


def more_entries(count):
    """So many proxies of the proposals: entries of the menu that lead to lists of their own."""
    return [
        type(
            f"Entry{number}",
            (Proposal,),
            {"__module__": __name__, "Meta": type("Meta", (), {"proxy": True, "app_label": "fund"})},
        )
        for number in range(count)
    ]
