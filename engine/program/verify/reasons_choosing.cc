// What is told of deciding together: bodies, agreements, second persons, minutes.
#include <array>

#include "engine/program/verify/reasons.h"

namespace kvali::program::proof {

namespace {

constexpr std::array pages = {
    Page{"agrees-alone", "An agreement of one party.", "Whoever agrees would agree with nobody.", "agreed_by: [manager]", "Name another role, or write `by` with `four_eyes: true`."},
    Page{"body-role-twice", "Two bodies whose members hold the same role.", "A role has the seats of one body, so nobody could say which of the two is full.",
         "bodies: {jury: {role: member}, board: {role: member}}", "Give each body a role of its own."},
    Page{"body-scope", "A body whose members hold a role for a locality or for one initiative.", "A body decides for the whole cohort, so each member has to be one everywhere.",
         "roles: {mentor: {scope: locality}}, bodies: {jury: {role: mentor}}", "Give the role `scope: cohort`."},
    Page{"body-seats", "A body without seats, or with more than 99.", "Nobody could ever sit there, or it is no body that meets.", "bodies: {jury: {seats: 0}}", "Write how many members there may be at a time."},
    Page{"by-and-agreed", "A move with `by` and `agreed_by`.", "Whoever agrees is who makes it, so one of the lists would mean nothing.", "{by: manager, agreed_by: [manager, town]}", "Leave `by` out."},
    Page{"four-eyes-alone", "A move for four eyes whose role one person holds at most.", "A second person could never agree.", "accept: {by: applicant, four_eyes: true}", "Give `by` another role beside."},
    Page{"minutes-of-nothing", "A move that is made at once and waits for minutes.", "Only publishing can wait; what is made is made.", "close: {by: manager, after_minutes: board}", "Add `held: true`, or leave `after_minutes` out."},
    Page{"never-quorum", "A quorum above the number of seats.", "The body could never decide anything.", "bodies: {jury: {seats: 3, quorum: 4}}", "Lower the quorum or add seats."},
    Page{"no-chair", "A tie that the chair decides, and no chair.", "Every tie would stay a tie.", "bodies: {jury: {tie: chair}}", "Name the role of the chair: `chair: ROLE`."},
    Page{"nobody-else", "A move that must not be made by who made another, and one person at most makes both.", "Nobody could ever make it.", "accept: {by: applicant, not_by: submit}",
         "Give one of the moves another role."},
    Page{"quorum-below-majority", "A quorum that is no more than half of the seats, where more than half of all seats must say yes.",
         "With nobody there but the quorum nothing is ever carried, so the quorum misleads.", "bodies: {board: {seats: 7, quorum: 3, majority: of all seats}}", "Raise the quorum, or let those who vote decide."},
    Page{"reminds-of-nothing", "Reminders of the end of a term, and no term.", "There is no end to be reminded of.", "bodies: {jury: {remind: 30 days before}}", "Write a `term`, or leave `remind` out."},
    Page{"rests-on-nothing", "Fields that an agreement rests on, where nothing is agreed or voted on.", "Nothing could lapse when they change.", "choose: {by: manager, rests_on: cost}",
         "Leave `rests_on` out, or write who agrees."},
    Page{"two-gates", "A move with more than one of `agreed_by`, `four_eyes` and `vote`.", "Each says when the move is made, so two would contradict one another.", "{agreed_by: [a, b], four_eyes: true}",
         "Keep one; where both are meant, make two moves of it, one after the other."},
    Page{"unknown-body", "A body that the program does not have.", "Nobody could vote.", "award: {vote: juri}", "Use the name of one under `bodies`."},
    Page{"unused-body", "A body that decides nothing.", "Its members would never be asked, which is rarely meant.", "bodies: {jury: …}, and no `vote: jury`", "Let a move ask for its vote, or remove it."},
};

}  // namespace

std::span<const Page> pages_of_choosing() { return pages; }

}  // namespace kvali::program::proof
