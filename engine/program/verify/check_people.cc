// Fields that somebody can fill in, roles that somebody can hold, places that somebody can take.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/program/subjects.h"
#include "engine/program/verify/proving.h"

namespace kvali::program::proof {

namespace {

template <class List>
bool contains(const List& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

const v1::Role* role_of(const v1::Program& program, const std::string& name) {
  const auto found = std::find_if(program.roles().begin(), program.roles().end(), [&](const v1::Role& role) { return role.name() == name; });
  return found == program.roles().end() ? nullptr : &*found;
}

/// Who brings initiatives: the first role of their scope.
std::string applicant_of(const v1::Program& program) {
  std::string first;
  for (const v1::Role& role : program.roles())
    if (role.scope() == v1::Role::INITIATIVE && (first.empty() || role.name() == "applicant")) first = role.name();
  return first;
}

// --- fields -----------------------------------------------------------------------------------------------------------

/// Fields that would be asked for only once they, or others of their kind, were filled in.
std::vector<std::string> never_asked_for(const Proving& proving) {
  const auto& fields = proving.program.initiative().fields();
  std::vector<std::string> empty;
  for (const v1::Field& field : fields)
    if (!field.shown_when().empty()) empty.push_back(field.name());
  for (bool more = !empty.empty(); more;) {
    Decider decider(proving.program, proving.texts, empty);
    more = std::erase_if(empty, [&](const std::string& name) {
             const auto field = std::find_if(fields.begin(), fields.end(), [&](const v1::Field& one) { return one.name() == name; });
             const Claim shown{proving.texts.of(field->shown_when()), true};
             return decider.possible({&shown, 1});
           }) > 0;
  }
  return empty;
}

void check_asking(const Proving& proving) {
  const auto& fields = proving.program.initiative().fields();
  for (const std::string& name : never_asked_for(proving)) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const v1::Field& one) { return one.name() == name; });
    const Claim shown{proving.texts.of(field->shown_when()), true};
    Decider alone(proving.program, proving.texts);
    if (!alone.possible({&shown, 1})) continue;  // told as a condition that never holds
    proving.tell(Severity::Error, fmt::format("initiative.fields.{}.shown_when", name), "shown-by-itself",
                 fmt::format("`{}` is asked for only when `{}`, which needs an answer that is asked for only then", name, field->shown_when()));
  }
}

/// Who writes a field has to see it.
void check_writers(const Proving& proving) {
  for (const v1::Field& field : proving.program.initiative().fields()) {
    if (!field.computed().empty() || field.seen_by().empty()) continue;
    std::vector<std::string> writers(field.written_by().begin(), field.written_by().end());
    if (writers.empty()) writers.push_back(applicant_of(proving.program));
    const auto& roles = proving.program.roles();
    const bool any = std::any_of(roles.begin(), roles.end(), [&](const v1::Role& role) {
      const bool writes = contains(writers, role.name()) || std::any_of(role.speaks_for().begin(), role.speaks_for().end(),
                                                                        [&](const std::string& other) { return contains(writers, other); });
      return writes && !role.reads_only() && contains(field.seen_by(), role.name());
    });
    if (any) continue;
    proving.tell(Severity::Error, "initiative.fields." + field.name(), "never-filled",
                 fmt::format("nobody can fill in `{}`: who may write it (`{}`) may not see it", field.name(), fmt::join(writers, "`, `")));
  }
}

// --- roles ------------------------------------------------------------------------------------------------------------

bool acts_in_locality(const Proving& proving, const std::string& name) {
  const v1::Role* role = role_of(proving.program, name);
  return role != nullptr && role->scope() == v1::Role::LOCALITY;
}

const v1::Field* locality_field(const v1::Program& program) {
  for (const v1::Field& field : program.initiative().fields()) {
    const bool meant = program.initiative().locality().empty() ? field.type() == v1::Field::LOCALITY : field.name() == program.initiative().locality();
    if (meant) return &field;
  }
  return nullptr;
}

/// For each spot, whether the initiative surely has its locality.
std::vector<bool> located(const Proving& proving, const v1::Field& locality) {
  const auto by = [&](const Happening& what) -> std::vector<std::size_t> {
    if (what.kind != Happening::Kind::Move) return {};
    const v1::ByPerson& move = proving.chart.arrow(what.arrow).move();
    if (contains(locality.required_for(), move.name()) || contains(move.must_give(), locality.name())) return {0};
    return {};
  };
  const Flow flow = flow_of(proving.found, 1, [](SpotId) { return std::vector<std::size_t>{}; }, by);
  std::vector<bool> known;
  known.reserve(flow.must.size());
  for (const auto& must : flow.must) known.push_back(must[0]);
  return known;
}

/// Who is waited for while a state is active: by the state, or by an item of a series that is opened there.
struct Waiting {
  StateId state = 0;
  google::protobuf::RepeatedPtrField<std::string> roles;
  std::string what;  // "`mentoring.open`", "a report `yearly`"
  std::string at;    // its path in the YAML
};

std::vector<Waiting> waiting_of(const Proving& proving) {
  std::vector<Waiting> all;
  for (StateId state = 1; state < proving.chart.state_count(); ++state) {
    const v1::Node& node = proving.chart.node(state);
    if (node.waits_for_size() > 0) all.push_back({state, node.waits_for(), fmt::format("`{}`", proving.chart.path(state)), proving.path_of(state)});
    for (const v1::Timer& timer : node.timers()) {
      if (!timer.name().starts_with("series.")) continue;
      for (const v1::TaskKind& kind : proving.chart.machine().tasks())
        if (kind.report() && timer.name() == "series." + kind.name())
          all.push_back({state, kind.machine().states(1).waits_for(), fmt::format("a report `{}`", kind.name()), proving.path_at(kind.place())});
    }
  }
  return all;
}

/// Whether the program has something to do for the role: a subject need not have for each.
bool is_asked(const Proving& proving, const std::string& role) {
  if (!is_of_subject(proving.program)) return true;
  const v1::Machine& machine = proving.chart.machine();
  return std::any_of(machine.states().begin(), machine.states().end(), [&](const v1::Node& node) { return contains(node.waits_for(), role); }) ||
         std::any_of(machine.arrows().begin(), machine.arrows().end(), [&](const v1::Arrow& arrow) { return contains(arrow.move().by(), role); });
}

void check_localities(const Proving& proving) {
  const v1::Field* locality = locality_field(proving.program);
  if (locality == nullptr) {
    for (const v1::Role& role : proving.program.roles())
      if (role.scope() == v1::Role::LOCALITY && !role.reads_only() && is_asked(proving, role.name()))
        proving.tell(Severity::Error, "roles." + role.name(), "role-nobody-holds",
                     fmt::format("`{}` acts in a locality, but no field of the initiative says where it is, so nobody is ever `{}` of one",
                                 role.name(), role.name()));
    return;
  }
  const std::vector<bool> known = located(proving, *locality);
  for (const Waiting& one : waiting_of(proving)) {
    if (!std::all_of(one.roles.begin(), one.roles.end(), [&](const std::string& role) { return acts_in_locality(proving, role); })) continue;
    for (SpotId spot = 0; spot < proving.found.spots.size(); ++spot) {
      if (known[spot] || !proving.found.rests_in(spot, one.state)) continue;
      proving.tell(Severity::Warning, one.at, "role-nobody-holds",
                   fmt::format("{} waits for `{}` of a locality, but an initiative may come here without one: make `{}` `required_for` "
                               "a move before", one.what, one.roles[0], locality->name()),
                   proving.trace_to(spot));
      break;
    }
  }
}

/// Somebody gives the roles: who manages the cohort, the first role of its scope that acts.
void check_manager(const Proving& proving) {
  const auto& roles = proving.program.roles();
  const bool any = std::any_of(roles.begin(), roles.end(), [](const v1::Role& role) { return role.scope() == v1::Role::COHORT && !role.reads_only(); });
  if (any) return;
  for (const v1::Role& role : roles) {
    if (role.reads_only() || role.name() == applicant_of(proving.program)) continue;
    proving.tell(Severity::Error, "roles." + role.name(), "role-nobody-holds",
                 fmt::format("nobody can make a person `{}`: no role of the cohort manages it", role.name()));
  }
}

/// Who judges is another than who asks.
void check_four_eyes(const Proving& proving) {
  const std::string applicant = applicant_of(proving.program);
  for (const v1::TaskKind& kind : proving.chart.machine().tasks()) {
    if (!kind.has_review()) continue;
    const std::string& by = kind.review().by();
    const v1::Role* role = role_of(proving.program, by);
    const std::string at = proving.path_at(kind.place());
    if (by == applicant) {
      proving.tell(Severity::Error, at, "four-eyes", fmt::format("`{}` brings the initiative and reviews it: nobody else looks at it", by));
    } else if (role != nullptr && contains(role->speaks_for(), applicant)) {
      proving.tell(Severity::Warning, at, "four-eyes",
                   fmt::format("`{}` reviews, and may speak for `{}`: one person could write an application and review it", by, applicant));
    }
  }
}

}  // namespace

void check_filling(const Proving& proving) {
  check_asking(proving);
  check_writers(proving);
}

void check_people(const Proving& proving) {
  check_localities(proving);
  if (!is_of_subject(proving.program)) check_manager(proving);
  check_four_eyes(proving);
}

// As engine/cohort counts: a place is held in what is inside of the states named, but not in an end unless that is named.
void check_quotas(const Proving& proving) {
  if (!proving.found.complete) return;
  for (const v1::HeldPlaces& places : proving.chart.machine().places()) {
    bool any = false, unreached = false;
    for (const StateId held : places.states()) {
      unreached = unreached || !proving.found.entered[held];
      for (StateId state = held; state < proving.chart.state_count(); ++state) {
        const bool inside = state == held ? proving.chart.is_atomic(state) : proving.chart.is_descendant(state, held);
        const bool holds = inside && (state == held || proving.chart.node(state).ends() == v1::State::END_UNSPECIFIED);
        any = any || (holds && proving.found.first_at[state] != none);
      }
    }
    if (any || unreached) continue;  // a state never come to is told as such
    proving.tell(Severity::Error, "cohort.quotas." + places.quota(), "quota-never-fills",
                 fmt::format("no initiative ever rests where a place of `{}` is held, so it never fills", places.quota()));
  }
}

}  // namespace kvali::program::proof
