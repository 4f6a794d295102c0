#pragma once
// What kind of value an expression gives, known before it is evaluated: the types of the CEL language definition (section
// "Gradual Type Checking"), kvali's dates and periods, records of named fields, and what is sealed.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvali::expression {

enum class TypeKind : std::uint8_t {
  Dyn,  // anything; only the evaluation knows
  Null,
  Bool,
  Int,
  Uint,
  Double,
  String,
  Bytes,
  Timestamp,
  Duration,
  Date,
  Period,
  Type,    // the type of types
  Sealed,  // has() and size() may be asked of it, nothing else
  List,
  Map,
  Optional,
  Wrapper,    // of a scalar: the scalar or null
  Record,     // named fields, no others
  Parameter,  // stands for a type that an overload leaves open
};

/// A type: a plain value, cheap to copy. It may carry how large its values are at most; that is no part of what it equals.
class Type {
 public:
  using Field = std::pair<std::string, Type>;

  Type() = default;  // dyn
  Type(TypeKind kind) : kind_(kind) {}  // NOLINT(google-explicit-constructor): a kind without parts is a type
  static Type list(Type item);
  static Type map(Type key, Type value);
  static Type optional(Type held);
  static Type wrapper(Type scalar);
  static Type record(std::vector<Field> fields);
  static Type parameter(std::uint32_t number);

  TypeKind kind() const { return kind_; }
  bool is(TypeKind kind) const { return kind_ == kind; }
  bool is_number() const { return is(TypeKind::Int) || is(TypeKind::Uint) || is(TypeKind::Double); }
  /// Of a list its items, of a map (0) its keys and (1) its values, of an optional or wrapper what it holds.
  const Type& part(std::size_t index = 0) const { return (*parts_)[index].second; }
  /// The fields of a record; otherwise the parts without names.
  const std::vector<Field>& fields() const;
  /// The type of a record's field, or null.
  const Type* field(std::string_view name) const;
  std::uint32_t number() const { return number_; }  // of a parameter

  /// The same type, of values with at most so many characters (of texts, bytes and what is sealed) or items (of lists and
  /// maps).
  Type at_most(std::uint64_t size) const;
  /// 0 when nobody said.
  std::uint64_t size_max() const { return size_max_; }

  /// The same type, of texts that are one of these words. Like the size, no part of what it equals.
  Type among(std::vector<std::string> words) const;
  /// Empty when nobody said.
  const std::vector<std::string>& choices() const;

  bool operator==(const Type& other) const;

 private:
  static Type with_parts(TypeKind kind, std::vector<Field> parts);

  TypeKind kind_ = TypeKind::Dyn;
  std::uint32_t number_ = 0;
  std::uint64_t size_max_ = 0;
  std::shared_ptr<const std::vector<Field>> parts_;
  std::shared_ptr<const std::vector<std::string>> choices_;
};

/// As CEL's documentation writes it: "list(int)", "map(string, dyn)", "optional(date)"; a record as "{title: string}"; a
/// parameter as a letter.
std::string to_text(const Type& type);
/// The type written as to_text writes it ("optional_type", "null_type" and the protobuf names are read too); nothing when it
/// is none.
std::optional<Type> type_of(std::string_view text);

}  // namespace kvali::expression
