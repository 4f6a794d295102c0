#pragma once
// How messages of kvali.v1 are written in YAML, as their options say (options.proto). Reader, schema, texts and checks ask
// here, so that a new field is known to all of them at once.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kvali/v1/options.pb.h"

namespace kvali::program {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const v1::Yaml& options_of(const FieldDescriptor& field);
const v1::Yaml& options_of(const Descriptor& message);

/// The key of a field in YAML.
std::string key_of(const FieldDescriptor& field);
/// The field that holds the key of a message in a keyed list, or null.
const FieldDescriptor* key_field(const Descriptor& message);
/// The field that a plain value sets in place of a mapping, or null.
const FieldDescriptor* shorthand_field(const Descriptor& message);
/// The fields that an author writes as keys of a mapping, in their order; without the key of a keyed list.
std::vector<const FieldDescriptor*> written_fields(const Descriptor& message);
/// Their keys.
std::vector<std::string> written_keys(const Descriptor& message);

bool is_text(const FieldDescriptor& field);   // a v1.Text
bool is_scale(const FieldDescriptor& field);  // a v1.Scale
bool is_keyed_list(const FieldDescriptor& field);

/// The words of an enum as an author writes them, without the unspecified one: "whole number".
std::vector<std::string> words_of(const EnumDescriptor& type);
/// Its number for a word, whatever the case and spaces; 0 for none.
int number_of_word(const EnumDescriptor& type, std::string_view word);
/// The word of a number.
std::string word_of(const EnumDescriptor& type, int number);

/// The part of a path that stands for element `index` (from 0) of a repeated field: its key, else its number from 1.
std::string element_part(const Message& message, const FieldDescriptor& field, int index);

/// Calls `visit(message, field, index, path)` for every value that is set, in the order of the fields, each message's own
/// values after it. `index` is -1 for what is not repeated; `path` as in Positions. Derived values are passed over.
using Visit = std::function<void(const Message&, const FieldDescriptor&, int index, const std::string& path)>;
void visit_values(const Message& message, const std::string& path, const Visit& visit);

}  // namespace kvali::program
