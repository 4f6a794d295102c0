#include "engine/program/subjects.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kvali::program {

namespace {

/// What stands elsewhere in the small program than in its subject: key of the subject, key of the program.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> moved = {{{"label", "initiative.label"},
                                                                                 {"brought_by", "initiative.brought_by"},
                                                                                 {"fields", "initiative.fields"},
                                                                                 {"sections", "initiative.sections"},
                                                                                 {"title", "initiative.title"},
                                                                                 {"locality", "initiative.locality"},
                                                                                 {"facts", "initiative.facts"},
                                                                                 {"needs", "initiative.needs"},
                                                                                 {"quotas", "cohort.quotas"},
                                                                                 {"", "initiative"}}};

/// What stands in both at the same path.
constexpr std::array<std::string_view, 4> kept = {"stages", "anywhere", "outcomes", "forever"};

bool is_at(std::string_view path, std::string_view key) {
  return path.starts_with(key) && (path.size() == key.size() || path[key.size()] == '.');
}

}  // namespace

v1::Program program_of(const v1::Program& whole, const v1::Subject& subject) {
  v1::Program made;
  made.set_name(whole.name() + "/" + subject.name());
  *made.mutable_title() = subject.label();
  *made.mutable_languages() = whole.languages();
  made.set_timezone(whole.timezone());
  *made.mutable_calendar() = whole.calendar();
  *made.mutable_roles() = whole.roles();
  *made.mutable_bodies() = whole.bodies();
  *made.mutable_cohort()->mutable_parameters() = whole.cohort().parameters();
  if (whole.cohort().has_localities()) *made.mutable_cohort()->mutable_localities() = whole.cohort().localities();
  *made.mutable_cohort()->mutable_quotas() = subject.quotas();
  v1::InitiativeRules& rules = *made.mutable_initiative();
  rules.set_noun(subject.name());
  *rules.mutable_label() = subject.label();
  *rules.mutable_brought_by() = subject.brought_by();
  *rules.mutable_fields() = subject.fields();
  *rules.mutable_sections() = subject.sections();
  rules.set_title(subject.title());
  rules.set_locality(subject.locality());
  *rules.mutable_facts() = subject.facts();
  *rules.mutable_needs() = subject.needs();
  *made.mutable_stages() = subject.stages();
  *made.mutable_anywhere() = subject.anywhere();
  *made.mutable_outcomes() = subject.outcomes();
  *made.mutable_messages() = whole.messages();
  made.set_forever(subject.forever());
  const std::string prefix = "subjects." + subject.name() + ".";
  for (const v1::Accepted& one : whole.accepted()) {
    if (!one.at().starts_with(prefix)) continue;
    *made.add_accepted() = one;
    made.mutable_accepted()->rbegin()->set_at(one.at().substr(prefix.size()));
  }
  return made;
}

v1::Program without_subjects(const v1::Program& whole) {
  v1::Program made = whole;
  made.clear_subjects();
  auto& accepted = *made.mutable_accepted();
  accepted.erase(std::remove_if(accepted.begin(), accepted.end(), [](const v1::Accepted& one) { return one.at().starts_with("subjects."); }), accepted.end());
  return made;
}

Positions positions_of(const Positions& whole, const v1::Subject& subject) {
  Positions made;
  const std::string prefix = "subjects." + subject.name();
  for (const auto& [path, at] : whole) {
    if (!is_at(path, prefix)) {
      const bool shared = is_at(path, "roles") || is_at(path, "messages") || is_at(path, "languages") || is_at(path, "cohort.parameters") ||
                          is_at(path, "cohort.localities");
      if (shared) made.emplace(path, at);
      continue;
    }
    const std::string_view rest = path.size() == prefix.size() ? std::string_view() : std::string_view(path).substr(prefix.size() + 1);
    if (rest.empty()) {
      made.emplace("", at);
      made.emplace("initiative", at);
    }
    for (const std::string_view key : kept)
      if (is_at(rest, key)) made.emplace(rest, at);
    for (const auto& [key, there] : moved)
      if (!key.empty() && is_at(rest, key)) made.emplace(std::string(there) + std::string(rest.substr(key.size())), at);
  }
  return made;
}

std::string path_in_whole(std::string_view path, std::string_view subject) {
  const std::string prefix = "subjects." + std::string(subject);
  for (const auto& [key, there] : moved)
    if (is_at(path, there)) return prefix + (key.empty() ? "" : ".") + std::string(key) + std::string(path.substr(there.size()));
  for (const std::string_view key : kept)
    if (is_at(path, key)) return prefix + "." + std::string(path);
  return path.empty() ? prefix : std::string(path);
}

const std::string& noun_of(const v1::Program& program) {
  static const std::string initiative = "initiative";
  return is_of_subject(program) ? program.initiative().noun() : initiative;
}

}  // namespace kvali::program
