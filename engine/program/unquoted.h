#pragma once
// Expressions that YAML does not read as their author meant them, since quotes are missing around them.
#include <cstdint>
#include <string>
#include <string_view>

namespace kvali::program {

/// What to say of YAML's fault at `column` (from 1, in characters) of a line, when it stands in an expression without quotes:
/// "… put it in quotes: `when: '!has(x)'`". "" when it does not.
std::string unquoted_expression(std::string_view line, std::uint32_t column);

}  // namespace kvali::program
