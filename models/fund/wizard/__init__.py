"""The wizard's parts: what is missing, what is wrong, how typed content becomes rows (spec: fund.md 4)."""

from models.fund.codes import PARTS
from models.fund.wizard.check import Problem, WrongContent, longest_texts, missing, problems
from models.fund.wizard.copying import copy_revision
from models.fund.wizard.save import save_part, write_part

__all__ = [
    "PARTS",
    "Problem",
    "WrongContent",
    "copy_revision",
    "longest_texts",
    "missing",
    "problems",
    "save_part",
    "write_part",
]
