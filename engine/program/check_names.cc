// Names mean something, and one thing.
#include <fmt/format.h>

#include <map>
#include <set>

#include "engine/program/check.h"
#include "engine/program/reviews.h"
#include "engine/program/fields.h"
#include "engine/program/scalars.h"
#include "engine/program/subjects.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

template <class List>
std::vector<std::string> names_in(const List& list) {
  std::vector<std::string> names;
  for (const auto& element : list) names.push_back(element.name());
  return names;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Tells `name` at `path` when it is none of `known`.
void must_be(const Checking& checking, const std::string& path, const std::string& name,
             const std::vector<std::string>& known, const char* code, const char* what) {
  if (name.empty() || has(known, name)) return;
  checking.tell(path, code, fmt::format("no {} `{}`", what, name), checking.faults.full() ? "" : nearest(name, known));
}

void check_target(const Checking& checking, std::size_t from, const std::string& path, const std::string& target) {
  if (target.empty()) return;
  const Names& names = checking.names;
  const Resolution resolution = names.resolve(from, target);
  switch (resolution.problem) {
    case Resolution::Problem::None: return;
    case Resolution::Problem::Unknown:
      return checking.tell(path, "unknown-target", fmt::format("no state `{}`", target),
                           checking.faults.full() ? "" : names.suggestion(from, target));
    case Resolution::Problem::Region:
      return checking.tell(path, "target-is-part",
                           fmt::format("`{}` is a part that runs beside others; name a state in it", target));
    case Resolution::Problem::Ambiguous:
      return checking.tell(path, "ambiguous-target",
                           fmt::format("`{}` is {}, but also {}; write it with its stage or rename one", target,
                                       names.describe(resolution.spot), names.describe(resolution.also[0])));
  }
}

/// The part beside others that `spot` stands in, nearest first; 0 for none.
std::size_t part_of(const Names& names, std::size_t spot) {
  while (spot != 0 && names[spot].kind != Spot::Kind::Region) spot = names[spot].parent;
  return spot;
}

void check_targets(const Checking& checking) {
  const Names& names = checking.names;
  each_move(checking, [&](std::size_t spot, const v1::Move& move, const std::string& path) {
    check_target(checking, spot, path + ".to", move.to());
    const std::size_t to = checking.find(spot, move.to());
    const std::size_t from_part = part_of(names, spot), to_part = part_of(names, to);
    if (from_part != 0 && to_part != 0 && from_part != to_part && names[from_part].parent == names[to_part].parent) {
      checking.tell(path + ".to", "crosses-parts",
                    fmt::format("`{}` leads from `{}` into `{}`, which runs beside it: both would begin again",
                                move.name(), names[from_part].name, names[to_part].name));
    }
  });
  for (std::size_t i = 1; i < names.spots().size(); ++i) {
    const Spot& spot = names[i];
    if (const v1::Deadline* deadline = deadline_of(spot)) {
      check_target(checking, i, spot.yaml_path + ".deadline.then.to", deadline->then().to());
    }
    check_target(checking, i, spot.yaml_path + ".when_done", when_done_of(spot));
  }
  const v1::CohortRules& cohort = checking.program.cohort();
  for (const v1::Quota& quota : cohort.quotas()) {
    for (int i = 0; i < quota.held_while_size(); ++i) {
      check_target(checking, 0, fmt::format("cohort.quotas.{}.held_while.{}", quota.name(), i + 1), quota.held_while(i));
    }
  }
  for (int i = 0; i < cohort.must_hold_size(); ++i) {
    check_target(checking, 0, fmt::format("cohort.must_hold.{}.before", i + 1), cohort.must_hold(i).before());
  }
}

/// Roles and letters wherever they are named, by the options of the proto; and values that stand twice in one list.
void check_references(const Checking& checking) {
  const std::vector<std::string> roles = names_in(checking.program.roles());
  const std::vector<std::string> messages = names_in(checking.program.messages());
  std::map<std::string, std::set<std::string>> listed;
  checking.visit_own([&](const Message& message, const FieldDescriptor& field, int index,
                                         const std::string& path) {
    // The key of a keyed list is no value of its own: `tells: {applicant: receipt}` names a role all the same.
    if (is_keyed_list(field)) {
      const FieldDescriptor& key = *key_field(*field.message_type());
      if (options_of(key).scalar() == v1::SCALAR_ROLE) {
        must_be(checking, path, element_part(message, field, index), roles, "unknown-role", "role");
      }
      return;
    }
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
    const std::string value = index < 0 ? message.GetReflection()->GetString(message, &field)
                                        : message.GetReflection()->GetRepeatedString(message, &field, index);
    if (options_of(field).scalar() == v1::SCALAR_ROLE) must_be(checking, path, value, roles, "unknown-role", "role");
    if (options_of(field).scalar() == v1::SCALAR_MESSAGE) {
      must_be(checking, path, value, messages, "unknown-message", "letter");
    }
    const std::string list = path.substr(0, path.rfind('.'));
    if (index >= 0 && !listed[list].insert(value).second) {
      checking.tell(path, "value-twice", fmt::format("`{}` stands twice in `{}`", value, key_of(field)));
    }
  });
}

void check_field_names(const Checking& checking) {
  const v1::Program& program = checking.program;
  std::vector<std::string> fields = names_in(program.initiative().fields());
  const std::vector<std::string> own = fields;
  std::vector<std::string> moves;
  each_move(checking, [&](std::size_t, const v1::Move& move, const std::string&) { moves.push_back(move.name()); });
  for (const v1::Field& field : program.initiative().fields()) {
    for (int i = 0; i < field.required_for_size(); ++i) {
      must_be(checking, fmt::format("initiative.fields.{}.required_for.{}", field.name(), i + 1), field.required_for(i),
              moves, "unknown-move", "move");
    }
  }
  must_be(checking, "initiative.title", program.initiative().title(), own, "unknown-field", "field");
  must_be(checking, "initiative.locality", program.initiative().locality(), own, "unknown-field", "field");
  fields.emplace_back("reason");
  const std::vector<std::string> quotas = names_in(program.cohort().quotas());
  each_move(checking, [&](std::size_t, const v1::Move& move, const std::string& path) {
    for (int i = 0; i < move.must_give_size(); ++i) {
      must_be(checking, fmt::format("{}.must_give.{}", path, i + 1), move.must_give(i), fields, "unknown-field", "field");
    }
    must_be(checking, path + ".when_freed", move.when_freed(), quotas, "unknown-quota", "quota");
  });
  fields.back() = "organisation";
  fields.emplace_back("applicant");
  for (const ReviewAt& at : reviews_of(checking.names)) {
    for (int i = 0; i < at.review->hide_size(); ++i)
      must_be(checking, fmt::format("{}.hide.{}", at.yaml_path, i + 1), at.review->hide(i), fields, "unknown-field", "field");
    for (int i = 0; i < at.review->needs_size(); ++i)
      must_be(checking, fmt::format("{}.needs.{}", at.yaml_path, i + 1), at.review->needs(i), own, "unknown-field", "field");
  }
  for (const Spot& spot : checking.names.spots()) {
    if (spot.stage == nullptr) continue;
    const std::vector<std::string> forms = names_in(spot.stage->forms());
    std::set<std::string> reported;
    for (const v1::Report& report : spot.stage->reports()) {
      const std::string path = fmt::format("{}.reports.{}", spot.yaml_path, report.form());
      must_be(checking, path, report.form(), forms, "unknown-form", "form");
      reported.insert(report.form());
      if (report.by().empty() && checking.role("applicant") == nullptr) {
        checking.tell(path, "unknown-role", fmt::format("who hands in `{}`? Give `by`, since there is no role `applicant`",
                                                        report.form()));
      }
    }
    for (const v1::Form& form : spot.stage->forms()) {
      if (!reported.contains(form.name())) {
        checking.tell(fmt::format("{}.forms.{}", spot.yaml_path, form.name()), "unused-form",
                      fmt::format("no report asks for the form `{}`", form.name()));
      }
    }
  }
}

/// What may not share a name, because one would hide the other.
void check_doubles(const Checking& checking) {
  const Names& names = checking.names;
  for (std::size_t i = 1; i < names.spots().size(); ++i) {
    for (const std::size_t child : names[names[i].parent].children) {
      if (child >= i || names[child].name != names[i].name) continue;
      checking.tell(names[i].yaml_path, "duplicate-name",
                    fmt::format("`{}` is already {}", names[i].name, names.describe(child)));
    }
    const auto& reserved = reserved_state_names();
    if (has(reserved, names[i].name)) {
      checking.tell(names[i].yaml_path, "reserved-name",
                    fmt::format("`{}` is a word of kvali's own; choose another name", names[i].name));
    }
  }
  const std::vector<std::string> anywhere = names_in(checking.program.anywhere());
  each_move(checking, [&](std::size_t spot, const v1::Move& move, const std::string& path) {
    if (spot != 0 && has(anywhere, move.name())) {
      checking.tell(path, "duplicate-name", fmt::format("`{}` is already a move from anywhere", move.name()));
    }
    for (std::size_t outer = spot; spot != 0 && outer != 0;) {
      outer = names[outer].parent;
      const Spot& around = names[outer];
      const bool there = (around.stage != nullptr && has(names_in(around.stage->moves()), move.name())) ||
                         (around.state != nullptr && has(names_in(around.state->moves()), move.name()));
      if (there) {
        checking.tell(path, "duplicate-name",
                      fmt::format("`{}` is already a move of {}", move.name(), names.describe(outer)));
      }
    }
  });
}

/// The lists that guards read: entries of logs, reports, reviews, persons by role. One name, one list.
void check_lists(const Checking& checking) {
  std::map<std::string, std::string> taken;
  for (const char* word : {"initiative", "cohort", "now", "reason", "planned", "number", "event", "organisation", "attended", "holds", "logged"}) {
    taken.emplace(word, "a word of kvali's own");
  }
  for (const v1::Subject& subject : checking.whole.subjects()) taken.emplace(subject.name(), "a subject");
  for (const v1::Role& role : checking.program.roles()) {
    taken.emplace(plural_of(role.name()), fmt::format("the persons of the role `{}`", role.name()));
  }
  const auto take = [&](const std::string& name, const std::string& path, std::string what) {
    const auto [first, is_new] = taken.emplace(name, std::move(what));
    if (!is_new) {
      checking.tell(path, "duplicate-name", fmt::format("guards already read `{}` as {}", name, first->second));
    }
  };
  for (const Spot& spot : checking.names.spots()) {
    if (spot.state != nullptr) {
      for (const ReviewAt& at : reviews_of(spot)) take(at.name, at.yaml_path, fmt::format("the review of `{}`", spot.path));
      for (const v1::Log& log : spot.state->log()) {
        take(log.name(), fmt::format("{}.log.{}", spot.yaml_path, log.name()),
             fmt::format("what is written down in `{}`", spot.path));
      }
    }
    if (spot.stage == nullptr) continue;
    for (const v1::Report& report : spot.stage->reports()) {
      take(report.form(), fmt::format("{}.reports.{}", spot.yaml_path, report.form()),
           fmt::format("the reports of `{}`", spot.path));
    }
  }
}

/// Every role does something, and whoever only looks does nothing.
void check_roles(const Checking& checking) {
  std::set<std::string> named;
  // What subjects do with a role counts as well; what reads only is told where it stands.
  visit_values(checking.whole, "", [&](const Message& message, const FieldDescriptor& field, int index, const std::string&) {
    if (is_keyed_list(field)) {
      if (options_of(*key_field(*field.message_type())).scalar() == v1::SCALAR_ROLE) named.insert(element_part(message, field, index));
    } else if (options_of(field).scalar() == v1::SCALAR_ROLE) {
      named.insert(index < 0 ? message.GetReflection()->GetString(message, &field)
                             : message.GetReflection()->GetRepeatedString(message, &field, index));
    }
  });
  checking.visit_own([&](const Message& message, const FieldDescriptor& field, int index, const std::string& path) {
    std::string role;
    if (is_keyed_list(field)) return;
    if (options_of(field).scalar() != v1::SCALAR_ROLE) return;
    role = index < 0 ? message.GetReflection()->GetString(message, &field)
                     : message.GetReflection()->GetRepeatedString(message, &field, index);
    const std::string key = key_of(field);
    const v1::Role* declared = checking.role(role);
    const bool acts = key == "by" || key == "waits_for" || key == "written_by" || key == "speaks_for" || key == "agreed_by" || key == "chair";
    // Who agrees to a move stands for who makes it, where its author did not say: told once.
    if (key == "by" && !checking.written(path) && !checking.written(path.substr(0, path.rfind('.')))) return;
    if (acts && declared != nullptr && declared->reads_only()) {
      checking.tell(path, "reads-only", fmt::format("the role `{}` reads only and cannot act", role));
    }
  });
  if (is_of_subject(checking.program)) return;
  for (const v1::Role& role : checking.program.roles()) {
    const std::string path = "roles." + role.name();
    const bool reports = role.name() == "applicant";
    if (!role.reads_only() && !checking.written(path + ".reads_only") && !role.assigns() && !reports && !named.contains(role.name())) {
      checking.tell(path, "unused-role",
                    fmt::format("the role `{}` neither acts nor is told anything; if it only looks, say `reads_only: true`",
                                role.name()));
    }
    if (role.reads_only() && role.assigns()) {
      checking.tell(path, "reads-only", fmt::format("the role `{}` reads only and cannot assign others", role.name()));
    }
    if (role.scope() == v1::Role::LOCALITY && !checking.program.cohort().has_localities()) {
      checking.tell(path + ".scope", "no-localities",
                    fmt::format("the role `{}` acts in a locality, but `cohort` has no `localities`", role.name()));
    }
  }
  const bool applies = std::any_of(checking.program.roles().begin(), checking.program.roles().end(),
                                   [](const v1::Role& role) { return role.scope() == v1::Role::INITIATIVE; });
  if (!applies && !checking.program.roles().empty()) {
    checking.tell("roles", "no-applicant", "no role has the scope `initiative`, so nobody can bring one");
  }
}

void check_messages(const Checking& checking) {
  if (is_of_subject(checking.program)) return;
  std::set<std::string> sent;
  visit_values(checking.whole, "", [&](const Message& message, const FieldDescriptor& field, int index, const std::string&) {
    if (index < 0 && options_of(field).scalar() == v1::SCALAR_MESSAGE) sent.insert(message.GetReflection()->GetString(message, &field));
  });
  const std::vector<std::string> known = names_in(checking.program.messages());
  const bool all_known = std::all_of(sent.begin(), sent.end(), [&](const std::string& name) { return has(known, name); });
  for (const v1::Message& message : checking.program.messages()) {
    if (all_known && !sent.contains(message.name())) {
      checking.tell("messages." + message.name(), "unused-message", fmt::format("no move sends the letter `{}`", message.name()));
    }
  }
}

}  // namespace

void check_names(const Checking& checking) {
  check_targets(checking);
  check_references(checking);
  check_field_names(checking);
  check_doubles(checking);
  check_lists(checking);
  check_roles(checking);
  check_messages(checking);
}

}  // namespace kvali::program
