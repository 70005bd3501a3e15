"""Every entity that the product declares, known by its import before a test asks for one."""

import models.core.entities
import models.fund.entities  # noqa: F401
