#include "engine/expression/value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace kvali::expression {

namespace {

struct PeriodObject final : Object {
  explicit PeriodObject(const calendar::Period& value) : period(value) {}
  const calendar::Period period;
};
struct OptionalObject final : Object {
  OptionalObject() = default;
  explicit OptionalObject(Value held) : value(std::move(held)) {}
  const std::optional<Value> value;
};
class VectorList final : public List {
 public:
  explicit VectorList(std::vector<Value> values) : values_(std::move(values)) {}
  std::size_t size() const override { return values_.size(); }
  Value at(std::size_t index) const override { return values_[index]; }

 private:
  const std::vector<Value> values_;
};

constexpr std::int64_t floor_div(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

}  // namespace

std::string_view type_name(Kind kind) {
  switch (kind) {
    case Kind::Null:
      return "null_type";
    case Kind::Bool:
      return "bool";
    case Kind::Int:
      return "int";
    case Kind::Uint:
      return "uint";
    case Kind::Double:
      return "double";
    case Kind::String:
      return "string";
    case Kind::Bytes:
      return "bytes";
    case Kind::List:
      return "list";
    case Kind::Map:
    case Kind::Struct:
      return "map";
    case Kind::Timestamp:
      return "google.protobuf.Timestamp";
    case Kind::Duration:
      return "google.protobuf.Duration";
    case Kind::Date:
      return "date";
    case Kind::Period:
      return "period";
    case Kind::Type:
      return "type";
    case Kind::Optional:
      return "optional_type";
    case Kind::Sealed:
      return "sealed";
  }
  return "";
}

Timestamp timestamp_of(calendar::Instant instant) {
  const std::int64_t seconds = floor_div(instant, calendar::second_us);
  return {seconds, static_cast<std::int32_t>((instant - seconds * calendar::second_us) * 1'000)};
}

calendar::Instant instant_of(Timestamp timestamp) {
  return timestamp.seconds * calendar::second_us + timestamp.nanos / 1'000;
}

Value Value::timestamp(Timestamp timestamp) {
  Value value;
  value.kind_ = Kind::Timestamp;
  value.data_.integer = timestamp.seconds;
  value.nanos_ = timestamp.nanos;
  return value;
}

Value Value::duration(std::int64_t nanoseconds) {
  Value value = integer(nanoseconds);
  value.kind_ = Kind::Duration;
  return value;
}

Value Value::date(calendar::Date date) {
  Value value = integer(calendar::days_from_civil(date));
  value.kind_ = Kind::Date;
  return value;
}

Value Value::sealed(std::uint64_t size) {
  Value value = unsigned_integer(size);
  value.kind_ = Kind::Sealed;
  return value;
}

Value Value::string(std::string text) { return of_object(Kind::String, new Text(std::move(text))); }
Value Value::bytes(std::string bytes) { return of_object(Kind::Bytes, new Text(std::move(bytes))); }
Value Value::type(std::string_view name) { return of_object(Kind::Type, new Text(std::string(name))); }
Value Value::period(const calendar::Period& value) { return of_object(Kind::Period, new PeriodObject(value)); }
Value Value::some(Value value) { return of_object(Kind::Optional, new OptionalObject(std::move(value))); }
Value Value::none() { return of_object(Kind::Optional, new OptionalObject()); }
Value Value::list(std::vector<Value> values) { return of_object(Kind::List, new VectorList(std::move(values))); }
Value Value::list(std::unique_ptr<const List> list) { return of_object(Kind::List, list.release()); }
Value Value::map(std::unique_ptr<const Map> map) { return of_object(Kind::Map, map.release()); }
Value Value::structure(std::unique_ptr<const Struct> structure) { return of_object(Kind::Struct, structure.release()); }

Value Value::borrow(const Struct& structure) {
  structure.own();
  return of_object(Kind::Struct, &structure);
}

Value Value::borrow(const List& list) {
  list.own();
  return of_object(Kind::List, &list);
}

Result<Value> Value::map(std::vector<std::pair<Value, Value>> entries) {
  auto made = Map::make(std::move(entries));
  if (!made) return fail(made.error());
  return map(std::move(*made));
}

calendar::Date Value::as_date() const { return calendar::civil_from_days(checked(Kind::Date).data_.integer); }

const calendar::Period& Value::as_period() const {
  return static_cast<const PeriodObject*>(checked(Kind::Period).data_.object)->period;
}
const Value* Value::as_optional() const {
  const auto& held = static_cast<const OptionalObject*>(checked(Kind::Optional).data_.object)->value;
  return held ? &*held : nullptr;
}

Value Value::with_drift(int drift) const {
  KVALI_CHECK(kind_ == Kind::Timestamp || kind_ == Kind::Duration);
  Value value = *this;
  value.drift_ = static_cast<std::int8_t>(drift);
  return value;
}

// --- maps -----------------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t entries_searched_in_line = 8;

std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  return x ^ (x >> 33);
}
std::uint64_t hash_of_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mixed(hash);
}

/// A key in the form in which equal numbers look the same: whole numbers from -2^63 to 2^64-1.
struct NumberKey {
  bool negative = false;
  std::uint64_t bits = 0;
  bool operator==(const NumberKey&) const = default;
};
std::optional<NumberKey> number_key(const Value& key) {
  switch (key.kind()) {
    case Kind::Int:
      return NumberKey{key.as_int() < 0, static_cast<std::uint64_t>(key.as_int())};
    case Kind::Uint:
      return NumberKey{false, key.as_uint()};
    case Kind::Double: {
      const double number = key.as_double();
      if (std::trunc(number) != number || number < -0x1p63 || number >= 0x1p64) return std::nullopt;
      if (number < 0) return NumberKey{true, static_cast<std::uint64_t>(static_cast<std::int64_t>(number))};
      return NumberKey{false, static_cast<std::uint64_t>(number)};
    }
    default:
      return std::nullopt;
  }
}

std::uint64_t hash_of(const Value& key) {
  if (key.is(Kind::String)) return hash_of_text(key.as_string());
  if (key.is(Kind::Bool)) return key.as_bool() ? 1 : 2;
  const auto number = number_key(key);
  return number ? mixed(number->bits ^ (number->negative ? 0x9e3779b97f4a7c15ULL : 0)) : 0;
}

bool same_key(const Value& a, const Value& b) {
  if (a.is(Kind::String)) return b.is(Kind::String) && a.as_string() == b.as_string();
  if (a.is(Kind::Bool)) return b.is(Kind::Bool) && a.as_bool() == b.as_bool();
  const auto number = number_key(a);
  return number && number == number_key(b);
}

}  // namespace

template <class Matches>
const Value* Map::find_hashed(std::uint64_t hash, Matches matches) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at] != 0; at = (at + 1) & mask) {
    const Entry& entry = entries_[slots_[at] - 1];
    if (matches(entry.first)) return &entry.second;
  }
  return nullptr;
}

const Value* Map::find(const Value& key) const {
  const auto matches = [&key](const Value& other) { return same_key(key, other); };
  if (!slots_.empty()) return find_hashed(hash_of(key), matches);
  for (const Entry& entry : entries_) {
    if (matches(entry.first)) return &entry.second;
  }
  return nullptr;
}

const Value* Map::find(std::string_view key) const {
  const auto matches = [key](const Value& other) { return other.is(Kind::String) && other.as_string() == key; };
  if (!slots_.empty()) return find_hashed(hash_of_text(key), matches);
  for (const Entry& entry : entries_) {
    if (matches(entry.first)) return &entry.second;
  }
  return nullptr;
}

Result<std::unique_ptr<const Map>> Map::make(std::vector<Entry> entries) {
  std::unique_ptr<Map> map(new Map(std::move(entries)));
  const std::size_t size = map->entries_.size();
  std::size_t slots = 0;
  if (size > entries_searched_in_line) {
    for (slots = 32; slots < size * 2;) slots *= 2;
    map->slots_.assign(slots, 0);
  }
  for (std::size_t index = 0; index < size; ++index) {
    const Value& key = map->entries_[index].first;
    const Kind kind = key.kind();
    if (kind != Kind::Bool && kind != Kind::Int && kind != Kind::Uint && kind != Kind::String) {
      return fail("a map's keys are bool, int, uint or string, not " + std::string(type_name(kind)));
    }
    if (slots != 0) {
      if (map->find(key) != nullptr) return fail("the key " + to_text(key) + " stands twice in one map");
      std::size_t at = hash_of(key) & (slots - 1);
      while (map->slots_[at] != 0) at = (at + 1) & (slots - 1);
      map->slots_[at] = static_cast<std::uint32_t>(index + 1);
      continue;
    }
    for (std::size_t before = 0; before < index; ++before) {
      if (same_key(key, map->entries_[before].first))
        return fail("the key " + to_text(key) + " stands twice in one map");
    }
  }
  return std::unique_ptr<const Map>(std::move(map));
}

}  // namespace kvali::expression
