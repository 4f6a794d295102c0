#include "tests/engine/cohort/walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/cohort/facts.h"
#include "engine/cohort/zone_table.h"

namespace kvali::cohort::testing {
namespace {

constexpr std::int64_t minute_us = 60 * calendar::second_us;

}  // namespace

Walk::Walk(std::uint64_t seed, const std::string& program, bool rehearsal, const std::string& text)
    : Practice({program, program == "socifaction-2017" ? "2016-12-01 09:00" : "2017-01-10 09:00", rehearsal, "", {}, {}, text}),
      random_(seed),
      rehearsal_(rehearsal),
      localities_({"utena", "kelme"}) {  // few, so that places are short
  people_ = {"manager", "second", "reader", "mentor-utena", "mentor-kelme", "coordinator-utena", "stranger"};
  people({people_.begin() + 1, people_.end()});
  for (int i = 1; i <= 8; ++i) {
    people_.push_back(fmt::format("person-{}", i));
    people({people_.back()});
  }
  const auto give_known = [&](const std::string& role, const std::string& person, const std::string& locality) {
    if (cohort().model->role(role)) give(role, person, locality);
  };
  give_known("manager", "manager", "");
  give_known("manager", "second", "");
  give_known("reviewer", "reader", "");
  for (const char* name : {"ada", "bo", "cy", "di"}) {
    give_known("reader", name, "");
    give_known("panelist", name, "");
    if (cohort().model->role("reader")) people_.emplace_back(name);
  }
  give_known("coordinator", "coordinator-utena", "utena");
  give_known("mentor", "mentor-utena", "utena");
  if (chance(70)) give_known("mentor", "mentor-kelme", "kelme");
  give_known("council", "coordinator-utena", "");
  give_known("chair", "person-1", "");
  for (const char* member : {"person-1", "person-2", "person-3", "person-4", "person-5"}) give_known("director", member, "");
}

void Walk::tell(const std::string& actor, v1::Command command, const std::string& fresh) {
  last_ = actor + ": " + command.ShortDebugString();
  const std::string kind = command.GetReflection()->GetOneofFieldDescriptor(command, command.GetDescriptor()->oneof_decl(0))->name();
  const std::string code = ask(actor, std::move(command), fresh);
  if (code.empty() && !records().empty()) done_.insert(kind);
  last_ += code.empty() ? "" : " → " + code;
  if (!code.empty()) return;
  for (const v1::Record& record : records())
    if (record.has_advanced() && record.advanced().task().empty()) arrows_.insert(record.advanced().arrows().begin(), record.advanced().arrows().end());
}

void Walk::step() {
  if (!rehearsal_) now += static_cast<std::int64_t>(below(chance(10) ? 4 * 24 * 60 : 8 * 60)) * minute_us;
  if (!cohort().model->program().bodies().empty() && !cohort().initiatives.empty() && chance(25)) return choose();
  const std::uint64_t what = below(100);
  const std::size_t few = cohort().model->program().bodies().empty() ? 4 : 2;  // where bodies choose, there are halls for three only
  if (cohort().initiatives.size() < few || what < 6) return begin();
  if (what < 16) return save();
  if (what < 56) return move();
  if (what < 64) return task();
  if (what < 69) return decisions();
  if (what < 74) return exception();
  if (what < 78) return manage();
  if (what < 82) return roles();
  if (what < 84) return deadline();
  if (what < 86) return odd();
  if (what < 96 && cohort().model->task("reading")) return review();
  pass();
}

const Initiative* Walk::some_initiative() {
  const Initiative* found = nullptr;
  for (int tries = 0; tries < 4; ++tries) {  // mostly one that goes on
    found = &one_of(cohort().initiatives);
    if (!found->ended()) return found;
  }
  return found;
}

std::string Walk::who_may(const Initiative& initiative, const google::protobuf::RepeatedPtrField<std::string>& roles) {
  if (roles.empty() || chance(8)) return some_person();
  const std::string& role = roles[static_cast<int>(below(static_cast<std::uint64_t>(roles.size())))];
  const std::vector<std::string> persons = holders(cohort(), initiative, role, instant_in(cohort(), now));
  return persons.empty() ? std::string("manager") : one_of(persons);
}

v1::Date Walk::some_date() {
  const Instant from = instant_in(cohort(), now);
  return date_of(calendar::date_at(cohort().zone, from + (static_cast<std::int64_t>(below(90)) - 20) * calendar::day_us));
}

v1::Value Walk::some_value(const v1::Field& field) {
  v1::Value value;
  if (chance(4)) {
    value.set_flag(true);  // of a kind that most fields do not take
    return value;
  }
  switch (field.type()) {
    case v1::Field::COUNT:
    case v1::Field::WHOLE_NUMBER: value.set_number(static_cast<std::int64_t>(below(7))); break;
    case v1::Field::LOCALITY: value.set_text(some_locality()); break;
    case v1::Field::DATE: *value.mutable_date() = some_date(); break;
    case v1::Field::CHOICES:
      for (const v1::Choice& one : field.choices())
        if (chance(40)) value.mutable_list()->add_values()->set_text(one.name());
      break;
    case v1::Field::YES_OR_NO: value.set_flag(chance(50)); break;
    case v1::Field::CHOICE: value.set_text(field.choices(static_cast<int>(below(static_cast<std::uint64_t>(field.choices_size())))).name()); break;
    default: value.set_text(std::string(chance(90) ? static_cast<std::size_t>(std::max<std::int64_t>(field.at_least(), 12)) : 5, 'x'));
  }
  if (chance(3)) value.set_empty(true);
  return value;
}

void Walk::fill(google::protobuf::RepeatedPtrField<v1::FieldInput>& inputs, const google::protobuf::RepeatedPtrField<v1::Field>& fields, std::uint64_t percent) {
  for (const v1::Field& field : fields) {
    if (!chance(percent)) continue;
    v1::FieldInput& input = *inputs.Add();
    input.set_name(field.name());
    *input.mutable_value() = some_value(field);
    if (chance(10)) input.set_if_version(static_cast<std::uint32_t>(below(3)));
  }
}

void Walk::begin() {
  v1::Command command;
  fill(*command.mutable_start_initiative()->mutable_fields(), cohort().model->program().initiative().fields(), 92);
  std::string actor = one_of(people_);
  if (chance(10)) {
    command.set_on_behalf_of(actor);
    command.set_channel(v1::PAPER);
    actor = chance(70) ? "manager" : some_person();
  }
  tell(actor, std::move(command), fmt::format("i{}", ++made_));
}

void Walk::save() {
  const Initiative& initiative = *some_initiative();
  v1::Command command;
  v1::SaveFields& save = *command.mutable_save_fields();
  save.set_initiative(initiative.id);
  std::string actor = chance(85) ? initiative.applicant : some_person();
  if (!initiative.tasks.empty() && chance(30)) {
    const Task& task = one_of(initiative.tasks);
    save.set_task(task.key);
    fill(*save.mutable_fields(), initiative.model->task(task.kind)->kind->fields(), 50);
    if (!task.by.empty() && chance(80)) actor = task.by;
  } else {
    fill(*save.mutable_fields(), initiative.model->program().initiative().fields(), 20);
  }
  tell(actor, std::move(command));
}

void Walk::move() {
  const Initiative& initiative = *some_initiative();
  v1::Command command;
  v1::MakeMove& move = *command.mutable_make_move();
  move.set_initiative(initiative.id);
  const Task* task = nullptr;
  for (const Task& one : initiative.tasks)
    if (!one.finished && chance(50)) task = &one;
  const statechart::Chart& chart = task ? *initiative.model->task(task->kind)->chart : initiative.model->chart();
  const auto moves = statechart::moves(chart, task ? task->at.where : initiative.at.where);
  const v1::Arrow& arrow = moves.empty() || chance(5) ? chart.arrow(static_cast<statechart::ArrowId>(below(chart.arrow_count()))) : chart.arrow(one_of(moves));
  if (arrow.move().name() == "withdraw" || arrow.move().name() == "leave" || arrow.move().name() == "decline" || arrow.move().name() == "refuse")
    if (chance(75)) return;  // else nothing gets far
  move.set_move(arrow.move().name());
  if (task) move.set_task(task->key);
  if (chance(20)) move.set_from(chart.path(arrow.source()));
  if (chance(85)) reason(*move.mutable_reason());
  if (chance(10)) move.set_if_version(initiative.version);
  if (task) fill(*move.mutable_fields(), initiative.model->task(task->kind)->kind->fields(), 85);
  if (!task && chance(25)) fill(*move.mutable_fields(), initiative.model->program().initiative().fields(), 30);
  const auto& fields = initiative.model->program().initiative().fields();
  for (const v1::Field& field : fields)
    if (!task && move.fields_size() == 0 && !initiative.field(field.name()) &&
        std::find(field.required_for().begin(), field.required_for().end(), move.move()) != field.required_for().end()) {
      move.add_fields()->set_name(field.name());
      *move.mutable_fields(move.fields_size() - 1)->mutable_value() = some_value(field);
    }
  tell(who_may(initiative, arrow.move().by()), std::move(command));
}

void Walk::task() {
  const Initiative& initiative = *some_initiative();
  const auto& kinds = initiative.model->tasks();
  std::vector<std::string> open;
  for (const auto state : initiative.at.where.active)
    for (const std::string& kind : initiative.model->chart().node(state).opens()) open.push_back(kind);
  const TaskModel& kind = open.empty() || chance(5) ? one_of(kinds) : *initiative.model->task(one_of(open));
  v1::Command command;
  command.mutable_open_task()->set_initiative(initiative.id);
  command.mutable_open_task()->set_kind(kind.kind->name());
  fill(*command.mutable_open_task()->mutable_fields(), kind.kind->fields(), 93);
  tell(who_may(initiative, kind.kind->by()), std::move(command));
}

void Walk::decisions() {
  v1::Command command;
  if (chance(60)) {
    command.mutable_publish_decisions()->set_locality(chance(50) ? some_locality() : "");
  } else {
    command.mutable_drop_decision()->set_initiative(some_initiative()->id);
    for (const Initiative& one : cohort().initiatives)
      if (one.held && chance(60)) command.mutable_drop_decision()->set_initiative(one.id);
  }
  tell(chance(90) ? "manager" : some_person(), std::move(command));
}

void Walk::exception() {
  v1::Command command;
  const Initiative* initiative = &one_of(cohort().initiatives);
  for (const Initiative& one : cohort().initiatives)
    if (one.proposal && chance(60)) initiative = &one;
  const std::uint64_t what = below(10);
  if (what == 7 || (initiative->proposal && what < 5)) {
    command.mutable_confirm_exception()->set_initiative(initiative->id);
  } else if (what < 7) {
    command.mutable_propose_exception()->set_initiative(initiative->id);
    // Mostly to where few get by themselves.
    const statechart::Chart& chart = initiative->model->chart();
    const std::uint64_t first = chance(70) ? chart.state_count() / 2 : 0;
    command.mutable_propose_exception()->set_to(chart.path(static_cast<statechart::StateId>(first + below(chart.state_count() - first))));
    reason(*command.mutable_propose_exception()->mutable_reason());
  } else {
    command.mutable_decline_exception()->set_initiative(initiative->id);
  }
  tell(chance(90) ? (chance(50) ? "manager" : "second") : some_person(), std::move(command));
}

void Walk::manage() {
  v1::Command command;
  const auto& parameters = cohort().model->program().cohort().parameters();
  const bool has_quotas = !cohort().model->quotas().empty();
  if (parameters.empty() && !has_quotas) return pass();
  if (!has_quotas || (chance(50) && !parameters.empty())) {
    v1::SetParameter& set = *command.mutable_set_parameter();
    set.set_name(parameters[static_cast<int>(below(static_cast<std::uint64_t>(parameters.size())))].name());
    *set.mutable_value()->mutable_date() = some_date();
  } else {
    v1::SetQuota& set = *command.mutable_set_quota();
    set.set_quota(one_of(cohort().model->quotas()).quota->name());
    if (chance(70)) set.set_by(some_locality());
    set.set_places(static_cast<std::uint32_t>(below(6)));
  }
  tell(chance(92) ? "manager" : some_person(), std::move(command));
}

void Walk::roles() {
  v1::Command command;
  if (chance(70) || cohort().assignments.empty()) {
    v1::AssignRole& assign = *command.mutable_assign_role();
    const auto& roles = cohort().model->program().roles();
    assign.set_person(some_person());
    assign.set_role(roles[static_cast<int>(below(static_cast<std::uint64_t>(roles.size())))].name());
    if (chance(70)) assign.set_locality(some_locality());
    if (chance(20)) assign.set_initiative(some_initiative()->id);
    if (chance(20)) assign.set_load_max(static_cast<std::uint32_t>(below(20)));
    if (chance(20)) assign.set_until_us(instant_in(cohort(), now) + static_cast<std::int64_t>(below(40)) * calendar::day_us);
    if (chance(20) && !cohort().assignments.empty()) assign.set_substitute_for(one_of(cohort().assignments).id);
  } else {
    command.mutable_end_assignment()->set_assignment(one_of(cohort().assignments).id);
  }
  tell(chance(90) ? "manager" : some_person(), std::move(command), fmt::format("assignment-{}", ++made_));
}

void Walk::deadline() {
  v1::Command command;
  v1::ExtendDeadline& extend = *command.mutable_extend_deadline();
  const Initiative& initiative = *some_initiative();
  const auto& chart = initiative.model->chart();
  std::vector<std::string> states;
  for (statechart::StateId state = 1; state < chart.state_count(); ++state)
    for (const v1::Timer& timer : chart.node(state).timers())
      if (timer.name() == "deadline") states.push_back(chart.path(state));
  extend.set_state(one_of(states));
  for (const auto state : initiative.at.where.active)
    if (chance(50) && std::find(states.begin(), states.end(), chart.path(state)) != states.end()) extend.set_state(chart.path(state));
  if (chance(50)) extend.set_initiative(initiative.id);
  else if (chance(50)) extend.set_locality(some_locality());
  *extend.mutable_to() = some_date();
  extend.set_reason("Snow");
  tell(chance(90) ? "manager" : some_person(), std::move(command));
}

/// What is seldom asked, and what nobody can.
void Walk::odd() {
  v1::Command command;
  switch (below(4)) {
    case 0: {
      v1::BulkMove& bulk = *command.mutable_bulk_move();
      const Initiative& first = *some_initiative();
      const auto moves = statechart::moves(first.model->chart(), first.at.where);
      if (!moves.empty()) bulk.set_move(first.model->chart().arrow(one_of(moves)).move().name());
      bulk.add_initiatives(first.id);
      if (chance(40)) bulk.add_initiatives(one_of(cohort().initiatives).id);
      reason(*bulk.mutable_reason());
      return tell("manager", std::move(command));
    }
    case 1:
      command.mutable_report_effect()->set_sequence(cohort().sequence);
      return tell(chance(80) ? "" : some_person(), std::move(command));
    case 2:
      command.mutable_open_cohort()->set_name("season");
      return tell("manager", std::move(command));
    default:
      command.mutable_make_move()->set_initiative("nobody");
      command.mutable_make_move()->set_move("submit");
      return tell(some_person(), std::move(command));
  }
}

void Walk::choose() {
  v1::Command command;
  switch (below(9)) {
    case 0:
      command.mutable_approve_minutes()->set_body("board");
      return tell(chance(80) ? "person-1" : some_person(), std::move(command));
    case 1:
      command.mutable_begin_term()->set_body("board");
      return tell(chance(20) ? "manager" : some_person(), std::move(command));
    case 2: {
      v1::SelectRanked& select = *command.mutable_select_ranked();
      select.set_move("select");
      if (chance(70)) select.set_reserve("reserve");
      if (chance(70)) select.set_decline("decline");
      if (chance(50)) select.set_by(some_locality());
      if (chance(30)) select.set_cut_off(static_cast<double>(below(7)));
      select.set_reserves_max(static_cast<std::uint32_t>(below(3)));
      reason(*select.mutable_reason());
      return tell("manager", std::move(command));
    }
    case 3:
      if (cohort().bulks.empty()) return;
      command.mutable_undo_bulk()->set_bulk(one_of(cohort().bulks).id);
      return tell(chance(80) ? "manager" : some_person(), std::move(command));
    case 4: {
      v1::BulkMove& bulk = *command.mutable_bulk_move();
      bulk.set_move(chance(50) ? "put" : "end");
      bulk.set_where("initiative.points >= 3");
      bulk.set_state("choosing.entered");
      return tell("manager", std::move(command), fmt::format("bulk-{}", ++made_));
    }
    default: break;
  }
  const Initiative* found = some_initiative();
  for (const Initiative& one : cohort().initiatives)
    for (const Task& task : one.tasks)
      if (!task.finished && one.model->task(task.kind)->is_vote() && chance(40)) found = &one;
  v1::CastVote& vote = *command.mutable_cast_vote();
  vote.set_initiative(found->id);
  vote.set_choice(chance(60) ? v1::YES : static_cast<v1::Ballot>(1 + below(5)));
  tell(chance(90) ? "person-" + std::to_string(1 + below(8)) : some_person(), std::move(command));
}

void Walk::pass() {
  v1::Command command;
  if (rehearsal_ && chance(80)) {
    const std::int64_t minutes = static_cast<std::int64_t>(below(chance(15) ? 60 * 24 * 60 : 5 * 24 * 60));
    command.mutable_move_clock()->set_to_us(cohort().clock + minutes * minute_us);
    return tell(chance(95) ? "manager" : some_person(), std::move(command));
  }
  command.set_channel(v1::TIME);
  command.mutable_pass_time();
  tell("", std::move(command));
}

}  // namespace kvali::cohort::testing
