"""The fund's records as generated pages, files and the API know them; where work has a shape, its own pages do it.

They are the office's: applicants and committee members work on pages that weigh more than columns (drafts, results that
are not told yet, items that somebody stepped out of).
"""

from models.fund.entities import judging as judging
from models.fund.entities import organizations as organizations
from models.fund.entities import proposals as proposals
from models.fund.entities import sessions as sessions
