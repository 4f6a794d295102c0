#include "engine/cohort/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/cohort/reading.h"
#include "engine/cohort/scoring.h"
#include "engine/cohort/zone_table.h"
#include "engine/directory/directory.h"

namespace kvali::cohort {
namespace {

using expression::Value;

/// A value of a record as an expression sees it; nothing for one that is empty.
std::optional<Value> seen(const v1::Value& value) {
  switch (value.kind_case()) {
    case v1::Value::kText: return Value::string(value.text());
    case v1::Value::kNumber: return Value::integer(value.number());
    case v1::Value::kDecimal: return Value::number(value.decimal());
    case v1::Value::kFlag: return Value::boolean(value.flag());
    case v1::Value::kDate: return Value::date(date_of(value.date()));
    case v1::Value::kInstantUs: return Value::instant(value.instant_us());
    case v1::Value::kMoney: return Value::integer(value.money().minor_units());
    case v1::Value::kSealed: return Value::sealed(value.sealed().size());
    case v1::Value::kFile: return Value::sealed(value.file().name().size());
    case v1::Value::kList: {
      std::vector<Value> values;
      for (const v1::Value& one : value.list().values())
        if (auto made = seen(one)) values.push_back(std::move(*made));
      return Value::list(std::move(values));
    }
    case v1::Value::kEmpty:
    case v1::Value::KIND_NOT_SET: return std::nullopt;
  }
  return std::nullopt;
}

using Form = google::protobuf::RepeatedPtrField<v1::Field>;

/// A value of a field of `form`. A number with a fraction may have been given as a whole one; an expression sees a double all
/// the same, as its types promise.
std::optional<Value> seen(const v1::Value& value, std::string_view name, const Form& form) {
  if (value.kind_case() == v1::Value::kNumber) {
    for (const v1::Field& field : form)
      if (field.name() == name && field.type() == v1::Field::NUMBER) return Value::number(static_cast<double>(value.number()));
  }
  return seen(value);
}

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

class FieldsView final : public expression::Struct {
 public:
  FieldsView(const std::vector<FieldState>& fields, const Form& form) : fields_(fields), form_(form) {}
  std::optional<Value> get(std::string_view field) const override {
    for (const FieldState& one : fields_)
      if (one.name == field) return seen(one.value, field, form_);
    return std::nullopt;
  }

 private:
  const std::vector<FieldState>& fields_;
  const Form& form_;
};

class TasksView final : public expression::List {
 public:
  TasksView(const Initiative& initiative, const v1::TaskKind& kind) : form_(kind.fields()) {
    for (const Task& task : initiative.tasks)
      if (task.kind == kind.name()) tasks_.push_back(&task);
  }
  std::size_t size() const override { return tasks_.size(); }
  Value at(std::size_t index) const override { return Value::structure(std::make_unique<FieldsView>(tasks_[index]->fields, form_)); }

 private:
  std::vector<const Task*> tasks_;
  const Form& form_;
};

/// What a review has come to so far.
class ReviewView final : public expression::Struct {
 public:
  ReviewView(const Cohort& cohort, const Initiative& initiative, const TaskModel& kind) : cohort_(cohort), initiative_(initiative), kind_(kind) {}
  std::optional<Value> get(std::string_view field) const override {
    const std::string& name = kind_.kind->name();
    if (field == "score") {
      const auto score = score_of(cohort_, initiative_, kind_);
      return score ? std::optional<Value>(Value::number(*score)) : std::nullopt;
    }
    if (field == "agreement") {
      const std::string_view word = agreement_of(cohort_, initiative_, kind_);
      return word.empty() ? std::nullopt : std::optional<Value>(Value::string(std::string(word)));
    }
    if (field == "count") return Value::integer(finished_reviews(initiative_, name));
    if (field == "readers") return Value::integer(static_cast<std::int64_t>(readings_of(initiative_, name).size()));
    if (field == "missing") {
      const auto readings = readings_of(initiative_, name);
      return Value::integer(std::count_if(readings.begin(), readings.end(), [&](const Reading* one) { return !has_scored(initiative_, name, one->reader); }));
    }
    return std::nullopt;
  }

 private:
  const Cohort& cohort_;
  const Initiative& initiative_;
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

class OrganisationView final : public expression::Struct {
 public:
  explicit OrganisationView(const directory::Organisation& organisation) : organisation_(organisation) {}
  std::optional<Value> get(std::string_view field) const override {
    const v1::Fact* found = nullptr;  // of several with one name the last that is still true, else the last
    for (const v1::Fact& one : organisation_.facts)
      if (one.name() == field && (!found || found->has_until() || !one.has_until())) found = &one;
    return found ? std::optional(Value::structure(std::make_unique<FactView>(*found))) : std::nullopt;
  }

 private:
  const directory::Organisation& organisation_;
};

/// Looks names up where they stand and keeps the few an expression asks for.
class Names final : public expression::Bindings {
 public:
  Names(const Cohort& cohort, const Initiative* initiative, const Task* task, const directory::Organisation* organisation, Instant now)
      : cohort_(cohort), initiative_(initiative), task_(task), organisation_(organisation), now_(now) {}

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

 private:
  std::optional<Value> find(std::string_view name) const {
    if (name == "cohort") return Value::structure(std::make_unique<CohortView>(cohort_));
    if (organisation_ && name == "organisation") return Value::structure(std::make_unique<OrganisationView>(*organisation_));
    if (task_ && name == "planned") return Value::instant(task_->planned);
    if (task_ && name == "number") return Value::integer(task_->number);
    if (task_ && name == "task") return Value::structure(std::make_unique<FieldsView>(task_->fields, form_of(*task_)));
    if (!initiative_) return std::nullopt;
    if (name == "initiative")
      return Value::structure(std::make_unique<FieldsView>(initiative_->fields, initiative_->model->program().initiative().fields()));
    if (const TaskModel* kind = initiative_->model->task(name)) {
      if (kind->kind->has_review()) return Value::structure(std::make_unique<ReviewView>(cohort_, *initiative_, *kind));
      return Value::list(std::make_unique<TasksView>(*initiative_, *kind->kind));
    }
    if (name.ends_with('s') && initiative_->model->role(name.substr(0, name.size() - 1)))
      return holders_of(name.substr(0, name.size() - 1));
    return std::nullopt;
  }

  const Form& form_of(const Task& task) const {
    static const Form none;
    const TaskModel* kind = initiative_ ? initiative_->model->task(task.kind) : nullptr;
    return kind ? kind->kind->fields() : none;
  }

  Value holders_of(std::string_view role) const {
    std::int64_t count = 0;
    each_holder(cohort_, *initiative_, role, now_, [&](const std::string&) { ++count; });
    return Value::integer(count);
  }

  const Cohort& cohort_;
  const Initiative* initiative_;
  const Task* task_;
  const directory::Organisation* organisation_;
  Instant now_;
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
    : cohort_(cohort), initiative_(initiative), task_(task), now_(now) {}

Facts::Facts(const Cohort& cohort, const directory::Organisation* organisation, Instant now)
    : cohort_(cohort), initiative_(nullptr), task_(nullptr), organisation_(organisation), now_(now) {}

expression::Outcome Facts::evaluate(const expression::Expression& source) const {
  return expression::evaluate(source, Names(cohort_, initiative_, task_, organisation_, now_), context(cohort_, now_));
}

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
  expression::Explanation explanation = expression::explain(guard, Names(cohort_, initiative_, task_, organisation_, now_), context(cohort_, now_));
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

bool covers(const Assignment& assignment, const Initiative& initiative, Instant now) {
  if (assignment.ended || now >= assignment.until) return false;
  if (!assignment.initiative.empty()) return assignment.initiative == initiative.id;
  if (!assignment.locality.empty()) return assignment.locality == locality_of(initiative);
  return true;
}

std::vector<std::string> holders(const Cohort& cohort, const Initiative& initiative, std::string_view role, Instant now) {
  std::vector<std::string> persons;
  each_holder(cohort, initiative, role, now, [&](const std::string& person) { persons.push_back(person); });
  return persons;
}

}  // namespace kvali::cohort
