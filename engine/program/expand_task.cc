#include "engine/program/expand_task.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/program/words.h"

namespace kvali::program {

namespace {

std::string machine_name(const v1::Program& program, const std::string& task) {
  return fmt::format("{}/{}", program.name(), task);
}

/// A machine that is done as soon as it begins.
v1::Machine one_final(const v1::Program& program, const std::string& task, const std::string& state, Word label,
                      const v1::Place& place) {
  MachineBuilder builder(machine_name(program, task));
  const Index index = builder.add_state(0, state, v1::Node::FINAL, place);
  builder.state(index).set_implied(true);
  *builder.state(index).mutable_label() = word(label, program);
  return std::move(builder.machine());
}

void add_note(v1::TaskKind& kind, const char* name, const v1::Note& note) {
  v1::Field& field = *kind.add_fields();
  field.set_name(name);
  field.set_type(v1::Field::TEXT);
  *field.mutable_label() = note.label();
  field.set_required(note.required());
  field.set_at_least(note.at_least());
  field.set_at_most(note.at_most());
}

}  // namespace

v1::TaskKind expand_log(const v1::Program& program, const v1::Log& log,
                        const google::protobuf::RepeatedPtrField<std::string>& waits_for, const v1::Place& place) {
  v1::TaskKind kind;
  kind.set_name(log.name());
  *kind.mutable_label() = log.label();
  if (log.has_plural()) *kind.mutable_plural() = log.plural();
  *kind.mutable_by() = log.by().empty() ? waits_for : log.by();
  *kind.mutable_fields() = log.fields();
  kind.set_attendance(log.attendance());
  *kind.mutable_machine() = one_final(program, log.name(), "held", Word::Recorded, place);
  *kind.mutable_place() = place;
  return kind;
}

v1::TaskKind expand_review(const v1::Program& program, const v1::Review& review, const std::string& name, const v1::Place& place) {
  v1::TaskKind kind;
  kind.set_name(name);
  *kind.mutable_label() = review.has_label() ? review.label() : word(Word::Assessment, program);
  kind.add_by(review.by());
  for (const v1::Criterion& criterion : review.criteria()) {
    v1::Field& field = *kind.add_fields();
    field.set_name(criterion.name());
    // A scale may begin below nought.
    field.set_type(v1::Field::WHOLE_NUMBER);
    if (criterion.has_label()) *field.mutable_label() = criterion.label();
    field.set_at_least(review.scale().from());
    field.set_at_most(review.scale().to());
    field.set_required(true);
  }
  if (review.has_feedback()) add_note(kind, "feedback", review.feedback());
  if (review.has_comment()) add_note(kind, "comment", review.comment());
  *kind.mutable_machine() = one_final(program, name, "done", Word::Reviewed, place);
  *kind.mutable_review() = review;
  *kind.mutable_place() = place;
  return kind;
}

v1::TaskKind expand_report(const v1::Program& program, const v1::Stage& stage, const v1::Report& report,
                           const std::string& yaml_path, const Places& places) {
  const v1::Place place = places.at(yaml_path);
  v1::TaskKind kind;
  kind.set_name(report.form());
  kind.set_report(true);
  for (const v1::Form& form : stage.forms()) {
    if (form.name() != report.form()) continue;
    *kind.mutable_fields() = form.fields();
    *kind.mutable_label() = form.has_label() ? form.label() : word(Word::Reports, program);
  }
  std::vector<std::string> by(report.by().begin(), report.by().end());
  if (by.empty()) by.emplace_back("applicant");

  MachineBuilder builder(machine_name(program, report.form()));
  const auto add = [&](const char* name, v1::Node::Kind node_kind, Word label) {
    const Index index = builder.add_state(0, name, node_kind, place);
    builder.state(index).set_implied(true);
    *builder.state(index).mutable_label() = word(label, program);
    if (node_kind == v1::Node::ATOMIC) *builder.state(index).mutable_waits_for() = {by.begin(), by.end()};
    return index;
  };
  const Index awaited = add("awaited", v1::Node::ATOMIC, Word::Awaited);
  const Index overdue = add("overdue", v1::Node::ATOMIC, Word::Overdue);
  const Index received = add("received", v1::Node::FINAL, Word::Received);

  const auto add_hand_in = [&](Index from) {
    v1::Arrow& arrow = builder.add_arrow(from, place);
    arrow.mutable_move()->set_name("hand_in");
    *arrow.mutable_move()->mutable_by() = {by.begin(), by.end()};
    *arrow.mutable_move()->mutable_label() = word(Word::HandIn, program);
    arrow.add_targets(received);
  };
  add_hand_in(awaited);
  v1::Timer& deadline = builder.add_timer(awaited, "deadline", "due.awaited.deadline", place);
  deadline.set_at("planned");
  deadline.set_offset(report.grace());
  v1::Arrow& late = builder.add_arrow(awaited, place);
  late.add_events(deadline.event());
  late.add_targets(overdue);
  *late.mutable_label() = word(Word::DeadlinePassed, program);
  const std::vector<std::string> told(report.overdue().tell().begin(), report.overdue().tell().end());
  if (!told.empty()) add_tell(late, told, "overdue", "deadline", places.at(yaml_path + ".overdue"));

  for (int i = 0; i < report.remind_size(); ++i) {
    const v1::Place at = places.at(fmt::format("{}.remind.{}", yaml_path, i + 1));
    v1::Timer& timer = builder.add_timer(awaited, fmt::format("deadline.remind.{}", i + 1),
                                         fmt::format("remind.awaited.deadline.{}", i + 1), at);
    timer.set_at("planned");
    timer.set_offset(report.remind(i));
    timer.set_of("deadline");
    timer.set_past_fires(false);
    v1::Arrow& arrow = builder.add_arrow(awaited, at);
    arrow.add_events(timer.event());
    add_tell(arrow, by, "reminder", "deadline", at);
  }
  add_hand_in(overdue);
  *kind.mutable_machine() = std::move(builder.machine());
  *kind.mutable_place() = place;
  return kind;
}

std::string gate_name(const std::string& move, const std::string& state_path) { return fmt::format("{}@{}", move, state_path); }

bool has_gate(const v1::Move& move) { return !move.agreed_by().empty() || move.four_eyes() || move.has_vote(); }

v1::TaskKind expand_gate(const v1::Program& program, const v1::Move& move, Index state, const std::string& state_path, const v1::Place& place) {
  v1::TaskKind kind;
  kind.set_name(gate_name(move.name(), state_path));
  *kind.mutable_label() = move.label();
  *kind.mutable_place() = place;
  v1::Gate& gate = *kind.mutable_gate();
  gate.set_move(move.name());
  gate.set_state(state);
  gate.set_persons(move.four_eyes() ? 2 : static_cast<std::uint32_t>(move.agreed_by_size()));
  *gate.mutable_parties() = move.agreed_by();
  *gate.mutable_rests_on() = move.rests_on();
  gate.set_body(move.vote().body());
  const bool votes = move.has_vote();

  MachineBuilder builder(machine_name(program, kind.name()));
  const auto add = [&](const char* name, v1::Node::Kind node_kind, Word label) {
    const Index index = builder.add_state(0, name, node_kind, place);
    builder.state(index).set_implied(true);
    *builder.state(index).mutable_label() = word(label, program);
    return index;
  };
  const Index given = add(votes ? "open" : "given", v1::Node::ATOMIC, votes ? Word::VoteOpen : Word::Agreed);
  const Index made = add("made", v1::Node::FINAL, votes ? Word::VoteCarried : Word::AgreementMade);
  const Index withdrawn = add("withdrawn", v1::Node::FINAL, Word::Withdrawn);
  const Index lapsed = add("lapsed", v1::Node::FINAL, Word::Lapsed);
  const auto lead = [&](const char* event, const char* guard, Index to) {
    v1::Arrow& arrow = builder.add_arrow(given, place);
    if (*event != '\0') arrow.add_events(event);
    arrow.set_guard(guard);
    arrow.add_targets(to);
  };
  if (votes) {
    const auto body = std::find_if(program.bodies().begin(), program.bodies().end(), [&](const v1::Body& one) { return one.name() == move.vote().body(); });
    if (body != program.bodies().end()) builder.state(given).add_waits_for(body->role());
    const Index lost = add("lost", v1::Node::FINAL, Word::VoteLost);
    lead("", "vote.decided && vote.carried", made);
    lead("", "vote.decided && !vote.carried", lost);
    v1::Timer& deadline = builder.add_timer(given, "deadline", "due.open.deadline", place);
    deadline.set_within(move.vote().within().empty() ? "P14D" : move.vote().within());
    lead("due.open.deadline", "vote.carried", made);
    lead("due.open.deadline", "!vote.carried", lost);
  } else {
    *builder.state(given).mutable_waits_for() = move.by();
    lead("gate.made", "", made);
  }
  lead("gate.lapsed", "", lapsed);
  v1::Arrow& back = builder.add_arrow(given, place);
  back.mutable_move()->set_name("withdraw");
  *back.mutable_move()->mutable_by() = move.by();
  *back.mutable_move()->mutable_label() = word(Word::Withdraw, program);
  back.add_targets(withdrawn);
  *kind.mutable_machine() = std::move(builder.machine());
  return kind;
}

}  // namespace kvali::program
