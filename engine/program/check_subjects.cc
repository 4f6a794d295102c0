// Other kinds of subject than initiatives: how they begin, who may be given a role, who was there.
#include <fmt/format.h>

#include "engine/program/check.h"
#include "engine/program/scalars.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

std::vector<std::string> roles_of(const v1::Program& program) {
  std::vector<std::string> names;
  for (const v1::Role& role : program.roles()) names.push_back(role.name());
  return names;
}

const v1::Field* field_of_type(const google::protobuf::RepeatedPtrField<v1::Field>& fields, v1::Field::Type type) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const v1::Field& field) { return field.type() == type; });
  return found == fields.end() ? nullptr : &*found;
}

bool is_brought_by_person(const v1::Subject& subject) {
  return std::find(subject.brought_by().begin(), subject.brought_by().end(), v1::InitiativeRules::PERSON) != subject.brought_by().end();
}

/// One that begins by itself has a beginner in the calendar alone; any other is begun by somebody.
void check_beginning(const Checking& checking, const v1::Subject& subject) {
  const std::string path = "subjects." + subject.name();
  const std::vector<std::string> roles = roles_of(checking.whole);
  for (int i = 0; i < subject.begun_by_size(); ++i) {
    const std::string& role = subject.begun_by(i);
    const std::string at = fmt::format("{}.begun_by.{}", path, i + 1);
    const v1::Role* known = checking.role(role);
    if (known == nullptr)
      checking.tell(at, "unknown-role", fmt::format("no role `{}`", role), nearest(role, roles));
    else if (known->reads_only())
      checking.tell(at, "reads-only", fmt::format("the role `{}` reads only and cannot act", role));
  }
  const bool by_itself = subject.of() != v1::Subject::EACH_UNSPECIFIED;
  if (by_itself && !subject.begun_by().empty())
    checking.tell(path + ".begun_by", "begins-twice", fmt::format("each `{}` begins when the season is opened, so nobody begins one: leave out `of` or `begun_by`", subject.name()));
  if (by_itself && !subject.brought_by().empty())
    checking.tell(path + ".brought_by", "begins-twice", fmt::format("each `{}` begins when the season is opened, so nobody brings one", subject.name()));
  if (!by_itself && subject.begun_by().empty())
    checking.tell(path, "begun-by-nobody", fmt::format("who begins a `{}`? Say `begun_by: ROLE`, or `of: each locality` or `of: the cohort` for what begins by itself", subject.name()));
  if (subject.of() != v1::Subject::EACH_LOCALITY) return;
  if (!checking.whole.cohort().has_localities())
    checking.tell(path + ".of", "no-localities", "`each locality`, but `cohort` has no `localities`");
  else if (field_of_type(subject.fields(), v1::Field::LOCALITY) == nullptr)
    checking.tell(path, "no-locality", fmt::format("each `{}` is of a locality; give it a field of the type `locality` that says which", subject.name()));
}

/// What begins by itself takes no place by it: where none is left, there would be nobody to be told.
void check_holding(const Checking& checking, const v1::Subject& subject) {
  if (subject.of() == v1::Subject::EACH_UNSPECIFIED || subject.stages().empty() || subject.stages(0).states().empty()) return;
  const std::string &stage = subject.stages(0).name(), &state = subject.stages(0).states(0).name();
  for (const v1::Quota& quota : subject.quotas())
    for (const std::string& holder : quota.held_while())
      if (holder == stage || holder == state || holder == stage + "." + state)
        checking.tell(fmt::format("subjects.{}.quotas.{}", subject.name(), quota.name()), "begins-holding",
                      fmt::format("each `{}` begins by itself in `{}`, which cannot hold a place of `{}`: let it hold one from a later state on", subject.name(), state, quota.name()));
}

/// The quotas of a cohort are told apart by their names alone, whoever holds their places.
void check_quota_names(const Checking& checking) {
  std::vector<std::string> taken;
  for (const v1::Quota& quota : checking.whole.cohort().quotas()) taken.push_back(quota.name());
  for (const v1::Subject& subject : checking.whole.subjects())
    for (const v1::Quota& quota : subject.quotas()) {
      if (std::find(taken.begin(), taken.end(), quota.name()) != taken.end())
        checking.tell(fmt::format("subjects.{}.quotas.{}", subject.name(), quota.name()), "duplicate-name", fmt::format("there is another quota `{}`", quota.name()));
      taken.push_back(quota.name());
    }
}

/// `after: expert.trained`: a kind of subject that a person brings, and one of its stages or states.
void check_after(const Checking& checking, const v1::Role& role) {
  const std::string path = fmt::format("roles.{}.after", role.name());
  const std::size_t dot = role.after().find('.');
  const std::string name = role.after().substr(0, dot), state = dot == std::string::npos ? "" : role.after().substr(dot + 1);
  std::vector<std::string> known;
  for (const v1::Subject& subject : checking.whole.subjects()) {
    known.push_back(subject.name());
    if (subject.name() != name) continue;
    if (!is_brought_by_person(subject))
      checking.tell(path, "after-nobody", fmt::format("a `{}` is no person's: say `brought_by: person` there", name));
    const v1::Program small = program_of(checking.whole, subject);
    const Names names(small);
    if (state.empty() || names.resolve(0, state).problem != Resolution::Problem::None)
      checking.tell(path, "unknown-target", fmt::format("no state `{}` of `{}`", state, name), names.suggestion(0, state));
    return;
  }
  checking.tell(path, "unknown-subject", fmt::format("no subject `{}`; `after` names one and a state of it: expert.trained", name), nearest(name, known));
}

/// Who was there is an organisation or a person; and only what is no initiative is attended.
void check_attendance(const Checking& checking) {
  std::size_t lists = 0;
  for (const Spot& spot : checking.names.spots()) {
    if (spot.state == nullptr) continue;
    for (const v1::Log& log : spot.state->log()) {
      if (!log.attendance()) continue;
      const std::string path = fmt::format("{}.log.{}.attendance", spot.yaml_path, log.name());
      if (!is_of_subject(checking.program))
        checking.tell(path, "attends-nothing", "initiatives are not attended; write the training as a subject of its own, under `subjects`");
      else if (++lists > 1)
        checking.tell(path, "two-attendances", fmt::format("guards read attended.{} as one list, so only one log of it says who was there", noun_of(checking.program)));
      if (field_of_type(log.fields(), v1::Field::ORGANISATION) == nullptr && field_of_type(log.fields(), v1::Field::PERSON) == nullptr)
        checking.tell(path, "attended-by-nobody", fmt::format("`{}` needs a field of the type `organisation` or `person` that says who was there", log.name()));
    }
  }
}

}  // namespace

void check_subjects(const Checking& checking) {
  check_attendance(checking);
  if (is_of_subject(checking.program)) return;
  for (const v1::Subject& subject : checking.whole.subjects()) {
    if (subject.name() == "initiative" || subject.name() == "cohort")
      checking.tell("subjects." + subject.name(), "reserved-name", fmt::format("`{}` is a word of kvali's own; choose another name", subject.name()));
    check_beginning(checking, subject);
    check_holding(checking, subject);
  }
  check_quota_names(checking);
  for (const v1::Role& role : checking.whole.roles())
    if (!role.after().empty()) check_after(checking, role);
}

}  // namespace kvali::program
