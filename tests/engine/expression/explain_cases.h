#pragma once
// The table of explanations, tests/engine/expression/explain/guards.txt: guards with what they read, and what is said.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/expression/say.h"

namespace kvali::expression::testing {

/// What things are called, in en, lt and ka.
class TableLabels final : public Labels {
 public:
  std::string label(std::string_view path, std::string_view language) const override;
  std::string reads(std::string_view path, const Value& value, std::string_view language) const override;

  std::map<std::string, std::vector<std::string>, std::less<>> labels;
  std::map<std::string, std::vector<std::string>, std::less<>> choices;  // "PATH NAME"
  std::map<std::string, std::string, std::less<>> money;                 // path → currency
};

struct ExplainCase {
  std::string title, guard, zone;
  std::optional<calendar::Instant> now;
  NamedValues values;
};

/// The explanation as indented lines: one for every part, its values behind it.
std::string tree_of(const Explanation& explanation);

/// The file with what is answered now in place of its answers.
std::string answered(const std::string& table);

}  // namespace kvali::expression::testing
