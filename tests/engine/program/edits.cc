#include "tests/engine/program/edits.h"

#include <gtest/gtest.h>

#include "engine/program/fields.h"
#include "engine/program/source.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program::testing {

namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

/// Another value that an author can write: never the unspecified one, which is the first.
int next_of(const EnumDescriptor& type, int number) {
  const auto* value = type.FindValueByNumber(number);
  const int after = value == nullptr ? 1 : value->index() + 1;
  return type.value(after < type.value_count() ? after : 1)->number();
}

class Editor {
 public:
  Editor(Values which, const std::function<void(const std::string&, const FieldDescriptor&)>& visit) : which_(which), visit_(visit) {}

  /// `named`: it is one of several by name; where it stands alone (the review of a state) nobody can write its name.
  void message(Message& message, const std::string& path, bool named = false) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor* key = key_field(*message.GetDescriptor());
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      if (&field == key && !named && !path.empty()) continue;
      const std::string at = &field == key ? path.substr(0, path.rfind('.')) : join_path(path, key_of(field));
      if (field.is_repeated()) {
        list(message, field, at);
      } else if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        if (which_ == Values::All || reflection.HasField(message, &field)) single(message, field, at);
      } else if (reflection.HasField(message, &field)) {
        if (is_text(field))
          text(*reflection.MutableMessage(&message, &field), at);
        else
          this->message(*reflection.MutableMessage(&message, &field), at);
      }
    }
  }

 private:
  void text(Message& text, const std::string& path) {
    for (v1::Translation& one : *static_cast<v1::Text&>(text).mutable_translations()) {
      const std::string was = one.text();
      one.set_text(was + "x");
      visit_(path, *v1::Translation::descriptor()->FindFieldByName("text"));
      one.set_text(was);
    }
  }

  void list(Message& message, const FieldDescriptor& field, const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        this->message(*reflection.MutableRepeatedMessage(&message, &field, i), join_path(path, element_part(message, field, i)), true);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        const std::string was = reflection.GetRepeatedString(message, &field, i);
        reflection.SetRepeatedString(&message, &field, i, was + "x");
        visit_(path, field);
        reflection.SetRepeatedString(&message, &field, i, was);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        const int was = reflection.GetRepeatedEnumValue(message, &field, i);
        reflection.SetRepeatedEnumValue(&message, &field, i, next_of(*field.enum_type(), was));
        visit_(path, field);
        reflection.SetRepeatedEnumValue(&message, &field, i, was);
      } else {
        const std::uint32_t was = reflection.GetRepeatedUInt32(message, &field, i);
        reflection.SetRepeatedUInt32(&message, &field, i, was + 1);
        visit_(path, field);
        reflection.SetRepeatedUInt32(&message, &field, i, was);
      }
    }
  }

  void single(Message& message, const FieldDescriptor& field, const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    const auto change = [&](const auto& get, const auto& set, const auto& changed) {
      const auto was = (reflection.*get)(message, &field);
      (reflection.*set)(&message, &field, changed(was));
      visit_(path, field);
      (reflection.*set)(&message, &field, was);
    };
    const auto more = [](auto number) { return number + 1; };
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string was = reflection.GetString(message, &field);
        reflection.SetString(&message, &field, was + "x");
        visit_(path, field);
        reflection.SetString(&message, &field, was);
        return;
      }
      case FieldDescriptor::CPPTYPE_BOOL: return change(&Reflection::GetBool, &Reflection::SetBool, [](bool was) { return !was; });
      case FieldDescriptor::CPPTYPE_UINT32: return change(&Reflection::GetUInt32, &Reflection::SetUInt32, more);
      case FieldDescriptor::CPPTYPE_INT32: return change(&Reflection::GetInt32, &Reflection::SetInt32, more);
      case FieldDescriptor::CPPTYPE_INT64: return change(&Reflection::GetInt64, &Reflection::SetInt64, more);
      case FieldDescriptor::CPPTYPE_ENUM: return change(&Reflection::GetEnumValue, &Reflection::SetEnumValue, [&](int was) { return next_of(*field.enum_type(), was); });
      default: FAIL() << field.full_name() << " is of a kind that no edit is known for";
    }
  }

  Values which_;
  const std::function<void(const std::string&, const FieldDescriptor&)>& visit_;
};

class Filler {
 public:
  void message(Message& message, int depth) {
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      const bool inner = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      if (inner && !is_text(field) && depth == 0) continue;
      if (is_text(field)) {
        v1::Translation& one = *static_cast<v1::Text*>(reflection.MutableMessage(&message, &field))->add_translations();
        one.set_language("en");
        one.set_text(word());
      } else if (inner) {
        this->message(field.is_repeated() ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field), depth - 1);
      } else {
        plain(message, field);
      }
    }
  }

 private:
  std::string word() { return "w" + std::to_string(++words_); }

  void plain(Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    const bool many = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: return many ? reflection.AddString(&message, &field, word()) : reflection.SetString(&message, &field, word());
      case FieldDescriptor::CPPTYPE_BOOL: return reflection.SetBool(&message, &field, true);
      case FieldDescriptor::CPPTYPE_UINT32: return many ? reflection.AddUInt32(&message, &field, 7) : reflection.SetUInt32(&message, &field, 7);
      case FieldDescriptor::CPPTYPE_INT32: return reflection.SetInt32(&message, &field, 7);
      case FieldDescriptor::CPPTYPE_INT64: return reflection.SetInt64(&message, &field, 7);
      case FieldDescriptor::CPPTYPE_ENUM: return many ? reflection.AddEnumValue(&message, &field, 1) : reflection.SetEnumValue(&message, &field, 1);
      default: FAIL() << field.full_name() << " is of a kind that is not filled";
    }
  }

  int words_ = 0;
};

}  // namespace

void each_edit(Message& message, Values which, const std::function<void(const std::string&, const FieldDescriptor&)>& visit) {
  Editor(which, visit).message(message, "");
}

void fill(Message& message, int depth) { Filler().message(message, depth); }

}  // namespace kvali::program::testing
