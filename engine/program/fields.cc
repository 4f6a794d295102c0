#include "engine/program/fields.h"

#include "engine/program/source.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

const v1::Yaml& options_of(const FieldDescriptor& field) { return field.options().GetExtension(v1::yaml); }
const v1::Yaml& options_of(const Descriptor& message) { return message.options().GetExtension(v1::yaml_message); }

std::string key_of(const FieldDescriptor& field) {
  const v1::Yaml& options = options_of(field);
  return options.name().empty() ? field.name() : options.name();
}

const FieldDescriptor* key_field(const Descriptor& message) {
  const v1::Yaml& options = options_of(message);
  return options.key().empty() ? nullptr : message.FindFieldByName(options.key());
}

const FieldDescriptor* shorthand_field(const Descriptor& message) {
  const v1::Yaml& options = options_of(message);
  return options.shorthand().empty() ? nullptr : message.FindFieldByName(options.shorthand());
}

std::vector<const FieldDescriptor*> written_fields(const Descriptor& message) {
  std::vector<const FieldDescriptor*> fields;
  const FieldDescriptor* key = key_field(message);
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* field = message.field(i);
    if (field != key && !options_of(*field).derived()) fields.push_back(field);
  }
  return fields;
}

std::vector<std::string> written_keys(const Descriptor& message) {
  std::vector<std::string> keys;
  for (const FieldDescriptor* field : written_fields(message)) keys.push_back(key_of(*field));
  return keys;
}

bool is_text(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && field.message_type() == v1::Text::descriptor();
}

bool is_scale(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && field.message_type() == v1::Scale::descriptor();
}

bool is_keyed_list(const FieldDescriptor& field) {
  return field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         key_field(*field.message_type()) != nullptr;
}

namespace {

/// "WHOLE_NUMBER" and "Whole number" as one.
std::string folded(std::string_view word) {
  std::string out(word);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_' || c == '-') c = ' ';
  }
  return out;
}

}  // namespace

std::vector<std::string> words_of(const EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) words.push_back(folded(type.value(i)->name()));
  }
  return words;
}

int number_of_word(const EnumDescriptor& type, std::string_view word) {
  const std::string given = folded(word);
  for (int i = 0; i < type.value_count(); ++i) {
    if (folded(type.value(i)->name()) == given) return type.value(i)->number();
  }
  return 0;
}

std::string word_of(const EnumDescriptor& type, int number) {
  const auto* value = type.FindValueByNumber(number);
  return value == nullptr ? std::string{} : folded(value->name());
}

std::string element_part(const Message& message, const FieldDescriptor& field, int index) {
  if (is_keyed_list(field)) {
    const Message& element = message.GetReflection()->GetRepeatedMessage(message, &field, index);
    return element.GetReflection()->GetString(element, key_field(*field.message_type()));
  }
  return std::to_string(index + 1);
}

void visit_values(const Message& message, const std::string& path, const Visit& visit) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  for (const FieldDescriptor* field : written_fields(*message.GetDescriptor())) {
    const std::string field_path = join_path(path, key_of(*field));
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field->is_repeated()) {
      if (!reflection->HasField(message, field)) continue;
      visit(message, *field, -1, field_path);
      if (is_message) visit_values(reflection->GetMessage(message, field), field_path, visit);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      const std::string element_path = join_path(field_path, element_part(message, *field, i));
      visit(message, *field, i, element_path);
      if (is_message) visit_values(reflection->GetRepeatedMessage(message, field, i), element_path, visit);
    }
  }
}

}  // namespace kvali::program
