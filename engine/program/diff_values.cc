#include "engine/program/diff_values.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>

namespace kvali::program {

using google::protobuf::Reflection;

namespace {

std::string string_said(const Speaker& speaker, std::size_t spot, const FieldDescriptor& field, const std::string& text) {
  switch (options_of(field).scalar()) {
    case v1::SCALAR_EXPRESSION: return speaker.words_or_code(text);
    case v1::SCALAR_PERIOD: return speaker.time(text, field.name() == "every" ? Around::Every : Around::Plain);
    case v1::SCALAR_REMINDER: return speaker.reminder(text);
    case v1::SCALAR_LANGUAGE: return language_said(text, speaker.tongue());
    case v1::SCALAR_TARGET: return speaker.strong(speaker.target(spot, text));
    case v1::SCALAR_ROLE: return quoted(speaker.role(text), speaker.tongue());
    case v1::SCALAR_MESSAGE: {
      const v1::Message* letter = speaker.letter(text);
      return letter == nullptr ? speaker.code(text) : speaker.quoted(letter->subject());
    }
    case v1::SCALAR_NAME: {
      if (field.name() == "required_for") {
        std::vector<std::string> labels = speaker.moves(text);
        for (std::string& label : labels) label = quoted(label, speaker.tongue());
        return joined(labels, Joint::And, speaker.tongue());
      }
      if (const v1::Quota* quota = speaker.quota(text)) return quoted(speaker.label(quota->label(), text), speaker.tongue());
      if (speaker.field(text) != nullptr) return quoted(speaker.field_label(text), speaker.tongue());
      return speaker.code(text);
    }
    default: return quoted(text, speaker.tongue());
  }
}

}  // namespace

bool is_place(std::string_view type) { return type == "Stage" || type == "State" || type == "Region"; }

const std::string& owner_of(const FieldDescriptor& field) { return field.containing_type()->name(); }

std::string value_said(const Speaker& speaker, std::size_t spot, const Message& owner, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *owner.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: return speaker.say(reflection.GetBool(owner, &field) ? Prose::Yes : Prose::No);
    case FieldDescriptor::CPPTYPE_UINT32: return number_said(index < 0 ? reflection.GetUInt32(owner, &field) : reflection.GetRepeatedUInt32(owner, &field, index), speaker.tongue());
    case FieldDescriptor::CPPTYPE_INT32: return number_said(reflection.GetInt32(owner, &field), speaker.tongue());
    case FieldDescriptor::CPPTYPE_INT64: return number_said(reflection.GetInt64(owner, &field), speaker.tongue());
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = index < 0 ? reflection.GetEnumValue(owner, &field) : reflection.GetRepeatedEnumValue(owner, &field, index);
      if (field.enum_type() == v1::InitiativeRules::Bringer_descriptor()) return bringer(static_cast<v1::InitiativeRules::Bringer>(number), speaker.tongue());
      if (field.enum_type() == v1::Field::Type_descriptor()) return speaker.type_of(static_cast<const v1::Field&>(owner));
      return speaker.code(word_of(*field.enum_type(), number));
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return string_said(speaker, spot, field, index < 0 ? reflection.GetString(owner, &field) : reflection.GetRepeatedString(owner, &field, index));
    default: return raw_value(owner, field, index);
  }
}

std::string part_said(const Speaker& speaker, const Message& part) {
  if (part.GetDescriptor() == v1::Deadline::descriptor()) return deadline_said(speaker, static_cast<const v1::Deadline&>(part));
  if (part.GetDescriptor() == v1::NoDeadline::descriptor()) return speaker.quoted(static_cast<const v1::NoDeadline&>(part).why());
  if (part.GetDescriptor() == v1::Review::descriptor()) return quoted(speaker.role(static_cast<const v1::Review&>(part).by()), speaker.tongue());
  if (part.GetDescriptor() == v1::Localities::descriptor()) return speaker.quoted(static_cast<const v1::Localities&>(part).label());
  if (part.GetDescriptor() == v1::Scale::descriptor()) {
    const auto& scale = static_cast<const v1::Scale&>(part);
    return fmt::format("{}–{}", scale.from(), scale.to());
  }
  return speaker.say(Prose::Yes);
}

std::string deadline_said(const Speaker& speaker, const v1::Deadline& deadline) {
  return deadline.by().empty() ? speaker.time(deadline.within(), Around::Within) : speaker.words_or_code(deadline.by());
}

std::string key_in(const Message& element) { return element.GetReflection()->GetString(element, key_field(*element.GetDescriptor())); }

/// What people call an element of a list.
std::string label_of(const Speaker& speaker, const Message& element) {
  const Descriptor& type = *element.GetDescriptor();
  if (&type == v1::Message::descriptor()) return speaker.text(static_cast<const v1::Message&>(element).subject());
  if (&type == v1::Tell::descriptor()) return speaker.role(static_cast<const v1::Tell&>(element).role());
  const std::string key = key_in(element);
  if (&type == v1::Report::descriptor()) {
    const std::optional<TaskKind> kind = task_kind(speaker.names(), key);
    return speaker.label(kind ? *kind->label : v1::Text(), key);
  }
  const FieldDescriptor* label = type.FindFieldByName("label");
  if (label == nullptr || !is_text(*label)) return speaker.label({}, key);
  return speaker.label(static_cast<const v1::Text&>(element.GetReflection()->GetMessage(element, label)), key);
}

Meaning meaning_of_element(const Message& element) {
  const Descriptor* type = element.GetDescriptor();
  if (type == v1::Section::descriptor()) return Meaning::Texts;
  return type == v1::Message::descriptor() || type == v1::Tell::descriptor() ? Meaning::Settings : Meaning::Structure;
}

Differs running_of_element(const Message& element, std::string_view list, bool is_new) {
  const std::string& type = element.GetDescriptor()->name();
  if (is_place(type)) return is_new ? Differs::StateNew : Differs::StateGone;
  if (type == "Move") return is_new ? Differs::MoveNew : Differs::MoveGone;
  if (type == "Role") return is_new ? Differs::RoleNew : Differs::RoleGone;
  if (type == "Quota") return Differs::Places;
  if (list.find("forms") != std::string_view::npos || type == "Form") return Differs::FormChanged;
  if (list.starts_with("cohort.")) return Differs::Otherwise;
  if (type == "Field") return is_new ? Differs::FieldNew : Differs::FieldGone;
  if (type == "Choice") return is_new ? Differs::Otherwise : Differs::FieldChanged;
  return Differs::Otherwise;
}

Differs item_phrase(const FieldDescriptor& field, bool is_new) {
  const std::string& owner = owner_of(field);
  if (owner == "Move" && field.name() == "by") return is_new ? Differs::MayNow : Differs::MayNoLonger;
  if (field.name() == "remind") return is_new ? Differs::RemindsNow : Differs::RemindsNoLonger;
  if (field.name() == "required_for") return is_new ? Differs::AsksNow : Differs::AsksNoLonger;
  return is_new ? Differs::Also : Differs::NoLonger;
}

Differs running_of(const FieldDescriptor& field, std::string_view path) {
  const std::string &owner = owner_of(field), &name = field.name();
  const auto is = [&name](std::initializer_list<std::string_view> names) { return std::find(names.begin(), names.end(), name) != names.end(); };
  if (path.find(".forms.") != std::string_view::npos) return Differs::FormChanged;
  if (owner == "Need" || owner == "Checklist" || is({"if_", "shown_when", "computed", "ranked_by", "required_for", "must_give"})) return Differs::Guard;
  if (owner == "Role" || owner == "Body" || is({"by", "agreed_by", "four_eyes", "not_by", "body", "seen_by", "written_by", "personal", "waits_for", "hide", "conflicts"})) return Differs::WhoMay;
  if (owner == "Field" && is({"type", "currency", "of", "baseline"})) return Differs::FieldChanged;
  if (owner == "Quota") return Differs::Places;
  return Differs::Otherwise;
}

std::string raw_value(const Message& owner, const FieldDescriptor& field, int index) {
  std::string text;
  google::protobuf::TextFormat::PrintFieldValueToString(owner, &field, index, &text);
  return text;
}

}  // namespace kvali::program
