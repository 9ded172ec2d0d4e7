"""The desk's addresses: what the caseworkers do, in words that say nothing of the subject."""

from __future__ import annotations

from django.urls import path

from cases.desk import (
    approvals,
    assessing,
    case,
    child,
    deadlines,
    disputes,
    files,
    finding,
    holding,
    letters,
    listing,
    locations,
    notices,
    partners,
    pulling,
    queue,
    reveal,
    submissions,
    trimming,
    work,
)

app_name = "desk"

_CASE = "cases/<str:reference>/"
_FILE = _CASE + "files/<int:position>/"
_PLACE = _CASE + "locations/<int:position>/"
_NOTICE = "notices/<uuid:notice_id>/"
_VIEW = _CASE + "views/<uuid:reveal_id>/"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("approvals/", approvals.waiting, name="approvals"),
    path("approvals/<uuid:entry_id>/", approvals.proposal, name="proposal"),
    path("approvals/<uuid:entry_id>/approve", approvals.approve, name="approve"),
    path("approvals/<uuid:entry_id>/reject", approvals.reject, name="reject"),
    path("next", pulling.pull_next, name="next"),
    path(_CASE + "put-back", pulling.put_back, name="put_back"),
    path(_CASE + "priority", pulling.prioritise, name="priority"),
    path("due/", deadlines.due, name="due"),
    path("find/", finding.find, name="find"),
    path("find/<uuid:search_id>/", finding.answer, name="found"),
    path("disputes/", disputes.waiting, name="disputes"),
    path("disputes/<uuid:quarantine_id>/", disputes.dispute, name="dispute"),
    path("disputes/<uuid:quarantine_id>/propose", disputes.propose, name="dispute_propose"),
    path("disputes/<uuid:quarantine_id>/decide", disputes.decide, name="dispute_decide"),
    path("submissions/", submissions.waiting, name="submissions"),
    path("submissions/<uuid:submission_id>/", submissions.submission, name="submission"),
    path("submissions/<uuid:submission_id>/link", submissions.link, name="submission_link"),
    path("submissions/<uuid:submission_id>/propose", submissions.propose, name="submission_propose"),
    path("submissions/<uuid:submission_id>/refuse", submissions.refuse, name="submission_refuse"),
    path("partners/", partners.everyone, name="partners"),
    path("partners/<uuid:partner_id>/", partners.partner, name="partner"),
    path(_NOTICE, notices.notice, name="notice"),
    path(_NOTICE + "change", notices.change, name="notice_change"),
    path(_NOTICE + "approve", notices.approve, name="notice_approve"),
    path(_NOTICE + "send", notices.send, name="notice_send"),
    path(_NOTICE + "take-back", notices.take_back, name="notice_take_back"),
    path(_NOTICE + "copies/<slug:form>", notices.copy, name="notice_copy"),
    path(_CASE, case.case, name="case"),
    path(_CASE + "contact", case.contact, name="contact"),
    path(_CASE + "messages", letters.messages, name="messages"),
    path(_CASE + "messages/settle", letters.settle, name="settle"),
    path(_CASE + "new-code", letters.new_code, name="new_code"),
    path(_CASE + "assign", work.assign_to_me, name="assign"),
    path(_CASE + "move", work.move, name="move"),
    path(_CASE + "child", child.suspect, name="child"),
    path(_CASE + "assessment", assessing.assess, name="assessment"),
    path(_CASE + "assessment/review", assessing.review, name="assessment_review"),
    path(_CASE + "hold", holding.propose, name="hold"),
    path(_CASE + "reported", child.reported, name="child_reported"),
    path("holds/<uuid:hold_id>/place", holding.place, name="hold_place"),
    path("holds/<uuid:hold_id>/lift", holding.lift, name="hold_lift"),
    path(_CASE + "notices/new", notices.choose, name="notice_choose"),
    path(_CASE + "notices/new/<slug:regime>", notices.write, name="notice_write"),
    path(_CASE + "locations/add", locations.add, name="location_add"),
    path(_PLACE, locations.location, name="location"),
    path(_PLACE + "step", locations.step, name="location_step"),
    path(_PLACE + "look", locations.look, name="location_look"),
    path(_FILE + "preview", files.preview, name="preview"),
    path(_FILE + "view", reveal.ask, name="reveal"),
    path(_FILE + "trim", trimming.trim, name="trim"),
    path(_FILE + "again", trimming.retry, name="retry"),
    path(_FILE + "propose", listing.propose, name="propose"),
    path(_FILE + "not-listed", listing.not_listed, name="not_listed"),
    path(_FILE + "withdraw", listing.withdraw, name="withdraw"),
    path(_VIEW, reveal.show, name="shown"),
    path(_VIEW + "open", reveal.open_now, name="open"),
    path(_VIEW + "content", reveal.content, name="content"),
]
