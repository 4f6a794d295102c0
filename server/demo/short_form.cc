#include "server/demo/short_form.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "kvali/v1/value.pb.h"

namespace kvali::demo {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

/// Fields whose text is the id of something that has a key in these files.
bool holds_id(const std::string& name) {
  static constexpr std::array<std::string_view, 10> names = {"person",     "applicant", "initiative",     "initiatives",  "organisation",
                                                             "assignment", "grant",     "substitute_for", "on_behalf_of", "fact"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

template <class Number>
std::optional<Number> number_of(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "2017", "2017-01" or "2017-01-11".
std::optional<v1::Date> date_of(const std::string& text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  const auto part = [&](std::size_t from, std::size_t size) { return number_of<std::uint32_t>(text.substr(from, size)); };
  v1::Date date;
  const auto year = part(0, 4);
  if (!year) return std::nullopt;
  date.set_year(static_cast<std::int32_t>(*year));
  if (text.size() >= 7) {
    const auto month = part(5, 2);
    if (text[4] != '-' || !month) return std::nullopt;
    date.set_month(*month);
  }
  if (text.size() == 10) {
    const auto day = part(8, 2);
    if (text[7] != '-' || !day) return std::nullopt;
    date.set_day(*day);
  }
  return date;
}

class Filler {
 public:
  Filler(const Shorthand& shorthand, const std::string& file) : shorthand_(shorthand), file_(file) {}

  Result<void> message(Message& message, const YAML::Node& node) const {
    const Descriptor* type = message.GetDescriptor();
    if (type == v1::Value::descriptor() && !node.IsMap()) return value(static_cast<v1::Value&>(message), node);
    if (type == v1::Date::descriptor() && node.IsScalar()) {
      const auto date = date_of(node.Scalar());
      if (!date) return wrong(node, fmt::format("`{}` is no date; expected one like 2017-01-11", node.Scalar()));
      message.CopyFrom(*date);
      return {};
    }
    if (!node.IsMap()) return wrong(node, fmt::format("expected a mapping of the fields of {}", type->name()));
    for (const auto& entry : node) {
      const FieldDescriptor* named = type->FindFieldByName(entry.first.Scalar());
      if (!named) return wrong(entry.first, fmt::format("{} has no field `{}`", type->name(), entry.first.Scalar()));
      if (auto filled = field(message, *named, entry.second); !filled) return filled;
    }
    return {};
  }

 private:
  tl::unexpected<Error> wrong(const YAML::Node& node, const std::string& sentence) const {
    return fail(place_of(file_, node) + ": " + sentence);
  }

  Result<void> row(v1::Table::Row& row, const YAML::Node& node) const {
    if (!node.IsMap()) return wrong(node, "expected what the row says: a mapping of names to values");
    for (const auto& entry : node) {
      v1::NamedValue& said = *row.add_values();
      said.set_name(entry.first.Scalar());
      if (auto filled = value(*said.mutable_value(), entry.second); !filled) return filled;
    }
    return {};
  }

  /// A plain value: a date, a number, yes or no, or text. Quotes make it text, `@KEY` the id of what has that key; a list is a list of
  /// values, or of mappings: the rows of a table.
  Result<void> value(v1::Value& value, const YAML::Node& node) const {
    if (node.IsSequence()) {
      const bool rows = node.size() > 0 && node[0].IsMap();
      for (const auto& one : node) {
        if (rows) {
          if (auto filled = row(*value.mutable_table()->add_rows(), one); !filled) return filled;
          continue;
        }
        if (auto filled = this->value(*value.mutable_list()->add_values(), one); !filled) return filled;
      }
      return {};
    }
    if (node.IsNull()) {
      value.set_empty(true);
      return {};
    }
    const std::string& text = node.Scalar();
    if (text.starts_with('@')) {
      auto id = shorthand_.id_of(text.substr(1));
      if (!id) return wrong(node, id.error().message);
      value.set_text(*id);
      return {};
    }
    const bool quoted = node.Tag() == "!";
    const std::optional<v1::Date> date = quoted || text.size() != 10 ? std::nullopt : date_of(text);
    const auto whole = quoted ? std::nullopt : number_of<std::int64_t>(text);
    const auto decimal = quoted || whole ? std::nullopt : number_of<double>(text);
    if (date)
      *value.mutable_date() = *date;
    else if (whole)
      value.set_number(*whole);
    else if (decimal)
      value.set_decimal(*decimal);
    else if (!quoted && (text == "true" || text == "false" || text == "yes" || text == "no"))
      value.set_flag(text == "true" || text == "yes");
    else
      value.set_text(text);
    return {};
  }

  Result<void> field(Message& message, const FieldDescriptor& field, const YAML::Node& node) const {
    if (!field.is_repeated()) return one(message, field, node);
    if (node.IsMap() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return pairs(message, field, node);
    if (!node.IsSequence()) return wrong(node, fmt::format("{}: expected a list", field.name()));
    for (const auto& element : node)
      if (auto filled = one(message, field, element); !filled) return filled;
    return {};
  }

  /// Key → the first field of the element, value → the second.
  Result<void> pairs(Message& message, const FieldDescriptor& field, const YAML::Node& node) const {
    if (field.message_type()->field_count() < 2) return wrong(node, fmt::format("{}: expected a list", field.name()));
    for (const auto& entry : node) {
      Message& element = *message.GetReflection()->AddMessage(&message, &field);
      if (auto filled = this->field(element, *field.message_type()->field(0), entry.first); !filled) return filled;
      if (auto filled = this->field(element, *field.message_type()->field(1), entry.second); !filled) return filled;
    }
    return {};
  }

  /// One value of a field: set, or added where the field is a list.
  Result<void> one(Message& message, const FieldDescriptor& field, const YAML::Node& node) const {
    const Reflection& reflect = *message.GetReflection();
    const bool list = field.is_repeated();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
      return this->message(list ? *reflect.AddMessage(&message, &field) : *reflect.MutableMessage(&message, &field), node);
    if (!node.IsScalar()) return wrong(node, fmt::format("{}: expected one value", field.name()));
    const std::string& text = node.Scalar();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: return string(message, field, node);
      case FieldDescriptor::CPPTYPE_INT64: {
        auto number = integer(field, text);
        if (!number) return wrong(node, number.error().message);
        list ? reflect.AddInt64(&message, &field, *number) : reflect.SetInt64(&message, &field, *number);
        return {};
      }
      case FieldDescriptor::CPPTYPE_UINT32: {
        const auto number = number_of<std::uint32_t>(text);
        if (!number) break;
        list ? reflect.AddUInt32(&message, &field, *number) : reflect.SetUInt32(&message, &field, *number);
        return {};
      }
      case FieldDescriptor::CPPTYPE_INT32: {
        const auto number = number_of<std::int32_t>(text);
        if (!number || list) break;
        reflect.SetInt32(&message, &field, *number);
        return {};
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        if ((text != "true" && text != "false") || list) break;
        reflect.SetBool(&message, &field, text == "true");
        return {};
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* word = field.enum_type()->FindValueByName(text);
        if (!word || list) break;
        reflect.SetEnum(&message, &field, word);
        return {};
      }
      default: break;  // commands have no other scalars
    }
    return wrong(node, fmt::format("{}: `{}` is not what this field takes", field.name(), text));
  }

  Result<void> string(Message& message, const FieldDescriptor& field, const YAML::Node& node) const {
    std::string text = node.Scalar();
    if (holds_id(field.name()) && !text.empty()) {
      auto id = shorthand_.id_of(text);
      if (!id) return wrong(node, id.error().message);
      text = std::move(*id);
    }
    const Reflection& reflect = *message.GetReflection();
    field.is_repeated() ? reflect.AddString(&message, &field, std::move(text)) : reflect.SetString(&message, &field, std::move(text));
    return {};
  }

  Result<std::int64_t> integer(const FieldDescriptor& field, const std::string& text) const {
    if (const auto number = number_of<std::int64_t>(text)) return *number;
    if (!field.name().ends_with("_us")) return fail(fmt::format("{}: `{}` is no whole number", field.name(), text));
    return local_time(text, shorthand_.zone);
  }

  const Shorthand& shorthand_;
  const std::string& file_;
};

}  // namespace

Result<void> fill(Message& message, const YAML::Node& node, const Shorthand& shorthand, const std::string& file) {
  return Filler(shorthand, file).message(message, node);
}

Result<std::int64_t> local_time(const std::string& text, const calendar::Zone& zone) {
  const std::string expected = fmt::format("`{}` is no local time; expected one like 2016-11-14 09:05", text);
  if (text.size() != 16 || text[10] != ' ' || text[13] != ':') return fail(expected);
  const auto date = calendar::parse_date(text.substr(0, 10));
  const auto hours = number_of<std::int32_t>(text.substr(11, 2)), minutes = number_of<std::int32_t>(text.substr(14, 2));
  if (!date || !hours || !minutes || *hours > 24 || *minutes > 59) return fail(expected);
  return calendar::instant_at(zone, *date, *hours * 3600 + *minutes * 60);
}

std::string place_of(const std::string& file, const YAML::Node& node) {
  return fmt::format("{}:{}:{}", file, node.Mark().line + 1, node.Mark().column + 1);
}

}  // namespace kvali::demo
