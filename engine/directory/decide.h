#pragma once
// From what is asked of the directory to what happens: persons, organisations, facts and relations. Pure.
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/directory/directory.h"
#include "engine/records.h"
#include "kvali/v1/command.pb.h"

namespace kvali::directory {

struct Decision {
  Records records;  // one commit
  std::string created;
};

/// The broken rule by its stable name ("FORBIDDEN") and the key of its sentence.
struct Refusal {
  std::string code;
  std::string key;  // of engine/cohort/refusal.h's sentences: "forbidden", "no_person"
  std::vector<std::pair<std::string, std::string>> words = {};  // {mark} of the sentence, and what stands in its place
};

using Verdict = std::variant<Decision, Refusal>;

/// Decides `asked` at asked.now_us. Only who runs the house registers people, grants relations and merges; anybody signed in may
/// register the organisation she applies with, and its members say what is so of it. The first person of all is registered by nobody,
/// and runs the house.
Verdict decide(const Directory& directory, const v1::Asked& asked);

}  // namespace kvali::directory
