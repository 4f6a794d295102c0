// Nobody waits for ever, and whoever is waited for can do something.
#include <fmt/format.h>

#include <set>

#include "engine/calendar/calendar.h"
#include "engine/program/check.h"
#include "engine/program/expand_task.h"
#include "engine/program/reviews.h"

namespace kvali::program {

namespace {

/// A period in days where it has a length that can be compared: months and working days have none.
bool in_microseconds(const std::string& text, std::int64_t& length) {
  const auto period = calendar::parse_period(text);
  if (!period || period->months != 0 || period->working_days != 0) return false;
  length = period->days * calendar::day_us + period->microseconds;
  return true;
}

void check_reminders(const Checking& checking, const std::string& path, const v1::Deadline& deadline) {
  for (int i = 0; i < deadline.remind_size(); ++i) {
    const std::string at = fmt::format("{}.remind.{}", path, i + 1);
    const auto offset = calendar::parse_period(deadline.remind(i));
    const bool later = offset && !calendar::is_negative(*offset) && *offset != calendar::Period{};
    if (later && !deadline.then().to().empty()) {
      checking.tell(at, "reminder-too-late",
                    fmt::format("this reminder comes after the deadline, when it has gone on to `{}`", deadline.then().to()));
    }
    std::int64_t before = 0, within = 0;
    if (offset && in_microseconds(deadline.remind(i), before) && in_microseconds(deadline.within(), within) &&
        -before >= within) {
      checking.tell(at, "reminder-too-early", "this reminder comes before the time to act has begun");
    }
  }
}

void check_deadline(const Checking& checking, const Spot& spot) {
  const v1::Deadline& deadline = *deadline_of(spot);
  const std::string path = spot.yaml_path + ".deadline";
  const bool unread = (deadline.by().empty() && checking.written(path + ".by")) ||
                      (deadline.within().empty() && checking.written(path + ".within"));
  if (deadline.by().empty() == deadline.within().empty() && !unread) {
    checking.tell(path, "deadline-when",
                  deadline.by().empty() ? "a deadline says when: `by` a date, or `within` a period"
                                        : "a deadline has `by` or `within`, not both");
  }
  if (deadline.has_then() && deadline.then().to().empty() && deadline.then().tell().empty()) {
    checking.tell(path + ".then", "then-nothing", "`then` says where it goes (`to`) or who is told (`tell`)");
  }
  check_reminders(checking, path, deadline);
}

void check_moves(const Checking& checking) {
  each_move(checking, [&](std::size_t spot, const v1::Move& move, const std::string& path) {
    const bool automatic = !move.at().empty() || !move.when_freed().empty();
    if (move.by().empty() && !automatic && (move.if_().empty() || spot == 0)) {
      checking.tell(path, "nobody-moves",
                    fmt::format("nobody can make `{}`: give `by` a role, `at` a date or `when_freed` a quota", move.name()));
    }
    const auto needs_person = [&](bool there, const char* key, const char* why) {
      if (there && move.by().empty()) {
        checking.tell(fmt::format("{}.{}", path, key), "needs-person",
                      fmt::format("`{}` of `{}` is for a person, but no role makes it: {}", key, move.name(), why));
      }
    };
    needs_person(!move.must_give().empty(), "must_give", "nobody is there to give it");
    needs_person(move.held(), "held", "nobody is there to decide");
    needs_person(move.has_confirm(), "confirm", "nobody is there to be asked");
  });
}

/// The roles that can do something while `spot` is active.
std::set<std::string> who_can_act(const Checking& checking, std::size_t spot) {
  std::set<std::string> roles;
  const auto add = [&roles](const auto& by) { roles.insert(by.begin(), by.end()); };
  for (std::size_t at = spot; at != 0; at = checking.names[at].parent) {
    const Spot& around = checking.names[at];
    if (around.stage == nullptr && around.state == nullptr) continue;
    for (const v1::Move& move : around.stage != nullptr ? around.stage->moves() : around.state->moves()) {
      add(move.by());
      for (const v1::Body& body : checking.program.bodies())
        if (body.name() == move.vote().body()) roles.insert(body.role());
    }
    if (around.state == nullptr) continue;
    for (const ReviewAt& review : reviews_of(around)) roles.insert(review.review->by());
    for (const v1::Log& log : around.state->log()) {
      add(writers_of(log, around.state->waits_for()));
      for (const v1::Closing& one : log.closes()) add(one.by());
    }
  }
  return roles;
}

bool goes_on_by_itself(const v1::State& state) {
  return std::any_of(state.moves().begin(), state.moves().end(), [](const v1::Move& move) { return move.by().empty(); });
}

/// Whether a deadline around `spot` ends the wait.
bool has_deadline_around(const Checking& checking, std::size_t spot) {
  for (std::size_t at = checking.names[spot].parent; at != 0; at = checking.names[at].parent) {
    if (deadline_of(checking.names[at]) != nullptr) return true;
  }
  return false;
}

void check_wait(const Checking& checking, std::size_t index) {
  const Spot& spot = checking.names[index];
  const v1::State& state = *spot.state;
  if (state.has_deadline() && state.has_no_deadline()) {
    checking.tell(spot.yaml_path + ".no_deadline", "deadline-and-none",
                  fmt::format("`{}` has a deadline and says why it has none", spot.path));
  }
  const bool composed = !state.states().empty() || !state.alongside().empty();
  if (is_end(spot) || is_final(spot) || composed) return;
  if (state.waits_for().empty()) {
    const bool person = std::any_of(state.moves().begin(), state.moves().end(),
                                    [](const v1::Move& move) { return !move.by().empty(); });
    if (person || state.moves().empty()) {
      checking.tell(spot.yaml_path, "waits-for-nobody",
                    fmt::format("`{}` does not say who must act next: `waits_for` a role", spot.path));
    }
    return;
  }
  if (!state.has_deadline() && !state.has_no_deadline() && !has_deadline_around(checking, index)) {
    checking.tell(spot.yaml_path, "no-deadline",
                  fmt::format("`{}` may wait for ever: give it a `deadline`, or say why it needs none with `no_deadline`",
                              spot.path));
  }
  if (goes_on_by_itself(state)) return;
  const std::set<std::string> acting = who_can_act(checking, index);
  // A role that does not exist may be the one that was meant.
  if (std::any_of(acting.begin(), acting.end(), [&](const std::string& role) { return checking.role(role) == nullptr; })) return;
  for (int i = 0; i < state.waits_for_size(); ++i) {
    const std::string& role = state.waits_for(i);
    if (checking.role(role) == nullptr || acting.contains(role)) continue;
    checking.tell(fmt::format("{}.waits_for.{}", spot.yaml_path, i + 1), "waits-in-vain",
                  fmt::format("`{}` waits for `{}`, who can do nothing there", spot.path, role));
  }
}

}  // namespace

void check_waits(const Checking& checking) {
  check_moves(checking);
  for (std::size_t i = 1; i < checking.names.spots().size(); ++i) {
    if (deadline_of(checking.names[i]) != nullptr) check_deadline(checking, checking.names[i]);
    if (checking.names[i].state != nullptr) check_wait(checking, i);
  }
}

}  // namespace kvali::program
