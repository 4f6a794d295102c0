#pragma once
// Who would get the places of a quota: everybody for whom a move that takes one may be made, by rank in each group; and what if it
// were ranked, cut off or filled otherwise. Nothing is decided here.
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/cohort/conflict.h"
#include "engine/cohort/decide.h"

namespace kvali::cohort {

/// What is asked, and what is to be otherwise than the program and the cohort say.
struct RankingAsked {
  std::string move;                                    // that takes a place; or the quota whose waitlist is asked for
  std::string by;                                      // one group; empty: every one
  std::shared_ptr<const expression::Expression> ranked_by = nullptr;  // null: the program's
  std::shared_ptr<const Model> weighed = nullptr;      // the program with other weights of its reviews; null: its own
  std::optional<std::uint32_t> places = {};            // in each group
  std::optional<double> cut_off = {};                  // nobody below it is in
  std::uint32_t reserves_max = 0;                      // in each group; 0: no limit
};

struct RankedLine {
  enum class Verdict { In, Reserve, Out };
  Slot slot = 0;
  std::optional<double> value;
  std::uint32_t rank = 0;  // 1-based; who is tied has the same
  bool tied = false;       // with another on the other side of the line where the places end
  Verdict verdict = Verdict::Out;
  std::optional<Unmet> why_not;  // the move is not possible for it, places apart
};

struct RankedGroup {
  std::string quota, by;
  std::uint32_t places = 0, taken = 0;
  std::vector<RankedLine> lines;     // by rank
  std::optional<ConflictFound> conflict;  // with one of it, who is not among the lines
  std::uint32_t frozen_below = 0;    // while a complaint stands: the rank below which freed places do not go; 0: none stands
};

/// Whoever the viewer has a conflict of interest with is left out. The groups in the order of the localities, else of their names. Refuses a move that nobody may be asked for, or that takes no place.
std::variant<std::vector<RankedGroup>, Refusal> ranking(Sketch& sketch, Bench& bench, const Viewer& viewer, const RankingAsked& asked);

/// The arrow by which `move` would be made for the initiative now, its needs apart.
std::optional<statechart::ArrowId> arrow_for(const Sketch& sketch, const Initiative& initiative, const std::string& move);

/// The program with other weights of its reviews; nothing where it has no such criterion.
Result<std::shared_ptr<const Model>> with_weights(const Model& model, const google::protobuf::RepeatedPtrField<v1::Criterion>& weights);

/// Above which value freed places of a group are given on although somebody has complained; nothing: no complaint stands.
std::optional<double> frozen_below(Sketch& sketch, const QuotaModel& quota, const std::string& by);
/// What the initiative is ranked by in a state; nothing while it is not known.
std::optional<double> rank_in(const Sketch& sketch, const Initiative& initiative, statechart::StateId state);

}  // namespace kvali::cohort
