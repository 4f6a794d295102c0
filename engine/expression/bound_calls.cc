// What functions cost and make, at most. The figures follow the charges in the evaluator's sources (text.cc, format.cc,
// convert.cc, comparison.cc, arithmetic.cc), each rounded up where several are charged apart.
#include <algorithm>
#include <array>

#include "engine/expression/reckoning.h"
#include "engine/limits.h"

namespace kvali::expression {

namespace {

constexpr std::uint64_t number_shown = 512;  // bytes of a double with all its figures and format_decimals_max behind the point

/// Comparing two values visits what they have in common.
std::uint64_t work_of_equality(const Extent& a, const Extent& b) {
  return sum_of(std::min(a.values, b.values), std::min(a.bytes_in_all, b.bytes_in_all) / 16);
}

/// Looking for one text everywhere in another.
std::uint64_t work_of_search(const Extent& whole, const Extent& part) {
  return sum_of(whole.bytes / 16, product_of(whole.bytes / 64, part.bytes) / 64);
}

/// Writing a value as text: every level writes all that is in it.
std::uint64_t work_of_display(const Extent& value) {
  const std::uint64_t levels = std::min<std::uint64_t>(value.depth, limits::value_shown_depth_max) + 1;
  return sum_of(value.values, product_of(levels, value.shown() / 16 + 1));
}

Extent format(const Extent& pattern, const Extent& values, std::uint64_t& work) {
  const std::uint64_t clauses = std::min(values.items, pattern.bytes / 2);
  const std::uint64_t written = sum_of(product_of(clauses, number_shown), product_of(2, values.shown()));
  const std::uint64_t bytes = sum_of(pattern.bytes, written);
  work = sum_of(work, sum_of(pattern.bytes / 16, work_of_display(values)));
  work = sum_of(work, sum_of(product_of(2, values.bytes_in_all) / 16, product_of(clauses, bytes / 256 + 2)));
  return Extent::text(bytes);
}

Extent replaced(std::span<const Extent> of, std::uint64_t& work) {
  const Extent &whole = of[0], &part = of[1], &by = of[2];
  const std::uint64_t places = sum_of(whole.bytes, 1);
  const std::uint64_t bytes = sum_of(whole.bytes, product_of(places, by.bytes));
  work = sum_of(work, sum_of(work_of_search(whole, part), sum_of(places, bytes / 16)));
  return Extent::text(bytes);
}

Extent split(const Extent& whole, const Extent& separator, std::uint64_t& work) {
  const std::uint64_t parts = sum_of(whole.bytes, 1);
  work = sum_of(work, sum_of(work_of_search(whole, separator), sum_of(parts, whole.bytes / 16)));
  Extent list = Extent::list(parts, Extent::text(whole.bytes));
  list.bytes_in_all = whole.bytes;
  return list;
}

Extent joined(const Extent& list, std::uint64_t separator, std::uint64_t& work) {
  const std::uint64_t bytes = sum_of(list.bytes_in_all, product_of(list.items, separator));
  work = sum_of(work, sum_of(list.items, bytes / 16));
  return Extent::text(bytes);
}

Extent of_operator(const Node& node, std::span<const Extent> of, std::uint64_t& work) {
  switch (node.function) {
    case Function::Add: {
      Extent made = chained(of[0], of[1]);
      const std::uint64_t days = std::max(of[0].working_days, of[1].working_days);
      work = std::max({made.bytes / 16, made.items, product_of(2, days)});
      return made;
    }
    case Function::Subtract:
      work = product_of(2, of[1].working_days);
      return {};
    case Function::Equal:
    case Function::NotEqual:
      work = work_of_equality(of[0], of[1]);
      return {};
    case Function::In:
      work = product_of(of[1].items, work_of_equality(of[0], of[1].largest_item()));
      return {};
    case Function::Less:
    case Function::LessEqual:
    case Function::Greater:
    case Function::GreaterEqual:
      work = std::min(of[0].bytes, of[1].bytes) / 16;
      return {};
    default:
      return {};
  }
}

Extent of_text(const Node& node, std::span<const Extent> of, std::uint64_t& work) {
  switch (node.function) {
    case Function::Contains:
      work = work_of_search(of[0], of[1]);
      return {};
    case Function::StartsWith:
    case Function::EndsWith:
      work = of[1].bytes / 16;
      return {};
    case Function::IndexOf:
    case Function::LastIndexOf:
      work = sum_of(of[0].bytes / 16, work_of_search(of[0], of[1]));
      return {};
    case Function::Matches:
      work = of[0].bytes / 4;
      if (node.pattern == nullptr) work = sum_of(work, sum_of(200, product_of(20, of[1].bytes)));
      return {};
    case Function::Replace:
      return replaced(of, work);
    case Function::Split:
      return split(of[0], of[1], work);
    case Function::Join:
      return joined(of[0], of.size() > 1 ? of[1].bytes : 0, work);
    case Function::Format:
      return format(of[0], of[1], work);
    case Function::Quote:
      work = of[0].bytes / 16;
      return Extent::text(sum_of(2, product_of(2, of[0].bytes)));
    default:  // charAt, substring, trim, reverse, lowerAscii, upperAscii
      work = of[0].bytes / 16;
      return Extent::text(of[0].bytes);
  }
}

Extent of_conversion(const Node& node, const Extent& value, std::uint64_t& work) {
  work = value.bytes / 16;
  switch (node.function) {
    case Function::ToString:
      work = std::max(work, work_of_display(Extent()));
      return Extent::text(std::max<std::uint64_t>(value.bytes, Extent().shown()));
    case Function::ToBytes:
    case Function::Base64Decode:
    case Function::Base64Encode:
      work = product_of(2, work);
      return Extent::text(sum_of(4, product_of(2, value.bytes)));
    case Function::ToPeriod: {
      Extent made;
      made.working_days = static_cast<std::uint64_t>(limits::period_working_days_max);
      return made;
    }
    case Function::Dyn:
      work = 0;
      return value;
    case Function::TypeOf:
      return Extent::text(64);
    default:
      return {};
  }
}

}  // namespace

Extent extent_of_call(const Node& node, std::span<const Extent> arguments, std::uint64_t& work) {
  const Function function = node.function;
  if (arguments.empty() || function == Function::Unknown) return {};
  if (function <= Function::In) return of_operator(node, arguments, work);
  switch (function) {
    case Function::Size:
      work = arguments[0].bytes / 16;
      return {};
    case Function::OptionalOf:
    case Function::OptionalOfNonZero:
      return arguments[0].within(1);
    case Function::OptionalValue:
      return arguments[0];
    case Function::OrOptional:
    case Function::OrValue:
      return either(arguments[0], arguments[1]);
    case Function::Greatest:
    case Function::Least:
      work = std::max<std::uint64_t>(arguments.size(), arguments[0].items);
      return {};
    case Function::Sum:
      work = arguments[0].items;
      return {};
    default:
      break;
  }
  if (function >= Function::GetDate && function <= Function::GetSeconds) return {};
  if (function >= Function::Ceil && function <= Function::HasValue) return {};
  if (function <= Function::Matches || (function >= Function::CharAt && function <= Function::Quote)) {
    return of_text(node, arguments, work);
  }
  return of_conversion(node, arguments[0], work);
}

}  // namespace kvali::expression
