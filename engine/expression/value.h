#pragma once
// What an expression reads and makes: one value of 16 bytes, cheap to copy, never changed after it is made. Longer
// values (texts, lists, maps) are shared; what a cohort already holds in its own shape is read through Struct and List,
// without building maps.
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/calendar/calendar.h"
#include "engine/result.h"

namespace kvali::expression {

enum class Kind : std::uint8_t {
  Null,
  Bool,
  Int,
  Uint,
  Double,
  Timestamp,
  Duration,
  Date,
  Sealed,  // held in the value itself
  String,
  Bytes,
  List,
  Map,
  Struct,
  Type,
  Period,
  Optional,  // shared
};

/// The name CEL gives to the type of a kind: "int", "google.protobuf.Timestamp"; kvali's own: "date", "period".
std::string_view type_name(Kind kind);

/// Shared storage with a count of its owners. The maker owns the first; an object on the stack therefore never dies by
/// a Value that borrows it.
class Object {
 public:
  Object() = default;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  virtual ~Object() = default;
  void own() const noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  void disown() const noexcept {
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  mutable std::atomic<std::uint32_t> owners_{1};
};

class Value;
class List;
class Map;
class Struct;

/// Seconds and nanoseconds (0..999,999,999) since 1970-01-01T00:00:00Z, in the years 0001 to 9999.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  auto operator<=>(const Timestamp&) const = default;
};
Timestamp timestamp_of(calendar::Instant instant);
/// Rounded down to the microsecond.
calendar::Instant instant_of(Timestamp timestamp);

class Value {
 public:
  Value() noexcept = default;  // null
  Value(const Value& other) noexcept
      : kind_(other.kind_), drift_(other.drift_), nanos_(other.nanos_), data_(other.data_) {
    if (is_shared()) data_.object->own();
  }
  Value(Value&& other) noexcept : kind_(other.kind_), drift_(other.drift_), nanos_(other.nanos_), data_(other.data_) {
    other.kind_ = Kind::Null;
    other.drift_ = 0;
  }
  Value& operator=(const Value& other) noexcept {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (is_shared()) {
      swap(other);
      return *this;
    }
    // Over a plain value nothing is left for `other` to take: most results are written so.
    kind_ = other.kind_;
    drift_ = other.drift_;
    nanos_ = other.nanos_;
    data_ = other.data_;
    if (this != &other) {
      other.kind_ = Kind::Null;
      other.drift_ = 0;
    }
    return *this;
  }
  ~Value() {
    // The analyzer lets the storage of a std::optional destroy what it holds a second time.
    if (is_shared()) data_.object->disown();  // NOLINT(clang-analyzer-cplusplus.NewDelete)
  }
  void swap(Value& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(drift_, other.drift_);
    std::swap(nanos_, other.nanos_);
    std::swap(data_, other.data_);
  }

  static Value boolean(bool value) { return Value(Kind::Bool, {.boolean = value}); }
  static Value integer(std::int64_t value) { return Value(Kind::Int, {.integer = value}); }
  static Value unsigned_integer(std::uint64_t value) { return Value(Kind::Uint, {.unsigned_integer = value}); }
  static Value number(double value) { return Value(Kind::Double, {.number = value}); }
  static Value string(std::string text);  // UTF-8
  static Value bytes(std::string bytes);
  static Value list(std::vector<Value> values);
  static Value list(std::unique_ptr<const List> list);
  /// Fails on keys that are not bool, int, uint or string, and on the same key twice.
  static Result<Value> map(std::vector<std::pair<Value, Value>> entries);
  static Value map(std::unique_ptr<const Map> map);
  static Value structure(std::unique_ptr<const Struct> structure);
  /// Borrowed: `structure` or `list` outlives every copy of the value.
  static Value borrow(const Struct& structure);
  static Value borrow(const List& list);
  static Value timestamp(Timestamp value);
  static Value instant(calendar::Instant value) { return timestamp(timestamp_of(value)); }
  static Value duration(std::int64_t nanoseconds);
  static Value date(calendar::Date value);
  static Value period(const calendar::Period& value);
  static Value type(std::string_view name);
  static Value some(Value value);
  static Value none();
  /// A sealed personal value of `size` characters (or items): it may be asked has() and size() and nothing else.
  static Value sealed(std::uint64_t size);

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_number() const { return kind_ == Kind::Int || kind_ == Kind::Uint || kind_ == Kind::Double; }

  // Each asks of its own kind only; anything else is a bug.
  bool as_bool() const { return checked(Kind::Bool).data_.boolean; }
  std::int64_t as_int() const { return checked(Kind::Int).data_.integer; }
  std::uint64_t as_uint() const { return checked(Kind::Uint).data_.unsigned_integer; }
  double as_double() const { return checked(Kind::Double).data_.number; }
  Timestamp as_timestamp() const { return {checked(Kind::Timestamp).data_.integer, nanos_}; }
  std::int64_t as_duration() const { return checked(Kind::Duration).data_.integer; }  // nanoseconds
  calendar::Date as_date() const;
  std::uint64_t sealed_size() const { return checked(Kind::Sealed).data_.unsigned_integer; }
  const std::string& as_string() const;  // of String, Bytes and Type
  const List& as_list() const;
  const Map& as_map() const;
  const Struct& as_struct() const;
  const calendar::Period& as_period() const;
  /// The value in an optional, or nothing.
  const Value* as_optional() const;

  /// How many microseconds a timestamp or duration moves while `now` moves by one: 1 for `now` plus a constant, -1 for
  /// a constant minus `now`, else 0. Set by the evaluator, never on a value it hands out.
  int drift() const { return drift_; }
  Value with_drift(int drift) const;

 private:
  union Data {
    bool boolean;
    std::int64_t integer;
    std::uint64_t unsigned_integer;
    double number;
    const Object* object;
  };
  Value(Kind kind, Data data) noexcept : kind_(kind), data_(data) {}
  static Value of_object(Kind kind, const Object* object) { return Value(kind, {.object = object}); }
  bool is_shared() const { return kind_ >= Kind::String; }
  const Value& checked(Kind kind) const {
    KVALI_CHECK(kind_ == kind);
    return *this;
  }

  Kind kind_ = Kind::Null;
  std::int8_t drift_ = 0;
  std::int32_t nanos_ = 0;
  Data data_{.integer = 0};
};

/// A list in any shape: `sessions` of an initiative need not be copied to be counted.
class List : public Object {
 public:
  virtual std::size_t size() const = 0;
  virtual Value at(std::size_t index) const = 0;  // index < size()
};

/// Something with named fields, read one by one when an expression asks. To an expression it is a map with text keys
/// that cannot be walked.
class Struct : public Object {
 public:
  /// The field's value, or nothing when it has none.
  virtual std::optional<Value> get(std::string_view field) const = 0;
  virtual bool has(std::string_view field) const { return get(field).has_value(); }
};

/// A map that keeps the order in which its entries were written. Numeric keys are equal across int and uint.
class Map final : public Object {
 public:
  using Entry = std::pair<Value, Value>;
  static Result<std::unique_ptr<const Map>> make(std::vector<Entry> entries);
  std::size_t size() const { return entries_.size(); }
  const std::vector<Entry>& entries() const { return entries_; }
  /// The value at `key` (of any kind; a double finds the whole number it equals), or nothing.
  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const;

 private:
  explicit Map(std::vector<Entry> entries) : entries_(std::move(entries)) {}
  template <class Matches>
  const Value* find_hashed(std::uint64_t hash, Matches matches) const;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // 1 + index of an entry, 0 free; only for maps past a few entries
};

/// The text of a String, Bytes or Type.
struct Text final : Object {
  explicit Text(std::string value) : text(std::move(value)) {}
  const std::string text;
};

// In line, because every step of an evaluation asks.
inline const std::string& Value::as_string() const {
  KVALI_CHECK(kind_ == Kind::String || kind_ == Kind::Bytes || kind_ == Kind::Type);
  return static_cast<const Text*>(data_.object)->text;
}
inline const List& Value::as_list() const { return *static_cast<const List*>(checked(Kind::List).data_.object); }
inline const Map& Value::as_map() const { return *static_cast<const Map*>(checked(Kind::Map).data_.object); }
inline const Struct& Value::as_struct() const {
  return *static_cast<const Struct*>(checked(Kind::Struct).data_.object);
}

/// The value as an expression would write it: 1u, "text", [1, 2], {"a": 1}, timestamp("…"); at most about 200 bytes.
std::string to_text(const Value& value);

}  // namespace kvali::expression
