// Any bytes are read as an expression or refused with sentences; what was read is written so that it is read as the
// same tree.
#include "engine/expression/expression.h"
#include "tests/engine/expression/random_tree.h"
#include "tests/fuzz/target.h"

namespace {

using namespace kvali::expression;
using kvali::fuzz::promise;

const Declarations& declared() {
  static const Declarations names = [] {
    Declarations made;
    for (const char* path : {"sessions", "initiative.title", "cohort.mentoring_starts", "organisation.since"})
      made.add(path);
    return made;
  }();
  return names;
}

void told_in_order(const std::vector<Fault>& faults, const std::string& source) {
  promise(!faults.empty(), "what is refused has a fault", source);
  promise(faults.size() <= kvali::limits::guard_faults_max + 1, "faults are told up to their limit", source);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    promise(!faults[i].message.empty(), "a fault is a sentence", source);
    promise(faults[i].line >= 1 && faults[i].column >= 1, "a fault has a place", source);
  }
}

void written_again(const Expression& expression) {
  const std::string text = expression.to_text();
  if (text.size() > kvali::limits::guard_bytes_max) return;  // blanks and escapes may take a source over its limit
  const auto again = compile(text);
  promise(again.has_value(), "what is written can be read", text);
  promise(testing::same_tree(expression.tree().root, again->tree().root), "it is read as the same tree", text);
  promise(again->tree().slots == expression.tree().slots, "it has as many variables", text);
  promise(again->to_text() == text, "it is written the same way again", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string source(reinterpret_cast<const char*>(data), size);
  const auto expression = compile(source);
  if (!expression) {
    told_in_order(expression.error(), source);
    return 0;
  }
  written_again(*expression);
  for (const Reference& reference : expression->references()) {
    promise(!reference.path.empty() && reference.line >= 1 && reference.column >= 1,
            "a reference has a path and a place", source);
  }
  const auto checked = compile(source, &declared());
  if (!checked) told_in_order(checked.error(), source);
  return 0;
}
