#include "engine/program/read.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <map>
#include <set>

#include "engine/program/fields.h"
#include "engine/program/scalars.h"
#include "engine/program/suggest.h"
#include "engine/program/texts.h"
#include "engine/program/yaml_tree.h"
#include "engine/result.h"

namespace kvali::program {

namespace {

using google::protobuf::Reflection;

constexpr std::size_t shown_bytes = 60;

/// The value that was found, in a few words.
std::string found(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Nothing: return "nothing";
    case YamlNode::Kind::List: return "a list";
    case YamlNode::Kind::Mapping: return "a mapping";
    case YamlNode::Kind::Scalar: break;
  }
  if (node.text.empty()) return "an empty text";
  const char* kind = node.quoted ? "the text " : "";
  if (node.text.size() <= shown_bytes) return fmt::format("{}`{}`", kind, node.text);
  std::size_t end = shown_bytes;
  while (end > 0 && (static_cast<unsigned char>(node.text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("{}`{}…`", kind, node.text.substr(0, end));
}

std::string in_ticks(const std::vector<std::string>& words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    out += fmt::format("`{}`", words[i]);
  }
  return out;
}

/// What a mapping of this kind holds: its required keys, else the first three.
std::string expected_mapping(const Descriptor& message) {
  std::vector<std::string> keys;
  const auto fields = written_fields(message);
  for (const FieldDescriptor* field : fields) {
    if (options_of(*field).required()) keys.push_back(key_of(*field));
  }
  for (std::size_t i = 0; keys.empty() && i < std::min<std::size_t>(3, fields.size()); ++i) {
    keys.push_back(key_of(*fields[i]));
  }
  return fmt::format("a mapping with {}", in_ticks(keys, "and"));
}

std::string expected_value(const FieldDescriptor& field) {
  if (is_text(field)) return "a text";
  if (is_scale(field)) return "a scale such as `1 to 5`";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: return "`true` or `false`";
    case FieldDescriptor::CPPTYPE_UINT32: return "a whole number from 0";
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64: return "a whole number";
    case FieldDescriptor::CPPTYPE_ENUM: return in_ticks(words_of(*field.enum_type()), "or");
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const FieldDescriptor* shorthand = shorthand_field(*field.message_type());
      const std::string mapping = expected_mapping(*field.message_type());
      return shorthand == nullptr ? mapping : fmt::format("{}, or {}", expected_value(*shorthand), mapping);
    }
    default: return expected_scalar(options_of(field).scalar());
  }
}

/// The help of a field as part of a sentence, else what is expected of it.
std::string meaning_of(const FieldDescriptor& field) {
  std::string help = options_of(field).help();
  if (help.empty()) return expected_value(field);
  if (help.back() == '.') help.pop_back();
  if (help[0] >= 'A' && help[0] <= 'Z') help[0] = static_cast<char>(help[0] - 'A' + 'a');
  return help;
}

class Reader {
 public:
  Reader(std::string_view what, Positions& positions, Faults& faults) : what_(what), positions_(positions), faults_(faults) {}

  /// Whether every list of named things could be read.
  [[nodiscard]] bool names_known() const { return names_known_; }

  void read_mapping(const YamlNode& node, Message& message, const std::string& path) {
    std::map<std::string, Position> seen;
    const auto fields = written_fields(*message.GetDescriptor());
    for (const auto& [key, value] : node.entries) {
      if (!readable_key(*key, seen)) continue;
      const auto field = std::find_if(fields.begin(), fields.end(),
                                      [&](const FieldDescriptor* candidate) { return key_of(*candidate) == key->text; });
      if (field == fields.end()) {
        tell_unknown_key(*key, *message.GetDescriptor(), path);
        continue;
      }
      read_field(*key, *value, message, **field, join_path(path, key->text));
      const bool empty_list = (value->kind == YamlNode::Kind::List && value->items.empty()) ||
                              (value->kind == YamlNode::Kind::Mapping && value->entries.empty());
      if (empty_list && (*field)->is_repeated() && options_of(**field).required()) {
        faults_.add(key->at, "empty-value", fmt::format("`{}` is empty; it needs at least one", key->text));
      }
    }
    if (seen.contains("<<")) return;  // told above; nobody knows what it would have brought
    for (const FieldDescriptor* field : fields) {
      const std::string key = key_of(*field);
      if (!options_of(*field).required() || seen.contains(key)) continue;
      faults_.add(position_of(positions_, path), "missing",
                  fmt::format("{} has no `{}` ({})", path.empty() ? fmt::format("the {}", what_) : fmt::format("`{}`", path), key,
                              meaning_of(*field)));
    }
  }

 private:
  /// Whether a key is a plain word that was not met before in its mapping; else a fault is told.
  bool readable_key(const YamlNode& key, std::map<std::string, Position>& seen) {
    if (key.kind != YamlNode::Kind::Scalar) {
      faults_.add(key.at, "wrong-kind", fmt::format("a key is a plain word, found {}", found(key)));
      return false;
    }
    if (key.text == "<<" && !key.quoted) {
      seen.emplace(key.text, key.at);
      faults_.add(key.at, "merge-key", "`<<` merges mappings unseen; write the keys out");
      return false;
    }
    const auto [first, is_new] = seen.emplace(key.text, key.at);
    if (is_new) return true;
    faults_.add(key.at, "duplicate-key",
                fmt::format("`{}` stands twice; first at line {}", key.text, first->second.line));
    return false;
  }

  void tell_unknown_key(const YamlNode& key, const Descriptor& message, const std::string& path) {
    const std::vector<std::string> keys = written_keys(message);
    const std::string suggestion = faults_.full() ? "" : nearest(key.text, keys);
    const std::string where = path.empty() ? fmt::format("a {}", what_) : fmt::format("`{}`", path);
    std::string sentence = fmt::format("unknown key `{}` in {}", key.text, where);
    // The rest of an expression behind its comma, as in {when: f(a, b)}.
    const bool rest = suggestion.empty() && key.text.find_first_of("()[]{}\"'") != std::string::npos;
    if (rest) sentence += "; an expression with a comma in it stands in quotes here";
    else if (suggestion.empty()) sentence += fmt::format("; it may have {}", in_ticks(keys, "and"));
    faults_.add(key.at, "unknown-key", std::move(sentence), suggestion);
  }

  void tell_wrong(const YamlNode& node, const std::string& key, const std::string& expected,
                  const std::string& suggestion = {}) {
    const char* code = node.kind == YamlNode::Kind::Nothing  ? "empty-value"
                       : node.kind == YamlNode::Kind::Scalar ? "wrong-value"
                                                             : "wrong-kind";
    faults_.add(node.at, code, fmt::format("`{}` expects {}, found {}", key, expected, found(node)), suggestion);
  }

  void read_field(const YamlNode& key, const YamlNode& value, Message& message, const FieldDescriptor& field,
                  const std::string& path) {
    positions_.emplace(path, value.kind == YamlNode::Kind::Scalar ? place_of(value, field) : key.at);
    if (is_keyed_list(field)) {
      read_keyed_list(key, value, message, field, path);
    } else if (field.is_repeated()) {
      if (value.kind != YamlNode::Kind::List) {
        read_element(key, value, message, field, join_path(path, "1"));
        return;
      }
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        read_element(key, *value.items[i], message, field, join_path(path, std::to_string(i + 1)));
      }
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      read_message(key.text, value, *message.GetReflection()->MutableMessage(&message, &field), field, path);
    } else {
      read_scalar_into(key.text, value, message, field);
    }
  }

  /// An expression in quotes begins behind the quote, so that a fault in it can be placed.
  static Position place_of(const YamlNode& value, const FieldDescriptor& field) {
    Position at = value.at;
    if (value.quoted && options_of(field).scalar() == v1::SCALAR_EXPRESSION) ++at.column;
    return at;
  }

  void read_element(const YamlNode& key, const YamlNode& value, Message& message, const FieldDescriptor& field,
                    const std::string& path) {
    positions_.emplace(path, place_of(value, field));
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      read_message(key.text, value, *message.GetReflection()->AddMessage(&message, &field), field, path);
    } else {
      read_scalar_into(key.text, value, message, field);
    }
  }

  void read_keyed_list(const YamlNode& key, const YamlNode& value, Message& message, const FieldDescriptor& field,
                       const std::string& path) {
    const Descriptor& type = *field.message_type();
    const FieldDescriptor& name = *key_field(type);
    if (value.kind != YamlNode::Kind::Mapping) {
      const std::string example = type.field(0)->name() == "name" ? "NAME" : type.field(0)->name();
      tell_wrong(value, key.text, fmt::format("a mapping by name: `{}: …`", example));
      names_known_ = false;
      return;
    }
    std::map<std::string, Position> seen;
    for (const auto& [entry, content] : value.entries) {
      if (!readable_key(*entry, seen)) continue;
      const ScalarReading reading = read_scalar(options_of(name).scalar(), entry->text);
      if (!reading.ok) {
        faults_.add(entry->at, "wrong-name",
                    fmt::format("`{}` in `{}` is to be {}", entry->text, key.text, reading.expected), reading.suggestion);
      }
      const std::string element_path = join_path(path, entry->text);
      positions_.emplace(element_path, entry->at);
      Message& element = *message.GetReflection()->AddMessage(&message, &field);
      // A name that is badly written is still a name: whoever uses it is not told that it is unknown.
      element.GetReflection()->SetString(&element, &name, entry->text);
      read_message(entry->text, *content, element, field, element_path);
    }
  }

  void read_message(const std::string& key, const YamlNode& value, Message& message, const FieldDescriptor& field,
                    const std::string& path) {
    if (is_text(field)) {
      read_text(key, value, static_cast<v1::Text&>(message));
    } else if (is_scale(field)) {
      read_scale(key, value, static_cast<v1::Scale&>(message));
    } else if (value.kind == YamlNode::Kind::Mapping) {
      read_mapping(value, message, path);
    } else if (const FieldDescriptor* shorthand = shorthand_field(*message.GetDescriptor());
               shorthand != nullptr && (value.kind == YamlNode::Kind::Scalar ||
                                        (value.kind == YamlNode::Kind::List && shorthand->is_repeated()))) {
      YamlNode named;  // faults speak of the key that stands there
      named.text = key;
      named.at = value.at;
      read_field(named, value, message, *shorthand, join_path(path, key_of(*shorthand)));
    } else {
      tell_wrong(value, key, expected_value(field));
    }
  }

  void read_text(const std::string& key, const YamlNode& value, v1::Text& text) {
    if (value.kind == YamlNode::Kind::Mapping) {
      tell_wrong(value, key, "a text in the first language (others stand in texts/LANG.yaml)");
    } else if (value.kind != YamlNode::Kind::Scalar || value.text.find_first_not_of(" \n") == std::string::npos) {
      tell_wrong(value, key, "a text");
    } else {
      // The language is filled in when the languages are known: they may stand below.
      text.add_translations()->set_text(value.text);
    }
  }

  void read_scale(const std::string& key, const YamlNode& value, v1::Scale& scale) {
    const std::size_t middle = value.text.find(" to ");
    int from = 0, to = 0;
    if (value.kind != YamlNode::Kind::Scalar || middle == std::string::npos ||
        !read_number(value.text.substr(0, middle), from) || !read_number(value.text.substr(middle + 4), to)) {
      tell_wrong(value, key, "a scale such as `1 to 5`");
      return;
    }
    scale.set_from(from);
    scale.set_to(to);
    if (from >= to) tell_wrong(value, key, "a scale that rises, such as `1 to 5`");
  }

  template <class Number>
  static bool read_number(const std::string& text, Number& number) {
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && at == end;
  }

  /// Sets (or, repeated, adds) a value that is no message.
  void read_scalar_into(const std::string& key, const YamlNode& value, Message& message, const FieldDescriptor& field) {
    if (value.kind != YamlNode::Kind::Scalar) {
      const bool expression = options_of(field).scalar() == v1::SCALAR_EXPRESSION && value.kind != YamlNode::Kind::Nothing;
      tell_wrong(value, key, expected_value(field).append(expression ? " (in quotes, where it begins with `{` or `[`)" : ""));
      return;
    }
    const Reflection& reflection = *message.GetReflection();
    const auto put = [&](auto set, auto add, auto number) {
      if (field.is_repeated()) {
        (reflection.*add)(&message, &field, number);
      } else {
        (reflection.*set)(&message, &field, number);
      }
    };
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        if (value.quoted || (value.text != "true" && value.text != "false")) {
          const std::string lower = as_name(value.text);
          const bool yes = lower == "yes" || lower == "on" || lower == "true";
          const bool no = lower == "no" || lower == "off" || lower == "false";
          return tell_wrong(value, key, expected_value(field), yes ? "true" : no ? "false" : "");
        }
        return put(&Reflection::SetBool, &Reflection::AddBool, value.text == "true");
      case FieldDescriptor::CPPTYPE_UINT32:
        if (std::uint32_t number = 0; !value.quoted && read_number(value.text, number)) {
          return put(&Reflection::SetUInt32, &Reflection::AddUInt32, number);
        }
        return tell_wrong(value, key, expected_value(field));
      case FieldDescriptor::CPPTYPE_INT32:
        if (std::int32_t number = 0; !value.quoted && read_number(value.text, number)) {
          return put(&Reflection::SetInt32, &Reflection::AddInt32, number);
        }
        return tell_wrong(value, key, expected_value(field));
      case FieldDescriptor::CPPTYPE_INT64:
        if (std::int64_t number = 0; !value.quoted && read_number(value.text, number)) {
          return put(&Reflection::SetInt64, &Reflection::AddInt64, number);
        }
        return tell_wrong(value, key, expected_value(field));
      case FieldDescriptor::CPPTYPE_ENUM:
        if (const int number = number_of_word(*field.enum_type(), value.text); number != 0) {
          return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, number);
        }
        return tell_wrong(value, key, expected_value(field), nearest(value.text, words_of(*field.enum_type())));
      case FieldDescriptor::CPPTYPE_STRING: {
        ScalarReading reading = read_scalar(options_of(field).scalar(), value.text);
        if (!reading.ok) return tell_wrong(value, key, reading.expected, reading.suggestion);
        return put(&Reflection::SetString, &Reflection::AddString, std::move(reading.canonical));
      }
      default: KVALI_CHECK(false && "a kind of field that definitions do not have");
    }
  }

  const std::string_view what_;
  Positions& positions_;
  Faults& faults_;
  bool names_known_ = true;
};

/// "…/texts/lt.yaml" → "lt"; anything else is no file of texts.
std::string language_of_file(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || !path.ends_with(".yaml")) return {};
  const std::string_view folder = path.substr(0, slash);
  if (folder != "texts" && !folder.ends_with("/texts")) return {};
  return std::string(path.substr(slash + 1, path.size() - slash - 1 - 5));
}

}  // namespace

std::optional<bool> read_file(const SourceFile& file, std::string_view what, Message& message, Positions& positions, Faults& faults) {
  positions.emplace("", Position{file.path, 1, 1});
  const Yaml root = parse_yaml(file, faults);
  if (!root) return std::nullopt;
  if (root->kind != YamlNode::Kind::Mapping) {
    faults.add(root->at, "wrong-kind", fmt::format("a {} is a mapping that begins with `program: NAME`, found {}", what, found(*root)));
    return std::nullopt;
  }
  Reader reader(what, positions, faults);
  reader.read_mapping(*root, message, "");
  return reader.names_known();
}

ReadResult read_program(const std::vector<SourceFile>& files) {
  ReadResult result;
  Faults faults;
  const SourceFile* source = nullptr;
  for (const SourceFile& file : files) {
    if (!language_of_file(file.path).empty()) continue;
    if (source != nullptr) {
      faults.add({file.path, 0, 0}, "second-program", fmt::format("a second program; {} is the first", source->path));
    } else {
      source = &file;
    }
  }
  if (source == nullptr) {
    faults.add({"program.yaml", 0, 0}, "no-program", "there is no program among the files");
    result.faults = faults.take();
    return result;
  }
  result.path = source->path;
  if (const auto names_known = read_file(*source, "program", result.program, result.positions, faults)) {
    result.names_known = *names_known;
    set_first_language(result.program);
    for (const SourceFile& file : files) {
      const std::string language = language_of_file(file.path);
      if (!language.empty()) read_texts(file, language, result.program, faults);
    }
    tell_missing_languages(files, source->path, result.program, result.positions, faults);
  }
  result.faults = faults.take();
  return result;
}

}  // namespace kvali::program
