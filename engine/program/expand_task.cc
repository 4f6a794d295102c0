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

namespace {

using Roles = google::protobuf::RepeatedPtrField<std::string>;

/// The machine of an entry that stays open: proposed, where two have to agree, then open until it is closed, overdue once its day has
/// passed. Its letters go out on the way to where it begins, in the step that writes it down.
class LastingEntry {
 public:
  LastingEntry(const v1::Program& program, const v1::Log& log, const Roles& writers, const v1::Place& place)
      : program_(program), log_(log), writers_(writers), place_(place), builder_(machine_name(program, log.name())) {}

  v1::Machine made() {
    const bool tells = log_.tells_size() > 0, agreed = log_.agreed_by_size() > 0, has_due = log_.has_due();
    const Index written = tells ? add("written", v1::Node::ATOMIC, Word::Recorded) : 0;
    const Index proposed = agreed ? add("proposed", v1::Node::ATOMIC, Word::Proposed) : 0;
    const Index open = add("open", v1::Node::ATOMIC, Word::StaysOpen);
    const Index overdue = has_due ? add("overdue", v1::Node::ATOMIC, Word::Overdue) : 0;
    std::vector<Index> ends;
    for (const v1::Closing& one : log_.closes()) {
      ends.push_back(builder_.add_state(0, one.name(), v1::Node::FINAL, place_));
      *builder_.state(ends.back()).mutable_label() = one.label();
    }
    if (tells) {
      v1::Arrow& begins = builder_.add_arrow(written, place_);
      begins.add_targets(agreed ? proposed : open);
      tell(begins, log_.tells());
    }
    if (agreed) agree(proposed, open);
    const Roles closers = who_closes();
    *builder_.state(open).mutable_waits_for() = closers;
    close(open, ends);
    if (!has_due) return std::move(builder_.machine());
    *builder_.state(overdue).mutable_waits_for() = closers;
    close(overdue, ends);
    add_due(open, overdue, closers);
    return std::move(builder_.machine());
  }

 private:
  Index add(const char* name, v1::Node::Kind kind, Word label) {
    const Index index = builder_.add_state(0, name, kind, place_);
    builder_.state(index).set_implied(true);
    *builder_.state(index).mutable_label() = word(label, program_);
    return index;
  }

  void tell(v1::Arrow& arrow, const google::protobuf::RepeatedPtrField<v1::Tell>& tells) const {
    for (const v1::Tell& one : tells) add_tell(arrow, {one.role()}, one.message(), "", place_);
  }

  v1::Arrow& move(Index from, const std::string& name, const Roles& by, const v1::Text& label, Index to) {
    v1::Arrow& arrow = builder_.add_arrow(from, place_);
    arrow.mutable_move()->set_name(name);
    *arrow.mutable_move()->mutable_by() = by;
    *arrow.mutable_move()->mutable_label() = label;
    arrow.add_targets(to);
    return arrow;
  }

  void agree(Index proposed, Index open) {
    *builder_.state(proposed).mutable_waits_for() = log_.agreed_by();
    const Index withdrawn = add("withdrawn", v1::Node::FINAL, Word::Withdrawn);
    move(proposed, "agree", log_.agreed_by(), word(Word::Agree, program_), open);
    move(proposed, "withdraw", log_.agreed_by(), word(Word::Withdraw, program_), withdrawn);
  }

  const Roles& by_of(const v1::Closing& one) const { return one.by().empty() ? writers_ : one.by(); }

  Roles who_closes() const {
    Roles roles;
    for (const v1::Closing& one : log_.closes())
      for (const std::string& role : by_of(one))
        if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.Add(std::string(role));
    return roles;
  }

  void close(Index from, const std::vector<Index>& ends) {
    for (int i = 0; i < log_.closes_size(); ++i) {
      const v1::Closing& one = log_.closes(i);
      v1::Arrow& arrow = move(from, one.name(), by_of(one), one.label(), ends[static_cast<std::size_t>(i)]);
      *arrow.mutable_move()->mutable_must_give() = one.must_give();
      tell(arrow, one.tells());
    }
  }

  v1::Timer& timer(Index open, const std::string& name, const std::string& event) {
    v1::Timer& made = builder_.add_timer(open, name, event, place_);
    if (log_.due().on().empty())
      made.set_within(log_.due().within());
    else
      made.set_at("task." + log_.due().on());
    return made;
  }

  void add_due(Index open, Index overdue, const Roles& closers) {
    const v1::EntryDue& due = log_.due();
    const std::vector<std::string> reminded(closers.begin(), closers.end());
    timer(open, "deadline", "due.open.deadline");
    v1::Arrow& late = builder_.add_arrow(open, place_);
    late.add_events("due.open.deadline");
    late.add_targets(overdue);
    add_tell(late, due.tell().empty() ? reminded : std::vector<std::string>(due.tell().begin(), due.tell().end()), "overdue", "deadline", place_);
    for (int i = 0; i < due.remind_size(); ++i) {
      v1::Timer& reminder = timer(open, fmt::format("deadline.remind.{}", i + 1), fmt::format("remind.open.deadline.{}", i + 1));
      reminder.set_offset(due.remind(i));
      reminder.set_of("deadline");
      reminder.set_past_fires(false);
      const std::string event = reminder.event();
      v1::Arrow& arrow = builder_.add_arrow(open, place_);
      arrow.add_events(event);
      add_tell(arrow, reminded, "reminder", "deadline", place_);
    }
  }

  const v1::Program& program_;
  const v1::Log& log_;
  const Roles& writers_;
  const v1::Place& place_;
  MachineBuilder builder_;
};

}  // namespace

const Roles& writers_of(const v1::Log& log, const Roles& waits_for) {
  if (!log.by().empty()) return log.by();
  return log.agreed_by().empty() ? waits_for : log.agreed_by();
}

v1::TaskKind expand_log(const v1::Program& program, const v1::Log& log,
                        const google::protobuf::RepeatedPtrField<std::string>& waits_for, const v1::Place& place) {
  v1::TaskKind kind;
  kind.set_name(log.name());
  *kind.mutable_label() = log.label();
  if (log.has_plural()) *kind.mutable_plural() = log.plural();
  *kind.mutable_by() = writers_of(log, waits_for);
  *kind.mutable_fields() = log.fields();
  kind.set_attendance(log.attendance());
  kind.set_minutes(log.minutes());
  kind.set_lasting(log.closes_size() > 0);
  *kind.mutable_agreed_by() = log.agreed_by();
  *kind.mutable_machine() = kind.lasting() ? LastingEntry(program, log, kind.by(), place).made()
                                           : one_final(program, log.name(), "held", Word::Recorded, place);
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
