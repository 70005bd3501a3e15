"""The registry for vocational-standard assessment instruments: what every school reports (spec: assessment.md).

Importing the package maps every table and registers the grants that follow from them.
"""

from models.assessment import registration as registration
