#pragma once
// Registers of organisations that are known by name, and what a number in them looks like: as far as that is sure, since a rule that is
// too strict turns away somebody who exists.
#include <string>
#include <string_view>
#include <vector>

namespace kvali::directory {

/// The codes of the registers, as org-id.guide lists them: GE-NAPR (National Agency of Public Registry), LT-RC (Registrų centras),
/// LV-RE (Uzņēmumu reģistrs), UA-EDR (Unified State Register).
std::vector<std::string_view> known_registers();
bool is_register(std::string_view code);
/// The number without what people write between its digits: spaces, hyphens, dots.
std::string written_plainly(std::string_view number);
/// Whether `number`, written plainly, may be one of that register.
bool fits_register(std::string_view code, std::string_view number);
/// How a number of it looks: "9 or 11 digits".
std::string_view format_of(std::string_view code);

}  // namespace kvali::directory
