// Fields, forms, reviews and reports: what fits together and what does not.
#include <fmt/format.h>

#include <set>

#include "engine/calendar/calendar.h"
#include "engine/expression/expression.h"
#include "engine/program/check.h"
#include "engine/program/expression_types.h"
#include "engine/program/fields.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

using Fields = google::protobuf::RepeatedPtrField<v1::Field>;

bool is_figure(v1::Field::Type type) {
  return type == v1::Field::NUMBER || type == v1::Field::WHOLE_NUMBER || type == v1::Field::COUNT || type == v1::Field::MONEY;
}

std::string type_word(const v1::Field& field) { return word_of(*v1::Field::Type_descriptor(), field.type()); }

/// A key that only some types have.
void only_for(const Checking& checking, const std::string& path, const v1::Field& field, const char* key, bool there,
              bool fits, const char* types) {
  if (there && !fits) {
    checking.tell(fmt::format("{}.{}", path, key), "key-of-other-type",
                  fmt::format("`{}` is for {}, and `{}` is a {}", key, types, field.name(), type_word(field)));
  }
}

void check_whole(const Checking& checking, const std::string& path, const v1::Field& field, const Fields& fields) {
  if (field.of().empty()) return;
  std::vector<std::string> figures;
  for (const v1::Field& other : fields) {
    if (is_figure(other.type()) && other.name() != field.name()) figures.push_back(other.name());
    if (other.name() != field.of()) continue;
    if (other.name() == field.name()) {
      checking.tell(path + ".of", "of-itself", fmt::format("`{}` cannot be a part of itself", field.name()));
    } else if (!is_figure(other.type())) {
      checking.tell(path + ".of", "of-no-figure",
                    fmt::format("`of` names the figure that this is a part of, and `{}` is a {}", other.name(),
                                type_word(other)));
    } else if (other.of() == field.name()) {
      checking.tell(path + ".of", "of-itself",
                    fmt::format("`{}` and `{}` cannot each be a part of the other", field.name(), other.name()));
    }
    return;
  }
  checking.tell(path + ".of", "unknown-field", fmt::format("no field `{}`", field.of()), nearest(field.of(), figures));
}

bool can_be_computed(v1::Field::Type type) {
  return is_figure(type) || type == v1::Field::DATE || type == v1::Field::YES_OR_NO || type == v1::Field::CHOICE;
}

/// Conditions are looked at when something is written, not when time passes; a guard may ask for the time.
void check_timeless(const Checking& checking, const std::string& path, const char* key, const std::string& source) {
  const auto compiled = expression::compile(source);
  if (!compiled || !compiled->reads_now()) return;
  checking.tell(fmt::format("{}.{}", path, key), "asks-for-time",
                fmt::format("`{}` is looked at when something is written, and would not notice that time passes; ask for `now` in a "
                            "guard or a need", key));
}

/// What is computed follows from the fields of its own form, and is computed anew when one of them is written: in their order.
void check_computed(const Checking& checking, const std::string& path, const v1::Field& field, const Fields& fields) {
  // An initiative is looked at again when time or the facts of its organisation say so; what is handed in with a form is not.
  const bool of_initiative = path.starts_with("initiative.");
  if (!of_initiative) check_timeless(checking, path, "computed", field.computed());
  const auto compiled = expression::compile(field.computed());
  if (!compiled) return;  // told elsewhere
  const std::string prefix = of_initiative ? noun_of(checking.program) + "." : "task.";
  for (const expression::Reference& reference : compiled->references()) {
    if (of_initiative && reference.path.starts_with("organisation.")) continue;
    if (!reference.path.starts_with(prefix)) {
      checking.tell(path + ".computed", "computed-from-elsewhere",
                    fmt::format("`{}` is computed from the fields beside it ({}NAME), and `{}` is none of them", field.name(), prefix, reference.path));
      continue;
    }
    bool before = true;
    for (const v1::Field& other : fields) {
      before = before && other.name() != field.name();
      if (other.name() != reference.path.substr(prefix.size()) || other.computed().empty() || before) continue;
      checking.tell(path + ".computed", "computed-from-later",
                    fmt::format("`{}` is computed from `{}`, which is computed {}; put it behind", field.name(), other.name(),
                                other.name() == field.name() ? "from itself" : "later"));
    }
  }
}

void check_conditions(const Checking& checking, const std::string& path, const v1::Field& field, const Fields& fields) {
  if (!field.shown_when().empty()) check_timeless(checking, path, "shown_when", field.shown_when());
  if (field.computed().empty()) return;
  check_computed(checking, path, field, fields);
  if (!can_be_computed(field.type())) {
    checking.tell(path + ".computed", "computed-type",
                  fmt::format("figures, amounts, dates, choices, and yes or no can be computed, and `{}` is a {}", field.name(), type_word(field)));
  } else if (field.type() == v1::Field::MONEY && field.currency().empty()) {
    checking.tell(path + ".computed", "computed-type", fmt::format("`{}` is an amount that is computed; say its `currency`", field.name()));
  }
}

/// Keys that say something about an initiative's fields only.
void check_no_moves(const Checking& checking, const std::string& path, const Fields& fields) {
  for (const v1::Field& field : fields) {
    if (field.required_for().empty()) continue;
    checking.tell(fmt::format("{}.{}.required_for", path, field.name()), "required-for-here",
                  fmt::format("`{}` is no field of the initiative; say `required: true`", field.name()));
  }
}

void check_list(const Checking& checking, const std::string& path, const Fields& fields);

void check_field(const Checking& checking, const std::string& path, const v1::Field& field, const Fields& fields) {
  const v1::Field::Type type = field.type();
  if (type == v1::Field::TYPE_UNSPECIFIED) return;
  check_form_field(checking, path, field);
  check_list(checking, path + ".fields", field.fields());
  check_no_moves(checking, path + ".fields", field.fields());
  const bool chooses = type == v1::Field::CHOICE || type == v1::Field::CHOICES;
  const bool counted = is_figure(type) || type == v1::Field::TEXT || type == v1::Field::URL || type == v1::Field::EMAIL || type == v1::Field::TABLE;
  only_for(checking, path, field, "choices", !field.choices().empty(), chooses, "a choice");
  only_for(checking, path, field, "accepts", !field.accepts().empty(), type == v1::Field::FILE, "a file");
  only_for(checking, path, field, "currency", !field.currency().empty(), type == v1::Field::MONEY, "money");
  only_for(checking, path, field, "at_least", field.at_least() != 0, counted, "texts, tables and figures");
  only_for(checking, path, field, "at_most", field.at_most() != 0, counted || type == v1::Field::FILE, "texts, tables, files and figures");
  only_for(checking, path, field, "baseline", field.baseline(), is_figure(type), "figures");
  only_for(checking, path, field, "kind", field.kind() != v1::Field::KIND_UNSPECIFIED, is_figure(type), "figures");
  only_for(checking, path, field, "of", !field.of().empty(), is_figure(type), "figures");
  only_for(checking, path, field, "iris", !field.iris().empty(), is_figure(type), "figures");
  if (chooses && field.choices_size() < 2) {
    checking.tell(path, "no-choices", fmt::format("`{}` is a choice and needs at least two `choices`", field.name()));
  }
  if (field.at_most() != 0 && field.at_least() > field.at_most()) {
    checking.tell(path + ".at_least", "bounds",
                  fmt::format("`{}` is at least {} and at most {}: nothing fits", field.name(), field.at_least(), field.at_most()));
  }
  if (type == v1::Field::TEXT && (field.at_least() < 0 || field.at_most() < 0)) {
    checking.tell(path, "bounds", fmt::format("a text has no negative length, as `{}` asks", field.name()));
  }
  if (!field.computed().empty() && (field.required() || !field.required_for().empty())) {
    checking.tell(path + ".computed", "computed-and-required",
                  fmt::format("`{}` is computed, so nobody can be required to give it", field.name()));
  }
  check_conditions(checking, path, field, fields);
  if (type == v1::Field::LOCALITY && !checking.program.cohort().has_localities()) {
    checking.tell(path + ".type", "no-localities", fmt::format("`{}` is a locality, but `cohort` has no `localities`", field.name()));
  }
  for (int i = 0; i < field.sdg_size(); ++i) {
    if (field.sdg(i) < 1 || field.sdg(i) > 17) {
      checking.tell(fmt::format("{}.sdg.{}", path, i + 1), "sdg",
                    fmt::format("there is no goal {}; the sustainable development goals are 1 to 17", field.sdg(i)));
    }
  }
  check_whole(checking, path, field, fields);
}

void check_list(const Checking& checking, const std::string& path, const Fields& fields) {
  for (const v1::Field& field : fields) check_field(checking, join_path(path, field.name()), field, fields);
}

/// Facts are accepted by somebody who stands for the programme, never by who brings an initiative.
void check_facts(const Checking& checking) {
  for (const v1::OrganisationFact& fact : checking.program.initiative().facts()) {
    const std::string path = "initiative.facts." + fact.name();
    if (is_organisation_word(fact.name())) {
      checking.tell(path, "fact-name-taken",
                    fmt::format("a fact cannot be called `{0}`: `organisation.{0}` is known of every organisation", fact.name()));
    }
    for (int i = 0; i < fact.accepted_by_size(); ++i) {
      const v1::Role* role = checking.role(fact.accepted_by(i));
      if (role == nullptr || (role->scope() == v1::Role::COHORT && !role->reads_only())) continue;
      checking.tell(fmt::format("{}.accepted_by.{}", path, i + 1), "accepts-nothing",
                    role->reads_only() ? fmt::format("the role `{}` reads only and cannot accept a fact", role->name())
                                       : fmt::format("a fact is accepted by a role of the whole cohort, and `{}` is one of {}", role->name(),
                                                     role->scope() == v1::Role::LOCALITY ? "a locality" : "an initiative"));
    }
  }
}

void check_initiative(const Checking& checking) {
  check_facts(checking);
  const v1::InitiativeRules& rules = checking.program.initiative();
  check_list(checking, "initiative.fields", rules.fields());
  std::vector<std::string> localities;
  for (const v1::Field& field : rules.fields()) {
    if (field.type() == v1::Field::LOCALITY) localities.push_back(field.name());
    if (field.required()) {
      checking.tell(fmt::format("initiative.fields.{}.required", field.name()), "required-here",
                    fmt::format("say which move needs `{}`: `required_for`", field.name()));
    }
  }
  const v1::Field* title = checking.initiative_field(rules.title().empty() ? "title" : rules.title());
  if (title == nullptr && rules.title().empty() && !rules.fields().empty() && !is_of_subject(checking.program)) {
    checking.tell("initiative.fields", "no-title",
                  "boards need a name for an initiative: a field `title`, or `title: FIELD` that says which");
  } else if (title != nullptr && title->type() != v1::Field::TEXT) {
    checking.tell("initiative.title", "no-title", fmt::format("`{}` names an initiative, so it is a text", title->name()));
  }
  if (localities.size() > 1 && rules.locality().empty()) {
    checking.tell("initiative.fields." + localities[1], "two-localities",
                  fmt::format("`{}` is a locality too; say with `locality: FIELD` which one the initiative belongs to", localities[1]));
  }
  const v1::Field* locality = checking.initiative_field(rules.locality());
  if (locality != nullptr && locality->type() != v1::Field::LOCALITY) {
    checking.tell("initiative.locality", "key-of-other-type",
                  fmt::format("`{}` is a {}, not a locality", locality->name(), type_word(*locality)));
  }
}

void check_report(const Checking& checking, const std::string& path, const v1::Report& report) {
  if (!report.overdue().to().empty()) {
    checking.tell(path + ".overdue", "overdue-leads-nowhere",
                  "a report that is overdue can tell somebody (`tell`); it leads the initiative nowhere");
  }
  const auto opens = calendar::parse_period(report.opens().empty() ? "P30D" : report.opens());
  const auto every = calendar::parse_period(report.every());
  const auto days = [](const calendar::Period& period) { return period.months * 30LL + period.days; };
  if (opens && every && opens->working_days == 0 && every->working_days == 0 && days(*every) > 0 &&
      days(*opens) >= days(*every)) {
    checking.tell(report.opens().empty() ? path + ".every" : path + ".opens", "opens-too-early",
                  report.opens().empty()
                      ? "a report may be written 30 days before its day, and this one is due oftener: say `opens`"
                      : "a report would be open before the one before it is due");
  }
}

}  // namespace

void check_fields(const Checking& checking) {
  check_initiative(checking);
  check_sections(checking);
  if (!is_of_subject(checking.program)) {
    check_list(checking, "cohort.parameters", checking.program.cohort().parameters());
    check_no_moves(checking, "cohort.parameters", checking.program.cohort().parameters());
    for (const v1::Field& field : checking.program.cohort().parameters())
      if (field.type() == v1::Field::TABLE)
        checking.tell(fmt::format("cohort.parameters.{}.type", field.name()), "table-here",
                      fmt::format("`{}` is a date or a figure of the season, not a table", field.name()));
  }
  for (const Spot& spot : checking.names.spots()) {
    if (spot.state != nullptr) {
      for (const v1::Log& log : spot.state->log()) {
        const std::string path = fmt::format("{}.log.{}.fields", spot.yaml_path, log.name());
        check_list(checking, path, log.fields());
        check_no_moves(checking, path, log.fields());
      }
    }
    if (spot.stage == nullptr) continue;
    for (const v1::Form& form : spot.stage->forms()) {
      const std::string path = fmt::format("{}.forms.{}.fields", spot.yaml_path, form.name());
      check_list(checking, path, form.fields());
      check_no_moves(checking, path, form.fields());
    }
    for (const v1::Report& report : spot.stage->reports()) {
      check_report(checking, fmt::format("{}.reports.{}", spot.yaml_path, report.form()), report);
    }
  }
}

}  // namespace kvali::program
