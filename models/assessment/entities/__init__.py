"""What the registry's records are to everything that is generated: pages under /records/, files, programs.

All of it is for the national office: schools and provinces work on pages made for the work. Numbers by branch have
their own page, file and totals, and are told here by their sum.
"""

from models.assessment.entities import reports as reports
from models.assessment.entities import schools as schools
