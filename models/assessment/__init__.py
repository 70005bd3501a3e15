"""The registry for vocational-standard assessment instruments: what every school reports (spec: assessment.md).

Importing the package maps every table and registers the kinds of user and the grants that follow from the tables.
"""

from models.assessment import activation as activation
from models.assessment import entities as entities
from models.assessment import note as note
from models.assessment import outside as outside
from models.assessment import registration as registration
from models.assessment import reminder as reminder
from models.assessment import status as status
from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL
from models.core.kinds import Kind, register_kinds

register_kinds(
    Kind(SCHOOL, "assessment", internal=False),
    Kind(PROVINCIAL, "assessment", internal=False),
    Kind(NATIONAL, "assessment", internal=True),
)
