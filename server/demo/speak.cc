#include "server/demo/speak.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <charconv>
#include <set>

#include "kvali/v1/value.pb.h"

namespace kvali::demo {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The fields of commands that name a person, an initiative and the like by its id.
bool is_id(const FieldDescriptor& field) {
  static const std::set<std::string> names = {"person", "applicant", "on_behalf_of", "organisation", "initiative", "assignment", "substitute_for"};
  return names.contains(field.name());
}

std::string word(const YAML::Node& node) { return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string(); }

// yaml-cpp tags a quoted scalar "!" and a plain one "?".
bool quoted(const YAML::Node& node) { return node.Tag() == "!"; }

template <class Number>
bool parse_number(const std::string& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

tl::unexpected<Error> wrong(const YAML::Node& node, const std::string& expected) {
  return fail(fmt::format("{}found \"{}\", expected {}", place_of(node), word(node), expected));
}

Result<void> speak_date(const YAML::Node& node, v1::Date& date) {
  const auto parsed = calendar::parse_date(word(node));
  if (!parsed) return fail(place_of(node) + parsed.error().message);
  date.set_year(parsed->year);
  date.set_month(static_cast<std::uint32_t>(parsed->month));
  date.set_day(static_cast<std::uint32_t>(parsed->day));
  return {};
}

// A plain date, number, yes or no is one; everything else, and everything quoted, is a text.
Result<void> speak_value(const YAML::Node& node, v1::Value& value) {
  static const RE2 date(R"(\d{4}-\d\d-\d\d)");
  if (!node.IsScalar()) return wrong(node, "one value");
  const std::string text = node.Scalar();
  std::int64_t number = 0;
  if (quoted(node)) {
    value.set_text(text);
  } else if (RE2::FullMatch(text, date)) {
    return speak_date(node, *value.mutable_date());
  } else if (parse_number(text, number)) {
    value.set_number(number);
  } else if (text == "true" || text == "false") {
    value.set_flag(text == "true");
  } else {
    value.set_text(text);
  }
  return {};
}

Result<void> speak_one(const YAML::Node& node, const Tongue& tongue, Message& message) {
  if (message.GetDescriptor() == v1::Value::descriptor()) return speak_value(node, static_cast<v1::Value&>(message));
  if (message.GetDescriptor() == v1::Date::descriptor()) return speak_date(node, static_cast<v1::Date&>(message));
  return speak(node, tongue, message);
}

Result<void> set_text(const YAML::Node& node, const Tongue& tongue, const FieldDescriptor& field, Message& message) {
  std::string text = word(node);
  if (is_id(field)) {
    auto id = tongue.id_of(text);
    if (!id) return fail(place_of(node) + id.error().message);
    text = *id;
  }
  if (field.is_repeated()) {
    message.GetReflection()->AddString(&message, &field, text);
  } else {
    message.GetReflection()->SetString(&message, &field, text);
  }
  return {};
}

Result<void> set_whole(const YAML::Node& node, const Tongue& tongue, const FieldDescriptor& field, Message& message) {
  std::int64_t number = 0;
  if (field.name().ends_with("_us")) {
    const auto instant = local_time(word(node), tongue.zone);
    if (!instant) return fail(place_of(node) + instant.error().message);
    number = *instant;
  } else if (!parse_number(word(node), number)) {
    return wrong(node, "a whole number");
  }
  const Reflection& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    reflection.SetInt64(&message, &field, number);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    reflection.SetInt32(&message, &field, static_cast<std::int32_t>(number));
  } else {
    reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(number));
  }
  return {};
}

Result<void> set_field(const YAML::Node& node, const Tongue& tongue, const FieldDescriptor& field, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: return set_text(node, tongue, field, message);
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32: return set_whole(node, tongue, field, message);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (word(node) != "true" && word(node) != "false") return wrong(node, "true or false");
      reflection.SetBool(&message, &field, word(node) == "true");
      return {};
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = field.enum_type()->FindValueByName(word(node));
      if (value == nullptr) return wrong(node, "a value of " + field.enum_type()->name());
      reflection.SetEnum(&message, &field, value);
      return {};
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return speak_one(node, tongue, field.is_repeated() ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field));
    default: return wrong(node, "a field that demonstrations can say");
  }
}

// key → first field, value → second: `title: "…"` for FieldInput{name, value}.
Result<void> add_pairs(const YAML::Node& node, const Tongue& tongue, const FieldDescriptor& field, Message& message) {
  for (const auto& pair : node) {
    Message& one = *message.GetReflection()->AddMessage(&message, &field);
    const Descriptor& type = *field.message_type();
    if (auto first = set_field(pair.first, tongue, *type.field(0), one); !first) return first;
    if (auto second = set_field(pair.second, tongue, *type.field(1), one); !second) return second;
  }
  return {};
}

Result<void> speak_field(const YAML::Node& node, const Tongue& tongue, const FieldDescriptor& field, Message& message) {
  if (!field.is_repeated()) return set_field(node, tongue, field, message);
  if (node.IsMap() && field.message_type() != nullptr) return add_pairs(node, tongue, field, message);
  if (!node.IsSequence()) return wrong(node, "a list for " + field.name());
  for (const auto& one : node) {
    if (auto set = set_field(one, tongue, field, message); !set) return set;
  }
  return {};
}

}  // namespace

std::string place_of(const YAML::Node& node) { return fmt::format("line {}: ", node.Mark().line + 1); }

Result<calendar::Instant> local_time(const std::string& text, const calendar::Zone& zone) {
  std::string day;
  int hour = 0, minute = 0;
  static const RE2 shape(R"((\d{4}-\d\d-\d\d) (\d\d):(\d\d))");
  if (!RE2::FullMatch(text, shape, &day, &hour, &minute) || hour > 23 || minute > 59) {
    return fail("found \"" + text + "\", expected a day and a time: 2016-12-15 14:20");
  }
  const auto date = calendar::parse_date(day);
  if (!date) return fail(date.error());
  return calendar::instant_at(zone, *date, (hour * 60 + minute) * 60);
}

Result<void> speak(const YAML::Node& node, const Tongue& tongue, Message& message) {
  if (!node.IsMap()) return wrong(node, "fields of " + message.GetDescriptor()->name());
  for (const auto& entry : node) {
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(word(entry.first));
    if (field == nullptr) return wrong(entry.first, "a field of " + message.GetDescriptor()->name());
    if (auto set = speak_field(entry.second, tongue, *field, message); !set) return set;
  }
  return {};
}

}  // namespace kvali::demo
