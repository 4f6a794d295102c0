#pragma once
// Numbers as text, without a locale.
#include <optional>
#include <string>
#include <string_view>

namespace kvali::expression {

/// "1", "-2.5", "1e3", "NaN", "Infinity"; nothing when the text is no number or too large for a double. What is too
/// small is 0.
std::optional<double> double_of(std::string_view text);
/// The shortest text that reads back as the same double: "1.5", "1e+30", "NaN", "-Infinity"; whole numbers without a
/// point.
std::string text_of(double number);

}  // namespace kvali::expression
