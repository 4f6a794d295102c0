#include "engine/expression/type.h"

#include <algorithm>
#include <array>

#include "engine/limits.h"

namespace kvali::expression {

namespace {

struct Named {
  std::string_view name;
  TypeKind kind;
};
// The first name of a kind is the one it is written with.
constexpr auto names = std::to_array<Named>({
    {"dyn", TypeKind::Dyn},
    {"null", TypeKind::Null},
    {"null_type", TypeKind::Null},
    {"bool", TypeKind::Bool},
    {"int", TypeKind::Int},
    {"uint", TypeKind::Uint},
    {"double", TypeKind::Double},
    {"string", TypeKind::String},
    {"bytes", TypeKind::Bytes},
    {"timestamp", TypeKind::Timestamp},
    {"google.protobuf.Timestamp", TypeKind::Timestamp},
    {"duration", TypeKind::Duration},
    {"google.protobuf.Duration", TypeKind::Duration},
    {"date", TypeKind::Date},
    {"period", TypeKind::Period},
    {"type", TypeKind::Type},
    {"sealed", TypeKind::Sealed},
});
constexpr auto families = std::to_array<Named>({
    {"list", TypeKind::List},
    {"map", TypeKind::Map},
    {"optional", TypeKind::Optional},
    {"optional_type", TypeKind::Optional},
    {"wrapper", TypeKind::Wrapper},
});

std::string_view name_of(TypeKind kind) {
  for (const Named& named : names) {
    if (named.kind == kind) return named.name;
  }
  for (const Named& named : families) {
    if (named.kind == kind) return named.name;
  }
  return "dyn";
}

constexpr auto nested_max = static_cast<int>(limits::guard_depth_max);

/// Reads a written type from left to right.
class TypeReader {
 public:
  explicit TypeReader(std::string_view text) : text_(text) {}

  std::optional<Type> whole() {
    auto type = read(0);
    blanks();
    if (!text_.empty()) return std::nullopt;
    return type;
  }

 private:
  void blanks() {
    while (text_.starts_with(' ')) text_.remove_prefix(1);
  }
  bool take(char sign) {
    blanks();
    if (!text_.starts_with(sign)) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view word() {
    blanks();
    std::size_t end = 0;
    const auto is_part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    };
    while (end < text_.size() && is_part(text_[end])) ++end;
    const std::string_view found = text_.substr(0, end);
    text_.remove_prefix(end);
    return found;
  }

  std::optional<Type> read(int depth) {
    if (depth > nested_max) return std::nullopt;
    if (take('{')) return record(depth);
    const std::string_view name = word();
    if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z') {
      return Type::parameter(static_cast<std::uint32_t>(name[0] - 'A'));
    }
    for (const Named& named : names) {
      if (named.name == name) return Type(named.kind);
    }
    for (const Named& named : families) {
      if (named.name == name) return family(named.kind, depth);
    }
    return std::nullopt;
  }

  std::optional<Type> family(TypeKind kind, int depth) {
    if (!take('(')) return std::nullopt;
    auto first = read(depth + 1);
    if (!first) return std::nullopt;
    std::optional<Type> second;
    if (kind == TypeKind::Map) {
      if (!take(',')) return std::nullopt;
      second = read(depth + 1);
      if (!second) return std::nullopt;
    }
    if (!take(')')) return std::nullopt;
    if (kind == TypeKind::Map) return Type::map(std::move(*first), std::move(*second));
    if (kind == TypeKind::List) return Type::list(std::move(*first));
    return kind == TypeKind::Optional ? Type::optional(std::move(*first)) : Type::wrapper(std::move(*first));
  }

  std::optional<Type> record(int depth) {
    std::vector<Type::Field> fields;
    if (take('}')) return Type::record({});
    do {
      const std::string name(word());
      if (name.empty() || !take(':')) return std::nullopt;
      auto type = read(depth + 1);
      if (!type) return std::nullopt;
      fields.emplace_back(name, std::move(*type));
    } while (take(','));
    if (!take('}')) return std::nullopt;
    return Type::record(std::move(fields));
  }

  std::string_view text_;
};

}  // namespace

Type Type::with_parts(TypeKind kind, std::vector<Field> parts) {
  Type type(kind);
  type.parts_ = std::make_shared<const std::vector<Field>>(std::move(parts));
  return type;
}

Type Type::list(Type item) { return with_parts(TypeKind::List, {{"", std::move(item)}}); }
Type Type::map(Type key, Type value) {
  return with_parts(TypeKind::Map, {{"", std::move(key)}, {"", std::move(value)}});
}
Type Type::optional(Type held) { return with_parts(TypeKind::Optional, {{"", std::move(held)}}); }
Type Type::wrapper(Type scalar) { return with_parts(TypeKind::Wrapper, {{"", std::move(scalar)}}); }

Type Type::record(std::vector<Field> fields) {
  std::stable_sort(fields.begin(), fields.end(), [](const Field& a, const Field& b) { return a.first < b.first; });
  return with_parts(TypeKind::Record, std::move(fields));
}

Type Type::parameter(std::uint32_t number) {
  Type type(TypeKind::Parameter);
  type.number_ = number;
  return type;
}

const std::vector<Type::Field>& Type::fields() const {
  static const std::vector<Field> none;
  return parts_ == nullptr ? none : *parts_;
}

const Type* Type::field(std::string_view name) const {
  for (const Field& field : fields()) {
    if (field.first == name) return &field.second;
  }
  return nullptr;
}

Type Type::at_most(std::uint64_t size) const {
  Type sized = *this;
  sized.size_max_ = size;
  return sized;
}

Type Type::among(std::vector<std::string> words) const {
  Type chosen = *this;
  chosen.choices_ = std::make_shared<const std::vector<std::string>>(std::move(words));
  return chosen;
}

const std::vector<std::string>& Type::choices() const {
  static const std::vector<std::string> none;
  return choices_ ? *choices_ : none;
}

bool Type::operator==(const Type& other) const {
  if (kind_ != other.kind_ || number_ != other.number_) return false;
  return parts_ == other.parts_ || fields() == other.fields();
}

std::string to_text(const Type& type) {
  if (type.is(TypeKind::Parameter)) {
    std::string letter(1, static_cast<char>('A' + type.number() % 26));
    return letter;
  }
  const bool record = type.is(TypeKind::Record);
  std::string text(record ? "" : name_of(type.kind()));
  if (type.fields().empty() && !record) return text;
  text += record ? "{" : "(";
  bool first = true;
  for (const auto& [name, part] : type.fields()) {
    if (!first) text += ", ";
    first = false;
    if (record) text.append(name).append(": ");
    text += to_text(part);
  }
  text += record ? "}" : ")";
  return text;
}

std::optional<Type> type_of(std::string_view text) { return TypeReader(text).whole(); }

}  // namespace kvali::expression
