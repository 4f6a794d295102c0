#include "engine/cohort/reasons.h"

#include <algorithm>
#include <cmath>

#include "engine/cohort/organisations.h"
#include "engine/expression/say.h"
#include "engine/expression/tree.h"
#include "engine/program/expression_types.h"
#include "engine/program/subjects.h"

namespace kvali::cohort {
namespace {

using expression::Kind;
using expression::Node;
using expression::NodeKind;
using expression::Value;

/// "meetings", "minutes" of "meetings.minutes"; the second is "" of a name alone.
std::pair<std::string_view, std::string_view> parts_of(std::string_view path) {
  const std::size_t point = path.find('.');
  if (point == std::string_view::npos) return {path, {}};
  const std::string_view rest = path.substr(point + 1);
  return {path.substr(0, point), rest.substr(0, rest.find('.'))};
}

const v1::Field* find(const google::protobuf::RepeatedPtrField<v1::Field>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const v1::Field& one) { return one.name() == name; });
  return found == fields.end() ? nullptr : &*found;
}

const v1::Role* counted_role(const Model& model, std::string_view name) {
  return name.ends_with('s') ? model.role(name.substr(0, name.size() - 1)) : nullptr;
}

/// What the program calls the things that a guard reads.
class ProgramLabels final : public expression::Labels {
 public:
  ProgramLabels(const Cohort& cohort, const Initiative& initiative, const Task* task)
      : cohort_(cohort), initiative_(initiative), task_(task) {}

  [[nodiscard]] const google::protobuf::RepeatedPtrField<std::string>& languages() const { return initiative_.model->program().languages(); }
  std::string label(std::string_view path, std::string_view language) const override {
    if (const v1::Field* known = field(path)) return in_language(known->label(), language);
    const auto [first, second] = parts_of(path);
    const Model& model = *initiative_.model;
    for (const auto& subject : cohort_.model->subjects())
      if (subject->kind() == first || (first == "attended" && subject->kind() == second)) {
        const bool several = first == "attended" && subject->subject()->has_plural();
        return in_language(several ? subject->subject()->plural() : subject->subject()->label(), language);
      }
    if (first == "holds" || first == "logged")
      if (const v1::Role* role = model.role(second)) return in_language(role->label(), language);
    if (first == "organisation")
      for (const v1::OrganisationFact& fact : model.program().initiative().facts())
        if (fact.name() == second) return in_language(fact.label(), language);
    if (first == "organisation" && program::is_organisation_word(second)) return in_language(sentence("label_" + std::string(second)), language);
    const TaskModel* kind = model.task(first);
    if (!kind && task_ && second.empty()) kind = model.task(task_->kind);  // planned, number
    if (kind) return in_language(kind->kind->has_plural() ? kind->kind->plural() : kind->kind->label(), language);
    const v1::Role* role = counted_role(model, first);
    return role ? in_language(role->label(), language) : "";
  }

  std::string label_of_one(std::string_view path, std::string_view language) const override {
    const TaskModel* kind = initiative_.model->task(path);
    return kind ? in_language(kind->kind->label(), language) : "";
  }

  std::string reads(std::string_view path, const Value& value, std::string_view language) const override {
    const v1::Field* known = field(path);
    if (!known) return state_of_entry(path, value, language);
    switch (known->type()) {
      case v1::Field::CHOICE:
      case v1::Field::CHOICES: return choice(*known, value, language);
      case v1::Field::MONEY: return money(*known, path, value, language);
      case v1::Field::LOCALITY: {
        const v1::LocalityEntry* entry = value.is(Kind::String) ? cohort_.locality(value.as_string()) : nullptr;
        return entry ? entry->name() : "";
      }
      case v1::Field::PERSON:
      case v1::Field::ORGANISATION: return value.is(Kind::String) ? "…" : "";  // an id that says nothing to people
      default: return {};
    }
  }

 private:
  /// A field, or what the rows of a table say.
  const v1::Field* field(std::string_view path) const {
    const auto [first, second] = parts_of(path);
    const v1::Field* known = field_of_form(path);
    if (!known || known->type() != v1::Field::TABLE) return known;
    const std::size_t behind = first.size() + 1 + second.size();
    const std::string_view rest = path.size() > behind ? path.substr(behind + 1) : std::string_view();
    return rest.empty() ? known : find(known->fields(), rest);
  }

  const v1::Field* field_of_form(std::string_view path) const {
    const auto [first, second] = parts_of(path);
    if (second.empty()) return nullptr;
    if (first == "cohort") return cohort_.model->parameter(second);
    if (first == program::noun_of(initiative_.model->program())) return initiative_.model->field(second);
    if (const auto subject = of_kind(cohort_.model, std::string(first)); subject && !first.empty()) return subject->field(second);
    const TaskModel* kind = initiative_.model->task(first == "task" && task_ ? std::string_view(task_->kind) : first);
    return kind && !kind->kind->has_review() ? find(kind->kind->fields(), second) : nullptr;
  }

  /// How an entry that stays open stands.
  std::string state_of_entry(std::string_view path, const Value& value, std::string_view language) const {
    const auto [first, second] = parts_of(path);
    const TaskModel* kind = second == "state" && value.is(Kind::String) ? initiative_.model->task(first) : nullptr;
    if (!kind || !kind->kind->lasting()) return {};
    const auto state = kind->chart->find(value.as_string());
    return state ? in_language(kind->chart->node(*state).label(), language) : "";
  }

  static std::string choice(const v1::Field& field, const Value& value, std::string_view language) {
    if (!value.is(Kind::String)) return {};
    for (const v1::Choice& one : field.choices())
      if (one.name() == value.as_string()) return in_language(one.label(), language);
    return {};
  }

  std::string money(const v1::Field& field, std::string_view path, const Value& value, std::string_view language) const {
    if (!value.is(Kind::Int) && !value.is(Kind::Double)) return {};
    const double amount = value.is(Kind::Double) ? value.as_double() : 0;
    if (!(std::abs(amount) < 0x1p62)) return {};
    const std::int64_t cents = value.is(Kind::Int) ? value.as_int() : std::llround(amount);
    const v1::Value* stored = nullptr;
    if (path.starts_with(program::noun_of(initiative_.model->program()) + ".")) stored = initiative_.field(field.name());
    if (path.starts_with("cohort.")) stored = cohort_.parameter(field.name());
    const std::string& currency = field.currency().empty() && stored ? stored->money().currency() : field.currency();
    return expression::written_money(cents, currency, language);
  }

  const Cohort& cohort_;
  const Initiative& initiative_;
  const Task* task_;
};

/// Every name in a guard that may be one of a field, and whether it could read fields that it does not name.
struct Names {
  std::vector<std::string_view> all;
  bool others = false;
  [[nodiscard]] bool contains(std::string_view name) const { return std::find(all.begin(), all.end(), name) != all.end(); }
};

void collect(const Node& node, const std::string& noun, bool selected, Names& names) {
  names.all.push_back(node.name);
  if (node.kind == NodeKind::Constant && node.constant.is(Kind::String)) names.all.push_back(node.constant.as_string());
  const bool things = node.kind == NodeKind::Name && (node.name == noun || node.name == "task");
  if (things && !selected) names.others = true;
  if (node.kind == NodeKind::Index && node.children[1].kind != NodeKind::Constant) names.others = true;
  const bool selects = node.kind == NodeKind::Select || node.kind == NodeKind::Has || node.kind == NodeKind::Index;
  for (const Node& child : node.children) collect(child, noun, selects, names);
}

Unmet unmet(const Facts& facts, const NeedModel& need, bool told, const ProgramLabels& labels, const calendar::Zone& zone) {
  Unmet made;
  made.code = Code::GuardFailed;
  made.why = need.need->why();
  if (facts.holds(*need.when).out_of_work) made.why = sentence("need_failed", {{"why", need.need->why()}});
  if (!told) return made;
  const expression::Explanation explanation = facts.explain(*need.when);
  made.will_hold_at = explanation.will_hold_at;
  for (const std::string& language : labels.languages()) {
    if (!expression::speaks(language)) continue;
    v1::Translation& translation = *made.facts.add_translations();
    translation.set_language(language);
    translation.set_text(expression::say(explanation, labels, language, zone));
  }
  return made;
}

}  // namespace

bool may_hear(const Hearing& hearing, const expression::Expression& guard) {
  const auto& [cohort, world, viewer, initiative, task] = hearing;
  if (!may(cohort, world, viewer, Action::See, &initiative)) return false;
  const bool manages = may(cohort, world, viewer, Action::Manage);
  Names names;
  const std::string& noun = program::noun_of(initiative.model->program());
  collect(guard.tree().root, noun, false, names);
  const auto hides = [&](const google::protobuf::RepeatedPtrField<v1::Field>& fields) {
    return std::any_of(fields.begin(), fields.end(), [&](const v1::Field& field) {
      return (names.others || names.contains(field.name())) && (field.author_only() || !may_field(cohort, world, viewer, Action::SeeField, initiative, field));
    });
  };
  const Model& model = *initiative.model;
  if ((names.others || names.contains(noun)) && hides(model.program().initiative().fields())) return false;
  for (const TaskModel& kind : model.tasks()) {
    const bool own = task && task->kind == kind.kind->name() && (names.contains("task") || names.contains("planned"));
    if (!own && !names.contains(kind.kind->name())) continue;
    if ((kind.kind->has_review() && !manages) || hides(kind.kind->fields())) return false;
  }
  for (const auto& [kind, slots] : cohort.subjects) {
    if (!names.contains(kind) || kind == model.kind()) continue;
    const Initiative* other = cohort.the(kind, locality_of(initiative));
    if (!other || !may(cohort, world, viewer, Action::See, other)) return false;
    const auto& fields = other->model->program().initiative().fields();
    if (std::any_of(fields.begin(), fields.end(), [&](const v1::Field& field) {
          return names.contains(field.name()) && !may_field(cohort, world, viewer, Action::SeeField, *other, field);
        }))
      return false;
  }
  if (manages) return true;
  if (names.contains("logged")) return false;  // what a mentor does elsewhere in the cohort
  if (names.contains("organisation") && !may_know_facts(cohort, world, viewer, initiative.organisation)) return false;
  // Who assesses or supports the cohort as a whole is not one of an initiative's people.
  return std::none_of(names.all.begin(), names.all.end(), [&](std::string_view name) {
    const v1::Role* role = counted_role(model, name);
    return role && role->scope() == v1::Role::COHORT && role->name() != model.manager_role();
  });
}

Unmet unmet_need(const Hearing& hearing, const Facts& facts, const NeedModel& need) {
  const ProgramLabels labels(hearing.cohort, hearing.initiative, hearing.task);
  return unmet(facts, need, may_hear(hearing, *need.when), labels, hearing.cohort.zone);
}

Unmet unmet_at_entry(const Cohort& cohort, const Facts& facts, const NeedModel& need, bool told) {
  Initiative none;
  none.model = cohort.model;
  return unmet(facts, need, told, ProgramLabels(cohort, none, nullptr), cohort.zone);
}

}  // namespace kvali::cohort
