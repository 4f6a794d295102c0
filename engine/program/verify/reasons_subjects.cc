// Pages of what is seen of subjects beside initiatives.
#include <array>

#include "engine/program/verify/reasons.h"

namespace kvali::program::proof {

namespace {

constexpr std::array pages = {
    Page{"after-nobody", "A role that may be given only after a subject that no person brings.", "Nobody could ever stand there, so nobody could be given the role.",
         "roles: {mentor: {after: training.held}}", "Name a subject with `brought_by: person`, such as `expert.trained`."},
    Page{"attended-by-nobody", "An attendance list whose entries name neither an organisation nor a person.", "Nobody would ever have been there.",
         "log: {present: {attendance: true, fields: {hours: {type: count}}}}", "Give it a field of the type `organisation` or `person`."},
    Page{"attends-nothing", "An attendance list of initiatives.", "Who comes to a training comes to the training; the initiative is what brings them.",
         "stages: {mentoring: {states: {open: {log: {present: {attendance: true}}}}}}", "Write the training as a subject of its own, under `subjects`, with the list in it."},
    Page{"begins-holding", "A subject that begins by itself in a state that holds a place.", "Where no place is left it could not begin, and nobody would be there to be told.",
         "subjects: {place: {of: each locality, quotas: {grants: {at_most: 5, held_while: asked}}}}", "Let a later state hold the place."},
    Page{"begins-twice", "A subject that begins by itself, and that somebody begins or brings as well.", "There is one for each locality or for the season; a second one would be nobody's.",
         "subjects: {place: {of: each locality, begun_by: [manager]}}", "Leave out `of`, or `begun_by` and `brought_by`."},
    Page{"begun-by-nobody", "A subject that neither begins by itself nor is begun by anybody.", "There would never be one.", "subjects: {training: {label: Training, stages: …}}",
         "Say `begun_by: ROLE`, or `of: each locality` or `of: the cohort`."},
    Page{"no-locality", "A subject of each locality without a field that says which.", "Nobody could tell the fifteen apart, and none would be found by its locality.",
         "subjects: {place: {of: each locality}}", "Give it a field of the type `locality`."},
    Page{"two-attendances", "Two attendance lists in one subject.", "Guards read one list, `attended.SUBJECT`.", "log: {morning: {attendance: true}, evening: {attendance: true}}",
         "Keep one list and say in a field which part it was."},
    Page{"unknown-subject", "A role that may be given only after a subject that there is not.", "Nobody could ever be given the role.", "roles: {mentor: {after: exprt.trained}}",
         "Write SUBJECT.STATE, as they are named under `subjects`."},
};

}  // namespace

std::span<const Page> pages_of_subjects() { return pages; }

}  // namespace kvali::program::proof
