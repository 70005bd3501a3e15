"""Statistics (สถิติการขอรับการสนับสนุน): figures kept exact with every change, and what the public may see of them.

Spec: fund.md 10. `facts` says what one proposal counts as, `keeping` keeps the sums, `reading` asks for them,
`hiding` decides which groups the public does not see.
"""

from models.fund.statistics import keeping as keeping
from models.fund.statistics.reading import Asked, Count, Figures, read
from models.fund.statistics.tables import StatisticCell, StatisticDelta, StatisticFact

__all__ = ["Asked", "Count", "Figures", "StatisticCell", "StatisticDelta", "StatisticFact", "keeping", "read"]
