// Quotas hold what they promise, and the checklist blocks something.
#include <fmt/format.h>

#include "engine/program/check.h"

namespace kvali::program {

namespace {

/// Whether an initiative holds a place of `quota` in `spot`. An end never holds one.
bool holds(const Checking& checking, const v1::Quota& quota, std::size_t spot) {
  if (spot == 0 || is_end(checking.names[spot])) return false;
  return std::any_of(quota.held_while().begin(), quota.held_while().end(), [&](const std::string& name) {
    const std::size_t held = checking.find(0, name);
    return held != 0 && checking.names.contains(held, spot);
  });
}

/// Whether an initiative's own people make the move.
bool by_initiative(const Checking& checking, const v1::Move& move) {
  return std::any_of(move.by().begin(), move.by().end(), [&](const std::string& name) {
    const v1::Role* role = checking.role(name);
    return role != nullptr && role->scope() == v1::Role::INITIATIVE;
  });
}

bool is_quota(const Checking& checking, const std::string& name) {
  const auto& quotas = checking.program.cohort().quotas();
  return std::any_of(quotas.begin(), quotas.end(), [&](const v1::Quota& quota) { return quota.name() == name; });
}

/// An offer holds its place: whoever may take a place must have it already.
void check_offers(const Checking& checking, const v1::Quota& quota) {
  each_move(checking, [&](std::size_t spot, const v1::Move& move, const std::string& path) {
    const std::size_t to = checking.find(spot, move.to());
    if (to == 0) return;
    if (move.when_freed() == quota.name() && !holds(checking, quota, to)) {
      checking.tell(path + ".to", "offer-holds-no-place",
                    fmt::format("`{}` gives a freed place to `{}`, which holds none of `{}`: add it to `held_while`",
                                move.name(), checking.names[to].path, quota.name()));
    } else if (spot != 0 && by_initiative(checking, move) && holds(checking, quota, to) && !holds(checking, quota, spot)) {
      checking.tell(path, "offer-holds-no-place",
                    fmt::format("`{}` takes a place of `{}` that `{}` does not hold, so it may be gone: add `{}` to "
                                "`held_while`", move.name(), quota.name(), checking.names[spot].path,
                                checking.names[spot].path));
    }
  });
}

void check_quota(const Checking& checking, const v1::Quota& quota) {
  const std::string path = "cohort.quotas." + quota.name();
  const bool unread = (quota.exactly() == 0 && checking.written(path + ".exactly")) ||
                      (quota.at_most() == 0 && checking.written(path + ".at_most"));
  if ((quota.exactly() == 0) == (quota.at_most() == 0) && !unread) {
    checking.tell(path, "quota-places",
                  fmt::format("the quota `{}` says how many places: `exactly` or `at_most`, one of them, from 1", quota.name()));
  }
  for (int i = 0; i < quota.held_while_size(); ++i) {
    const std::size_t spot = checking.find(0, quota.held_while(i));
    if (spot != 0 && is_end(checking.names[spot])) {
      checking.tell(fmt::format("{}.held_while.{}", path, i + 1), "end-holds-place",
                    fmt::format("`{}` is an end; who has ended holds no place", quota.held_while(i)));
    }
  }
  bool refilled = false;
  each_move(checking, [&](std::size_t, const v1::Move& move, const std::string&) {
    refilled = refilled || move.when_freed() == quota.name() || (!move.when_freed().empty() && !is_quota(checking, move.when_freed()));
  });
  if (!quota.refill_until().empty() && !refilled) {
    checking.tell(path + ".refill_until", "refills-nothing",
                  fmt::format("no move is made `when_freed: {}`, so a freed place is not given on", quota.name()));
  }
  check_offers(checking, quota);
}

}  // namespace

void check_places(const Checking& checking) {
  const v1::CohortRules& cohort = checking.program.cohort();
  for (const v1::Quota& quota : cohort.quotas()) check_quota(checking, quota);
  each_move(checking, [&](std::size_t spot, const v1::Move& move, const std::string& path) {
    const v1::State* state = spot == 0 ? nullptr : checking.names[spot].state;
    if (!move.when_freed().empty() && (state == nullptr || state->ranked_by().empty())) {
      checking.tell(path + ".when_freed", "unranked",
                    fmt::format("who is first for a freed place? Give `{}` a `ranked_by`",
                                spot == 0 ? "anywhere" : checking.names[spot].path));
    }
  });
  for (int i = 0; i < cohort.must_hold_size(); ++i) {
    const v1::Checklist& line = cohort.must_hold(i);
    const std::string path = fmt::format("cohort.must_hold.{}", i + 1);
    const std::size_t before = checking.find(0, line.before());
    if (before != 0 && checking.names.stage_of(before) == before && checking.program.stages(0).name() == line.before()) {
      checking.tell(path + ".before", "blocks-nothing",
                    fmt::format("an initiative begins in `{}`, so nothing enters it that could be blocked", line.before()));
    }
    if (line.of() == v1::Checklist::EACH_LOCALITY && !cohort.has_localities()) {
      checking.tell(path + ".of", "no-localities", "`each locality`, but `cohort` has no `localities`");
    }
  }
}

}  // namespace kvali::program
