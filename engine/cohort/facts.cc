#include "engine/cohort/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/cohort/facts_views.h"
#include "engine/cohort/gate.h"
#include "engine/cohort/mentoring.h"
#include "engine/cohort/seen.h"
#include "engine/cohort/zone_table.h"
#include "engine/limits.h"
#include "engine/program/subjects.h"

namespace kvali::cohort {
namespace {

using expression::Value;

class CohortView final : public expression::Struct {
 public:
  explicit CohortView(const Cohort& cohort) : cohort_(cohort) {}
  std::optional<Value> get(std::string_view field) const override {
    const v1::Value* value = cohort_.parameter(field);
    return value ? seen(*value, field, cohort_.model->program().cohort().parameters()) : std::nullopt;
  }

 private:
  const Cohort& cohort_;
};

/// An entry that stays open: its fields, and how it stands. One whose day has passed is open all the same.
class EntryView final : public expression::Struct {
 public:
  EntryView(const Task& task, const TaskModel& kind) : task_(task), kind_(kind), fields_(task.fields, kind.kind->fields()) {}
  std::optional<Value> get(std::string_view field) const override {
    if (field != "state") return fields_.get(field);
    const std::string state = state_of_entry(task_, kind_);
    return state.empty() ? std::nullopt : std::optional<Value>(Value::string(state));
  }

 private:
  const Task& task_;
  const TaskModel& kind_;
  FieldsView fields_;
};

class TasksView final : public expression::List {
 public:
  TasksView(const Initiative& initiative, const TaskModel& kind) : kind_(kind) {
    for (const Task& task : initiative.tasks)
      if (task.kind == kind.kind->name()) tasks_.push_back(&task);
  }
  std::size_t size() const override { return tasks_.size(); }
  Value at(std::size_t index) const override {
    if (kind_.kind->lasting()) return Value::structure(std::make_unique<EntryView>(*tasks_[index], kind_));
    return Value::structure(std::make_unique<FieldsView>(tasks_[index]->fields, kind_.kind->fields()));
  }

 private:
  std::vector<const Task*> tasks_;
  const TaskModel& kind_;
};

/// A fact of an organisation: from and, when it is over, until. A year or a month alone counts from its end, and until its
/// beginning: what is not known is not counted.
class FactView final : public expression::Struct {
 public:
  explicit FactView(const v1::Fact& fact) : fact_(fact) {}
  std::optional<Value> get(std::string_view field) const override {
    if (field == "from" && fact_.from().year() != 0) return Value::date(last_day_of(fact_.from()));
    if (field == "until" && fact_.until().year() != 0) return Value::date(first_day_of(fact_.until()));
    return std::nullopt;
  }

 private:
  static calendar::Date first_day_of(const v1::Date& date) {
    return {date.year(), date.month() ? static_cast<int>(date.month()) : 1, date.day() ? static_cast<int>(date.day()) : 1};
  }
  static calendar::Date last_day_of(const v1::Date& date) {
    if (date.day() != 0) return date_of(date);
    const int month = date.month() ? static_cast<int>(date.month()) : 12;
    const calendar::Date next = month == 12 ? calendar::Date{date.year() + 1, 1, 1} : calendar::Date{date.year(), month + 1, 1};
    return calendar::civil_from_days(calendar::days_from_civil(next) - 1);
  }
  const v1::Fact& fact_;
};

/// Kind, country and register: what is public of an organisation.
std::optional<Value> public_value(const v1::OrganisationNoted& organisation, std::string_view field) {
  const std::string* text = field == "kind"       ? &organisation.kind()
                            : field == "country"  ? &organisation.country()
                            : field == "register" ? &organisation.register_()
                                                  : nullptr;
  return text && !text->empty() ? std::optional(Value::string(*text)) : std::nullopt;
}

class PartnerView final : public expression::Struct {
 public:
  explicit PartnerView(const v1::OrganisationNoted& partner) : partner_(partner) {}
  std::optional<Value> get(std::string_view field) const override { return public_value(partner_, field); }

 private:
  const v1::OrganisationNoted& partner_;
};

class PartnersView final : public expression::List {
 public:
  explicit PartnersView(const v1::Bringers* bringers) : bringers_(bringers) {}
  std::size_t size() const override { return bringers_ ? static_cast<std::size_t>(bringers_->partners_size()) : 0; }
  Value at(std::size_t index) const override { return Value::structure(std::make_unique<PartnerView>(bringers_->partners(static_cast<int>(index)))); }

 private:
  const v1::Bringers* bringers_;
};

/// Until when the fact counts: as long as one of those has accepted it whom the program asks. Nothing: it does not count at `now`.
std::optional<Instant> counts_until(const v1::Fact& fact, const Model& model, const calendar::Zone& zone, Instant now) {
  const auto& rules = model.program().initiative().facts();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const v1::OrganisationFact& one) { return one.name() == fact.name(); });
  if (rule == rules.end() || rule->accepted_by().empty()) return calendar::never;
  std::optional<Instant> longest;
  for (const v1::FactAcceptance& one : fact.accepted()) {
    const auto& roles = rule->accepted_by();
    const bool asked = one.program().empty() || (one.program() == model.name() && std::find(roles.begin(), roles.end(), one.role()) != roles.end());
    const Instant until = one.until().year() == 0 ? calendar::never : calendar::end_of(zone, date_of(one.until()));
    if (asked && now < until) longest = std::max(longest.value_or(until), until);
  }
  return longest;
}

/// The organisation that brings an initiative, as its cohort knows it. `expires` becomes the instant at which a fact that was looked at
/// counts no more, where that is earlier.
class OrganisationView final : public expression::Struct {
 public:
  OrganisationView(const v1::Bringers* bringers, const Cohort& cohort, const Model& model, Instant now, Instant& expires)
      : bringers_(bringers), cohort_(cohort), model_(model), now_(now), expires_(expires) {}
  std::optional<Value> get(std::string_view field) const override {
    if (field == "partners") return Value::list(std::make_unique<PartnersView>(bringers_));
    if (!bringers_ || !bringers_->has_organisation()) return std::nullopt;
    const v1::OrganisationNoted& organisation = bringers_->organisation();
    if (auto value = public_value(organisation, field)) return value;
    const v1::Fact* found = nullptr;  // of several with one name the last that is still true, else the last
    Instant until = calendar::never;
    for (const v1::Fact& one : organisation.facts()) {
      if (one.name() != field || (found && !found->has_until() && one.has_until())) continue;
      const auto counts = counts_until(one, model_, cohort_.zone, now_);
      if (!counts) continue;
      found = &one;
      until = *counts;
    }
    expires_ = std::min(expires_, until);
    return found ? std::optional(Value::structure(std::make_unique<FactView>(*found))) : std::nullopt;
  }

 private:
  const v1::Bringers* bringers_;
  const Cohort& cohort_;
  const Model& model_;
  Instant now_;
  Instant& expires_;
};

/// Another subject that there is one of: its fields and the states it is in, by name and by path.
class SubjectView final : public expression::Struct {
 public:
  explicit SubjectView(const Initiative& subject) : subject_(subject), fields_(subject.fields, subject.model->program().initiative().fields()) {}
  std::optional<Value> get(std::string_view field) const override {
    if (field != "states") return fields_.get(field);
    std::vector<Value> paths;
    for (const statechart::StateId state : subject_.at.where.active) {
      const std::string& path = subject_.model->chart().path(state);
      if (path.empty()) continue;
      paths.push_back(Value::string(path));
      if (const std::size_t dot = path.rfind('.'); dot != std::string::npos) paths.push_back(Value::string(path.substr(dot + 1)));
    }
    return Value::list(std::move(paths));
  }

 private:
  const Initiative& subject_;
  FieldsView fields_;
};

/// What an organisation or a person attended, by kind of subject: the entries of attendance lists that name one of them.
class AttendedView final : public expression::Struct {
 public:
  AttendedView(const Cohort& cohort, std::string organisation, std::string person)
      : cohort_(cohort), organisation_(std::move(organisation)), person_(std::move(person)) {}
  std::optional<Value> get(std::string_view kind) const override {
    std::vector<Value> entries;
    if (const auto slots = cohort_.subjects.find(std::string(kind)); slots != cohort_.subjects.end())
      for (const Slot slot : slots->second) add(cohort_.initiatives[slot], entries);
    return Value::list(std::move(entries));
  }

 private:
  void add(const Initiative& subject, std::vector<Value>& entries) const {
    const TaskModel* list = subject.model->attendance();
    if (!list) return;
    for (const Task& task : subject.tasks)
      if (task.kind == list->kind->name() && names_one(task, *list) && entries.size() < limits::attended_max)
        entries.push_back(Value::structure(std::make_unique<FieldsView>(task.fields, list->kind->fields())));
  }

  bool names_one(const Task& task, const TaskModel& list) const {
    return std::any_of(list.kind->fields().begin(), list.kind->fields().end(), [&](const v1::Field& field) {
      const bool of_organisation = field.type() == v1::Field::ORGANISATION;
      if (!of_organisation && field.type() != v1::Field::PERSON) return false;
      const std::string& wanted = of_organisation ? organisation_ : person_;
      const FieldState* there = wanted.empty() ? nullptr : stored(task.fields, field.name());
      return there && there->value.text() == wanted;
    });
  }

  const Cohort& cohort_;
  const std::string organisation_, person_;
};

/// Looks names up where they stand and keeps the few an expression asks for.
class Names final : public expression::Bindings {
 public:
  Names(const Cohort& cohort, const Initiative* initiative, const Task* task, const v1::Bringers* bringers, const std::string& organisation,
        const std::string& applicant, Instant now)
      : cohort_(cohort), initiative_(initiative), task_(task), bringers_(bringers), organisation_(organisation), applicant_(applicant), now_(now) {}

  const Value* lookup(std::string_view name) const override {
    for (std::size_t i = 0; i < count_; ++i)
      if (names_[i] == name) return &values_[i];
    if (count_ == names_.size()) return nullptr;  // an expression reads a handful of names; 16 is more than any has
    std::optional<Value> value = find(name);
    if (!value) return nullptr;
    names_[count_] = name;
    values_[count_] = std::move(*value);
    return &values_[count_++];
  }
  /// When a fact that was looked at counts no more.
  [[nodiscard]] Instant expires() const { return expires_; }

 private:
  std::optional<Value> find(std::string_view name) const {
    if (name == "cohort") return Value::structure(std::make_unique<CohortView>(cohort_));
    if (name == "organisation") {
      const Model& model = initiative_ ? *initiative_->model : *cohort_.model;
      return Value::structure(std::make_unique<OrganisationView>(bringers_, cohort_, model, now_, expires_));
    }
    if (task_ && name == "planned") return Value::instant(task_->planned);
    if (task_ && name == "number") return Value::integer(task_->number);
    if (task_ && name == "task") return Value::structure(std::make_unique<FieldsView>(task_->fields, form_of(*task_)));
    if (task_ && initiative_ && name == "vote") return vote();
    if (name == "attended")
      return Value::structure(std::make_unique<AttendedView>(cohort_, initiative_ ? initiative_->organisation : organisation_, person()));
    if (initiative_ && name == "logged") return logged_seen(cohort_, *initiative_, now_);
    if (name == "holds") return holds_seen(cohort_, person(), now_);
    if (initiative_ && name == program::noun_of(initiative_->model->program()))
      return Value::structure(std::make_unique<FieldsView>(initiative_->fields, initiative_->model->program().initiative().fields()));
    if (cohort_.model && of_kind(cohort_.model, std::string(name)))
      if (const Initiative* one = cohort_.the(std::string(name), initiative_ ? locality_of(*initiative_) : ""))
        return Value::structure(std::make_unique<SubjectView>(*one));
    if (!initiative_) return std::nullopt;
    if (const TaskModel* kind = initiative_->model->task(name)) {
      if (kind->kind->has_review()) return review_seen(cohort_, *initiative_, *kind);
      return Value::list(std::make_unique<TasksView>(*initiative_, *kind));
    }
    if (name.ends_with('s') && initiative_->model->role(name.substr(0, name.size() - 1)))
      return holders_of(name.substr(0, name.size() - 1));
    return std::nullopt;
  }

  const std::string& person() const { return initiative_ ? initiative_->applicant : applicant_; }

  const Form& form_of(const Task& task) const {
    static const Form none;
    const TaskModel* kind = initiative_ ? initiative_->model->task(task.kind) : nullptr;
    return kind ? kind->kind->fields() : none;
  }

  std::optional<Value> vote() const {
    const TaskModel* kind = initiative_->model->task(task_->kind);
    const v1::Body* body = kind && kind->is_vote() ? body_of(cohort_, *initiative_->model, kind->kind->gate().body()) : nullptr;
    if (!body) return std::nullopt;
    return vote_seen(tally_of(cohort_, *initiative_, *task_, *body, now_));
  }

  Value holders_of(std::string_view role) const {
    std::int64_t count = 0;
    each_holder(cohort_, *initiative_, role, now_, [&](const std::string&) { ++count; });
    return Value::integer(count);
  }

  const Cohort& cohort_;
  const Initiative* initiative_;
  const Task* task_;
  const v1::Bringers* bringers_;
  const std::string& organisation_;  // where there is no initiative yet, as applicant_
  const std::string& applicant_;
  Instant now_;
  mutable Instant expires_ = calendar::never;
  mutable std::size_t count_ = 0;
  mutable std::array<std::string_view, 16> names_;
  mutable std::array<Value, 16> values_;
};

expression::Context context(const Cohort& cohort, Instant now) {
  expression::Context made;
  made.now = now;
  made.zone = &cohort.zone;
  made.zones = {&cohort.zone, 1};
  made.holidays = &cohort.holidays;
  return made;
}

}  // namespace

Facts::Facts(const Cohort& cohort, const Initiative* initiative, const Task* task, Instant now)
    : cohort_(cohort), initiative_(initiative), task_(task), bringers_(initiative ? initiative->bringers.get() : nullptr), now_(now) {}

Facts::Facts(const Cohort& cohort, const v1::Bringers* bringers, std::string organisation, std::string applicant, Instant now)
    : cohort_(cohort), initiative_(nullptr), task_(nullptr), bringers_(bringers), organisation_(std::move(organisation)), applicant_(std::move(applicant)), now_(now) {}

expression::Outcome Facts::evaluate(const expression::Expression& source) const {
  const Names names(cohort_, initiative_, task_, bringers_, organisation_, applicant_, now_);
  expression::Outcome outcome = expression::evaluate(source, names, context(cohort_, now_));
  outcome.may_change_at = std::min(outcome.may_change_at, names.expires());
  return outcome;
}

Instant Facts::may_change_at(const expression::Expression& source) const { return evaluate(source).may_change_at; }

Truth Facts::holds(const expression::Expression& source) const {
  expression::Outcome outcome = evaluate(source);
  if (!outcome.result) {
    expression::EvalError& error = outcome.result.error();
    if (!outcome.out_of_work) return {false, outcome.may_change_at, std::move(error.message), false};
    return {false, outcome.may_change_at, fmt::format("{}:{} {}", error.line, error.column, error.message), true};
  }
  if (!outcome.result->is(expression::Kind::Bool)) return {false, calendar::never, "the guard is no yes or no", false};
  return {outcome.result->as_bool(), outcome.may_change_at, {}, false};
}

Instant Facts::will_hold_at(const expression::Expression& source) const {
  // The value may change at several instants before it becomes true; a handful is enough for what a person is told.
  Instant at = now_;
  for (int look = 0; look < 8; ++look) {
    Facts then = *this;
    then.now_ = at;
    const Truth truth = then.holds(source);
    if (truth.holds) return at == now_ ? calendar::never : at;
    if (truth.may_change_at == calendar::never) return calendar::never;
    at = truth.may_change_at;
  }
  return calendar::never;
}

expression::Explanation Facts::explain(const expression::Expression& guard) const {
  expression::Explanation explanation =
      expression::explain(guard, Names(cohort_, initiative_, task_, bringers_, organisation_, applicant_, now_), context(cohort_, now_));
  // Who holds a role changes with time, too, which only looking again tells.
  const Instant at = will_hold_at(guard);
  if (at != calendar::never) explanation.will_hold_at = at;
  return explanation;
}

std::optional<std::variant<calendar::Date, Instant>> Facts::moment(const expression::Expression& source) const {
  expression::Outcome outcome = evaluate(source);
  if (!outcome.result) return std::nullopt;
  if (outcome.result->is(expression::Kind::Date)) return outcome.result->as_date();
  if (outcome.result->is(expression::Kind::Timestamp)) return expression::instant_of(outcome.result->as_timestamp());
  return std::nullopt;
}

std::optional<Value> Facts::value(const expression::Expression& source) const {
  expression::Outcome outcome = evaluate(source);
  return outcome.result ? std::optional(std::move(*outcome.result)) : std::nullopt;
}

std::optional<double> Facts::number(const expression::Expression& source) const {
  expression::Outcome outcome = evaluate(source);
  if (!outcome.result) return std::nullopt;
  if (outcome.result->is(expression::Kind::Double)) return outcome.result->as_double();
  if (outcome.result->is(expression::Kind::Int)) return static_cast<double>(outcome.result->as_int());
  return std::nullopt;
}

std::string Facts::fill(const std::string& text) const {
  std::string filled;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = text.find('{', at), close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) return filled + text.substr(at);
    const std::string path = text.substr(open + 1, close - open - 1);
    filled += text.substr(at, open - at);
    constexpr std::string_view cohort_prefix = "cohort.";
    const v1::Value* value = path.starts_with(cohort_prefix) ? cohort_.parameter(path.substr(cohort_prefix.size())) : nullptr;
    if (value && value->has_date())
      filled += calendar::to_string(date_of(value->date()));
    else if (value && value->kind_case() == v1::Value::kNumber)
      filled += std::to_string(value->number());
    else
      filled += text.substr(open, close - open + 1);  // somebody further on knows it: {rank}, {person.name}
    at = close + 1;
  }
}

}  // namespace kvali::cohort
