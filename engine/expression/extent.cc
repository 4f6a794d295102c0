#include "engine/expression/extent.h"

#include <algorithm>
#include <limits>

#include "engine/limits.h"

namespace kvali::expression {

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t bytes_of_character = 4;  // at most, in UTF-8
constexpr std::uint64_t scalar_shown = 96;       // bytes of a number, an instant or a period as text, with what separates it

std::shared_ptr<const Extent> shared(Extent extent) { return std::make_shared<const Extent>(std::move(extent)); }

Extent record_extent(const Type& type) {
  Extent extent;
  std::vector<Extent::Field> fields;
  Extent largest;
  for (const auto& [name, field] : type.fields()) {
    fields.emplace_back(name, extent_of(field));
    largest = either(largest, fields.back().second);
    extent.values = sum_of(extent.values, fields.back().second.values);
    extent.bytes_in_all = sum_of(extent.bytes_in_all, fields.back().second.bytes_in_all);
  }
  extent.depth = sum_of(1, largest.depth);
  extent.items = fields.size();
  extent.item = shared(std::move(largest));
  extent.fields = std::make_shared<const std::vector<Extent::Field>>(std::move(fields));
  return extent;
}

}  // namespace

std::uint64_t sum_of(std::uint64_t a, std::uint64_t b) { return a > most - b ? most : a + b; }
std::uint64_t product_of(std::uint64_t a, std::uint64_t b) { return a != 0 && b > most / a ? most : a * b; }

Extent Extent::text(std::uint64_t bytes) {
  Extent extent;
  extent.bytes = extent.bytes_in_all = bytes;
  return extent;
}

Extent Extent::list(std::uint64_t items, const Extent& item) {
  Extent extent;
  extent.items = items;
  extent.values = sum_of(1, product_of(items, item.values));
  extent.bytes_in_all = product_of(items, item.bytes_in_all);
  extent.depth = sum_of(1, item.depth);
  extent.item = shared(item);
  return extent;
}

Extent Extent::map(std::uint64_t items, const Extent& key, const Extent& value) {
  Extent extent = list(items, value);
  extent.values = sum_of(extent.values, product_of(items, key.values));
  extent.bytes_in_all = sum_of(extent.bytes_in_all, product_of(items, key.bytes_in_all));
  extent.key = shared(key);
  return extent;
}

const Extent& Extent::field(std::string_view name) const {
  if (fields != nullptr) {
    for (const auto& [known, extent] : *fields) {
      if (known == name) return extent;
    }
  }
  return largest_item();
}

Extent Extent::within(std::uint64_t optionals) const {
  Extent extent = *this;
  extent.values = sum_of(values, optionals);
  extent.depth = sum_of(depth, optionals);
  return extent;
}

std::uint64_t Extent::shown() const { return sum_of(bytes_in_all, product_of(values, scalar_shown)); }

Extent either(const Extent& a, const Extent& b) {
  Extent extent;
  extent.bytes = std::max(a.bytes, b.bytes);
  extent.items = std::max(a.items, b.items);
  extent.values = std::max(a.values, b.values);
  extent.bytes_in_all = std::max(a.bytes_in_all, b.bytes_in_all);
  extent.depth = std::max(a.depth, b.depth);
  extent.working_days = std::max(a.working_days, b.working_days);
  const auto larger = [](const auto& x, const auto& y) {
    return x == y || y == nullptr ? x : x == nullptr ? y : shared(either(*x, *y));
  };
  // What has items of unknown size swallows what is known of the other's.
  const bool unknown = (a.items > 0 && !a.item) || (b.items > 0 && !b.item);
  if (!unknown) {
    extent.item = larger(a.item, b.item);
    extent.key = larger(a.key, b.key);
    extent.fields = a.fields == b.fields ? a.fields : a.items == 0 ? b.fields : b.items == 0 ? a.fields : nullptr;
  }
  return extent;
}

Extent chained(const Extent& a, const Extent& b) {
  Extent extent = either(a, b);
  extent.bytes = sum_of(a.bytes, b.bytes);
  extent.items = sum_of(a.items, b.items);
  extent.values = sum_of(a.values, b.values);
  extent.bytes_in_all = sum_of(a.bytes_in_all, b.bytes_in_all);
  extent.working_days = 0;
  return extent;
}

Extent extent_of(const Value& constant) {
  switch (constant.kind()) {
    case Kind::String:
    case Kind::Bytes:
    case Kind::Type:
      return Extent::text(constant.as_string().size());
    case Kind::Period: {
      Extent extent;
      const std::int64_t days = constant.as_period().working_days;
      extent.working_days = static_cast<std::uint64_t>(days < 0 ? -days : days);
      return extent;
    }
    default:
      return {};
  }
}

Extent extent_of(const Type& type) {
  const std::uint64_t said = type.size_max();
  const std::uint64_t bytes = said > 0 ? product_of(said, bytes_of_character) : limits::text_bytes_max;
  const std::uint64_t items = said > 0 ? said : limits::items_per_initiative_max;
  switch (type.kind()) {
    case TypeKind::String:
      return Extent::text(bytes);
    case TypeKind::Bytes:
      return Extent::text(said > 0 ? said : limits::text_bytes_max);
    case TypeKind::Type:
      return Extent::text(64);
    case TypeKind::List:
      return Extent::list(items, extent_of(type.part()));
    case TypeKind::Map:
      return Extent::map(items, extent_of(type.part(0)), extent_of(type.part(1)));
    case TypeKind::Record:
      return record_extent(type);
    case TypeKind::Optional:
      return extent_of(type.part()).within(1);
    case TypeKind::Wrapper:
      return extent_of(type.part());
    case TypeKind::Period: {
      Extent extent;
      extent.working_days = static_cast<std::uint64_t>(limits::period_working_days_max);
      return extent;
    }
    case TypeKind::Dyn: {
      Extent extent;
      extent.bytes = extent.bytes_in_all = said > 0 ? product_of(said, bytes_of_character) : limits::text_bytes_max;
      extent.items = items;
      extent.values = sum_of(items, 1);
      extent.depth = static_cast<std::uint64_t>(limits::value_depth_max);
      extent.working_days = static_cast<std::uint64_t>(limits::period_working_days_max);
      return extent;
    }
    default:
      return {};
  }
}

}  // namespace kvali::expression
