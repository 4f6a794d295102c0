#include "engine/program/schema.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "engine/program/yaml_tree.h"
#include "tests/engine/program/files.h"

namespace kvali::program {
namespace {

using nlohmann::json;

/// YAML as an editor reads it: plain words that look like numbers and truths are these.
json as_json(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Nothing: return nullptr;
    case YamlNode::Kind::List: {
      json list = json::array();
      for (const Yaml& item : node.items) list.push_back(as_json(*item));
      return list;
    }
    case YamlNode::Kind::Mapping: {
      json mapping = json::object();
      for (const auto& [key, value] : node.entries) mapping[key->text] = as_json(*value);
      return mapping;
    }
    case YamlNode::Kind::Scalar: break;
  }
  if (node.quoted) return node.text;
  if (node.text == "true" || node.text == "false") return node.text == "true";
  const bool number = !node.text.empty() && node.text.find_first_not_of("0123456789") == std::string::npos;
  return number ? json(std::stoll(node.text)) : json(node.text);
}

/// The part of JSON Schema that our schema uses. Anything else in it fails the test.
class Validator {
 public:
  explicit Validator(const json& root) : root_(root) {}
  bool fits(const json& value, const json& schema) const {
    for (const auto& [word, argument] : schema.items()) {
      if (!holds(word, argument, value, schema)) return false;
    }
    return true;
  }

 private:
  static bool has_type(const json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
  }

  bool holds(const std::string& word, const json& argument, const json& value, const json& schema) const {
    if (word == "$schema" || word == "title" || word == "description" || word == "$defs") return true;
    if (word == "$ref") return fits(value, root_.at("$defs").at(argument.get<std::string>().substr(8)));
    if (word == "anyOf") return std::any_of(argument.begin(), argument.end(), [&](const json& one) { return fits(value, one); });
    if (word == "type") {
      if (argument.is_string()) return has_type(value, argument);
      return std::any_of(argument.begin(), argument.end(), [&](const json& one) { return has_type(value, one); });
    }
    if (word == "enum") return std::find(argument.begin(), argument.end(), value) != argument.end();
    if (word == "pattern") return !value.is_string() || std::regex_search(value.get<std::string>(), std::regex(argument.get<std::string>()));
    if (word == "minLength") return !value.is_string() || value.get<std::string>().size() >= argument.get<std::size_t>();
    if (word == "minimum") return !value.is_number() || value >= argument;
    if (word == "items") return std::all_of(value.begin(), value.end(), [&](const json& one) { return fits(one, argument); });
    if (word == "minItems") return !value.is_array() || value.size() >= argument.get<std::size_t>();
    if (word == "required") return std::all_of(argument.begin(), argument.end(), [&](const json& key) { return value.contains(key); });
    if (word == "propertyNames") {
      return std::all_of(value.items().begin(), value.items().end(), [&](const auto& one) { return fits(one.key(), argument); });
    }
    if (word == "properties") {
      return std::all_of(value.items().begin(), value.items().end(), [&](const auto& one) {
        return !argument.contains(one.key()) || fits(one.value(), argument.at(one.key()));
      });
    }
    if (word == "additionalProperties") {
      return std::all_of(value.items().begin(), value.items().end(), [&](const auto& one) {
        const bool known = schema.contains("properties") && schema.at("properties").contains(one.key());
        return known || (argument.is_object() && fits(one.value(), argument));
      });
    }
    ADD_FAILURE() << "the schema uses " << word;
    return false;
  }

  const json& root_;
};

bool fits(const std::string& text) {
  const json schema = json::parse(program_schema());
  Faults faults;
  const Yaml tree = parse_yaml({"p.yaml", text}, faults);
  EXPECT_TRUE(tree != nullptr);
  return tree != nullptr && Validator(schema).fits(as_json(*tree), schema);
}

TEST(Schema, IsWrittenBesideThePrograms) {
  const std::string path = "workflows/program.schema.json";
  if (std::getenv("KVALI_WRITE_GOLDEN") != nullptr) {
    std::ofstream(std::string(KVALI_SOURCE_DIR) + "/" + path, std::ios::binary) << program_schema();
  }
  EXPECT_EQ(program_schema(), testing::read_file(path)) << "KVALI_WRITE_GOLDEN=1 writes it anew";
}

TEST(Schema, FitsTheProgramsThatAreWhole) {
  EXPECT_TRUE(fits(testing::workflow("socifaction-2017")[0].text));
  EXPECT_TRUE(fits(testing::read_file("tests/engine/program/broken/base.yaml")));
}

TEST(Schema, RefusesWhatEditorsShouldUnderline) {
  const std::string whole = testing::read_file("tests/engine/program/broken/base.yaml");
  const auto changed = [&whole](const std::string& out, const std::string& in) {
    std::string text = whole;
    const std::size_t at = text.find(out);
    EXPECT_NE(at, std::string::npos) << out;
    return text.replace(at, out.size(), in);
  };
  EXPECT_FALSE(fits(changed("ranked_by:", "rankd_by:"))) << "an unknown key";
  EXPECT_FALSE(fits(changed("timezone: Europe/Riga\n", ""))) << "a key that is missing";
  EXPECT_FALSE(fits(changed("type: date", "type: dat"))) << "a word that is none of the list";
  EXPECT_FALSE(fits(changed("within: 5 days", "within: 5 dyas"))) << "a period that is none";
  EXPECT_FALSE(fits(changed("reads_only: true", "reads_only: maybe"))) << "no truth";
  EXPECT_FALSE(fits(changed("exactly: 2", "exactly: -2"))) << "a figure below nought";
  EXPECT_FALSE(fits(changed("scale: 1 to 5", "scale: 5"))) << "a scale without its end";
  EXPECT_FALSE(fits(changed("digging:", "Digging beds:"))) << "a name that is none";
}

}  // namespace
}  // namespace kvali::program
