// Pages of what is seen in a plan that leads running work from one version to another.
#include <array>

#include "engine/program/verify/reasons.h"

namespace kvali::program::proof {

namespace {

constexpr std::array pages = {
    Page{"gone", "Something of the old version that the new one does not have, and of which the plan says nothing.",
         "Whoever stands there, or what is written there, would be nowhere.", "stages: … # `returned` is no more",
         "Say where it leads or how it is called now (`application.returned: application.draft`), `{park: WHY}`, or `{drop: true}` for a name."},
    Page{"leads-to-end", "A state that the plan leads to an end.", "Nobody's initiative ends because the rules were changed.",
         "states: {application.returned: application.refused}", "Park it, and let a person say so."},
    Page{"never-there", "A configuration that leads to where the new version never comes.", "Nobody has thought of what happens there: there may be no way out.",
         "states: {support: closing}   # while a part that begins with it is left out", "Lead it to where the new version can be, or park it."},
    Page{"not-in-version", "A name that one of the versions does not have.", "", "fields: {sise: metres}", "Mend it; the nearest is told."},
    Page{"not-together", "A configuration of which the states lead to where nobody can be at once.",
         "Of two states in a row only one is active.", "states: {support.a.open: one, support.b.open: two}", "Lead them to states side by side, or park one."},
    Page{"other-count", "A quota whose places are counted by another thing in the new version.", "What is taken could not be told.",
         "beds: {of: initiative.locality}   # was: of the whole cohort", "Give it another name, and drop the old one."},
    Page{"other-kind", "A kind of task that is a report in one version and none in the other, or a review, or an entry that stays open.", "What was opened under the old one has no place in the new one.",
         "log: {visits: …}   # was: reports: {visits: …}", "Give it another name, and drop the old one."},
    Page{"other-program", "A plan for another program than its versions are of.", "It was taken for this one by mistake.", "program: garden-2018", "Mend the name."},
    Page{"other-type", "A field that has another type in the new version.", "What stands in it does not fit.", "size: {type: text}   # was: count",
         "Give it another name there, and drop the old one."},
    Page{"shift-by", "`shift` without `by`, or `by` without `shift`.", "Nobody knows how far.", "timers: {application.draft.deadline: shift}",
         "`{then: shift, by: 7 days}`."},
    Page{"to-or-drop", "A name that is neither given another one nor dropped, or both.", "One of them is meant.", "fields: {size: {}}", "`size: metres`, or `size: {drop: true}`."},
    Page{"to-or-park", "A state that is neither led somewhere nor parked, or both.", "One of them is meant.", "states: {application.returned: {}}",
         "`application.returned: application.draft`, or `{park: WHY}`."},
    Page{"two-in-one", "Two names that would both be one.", "What stands in one of them would be lost.", "fields: {size: metres, length: metres}", "Lead one elsewhere, or drop it."},
    Page{"unknown-timer", "A timer that the new version does not have.", "", "timers: {application.drft.deadline: keep}",
         "Write STATE.deadline, STATE.series.FORM or STATE.move.NAME; reminders follow their deadline."},
};

}  // namespace

std::span<const Page> pages_of_plans() { return pages; }

}  // namespace kvali::program::proof
