#include "engine/program/given.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/program/suggest.h"

namespace kvali::program {

namespace {

using expression::Kind;
using expression::Type;
using expression::TypeKind;
using expression::Value;

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
}

/// What a value of a simple type is written as; "" for a type that says nothing of its values.
const char* expected(const Type& type) {
  switch (type.kind()) {
    case TypeKind::Bool: return "true or false";
    case TypeKind::Int: return "a whole number";
    case TypeKind::Double: return "a number";
    case TypeKind::Date: return "a date such as \"2017-03-01\"";
    case TypeKind::Timestamp: return "an instant such as \"2017-03-01T10:00:00Z\"";
    case TypeKind::String:
    case TypeKind::Sealed: return "a text";
    default: return "";
  }
}

bool is_of(const Type& type, const Value& value) {
  switch (type.kind()) {
    case TypeKind::Bool: return value.is(Kind::Bool);
    case TypeKind::Int: return value.is(Kind::Int);
    case TypeKind::Double: return value.is(Kind::Int) || value.is(Kind::Double);
    case TypeKind::Date: return value.is(Kind::Date);
    case TypeKind::Timestamp: return value.is(Kind::Timestamp) || value.is(Kind::Date);
    // A text that reads like a date is given as one.
    case TypeKind::String:
    case TypeKind::Sealed: return value.is(Kind::String) || value.is(Kind::Date) || value.is(Kind::Timestamp);
    default: return true;
  }
}

Result<void> fits_type(const Type& type, const std::string& path, const Value& value);

Result<void> fits_record(const Type& type, const std::string& path, const Value& value) {
  if (!value.is(Kind::Map)) return fail(fmt::format("{} is {}; expected an object of its fields", path, expression::to_text(value)));
  for (const auto& [key, held] : value.as_map().entries()) {
    const std::string name(key.is(Kind::String) ? key.as_string() : expression::to_text(key));
    const Type* field = type.field(name);
    std::vector<std::string> known;
    for (const auto& [one, of] : type.fields()) known.push_back(one);
    if (field == nullptr) return fail(fmt::format("{} has no \"{}\"{}", path, name, did_you_mean(name, known)));
    if (auto fit = fits_type(*field, fmt::format("{}.{}", path, name), held); !fit) return fit;
  }
  return {};
}

Result<void> fits_list(const Type& type, const std::string& path, const Value& value) {
  if (!value.is(Kind::List)) return fail(fmt::format("{} is {}; expected a list", path, expression::to_text(value)));
  for (std::size_t i = 0; i < value.as_list().size(); ++i)
    if (auto fit = fits_type(type.part(), fmt::format("{}[{}]", path, i), value.as_list().at(i)); !fit) return fit;
  return {};
}

Result<void> fits_type(const Type& type, const std::string& path, const Value& value) {
  if (value.is(Kind::Null)) return {};
  if (type.is(TypeKind::Record)) return fits_record(type, path, value);
  if (type.is(TypeKind::List)) return fits_list(type, path, value);
  if (!is_of(type, value)) return fail(fmt::format("{} is {}; expected {}", path, expression::to_text(value), expected(type)));
  const std::vector<std::string>& choices = type.choices();
  if (choices.empty() || !value.is(Kind::String)) return {};
  const std::string& word = value.as_string();
  if (std::find(choices.begin(), choices.end(), word) != choices.end()) return {};
  return fail(fmt::format("{} is \"{}\"; expected one of {}{}", path, word, fmt::join(choices, ", "), did_you_mean(word, choices)));
}

}  // namespace

Result<void> fits(const expression::Declarations& names, const std::string& path, const Value& value) {
  if (const auto type = names.type_of(path)) return fits_type(*type, path, value);
  if (value.is(Kind::Map) && value.as_map().size() == 0) return {};
  std::vector<std::string> known;
  for (const std::string_view name : names.names_after("")) known.emplace_back(name);
  return fail(fmt::format("the program has no \"{}\"{}", path, did_you_mean(path, known)));
}

}  // namespace kvali::program
