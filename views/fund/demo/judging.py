"""What the demo's judges write: check lists, sheets with points on the wanted side of 80, advice."""

from __future__ import annotations

from random import Random
from typing import Any

from models.fund.codes import Result
from models.fund.revision import Revision
from models.fund.scoring import Choice, ScoringForm
from models.fund.screening import MISSION_FIT

SCREENING_ADVICE = {
    Result.PASS: "เอกสารครบถ้วน วัตถุประสงค์สอดคล้องกับภารกิจของกองทุน",
    Result.FAIL: "โครงการไม่สอดคล้องกับวัตถุประสงค์ของกองทุน ควรปรับกลุ่มเป้าหมายและกิจกรรมให้มุ่งการจัดการศึกษาสำหรับคนพิการโดยตรง",
    Result.DOCUMENTS: "ขอให้แนบตารางค่าใช้จ่ายที่แจกแจงรายการและใบเสนอราคา และลงนามรับรองประวัติวิทยากรให้ครบ",
}
PRAISE = (
    "โครงการตอบสนองความต้องการของผู้เรียนชัดเจน ควรเพิ่มแผนความยั่งยืนหลังสิ้นสุดโครงการ",
    "แผนงานเป็นไปได้ ขอให้รายงานความก้าวหน้าทุกสามเดือน",
    "ควรขยายผลไปยังโรงเรียนใกล้เคียงและเผยแพร่สื่อให้ใช้ได้โดยทั่วไป",
)
BLAME = (
    "ควรทบทวนค่าใช้จ่ายให้สอดคล้องกับจำนวนกลุ่มเป้าหมาย และระบุตัวชี้วัดที่วัดผลได้",
    "หลักการและเหตุผลยังไม่มีข้อมูลสนับสนุน ควรเพิ่มผลสำรวจในพื้นที่และปรับวัตถุประสงค์ให้ชัดเจน",
)
TOPIC_ADVICE = {
    3: "เพิ่มข้อมูลสถานการณ์ในพื้นที่และแหล่งอ้างอิง",
    4: "เขียนวัตถุประสงค์ให้วัดผลได้",
    5: "ระบุเกณฑ์การคัดเลือกกลุ่มเป้าหมาย",
    7: "จัดช่วงเวลาให้ตรงกับปฏิทินการศึกษา",
    9: "แจกแจงค่าใช้จ่ายต่อหน่วย",
    10: "ระบุผู้ที่จะใช้ประโยชน์จากผลงานต่อ",
    11: "เพิ่มตัวชี้วัดเชิงคุณภาพ",
}
CLOSING_REASONS = (
    "เป็นโครงการก่อสร้างอาคารซึ่งอยู่นอกภารกิจของกองทุน",
    "ได้รับการสนับสนุนจากแหล่งทุนอื่นเต็มจำนวนแล้ว",
    "องค์กรขอถอนโครงการเป็นลายลักษณ์อักษร",
)


def check_list(revision: Revision, result: str) -> dict[str, Any]:
    """Content of a screening form that leads to the result."""
    there = {file.kind for file in revision.attachments}
    items: dict[str, Any] = {MISSION_FIT: {"choice": "does_not_fit" if result == Result.FAIL else "fits"}}
    for kind in ("expense_table", "training_table", "speaker_history", "research_outline"):
        items[kind] = {"choice": "correct" if kind in there else "not_needed"}
    for file in revision.attachments_of("other"):
        items[f"other:{file.line_id}"] = {"choice": "correct"}
    if result == Result.DOCUMENTS:
        wrong = "incorrect" if "expense_table" in there else "missing"
        items["expense_table"] = {"choice": wrong, "advice": "แจกแจงจำนวน ราคาต่อหน่วย และแนบใบเสนอราคา"}
    return {"advice": SCREENING_ADVICE[result], "items": items}


def sheet(random: Random, form: ScoringForm, passes: bool) -> dict[str, Any]:
    """Content of a sheet whose total passes, or does not."""
    while True:
        ticked = {topic.number: 4 for topic in form.topics}
        for number in random.sample(sorted(ticked), random.randint(0, 4) if passes else random.randint(4, 8)):
            ticked[number] = 3 if passes else random.randint(1, 3)
        total = sum(topic.points[ticked[topic.number]] for topic in form.topics)
        if form.scale.passes(total) is passes:
            break
    return {
        "advice": random.choice(PRAISE if passes else BLAME),
        "topics": {
            number: {
                "choice": Choice.HAS,
                "ticked": sorted(random.sample(range(4), count)),
                "advice": TOPIC_ADVICE.get(number, "") if count < 4 else "",
            }
            for number, count in ticked.items()
        },
    }
