"""The fund for promoting education of persons with disabilities: proposals from draft to decision (spec: fund.md).

Importing the package maps every table, and registers the grants and file gates that follow from them, whichever of
its modules is asked for first.
"""

from models.fund import duplicates as duplicates
from models.fund import entities as entities
from models.fund import members as members
from models.fund import privacy as privacy
from models.fund import proposal as proposal
from models.fund import statistics as statistics
from models.fund import telling as telling
