"""Thai words for the copy of a person's data: what each table holds, what the columns mean."""

from __future__ import annotations

INTRODUCTION = """ข้อมูลส่วนบุคคลของท่านที่ระบบเก็บไว้ ณ วันที่ {day}

จัดทำตามพระราชบัญญัติคุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 มาตรา 30 และมาตรา 31
ไฟล์ในโฟลเดอร์ data เป็นรูปแบบ JSON (UTF-8) เปิดอ่านได้ด้วยโปรแกรมแก้ไขข้อความ วันเวลาเป็นเวลาสากล (UTC) ปี ค.ศ.
รหัสผ่านและรหัสของลิงก์แสดงเป็น •••• เพราะระบบเก็บเฉพาะค่าที่เข้ารหัสทางเดียว
รายการที่ท่านเป็นเพียงผู้กระทำต่อข้อมูลของผู้อื่น แสดงเฉพาะว่าท่านทำและทำเมื่อใด"""

# Of a copy that somebody takes by themselves, for nobody looked at their ID card.
LEFT_OUT = (
    "ข้อมูลที่ผู้อื่นบันทึกไว้ภายใต้เลขประจำตัวประชาชนของท่าน เช่น รายชื่อบุคคลขององค์กร ไม่อยู่ในสำเนานี้"
    " ท่านขอได้จากหน่วยงานโดยแสดงบัตรประจำตัวประชาชน"
)

TABLES = {
    "ab_user": "บัญชีผู้ใช้งาน",
    "core_profile": "ข้อมูลส่วนตัวและเลขประจำตัวประชาชน",
    "core_identity": "อีเมลที่ใช้เข้าสู่ระบบ",
    "core_consent": "การยอมรับข้อตกลงและนโยบายความเป็นส่วนตัว",
    "core_api_key": "กุญแจ API ที่ใช้สิทธิของบัญชี",
    "core_grant": "ประเภทผู้ใช้งานและสิทธิที่ได้รับ",
    "core_session": "การเข้าใช้งานของแต่ละอุปกรณ์",
    "core_one_time_link": "ลิงก์ที่ส่งทางอีเมล",
    "core_draft": "ข้อความที่พิมพ์ค้างไว้",
    "core_notification": "การแจ้งเตือน",
    "core_message": "ข้อความที่ได้รับ",
    "core_message_choice": "วิธีรับข้อความที่เลือก",
    "core_saved_list": "รายการที่บันทึกตัวกรองไว้",
    "core_file": "ไฟล์ที่นำเข้า",
    "core_job": "งานที่สั่งให้ระบบทำ",
    "core_import": "ไฟล์ข้อมูลที่ส่งเข้ามา",
    "core_matrix_change": "การแก้ไขสิทธิ",
    "core_privacy_request": "คำขอเกี่ยวกับข้อมูลส่วนบุคคล",
    "core_audit_entry": "บันทึกการใช้งานระบบ",
    "fund_membership": "การเป็นสมาชิกขององค์กร",
    "fund_organization_person": "รายชื่อกรรมการและเจ้าหน้าที่ขององค์กรที่มีชื่ออยู่",
    "fund_organization_distinct": "องค์กรที่ยืนยันว่าไม่ซ้ำกัน",
    "fund_proposal": "ข้อเสนอโครงการที่จัดทำ",
    "fund_revision": "ฉบับของข้อเสนอโครงการ",
    "fund_disability": "ประเภทความพิการที่เกี่ยวข้องกับโครงการ",
    "fund_line": "รายการในข้อเสนอโครงการ",
    "fund_step": "ขั้นตอนการดำเนินโครงการ",
    "fund_activity": "กิจกรรมของโครงการ",
    "fund_attachment": "เอกสารแนบของโครงการ",
    "fund_evaluation_session": "วาระการพิจารณาที่จัดทำ",
    "fund_session_member": "วาระการพิจารณาที่เป็นกรรมการ",
    "fund_stepping_out": "รายการที่ไม่ร่วมพิจารณา",
    "fund_cleared_conflict": "ส่วนได้เสียที่ตรวจแล้วว่าไม่มี",
    "fund_session_invitation": "หนังสือเชิญประชุมที่ได้รับ",
    "fund_committee_affiliation": "หน่วยงานที่สังกัดหรือเกี่ยวข้อง",
    "fund_screening": "การตรวจเอกสาร",
    "fund_sheet": "แบบกลั่นกรองที่บันทึก",
    "fund_board_decision": "ผลการพิจารณาที่บันทึก",
    "fund_scoring_form": "แบบประเมินที่ประกาศใช้",
    "assessment_school": "สถานศึกษาที่ใช้บัญชีนี้",
    "assessment_registration": "ข้อมูลสาขางานที่บันทึก",
    "assessment_unlock": "การเปิดให้สถานศึกษาบันทึกหลังปิดรอบ",
}

COLUMNS = {
    "title": "คำนำหน้าชื่อหรือชื่อเรื่อง",
    "first_name": "ชื่อ",
    "last_name": "นามสกุล",
    "username": "ชื่อผู้ใช้งาน",
    "email": "อีเมล",
    "active": "เปิดการใช้งาน",
    "locale": "ภาษา",
    "confirmed_at": "ยืนยันอีเมลเมื่อ",
    "password_changed_at": "เปลี่ยนรหัสผ่านเมื่อ",
    "last_login": "เข้าสู่ระบบครั้งล่าสุด",
    "citizen_id": "เลขประจำตัวประชาชน",
    "position": "ตำแหน่ง",
    "work_group": "กลุ่มงาน",
    "telephone": "โทรศัพท์",
    "mobile": "โทรศัพท์มือถือ",
    "kind": "ประเภท",
    "state": "สถานะ",
    "role": "บทบาท",
    "text": "ข้อความ",
    "text_version": "รุ่นของข้อความ",
    "accepted_at": "ยอมรับเมื่อ",
    "begins_at": "ตั้งแต่",
    "ends_at": "ถึง",
    "begun_at": "เริ่มเมื่อ",
    "seen_at": "ใช้ครั้งล่าสุดเมื่อ",
    "ended_at": "สิ้นสุดเมื่อ",
    "device": "อุปกรณ์",
    "address": "หมายเลข IP หรืออีเมลปลายทาง",
    "event": "เหตุการณ์",
    "told_at": "แจ้งเมื่อ",
    "read_at": "อ่านเมื่อ",
    "sent_at": "ส่งเมื่อ",
    "saved_at": "บันทึกเมื่อ",
    "content": "เนื้อหา",
    "name": "ชื่อ",
    "size": "ขนาด (ไบต์)",
    "uploaded_at": "นำเข้าเมื่อ",
    "asked_at": "ยื่นเมื่อ",
    "due_at": "กำหนดตอบ",
    "answer": "คำตอบ",
    "answered_at": "ตอบเมื่อ",
    "organization_id": "รหัสองค์กร",
    "fiscal_year": "ปีงบประมาณ",
    "sequence": "ลำดับที่",
    "amount_asked": "จำนวนเงินที่ขอ (บาท)",
    "number": "ฉบับที่",
    "at": "เมื่อ",
    "action": "การกระทำ",
    "entity": "ประเภทของรายการ",
    "entity_id": "รหัสของรายการ",
    "by": "ผู้กระทำ (self ท่านเอง, other ผู้อื่น)",
    "payload": "ค่าเดิมและค่าใหม่",
}

IN_ENGLISH = {
    "core_profile": "Profile and citizen ID",
    "core_identity": "E-mail to sign in with",
    "core_consent": "Accepted terms and privacy policies",
    "core_api_key": "API keys that act as your account",
    "core_grant": "Kinds of user and rights",
    "core_session": "Sessions by device",
    "core_one_time_link": "Links sent by mail",
    "core_draft": "Typing that was not saved",
    "core_notification": "Notifications",
    "core_message": "Messages sent to you",
    "core_message_choice": "How you want to be told",
    "core_saved_list": "Lists whose filters you saved",
    "core_file": "Files you brought",
    "core_job": "Work you had the system do",
    "core_import": "Files of records you sent in",
    "core_privacy_request": "Requests about personal data",
    "core_audit_entry": "Access log",
    "fund_membership": "Membership in organizations",
    "fund_proposal": "Proposals you drafted",
    "fund_session_member": "Evaluation sessions you sit on",
    "fund_stepping_out": "Items you stepped out of",
    "fund_cleared_conflict": "Interests that were found to be none",
    "fund_session_invitation": "Invitations to sessions",
    "fund_committee_affiliation": "Agencies you belong to",
    "assessment_school": "The school whose account this is",
    "assessment_registration": "Registrations you saved",
    "assessment_unlock": "Schools that you let save after a round’s end",
}


def table_label(name: str, lang: str) -> str:
    """What a table holds of a person, in a language."""
    return IN_ENGLISH.get(name, name) if lang == "en" else TABLES.get(name, name)
