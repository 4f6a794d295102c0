#pragma once
// A "no" of the rules: the broken rule by name, a sentence that whoever asked can act on, and every part that is unmet.
#include <string>
#include <utility>
#include <vector>

#include "engine/calendar/calendar.h"
#include "kvali/v1/program.pb.h"
#include "kvali/v1/value.pb.h"

namespace kvali::cohort {

/// Stable: clients and tests know them by name (protocol.md). Order is the order in which they are looked for.
enum class Code {
  Invalid,          // a value that no rule of the program allows
  NotFound,         // also for what the actor may not know of
  Forbidden,        // not this person's to do
  ConflictVersion,  // it has moved on since the actor saw it
  DeadlinePassed,
  Precondition,     // not possible where the initiative stands
  GuardFailed,      // a need does not hold
  QuotaFull,
  ConflictOfInterest,
  Limit,
};

/// "QUOTA_FULL".
std::string_view to_string(Code code);

/// One thing that stands in the way.
struct Unmet {
  Code code = Code::GuardFailed;
  std::string field;  // of the form, where it is one
  v1::Text why;
  calendar::Instant will_hold_at = calendar::never;  // when time alone makes it true
  v1::Text facts = {};  // what makes it so, in the program's languages; nothing for who may not see it all
};

/// Both sides of a stale write.
struct FieldConflict {
  std::string field;
  v1::Value theirs;
  std::uint32_t their_version = 0;
};

struct Refusal {
  Code code = Code::Invalid;
  v1::Text sentence;
  std::vector<Unmet> unmet;
  std::vector<FieldConflict> conflicts;
};

/// What takes the place of {name} in a sentence: one word for all languages, or a label in each.
struct Filling {
  Filling(std::string mark, const std::string& word);
  Filling(std::string mark, v1::Text label) : name(std::move(mark)), text(std::move(label)) {}
  std::string name;
  v1::Text text;
};

/// A sentence of kvali's own, by its key, in every language kvali speaks, with {name} filled in.
v1::Text sentence(const std::string& key, const std::vector<Filling>& fillings = {});
/// A refusal with such a sentence.
Refusal refuse(Code code, const std::string& key, const std::vector<Filling>& fillings = {});
/// The text in `language`, else in the first language it has; "" when it has none.
const std::string& in_language(const v1::Text& text, std::string_view language);

}  // namespace kvali::cohort
