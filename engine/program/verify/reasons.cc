#include "engine/program/verify/reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/program/verify/verify.h"

namespace kvali::program {

namespace proof {

namespace {

constexpr std::array pages = {
    Page{"accepted-nothing", "A finding is accepted under `accepted`, and there is no such finding.",
         "An acceptance that fits nothing hides the next finding at that place: somebody once explained what is no longer there, or mistyped its "
         "code or its place.",
         "accepted:\n  - {finding: always-holds, at: stages.apply.states.draft.moves.submit.if, why: It will be narrowed next year}",
         "Take the line out, or copy code and place from what `kvali check` says."},
    Page{"always-holds", "A condition that is true whatever is filled in. A warning.",
         "It decides nothing: either it is a leftover, or something else was meant, and what should be refused is let through.",
         "needs: [{when: size(meetings) >= 0, why: At least three meetings}]",
         "Leave the condition out, or write what was meant (`>= 3`)."},
    Page{"dead-transition", "A move, deadline or event that is never taken, although the state it starts from is come to.",
         "Somebody wrote it for a case, and that case never has its way: what stands before it always comes first, what it waits for never "
         "comes, or its state is left as soon as it is entered. Workflow nets call this a dead transition.",
         "moves:\n  small: {if: 'initiative.kind == \"small\"', to: simple}\n  other: {to: full}\n  large: {if: 'initiative.kind == \"large\"', to: full_with_site_visit}",
         "Put the special case before the general one, or take the move out."},
    Page{"endless-cycle", "Moves that make themselves and lead round in a circle.",
         "The moment an initiative comes there, the engine would go round for ever; it stops after 1,000 steps and refuses what led there. "
         "Nobody can get through.",
         "states:\n  a: {label: A, moves: {on: {label: On, if: initiative.ready, to: b}}}\n  b: {label: B, moves: {back: {label: Back, if: initiative.ready, to: a}}}",
         "Let a person, a date or a condition that excludes the first stand somewhere in the circle."},
    Page{"four-eyes", "The person who reviews may be the one who is reviewed.",
         "A review is meant to be somebody else's look. With one person on both sides it is a formality, and no auditor accepts it. An error where "
         "the reviewing role is the one that brings initiatives; a warning where it may speak for it.",
         "review: {by: applicant, each: 1, criteria: {impact: 1}, scale: 1 to 5}",
         "Give the review to a role that neither brings initiatives nor enters applications on paper for those who do."},
    Page{"maybe-missing", "A day that waits for a date of the cohort which need not be filled in. A warning.",
         "A cohort can be opened without it, and then the deadline never comes, and what waits for it waits for ever, without a word.",
         "cohort:\n  parameters:\n    closes: {type: date, label: Closes}\n…\ndeadline: {by: cohort.closes, then: lapsed}",
         "Say `required: true` of the date, or ask `has(cohort.closes) ? cohort.closes : …`."},
    Page{"maybe-unwritten", "The `if` of a person's move reads a field that need not be filled in by then. A warning.",
         "A condition about what is not there is neither yes nor no: the move silently disappears from the screen, and nobody is told what is missing.",
         "moves:\n  large: {label: Large grant, by: manager, if: initiative.asked > 100000, to: visit}",
         "Make the field `required_for` a move before, ask `has(initiative.asked) && …`, or put the condition under `needs`, which tells why."},
    Page{"never-filled", "A field that nobody can fill in.",
         "Who may write it may not see it, so it stays empty for ever, and every move that needs it stays shut.",
         "score: {type: number, seen_by: manager, written_by: mentor, label: Score}",
         "Add a role that writes it to `seen_by`, or one that sees it to `written_by`."},
    Page{"never-holds", "A condition that is false whatever is filled in.",
         "What stands behind it never happens: a move nobody can make, a field nobody is asked for, a refusal for everybody.",
         "if: 'initiative.kind == \"small\" && initiative.kind == \"large\"'",
         "Mostly `||` was meant, or another name of a choice. What lies behind the condition is looked at as if it were mended."},
    Page{"no-option-to-complete", "A situation that can be come to, and from which no end can be come to any more.",
         "An initiative that gets there is stuck: no deadline, no move leads it out, and in the reports it stays open for ever. Moves from `anywhere` do not "
         "count: that one may always withdraw is no way to complete. (Option to complete is the first demand on a sound workflow net: van der Aalst, 1998.)",
         "alongside:\n  papers: {states: {writing: {moves: {hand_in: {to: in_time, …}, skip: {to: skipped, …}}}, in_time: {final: true}, skipped: {waits_for: manager, …}}}\n"
         "  visits: {…}\nwhen_done: follow_up",
         "Follow the steps that are told, and give the last state a move, a deadline, or make it `final`. If the program is meant to have no end, say "
         "`forever: true`."},
    Page{"overlapping-guards", "Two moves that make themselves, from one state, whose conditions may both hold, neither being a special case of the other. A warning.",
         "What stands first wins, silently. Its author rarely thought of the case in which both hold, and whoever reorders the file changes the programme.",
         "moves:\n  grant:   {if: 'initiative.kind == \"company\"', to: loan}\n  network: {if: initiative.network, to: club}",
         "Let one exclude the other (`&& !initiative.network`), or accept the finding and say that the order is meant."},
    Page{"quota-never-fills", "A quota whose places no initiative ever holds.",
         "It promises places and limits nobody: `held_while` names only states that initiatives pass through without resting, or ends.",
         "quotas: {seats: {at_most: 20, held_while: [decided]}}   # and `decided` goes on by itself",
         "Name the states in which a place is really taken."},
    Page{"read-before-written", "A condition reads a list (meetings, reports, a review) that cannot have anything in it yet.",
         "No way to that state passes the state in which the list is written, so the condition is about nothing, always.",
         "waitlist: {ranked_by: review.score, …}   # and no way to the waitlist passes the review",
         "Lead the way through the state that writes it, or move the condition behind it."},
    Page{"role-nobody-holds", "A role is waited for that nobody can hold.",
         "The initiative waits for a person who cannot exist: the role belongs to a locality and the initiative has none, or nobody may assign the role.",
         "moderator: {label: Moderator, scope: locality}   # and no field of type locality is asked for before moderators are waited for",
         "Ask for the locality before (`required_for` an earlier move), give the role another scope, or add a role of the cohort that manages it."},
    Page{"shown-by-itself", "A field that is asked for only when it has been filled in, or several that wait for each other.",
         "Nobody is ever asked for it, so it is never filled in.",
         "partner: {type: yes or no, shown_when: initiative.partner, label: With a partner}",
         "Let `shown_when` ask for a field that is asked for anyway."},
    Page{"two-regions-write", "Moves of two parts that run side by side write the same field.",
         "Whoever comes later overwrites the other, and both screens said it was saved. Which value stands in the end is chance.",
         "alongside:\n  office: {… moves: {sign: {must_give: amount, …}}}\n  field:  {… moves: {confirm: {must_give: amount, …}}}",
         "Give each part a field of its own, or let one of the moves come after both."},
    Page{"unreachable-form", "Something to be filled in (a log, a review, a report) in a state that is left as soon as it is entered.",
         "Nobody has time to fill it in; conditions that count it never hold.",
         "held: {label: Held, log: {visits: …}, moves: {on: {label: On, to: next}}}   # `on` makes itself at once",
         "Give the state a person's move or a date, or put the form where initiatives rest."},
    Page{"unreachable-state", "A state that no initiative ever comes to, although the names of moves lead there.",
         "It was drawn for a case that cannot occur: whoever reads the program, or the guidelines made of it, is promised something that never happens.",
         "second: {label: Second call, …}   # the only move there stands behind one that is always made first",
         "Mend the move that leads there, or take the state out."},
};

}  // namespace

std::span<const Page> pages_of_proof() { return pages; }

namespace {

std::vector<Page> all_pages() {
  std::vector<Page> all;
  for (const auto some : {pages_of_proof(), pages_of_checks(), pages_of_reading(), pages_of_plans(), pages_of_subjects(), pages_of_choosing(), pages_of_forms()}) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end(), [](const Page& a, const Page& b) { return a.code < b.code; });
  return all;
}

/// Each line two blanks in.
std::string indented(std::string_view text) {
  std::string out = "  ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

/// Lines of at most 100 characters, broken at blanks.
std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column > 0 && column + 1 + word.size() > 100) {
      out += '\n';
      column = 0;
    }
    if (column > 0) out += ' ', ++column;
    out += word;
    column += word.size();
  }
  return out;
}

}  // namespace

}  // namespace proof

std::string explain_code(std::string_view code) {
  for (const proof::Page& page : proof::all_pages()) {
    if (page.code != code) continue;
    std::string out = fmt::format("{}\n\n{}\n", page.code, proof::wrapped(page.what));
    if (!page.why.empty()) out += fmt::format("\n{}\n", proof::wrapped(page.why));
    if (!page.example.empty()) out += fmt::format("\nFor example\n\n{}\n", proof::indented(page.example));
    return out + fmt::format("\nTo mend it\n\n{}\n", proof::indented(proof::wrapped(page.mend)));
  }
  return {};
}

std::vector<std::string> explained_codes() {
  std::vector<std::string> codes;
  for (const proof::Page& page : proof::all_pages()) codes.emplace_back(page.code);
  return codes;
}

}  // namespace kvali::program
