#include "engine/program/canonical.h"

#include <fmt/format.h>

#include <map>

#include "engine/program/fields.h"
#include "engine/result.h"

namespace kvali::program {

namespace {

using google::protobuf::Reflection;

/// The value of a field, or of its element `index` when it is repeated (else -1).
std::string value_of(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  const auto read = [&](auto single, auto repeated) {
    return index < 0 ? (reflection.*single)(message, &field) : (reflection.*repeated)(message, &field, index);
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: return read(&Reflection::GetBool, &Reflection::GetRepeatedBool) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32: return fmt::format("{}", read(&Reflection::GetInt32, &Reflection::GetRepeatedInt32));
    case FieldDescriptor::CPPTYPE_UINT32: return fmt::format("{}", read(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32));
    // Whole numbers of 64 bits are strings in proto's JSON: not every reader of JSON has them.
    case FieldDescriptor::CPPTYPE_INT64: return fmt::format("\"{}\"", read(&Reflection::GetInt64, &Reflection::GetRepeatedInt64));
    case FieldDescriptor::CPPTYPE_UINT64: return fmt::format("\"{}\"", read(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = read(&Reflection::GetEnum, &Reflection::GetRepeatedEnum);
      return json_string(value->name());
    }
    case FieldDescriptor::CPPTYPE_STRING:
      KVALI_CHECK(field.type() != FieldDescriptor::TYPE_BYTES);
      return json_string(read(&Reflection::GetString, &Reflection::GetRepeatedString));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return canonical(index < 0 ? reflection.GetMessage(message, &field) : reflection.GetRepeatedMessage(message, &field, index));
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE: break;
  }
  KVALI_CHECK(false && "a canonical form has no floating-point numbers");
  return {};
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string canonical(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(message, &set);
  // Names of fields are ASCII, so that order of bytes is RFC 8785's order of UTF-16 units.
  std::map<std::string, std::string> members;
  for (const FieldDescriptor* field : set) {
    std::string value;
    if (field->is_repeated()) {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        value += (i == 0 ? "[" : ",") + value_of(message, *field, i);
      }
      value += "]";
    } else {
      value = value_of(message, *field, -1);
    }
    members.emplace(field->json_name(), std::move(value));
  }
  std::string out = "{";
  for (const auto& [name, value] : members) out += fmt::format("{}{}:{}", out.size() > 1 ? "," : "", json_string(name), value);
  return out + "}";
}

}  // namespace kvali::program
