"""The fund's records as generated pages, files and the API know them; where work has a shape, its own pages do it."""

from __future__ import annotations

from models.core.entity import Entity, Gates, Kind, declare
from models.core.listing import Order
from models.core.reference.provinces import PROVINCES
from models.fund.codes import SECTORS, STAFF, SUPER_USER
from models.fund.organization import Organization

OFFICE = frozenset({STAFF, SUPER_USER})

ORGANIZATION = declare(
    Entity(
        "organization",
        Organization,
        Gates("organization.view", add="organization.create", change="organization.edit", delete="organization.delete"),
        users=OFFICE,
        group="fund",
        listed=("name", "sector", "province_code", "registered_year"),
        shown=(
            *("name", "sector", "parent_agency", "registered_year", "address", "subdistrict", "district"),
            *("province_code", "postcode", "phone", "email", "latitude", "longitude"),
        ),
        filtered=("sector", "province_code", "registered_year"),
        orders=(
            Order("name", (Organization.name_sort,), Organization.id),
            Order("-name", (Organization.name_sort,), Organization.id, descending=True),
        ),
        search=(Organization.name_search,),
        choices={"sector": SECTORS, "province_code": tuple(PROVINCES)},
        kinds={"email": Kind.EMAIL, "phone": Kind.PHONE},
        bounds={"registered_year": (2300, 2800), "latitude": (-90, 90), "longitude": (-180, 180)},
    )
)
