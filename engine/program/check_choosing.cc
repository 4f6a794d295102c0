// Who decides together: bodies that can come to a decision, agreements that two different persons can give, complaints.
#include <fmt/format.h>

#include <algorithm>

#include "engine/program/check.h"
#include "engine/program/subjects.h"
#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

template <class List>
std::vector<std::string> names_in(const List& list) {
  std::vector<std::string> names;
  for (const auto& one : list) names.push_back(one.name());
  return names;
}

bool has(const std::vector<std::string>& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

/// Who brings initiatives, one person: the role of that name, or else the first for a single initiative.
std::string applicant_of(const v1::Program& program) {
  std::string found;
  for (const v1::Role& role : program.roles())
    if (role.scope() == v1::Role::INITIATIVE && (found.empty() || role.name() == "applicant")) found = role.name();
  return found;
}

/// Whether one person at most ever holds a role of `by`.
bool is_one_person(const v1::Program& program, const google::protobuf::RepeatedPtrField<std::string>& by) {
  if (by.size() != 1) return false;
  if (by[0] == applicant_of(program)) return true;
  return std::any_of(program.bodies().begin(), program.bodies().end(), [&](const v1::Body& body) { return body.role() == by[0] && body.seats() == 1; });
}

bool decides(const v1::Program& program, const v1::Body& body) {
  const auto is_its = [&](const v1::Move& move) {
    return move.vote().body() == body.name() || move.after_minutes() == body.name() || std::find(move.by().begin(), move.by().end(), body.role()) != move.by().end();
  };
  const auto has_its = [&](const auto& moves) { return std::any_of(moves.begin(), moves.end(), is_its); };
  const Names names(program);
  return has_its(program.anywhere()) || std::any_of(names.spots().begin(), names.spots().end(), [&](const Spot& spot) {
    return spot.stage != nullptr ? has_its(spot.stage->moves()) : spot.state != nullptr && has_its(spot.state->moves());
  });
}

/// Of initiatives, or of another kind of subject.
bool decides_something(const Checking& checking, const v1::Body& body) {
  const auto& subjects = checking.whole.subjects();
  return decides(checking.program, body) ||
         std::any_of(subjects.begin(), subjects.end(), [&](const v1::Subject& subject) { return decides(program_of(checking.whole, subject), body); });
}

void check_body(const Checking& checking, const v1::Body& body) {
  const std::string path = "bodies." + body.name();
  const v1::Role* role = checking.role(body.role());
  if (body.seats() == 0 && !checking.written(path + ".seats")) return;  // told as missing
  if (body.seats() == 0 || body.seats() > 99) {
    checking.tell(path + ".seats", "body-seats", fmt::format("`{}` has from 1 to 99 seats", body.name()));
    return;
  }
  if (body.quorum() > body.seats()) {
    checking.tell(path + ".quorum", "never-quorum",
                  fmt::format("`{}` can never decide: {} must vote and there are {} seats", body.name(), body.quorum(), body.seats()));
  }
  if (body.majority() == v1::Body::OF_ALL_SEATS && body.quorum() != 0 && 2 * body.quorum() <= body.seats()) {
    checking.tell(path + ".quorum", "quorum-below-majority",
                  fmt::format("{} may vote, but more than half of {} seats must say yes: with a quorum alone nothing is ever carried", body.quorum(), body.seats()));
  }
  if (role != nullptr && role->scope() != v1::Role::COHORT) {
    checking.tell(path + ".role", "body-scope", fmt::format("`{}` decides for the whole cohort: give its role `{}` that scope", body.name(), body.role()));
  }
  if (body.tie() == v1::Body::CHAIR && body.chair().empty()) checking.tell(path + ".tie", "no-chair", fmt::format("who is the chair of `{}`? Give `chair` a role", body.name()));
  if (body.remind_size() > 0 && body.term().empty()) checking.tell(path + ".remind", "reminds-of-nothing", fmt::format("`{}` has no `term` that could end", body.name()));
  for (const v1::Body& other : checking.program.bodies()) {
    if (&other == &body) break;
    if (other.role() == body.role()) checking.tell(path + ".role", "body-role-twice", fmt::format("the members of `{}` are those of `{}` already: a role has the seats of one body", body.name(), other.name()));
  }
  if (!decides_something(checking, body)) checking.tell(path, "unused-body", fmt::format("`{}` decides nothing: no move has its `vote`, and its members make none", body.name()));
}

/// What a move asks of more than one person.
void check_gate(const Checking& checking, const v1::Move& move, const std::string& path) {
  const int gates = (move.agreed_by_size() > 0 ? 1 : 0) + (move.four_eyes() ? 1 : 0) + (move.has_vote() ? 1 : 0);
  if (gates > 1) {
    checking.tell(path, "two-gates", fmt::format("`{}` is agreed (`agreed_by`), seen by four eyes (`four_eyes`) or voted on (`vote`): one of them", move.name()));
  }
  if (move.agreed_by_size() > 0 && checking.written(path + ".by")) {
    checking.tell(path + ".by", "by-and-agreed", fmt::format("who agrees to `{}` is who makes it: leave `by` out beside `agreed_by`", move.name()));
  }
  if (move.agreed_by_size() == 1) {
    checking.tell(path + ".agreed_by", "agrees-alone", fmt::format("`{}` alone agrees with nobody: name another role, or write `by` with `four_eyes`", move.agreed_by(0)));
  }
  if (move.four_eyes() && is_one_person(checking.program, move.by())) {
    checking.tell(path + ".four_eyes", "four-eyes-alone",
                  fmt::format("there is only one `{}`, so no second person can ever agree to `{}`: give `by` another role", move.by(0), move.name()));
  }
  if ((move.four_eyes() || move.has_vote()) && move.by().empty()) {
    checking.tell(path, "needs-person", fmt::format("no role makes `{}`, so nobody can ask for it: give it `by`", move.name()));
  }
  if (gates == 0 && move.rests_on_size() > 0) checking.tell(path + ".rests_on", "rests-on-nothing", fmt::format("nothing is agreed or voted on before `{}` that could lapse", move.name()));
  if (!move.after_minutes().empty() && !move.held()) {
    checking.tell(path + ".after_minutes", "minutes-of-nothing", fmt::format("`{}` is made at once: only a decision that is `held` waits for minutes", move.name()));
  }
}

void check_names_of(const Checking& checking, std::size_t spot, const v1::Move& move, const std::string& path, const std::vector<std::string>& moves,
                    const std::vector<std::string>& fields, const std::vector<std::string>& bodies) {
  for (int i = 0; i < move.not_by_size(); ++i) {
    if (has(moves, move.not_by(i)) || has(fields, move.not_by(i))) continue;
    std::vector<std::string> known = moves;
    known.insert(known.end(), fields.begin(), fields.end());
    checking.tell(fmt::format("{}.not_by.{}", path, i + 1), "unknown-move", fmt::format("no move and no field `{}`", move.not_by(i)), nearest(move.not_by(i), known));
  }
  for (int i = 0; i < move.rests_on_size(); ++i)
    if (!has(fields, move.rests_on(i)))
      checking.tell(fmt::format("{}.rests_on.{}", path, i + 1), "unknown-field", fmt::format("no field `{}`", move.rests_on(i)), nearest(move.rests_on(i), fields));
  const auto body = [&](const std::string& name, const std::string& at) {
    if (!name.empty() && !has(bodies, name)) checking.tell(at, "unknown-body", fmt::format("no body `{}`", name), nearest(name, bodies));
  };
  body(move.vote().body(), checking.written(path + ".vote.body") ? path + ".vote.body" : path + ".vote");
  body(move.after_minutes(), path + ".after_minutes");
  if (const std::string& otherwise = move.vote().otherwise(); !otherwise.empty() && checking.names.resolve(spot, otherwise).problem != Resolution::Problem::None)
    checking.tell(path + ".vote.otherwise", "unknown-target", fmt::format("no state `{}`", otherwise), checking.names.suggestion(spot, otherwise));
}

/// Somebody else than who made a move has to be able to make another.
void check_others(const Checking& checking, const v1::Move& move, const std::string& path) {
  each_move(checking, [&](std::size_t, const v1::Move& other, const std::string&) {
    const auto& not_by = move.not_by();
    if (std::find(not_by.begin(), not_by.end(), other.name()) == not_by.end()) return;
    const bool same = move.by_size() == 1 && other.by_size() == 1 && move.by(0) == other.by(0) && is_one_person(checking.program, move.by());
    if (same)
      checking.tell(path + ".not_by", "nobody-else", fmt::format("only one `{}` makes `{}` and `{}`, so nobody may make `{}`", move.by(0), other.name(), move.name(), move.name()));
  });
}

}  // namespace

void check_choosing(const Checking& checking) {
  const v1::Program& program = checking.program;
  if (!is_of_subject(program))
    for (const v1::Body& body : program.bodies()) check_body(checking, body);
  std::vector<std::string> moves;
  each_move(checking, [&](std::size_t, const v1::Move& move, const std::string&) { moves.push_back(move.name()); });
  const std::vector<std::string> fields = names_in(program.initiative().fields()), bodies = names_in(program.bodies());
  each_move(checking, [&](std::size_t spot, const v1::Move& move, const std::string& path) {
    check_gate(checking, move, path);
    check_names_of(checking, spot, move, path, moves, fields, bodies);
    check_others(checking, move, path);
  });
  const std::vector<std::string> quotas = names_in(program.cohort().quotas());
  for (const Spot& spot : checking.names.spots()) {
    if (spot.state == nullptr || spot.state->standstill().empty() || has(quotas, spot.state->standstill())) continue;
    checking.tell(spot.yaml_path + ".standstill", "unknown-quota", fmt::format("no quota `{}`", spot.state->standstill()), nearest(spot.state->standstill(), quotas));
  }
}

}  // namespace kvali::program
