#include "engine/expression/numbers.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace kvali::expression {

std::optional<double> double_of(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const bool negative = digits.starts_with('-');
  const std::string_view magnitude = negative ? digits.substr(1) : digits;
  if (magnitude == "Infinity" || magnitude == "Inf" || magnitude == "inf") {
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  if (magnitude.empty() || !(magnitude[0] == '.' || (magnitude[0] >= '0' && magnitude[0] <= '9'))) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size()) return std::nullopt;
  if (error == std::errc{}) return value;
  const std::size_t exponent = magnitude.find_first_of("eE");
  const bool tiny = exponent == std::string_view::npos ? magnitude[0] == '0' : magnitude[exponent + 1] == '-';
  if (error == std::errc::result_out_of_range && tiny) return negative ? -0.0 : 0.0;
  return std::nullopt;
}

std::string text_of(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  if (std::trunc(number) == number && std::abs(number) < 1e15) return fmt::format("{:.0f}", number);
  return fmt::format("{}", number);
}

}  // namespace kvali::expression
