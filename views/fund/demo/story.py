"""Three fiscal years of the fund as they may have gone: every state is reached by its moves, at its moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from models.core.db import now
from models.core.identity import Account
from models.fund.codes import DISABILITIES, Result
from models.fund.proposal import Proposal, create_proposal
from models.fund.scoring import current_form
from models.fund.screening import save_screening, screening_of, send_screening
from models.fund.wizard import PARTS, save_part
from tests.factories.believable import believable_content
from views.fund.demo import papers
from views.fund.demo.content import Writer
from views.fund.demo.diary import Diary
from views.fund.demo.judging import CLOSING_REASONS, check_list
from views.fund.demo.organizations import House
from views.fund.demo.people import Staff
from views.fund.demo.themes import THEMES, Theme

# The last thing that happens to a draft that is never sent, with how many of them there are.
UNSENT = (("begun", 5), ("written", 3), ("ready", 4), ("deleted", 3))
YOUNG = 75  # days in which more proposals come in than before, so that every level has some in hand
LARGE = 9  # every so manieth proposal is as long as the longest real ones


@dataclass
class Plan:
    """One proposal to be: whose, about what, sent when."""

    house: House
    author: Account
    theme: Theme
    budget: int
    is_large: bool = False


class Story:
    """Who writes what when, and what the fund's staff do with it; the meetings are told in `meetings`."""

    def __init__(self, random: Random, diary: Diary, staff: Staff, houses: list[House]) -> None:
        self.random, self.diary, self.staff, self.houses = random, diary, staff, houses
        self.form = current_form()
        self._themes: list[Theme] = []

    # --- writing -----------------------------------------------------------------------------------------------------

    def plan(self, count: int, days: int) -> None:
        """Let so many proposals be sent over the last `days` days, and some drafts be begun that are not."""
        young = count // 3
        offsets = [-days + 30 + (days - 30 - YOUNG) * n / (count - young) for n in range(count - young)]
        offsets += [-(YOUNG - 1) * (1 - n / young) ** 1.4 - 1 for n in range(young)]
        for number, offset in enumerate(offsets):
            self._begin(self._plan(number), offset)
        for number, (end, how_many) in enumerate(UNSENT):
            for other in range(how_many):
                self._begin(self._plan(number + other * 3), -2 - 3 * other, end)

    def _plan(self, number: int) -> Plan:
        random = self.random
        house = self.houses[0] if number % 8 == 0 else random.choice(self.houses)
        if not self._themes:
            self._themes = random.sample(THEMES, len(THEMES))
        author = house.authors[0] if random.random() < 0.7 else random.choice(house.authors)
        budget = random.choice((98, 145, 186, 240, 286, 320, 398, 452, 486, 540, 612, 745, 890, 980, 1_450)) * 1000
        return Plan(house, author, self._themes.pop(), budget + random.choice((0, 500, 750)), number % LARGE == 4)

    def _begin(self, plan: Plan, offset: float, end: str = "sent") -> None:
        sent_at = self.diary.day(offset)
        begun_at = self.diary.after(sent_at, -24, -12)
        written_at = self.diary.after(sent_at, -10, -4)
        made: list[Proposal] = []
        writer = Writer(self.random, plan.house.organization, plan.author)
        title = writer.title(plan.theme)

        def begin() -> None:
            proposal = create_proposal(plan.author, plan.house.organization)
            made.append(proposal)
            begins = (sent_at + timedelta(days=self.random.randint(120, 210))).date().replace(day=1)
            content = believable_content() if plan.is_large else writer.content(plan.theme, title, begins, plan.budget)
            if plan.is_large:
                self._make_own(content, plan, title)
            self._save(proposal, plan.author, {part: content[part] for part in ("1", "2.1")})
            rest = {part: content[part] for part in PARTS if part in content and part not in ("1", "2.1")}
            if end != "begun":
                self.diary.at(written_at, plan.author, lambda: self._write(proposal, plan, rest))

        def finish() -> None:
            if end == "deleted":
                self._do(made[0], "delete", plan.author)
            elif end in ("sent", "ready"):
                self._hand_in(made[0], plan, sent_at, only_ready=end == "ready")

        self.diary.at(begun_at, plan.author, begin)
        if end in ("sent", "ready", "deleted"):
            self.diary.at(sent_at - timedelta(hours=2), plan.author, finish)

    def _make_own(self, content: dict[str, Any], plan: Plan, title: str) -> None:
        """Let the long proposal be this author's own."""
        organization, author = plan.house.organization, plan.author
        words = organization.email.partition("@")[2]
        content["2.1"] |= {
            "title": title,
            "disabilities": [kind for kind in DISABILITIES if kind in plan.theme.disabilities],
            "unit_name": f"กลุ่มบริหารวิชาการ {organization.name}",
            "unit_phone": organization.phone,
            "unit_email": f"project@{words}",
            "coordinator_name": author.full_name,
            "coordinator_email": author.email,
        }

    def _write(self, proposal: Proposal, plan: Plan, rest: dict[str, Any]) -> None:
        kinds = ["expense_table"]
        kinds += ["training_table", "speaker_history"] if plan.theme.kind in ("training", "camp") else []
        kinds += ["research_outline"] if plan.theme.kind == "research" else []
        kinds += ["other"] if self.random.random() < 0.3 else []
        has_files = plan.is_large or plan.theme.kind == "research" or self.random.random() < 0.6
        files = papers.attachments(plan.author, kinds) if has_files else []
        self._save(proposal, plan.author, {**rest, "4": {"attachments": files}})

    @staticmethod
    def _save(proposal: Proposal, by: Account, content: dict[str, Any]) -> None:
        for part in PARTS:
            if part in content:
                save_part(proposal, part, content[part], by, proposal.version)

    def _hand_in(self, proposal: Proposal, plan: Plan, sent_at: datetime, *, only_ready: bool = False) -> None:
        """The author marks it ready, the manager confirms; a manager's own goes at once."""
        manager = plan.house.manager
        if plan.author.id != manager.id or only_ready:
            self._do(proposal, "mark_ready", plan.author)
        if not only_ready:
            self.diary.at(max(sent_at, now() + timedelta(minutes=20)), manager, lambda: self._send(proposal, plan))

    def _send(self, proposal: Proposal, plan: Plan) -> None:
        self._do(proposal, "submit", plan.house.manager)
        officer = self.random.choice(self.staff.officers)
        seen_at = self.diary.after(now(), 1, 4)
        self.diary.at(seen_at, officer, lambda: self._look(proposal, officer))
        self.diary.at(self.diary.after(seen_at, 1, 6), officer, lambda: self._screen(proposal, plan, officer))

    @staticmethod
    def _do(proposal: Proposal, move: str, by: Account, **given: Any) -> None:
        proposal.perform(move, by, proposal.version, **given)

    # --- screening ---------------------------------------------------------------------------------------------------

    def _look(self, proposal: Proposal, officer: Account) -> None:
        """The form is begun and kept: saved, not sent."""
        revision = proposal.submitted_revision
        if revision is not None and self.random.random() < 0.5:
            save_screening(proposal, check_list(revision, Result.PASS), officer, 0)

    def _screen(self, proposal: Proposal, plan: Plan, officer: Account) -> None:
        revision = proposal.submitted_revision
        assert revision is not None, "it was sent"  # noqa: S101
        if self.random.random() < 0.05:
            self._do(proposal, "not_consider", officer, reason=self.random.choice(CLOSING_REASONS))
            return
        result = self._chosen({Result.PASS: 0.84 if revision.number == 1 else 0.95, Result.DOCUMENTS: 0.7}, Result.FAIL)
        form = screening_of(revision)
        save_screening(proposal, check_list(revision, result), officer, form.version if form else 0)
        send_screening(proposal, result, officer, proposal.version)
        if result != Result.PASS:
            self.comes_back(proposal, plan)

    def _chosen(self, chances: dict[str, float], otherwise: str) -> str:
        return next((result for result, chance in chances.items() if self.random.random() < chance), otherwise)

    # --- revisions ---------------------------------------------------------------------------------------------------

    def comes_back(self, proposal: Proposal, plan: Plan | None = None) -> None:
        """Most of those that come back are written anew and sent again."""
        plan = plan or self._plan_of(proposal)
        # Those of the accounts to try are left to whoever tries them.
        if self.random.random() < (0.7 if plan.house is self.houses[0] and self._is_young() else 0.25):
            return
        revised_at = self.diary.after(now(), 4, 12)
        self.diary.at(revised_at, plan.author, lambda: self._revise(proposal, plan))

    def _is_young(self) -> bool:
        return now() > self.diary.until - timedelta(days=2 * YOUNG)

    def _plan_of(self, proposal: Proposal) -> Plan:
        house = next(house for house in self.houses if house.organization.id == proposal.organization_id)
        author = next(author for author in house.authors if author.id == proposal.author_id)
        theme = next((theme for theme in THEMES if proposal.title.startswith(theme.title)), THEMES[0])
        return Plan(house, author, theme, int(proposal.amount_asked))

    def _revise(self, proposal: Proposal, plan: Plan) -> None:
        self._do(proposal, "revise", plan.author)
        draft = proposal.current_revision
        better = f"{draft.rationale}\nฉบับแก้ไขนี้เพิ่มข้อมูลจากการสำรวจในพื้นที่และปรับตัวชี้วัดตามข้อเสนอแนะของกองทุน"
        self._save(proposal, plan.author, {"2.2": {"rationale": better}})
        sent_at = self.diary.after(now(), 5, 14)
        self.diary.at(sent_at - timedelta(hours=1), plan.author, lambda: self._hand_in(proposal, plan, sent_at))
