#include "engine/directory/registers.h"

#include <algorithm>
#include <array>

namespace kvali::directory {
namespace {

struct Register {
  std::string_view code;
  std::array<std::size_t, 2> digits;  // how many a number may have; 0: no other
  std::string_view format;
};

// Lengths only. Of the check digits of LT and UA numbers that were given decades ago nobody is sure.
constexpr std::array<Register, 4> registers = {{
    {"GE-NAPR", {9, 11}, "9 or 11"},  // legal entities; sole traders carry their personal number
    {"LT-RC", {9, 7}, "9 or 7"},      // 7: given before 2004
    {"LV-RE", {11, 0}, "11"},
    {"UA-EDR", {8, 0}, "8"},
}};

const Register* find(std::string_view code) {
  const auto* found = std::find_if(registers.begin(), registers.end(), [&](const Register& one) { return one.code == code; });
  return found == registers.end() ? nullptr : found;
}

}  // namespace

std::vector<std::string_view> known_registers() {
  std::vector<std::string_view> codes;
  for (const Register& one : registers) codes.push_back(one.code);
  return codes;
}

bool is_register(std::string_view code) { return find(code) != nullptr; }

std::string written_plainly(std::string_view number) {
  std::string plain(number);
  std::erase_if(plain, [](char c) { return c == ' ' || c == '-' || c == '.'; });
  return plain;
}

bool fits_register(std::string_view code, std::string_view number) {
  const Register* known = find(code);
  if (!known || number.empty()) return false;
  const bool digits = std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && std::find(known->digits.begin(), known->digits.end(), number.size()) != known->digits.end();
}

std::string_view format_of(std::string_view code) {
  const Register* known = find(code);
  return known ? known->format : std::string_view();
}

}  // namespace kvali::directory
