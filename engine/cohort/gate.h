#pragma once
// What a move waits for beside the person who asks for it: the consents of others, or the vote of a body. Both are tasks of their
// initiative, each a small machine of its own; a move whose gate is open is made like any other.
#include <optional>
#include <string>
#include <vector>

#include "engine/cohort/advance.h"
#include "engine/cohort/facts.h"

namespace kvali::cohort {

/// How a vote stands.
struct Tally {
  std::uint32_t yes = 0, no = 0, abstain = 0, excused = 0, in_conflict = 0;
  std::uint32_t cast = 0;     // yes, no and abstain
  std::uint32_t awaited = 0;  // members who have said nothing yet
  std::uint32_t quorum = 0;
  bool decided = false;       // everybody has spoken, or whoever has not cannot change it
  bool carried = false;       // it would be, if it were closed now
};

/// The body of the cohort's version by that name, else of the initiative's; null where neither has it.
const v1::Body* body_of(const Cohort& cohort, const Model& model, const std::string& name);
/// So many must vote.
std::uint32_t quorum_of(const v1::Body& body);
Tally tally_of(const Cohort& cohort, const Initiative& initiative, const Task& task, const v1::Body& body, Instant now);

/// The unfinished tasks of a gate: consents that were given, or the vote that is open; oldest first.
std::vector<const Task*> open_items(const Initiative& initiative, const TaskModel& gate);
/// The vote that was carried while the state of its move has been active, though the move itself could not be made yet.
const Task* carried_vote(const Initiative& initiative, const TaskModel& gate);
/// Roles of which somebody still has to agree, once each; of four eyes those of the move, while a person is missing.
std::vector<std::string> missing_parties(const Initiative& initiative, const TaskModel& gate, const v1::Arrow& arrow);
/// Whether `person` made one of the moves or wrote one of the fields that the move is not for: which. Null: none.
const std::string* made_by(const Initiative& initiative, const v1::Arrow& arrow, const std::string& person);
/// What people call a move or a field.
v1::Text label_of_made(const Model& model, const std::string& name);
/// Why a member does not vote on this initiative: she brought it, or belongs to who did, or made what is voted on. Nothing: she may.
std::optional<Refusal> conflict_of(const Sketch& sketch, const Initiative& initiative, const v1::Arrow& arrow, const std::string& person);

/// The arrow of a gate's move.
std::optional<statechart::ArrowId> arrow_of(const Initiative& initiative, const TaskModel& gate);

/// Takes or holds a move whose needs were met and whose gate is open.
std::optional<Refusal> take_move(Sketch& sketch, Bench& bench, Slot slot, const std::string& task, statechart::ArrowId arrow, const v1::Value& reason,
                                 std::vector<Freed>& freed);

/// Consents and votes of what was left are void, or all of them when `all`.
void lapse_left(Sketch& sketch, Bench& bench, Slot slot, const google::protobuf::RepeatedField<std::uint32_t>& left, bool all);
/// So are those that rest on a field that was written.
void lapse_written(Sketch& sketch, Bench& bench, Slot slot, const google::protobuf::RepeatedPtrField<v1::FieldWritten>& written);
/// What follows from a vote that has just been closed: the move, or where it leads when it was not carried. What the rules forbid now
/// waits until somebody asks for the move again.
void after_vote(Sketch& sketch, Bench& bench, Slot slot, const std::string& task, std::vector<Freed>& freed);

}  // namespace kvali::cohort
