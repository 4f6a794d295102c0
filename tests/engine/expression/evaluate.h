#pragma once
// Expressions in tests: one call from source to the text of the answer.
#include <fmt/format.h>

#include <string>

#include "engine/expression/expression.h"
#include "tests/engine/calendar/vilnius.h"

namespace kvali::expression::testing {

inline std::string told(const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults)
    text += fmt::format("{}{}:{}: {}", text.empty() ? "" : "\n", fault.line, fault.column, fault.message);
  return text;
}

inline Outcome outcome_of(const std::string& source, const Bindings& bindings = NamedValues(),
                          const Context& context = {}) {
  const auto expression = compile(source);
  if (expression) return evaluate(*expression, bindings, context);
  const Fault& first = expression.error().front();
  Outcome outcome;
  outcome.result = tl::unexpected<EvalError>({first.line, first.column, told(expression.error())});
  return outcome;
}

/// The value as text, or "error LINE:COLUMN: sentence".
inline std::string answer_of(const Outcome& outcome) {
  if (outcome.result) return to_text(*outcome.result);
  const EvalError& error = outcome.result.error();
  return fmt::format("error {}:{}: {}", error.line, error.column, error.message);
}

inline std::string answer(const std::string& source, const Bindings& bindings = NamedValues(),
                          const Context& context = {}) {
  return answer_of(outcome_of(source, bindings, context));
}

/// The faults of reading, one a line; "" when there are none.
inline std::string faults(const std::string& source, const Declarations* names = nullptr) {
  const auto expression = compile(source, names);
  return expression ? "" : told(expression.error());
}

}  // namespace kvali::expression::testing
