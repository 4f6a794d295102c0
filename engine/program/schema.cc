#include "engine/program/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "engine/program/canonical.h"
#include "engine/program/fields.h"
#include "engine/program/scalars.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

namespace {

struct Member;

/// As much JSON as a schema needs: members keep their order.
struct Json {
  std::string plain;  // a string, number or word as it is written; empty: an object or array
  bool array = false;
  std::vector<Member> members;  // of an object; of an array without names
};

struct Member {
  std::string name;
  Json value;
};

/// The kinds of JSON.
struct Make {
  static Json text(std::string_view value) { return {json_string(value), false, {}}; }
  static Json word(std::string value) { return {std::move(value), false, {}}; }
  static Json object(std::vector<Member> members) { return {"", false, std::move(members)}; }
  static Json list(std::vector<Json> values) {
    Json json{"", true, {}};
    for (Json& value : values) json.members.push_back({"", std::move(value)});
    return json;
  }
  static Json texts(const std::vector<std::string>& values) {
    Json json{"", true, {}};
    for (const std::string& value : values) json.members.push_back({"", text(value)});
    return json;
  }
};

void write(const Json& json, std::size_t depth, std::string& out) {
  if (!json.plain.empty()) {
    out += json.plain;
    return;
  }
  if (json.members.empty()) {
    out += json.array ? "[]" : "{}";
    return;
  }
  // A list of plain values stands in one line.
  const bool in_line = json.array && std::all_of(json.members.begin(), json.members.end(),
                                                 [](const auto& member) { return !member.value.plain.empty(); });
  out += json.array ? "[" : "{";
  for (std::size_t i = 0; i < json.members.size(); ++i) {
    if (i > 0) out += in_line ? ", " : ",";
    if (!in_line) out += "\n" + std::string((depth + 1) * 2, ' ');
    if (!json.array) out += json_string(json.members[i].name) + ": ";
    write(json.members[i].value, depth + 1, out);
  }
  if (!in_line) out += "\n" + std::string(depth * 2, ' ');
  out += json.array ? "]" : "}";
}

class Schema {
 public:
  std::string run() {
    const Descriptor& program = *v1::Program::descriptor();
    Json root = mapping(program);
    define(program);
    Json definitions = Make::object({});
    while (!open_.empty()) {
      std::vector<const Descriptor*> now;
      now.swap(open_);
      for (const Descriptor* message : now) definitions.members.push_back({message->name(), definition(*message)});
    }
    std::sort(definitions.members.begin(), definitions.members.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    std::vector<Member> members{
        {"$schema", Make::text("https://json-schema.org/draft/2020-12/schema")},
        {"title", Make::text("A program of kvali")},
        {"description", Make::text("The definition of an accelerator or grant programme.")}};
    members.insert(members.end(), root.members.begin(), root.members.end());
    members.push_back({"$defs", std::move(definitions)});
    std::string out;
    write(Make::object(std::move(members)), 0, out);
    return out + "\n";
  }

 private:
  /// Notes that a message is referred to.
  void define(const Descriptor& message) {
    if (defined_.insert(message.full_name()).second && &message != v1::Program::descriptor()) open_.push_back(&message);
  }

  Json reference(const Descriptor& message) {
    define(message);
    return Make::object({{"$ref", Make::text("#/$defs/" + message.name())}});
  }

  Json mapping(const Descriptor& message) {
    Json properties = Make::object({});
    std::vector<std::string> required;
    for (const FieldDescriptor* field : written_fields(message)) {
      Json value = schema_of(*field);
      if (!options_of(*field).help().empty()) {
        value.members.insert(value.members.begin(), Member{"description", Make::text(options_of(*field).help())});
      }
      properties.members.push_back({key_of(*field), std::move(value)});
      if (options_of(*field).required()) required.push_back(key_of(*field));
    }
    Json json = Make::object({{"type", Make::text("object")}, {"additionalProperties", Make::word("false")}});
    if (!required.empty()) json.members.push_back({"required", Make::texts(required)});
    json.members.push_back({"properties", std::move(properties)});
    return json;
  }

  Json definition(const Descriptor& message) {
    const FieldDescriptor* shorthand = shorthand_field(message);
    if (shorthand == nullptr) return mapping(message);
    return any_of({schema_of(*shorthand), mapping(message)});
  }

  static Json any_of(std::vector<Json> choices) { return Make::object({{"anyOf", Make::list(std::move(choices))}}); }

  Json schema_of(const FieldDescriptor& field) {
    if (is_keyed_list(field)) {
      const FieldDescriptor& key = *key_field(*field.message_type());
      return Make::object({{"type", Make::text("object")},
                           {"propertyNames", Make::object({{"pattern", Make::text(pattern_of(options_of(key).scalar()))}})},
                           {"additionalProperties", reference(*field.message_type())}});
    }
    Json one = single(field);
    if (!field.is_repeated()) return one;
    Json list = Make::object({{"type", Make::text("array")}, {"items", one}});
    if (options_of(field).required()) list.members.push_back({"minItems", Make::word("1")});
    return any_of({one, std::move(list)});
  }

  Json single(const FieldDescriptor& field) {
    // YAML takes `2017` for a number and `true` for a truth; to the reader they are texts all the same.
    const Json texts = Make::texts({"string", "number", "boolean"});
    if (is_text(field)) return Make::object({{"type", texts}, {"minLength", Make::word("1")}});
    if (is_scale(field)) return Make::object({{"type", Make::text("string")}, {"pattern", Make::text("^-?[0-9]+ to -?[0-9]+$")}});
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL: return Make::object({{"type", Make::text("boolean")}});
      case FieldDescriptor::CPPTYPE_UINT32:
        return Make::object({{"type", Make::text("integer")}, {"minimum", Make::word("0")}});
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64: return Make::object({{"type", Make::text("integer")}});
      case FieldDescriptor::CPPTYPE_ENUM: return Make::object({{"enum", Make::texts(spellings(*field.enum_type()))}});
      case FieldDescriptor::CPPTYPE_MESSAGE: return reference(*field.message_type());
      default: break;
    }
    const v1::Scalar kind = options_of(field).scalar();
    if (kind == v1::SCALAR_EXPRESSION || kind == v1::SCALAR_UNSPECIFIED) return Make::object({{"type", texts}});
    return Make::object({{"type", Make::text("string")}, {"pattern", Make::text(pattern_of(kind))}});
  }

  /// "informal group" and "informal_group".
  static std::vector<std::string> spellings(const EnumDescriptor& type) {
    std::vector<std::string> out;
    for (const std::string& word : words_of(type)) {
      out.push_back(word);
      std::string joined = word;
      std::replace(joined.begin(), joined.end(), ' ', '_');
      if (joined != word) out.push_back(joined);
    }
    return out;
  }

  std::set<std::string> defined_;
  std::vector<const Descriptor*> open_;
};

}  // namespace

std::string program_schema() { return Schema().run(); }

}  // namespace kvali::program
