// Functions on texts, and size() of everything. Indexes and sizes count characters (code points), not bytes.
#include <fmt/format.h>

#include <algorithm>

#include "engine/expression/conversions.h"
#include "engine/expression/evaluation.h"
#include "engine/expression/utf8.h"

namespace kvali::expression {

namespace {

/// The arguments of a function on texts.
struct Call {
  Evaluation& evaluation;
  const Node& node;
  Arguments arguments;
  Value& out;

  bool is_text(std::size_t i) const { return arguments[i].is(Kind::String); }
  bool is_int(std::size_t i) const { return arguments[i].is(Kind::Int); }
  const std::string& text(std::size_t i = 0) const { return arguments[i].as_string(); }
  std::int64_t number(std::size_t i) const { return arguments[i].as_int(); }
  bool give(Value made) const {
    out = std::move(made);
    return true;
  }
  bool no_overload() const { return evaluation.no_overload(node, arguments); }
  bool touch(std::size_t bytes) const { return evaluation.charge_bytes(node, bytes); }
  /// Charges for looking for `part` everywhere in `whole`: at worst the search compares it anew at every byte.
  bool search(const std::string& whole, const std::string& part) const {
    return touch(whole.size()) && evaluation.charge(node, whole.size() / 64 * part.size() / 64);
  }
  bool out_of_range(std::int64_t index) const {
    return evaluation.fail(node,
                           fmt::format("index {} is outside of a text of {} characters", index, utf8::length(text())));
  }
};

bool size_of(const Call& c) {
  const Value& value = c.arguments[0];
  const auto give = [&c](std::size_t size) { return c.give(Value::integer(static_cast<std::int64_t>(size))); };
  switch (value.kind()) {
    case Kind::String:
      return c.touch(c.text().size()) && give(utf8::length(c.text()));
    case Kind::Bytes:
      return give(c.text().size());
    case Kind::List:
      return give(value.as_list().size());
    case Kind::Map:
      return give(value.as_map().size());
    case Kind::Sealed:
      return give(value.sealed_size());
    default:
      return c.no_overload();
  }
}

bool matches(const Call& c) {
  if (!c.is_text(0) || !c.is_text(1)) return c.no_overload();
  if (!c.evaluation.charge(c.node, c.text(0).size() / 4)) return false;
  if (c.node.pattern != nullptr) return c.give(Value::boolean(RE2::PartialMatch(c.text(0), *c.node.pattern)));
  // A pattern that is made during the evaluation is built each time; that costs far more than its bytes.
  if (!c.evaluation.charge(c.node, 200 + c.text(1).size() * 20)) return false;
  const RE2 pattern(c.text(1), pattern_options());
  if (!pattern.ok()) {
    return c.evaluation.fail(c.node,
                             fmt::format("{} is no regular expression: {}", to_text(c.arguments[1]), pattern.error()));
  }
  return c.give(Value::boolean(RE2::PartialMatch(c.text(0), pattern)));
}

bool compare_parts(const Call& c) {
  if (!c.is_text(0) || !c.is_text(1)) return c.no_overload();
  const std::string& whole = c.text(0);
  const std::string& part = c.text(1);
  switch (c.node.function) {
    case Function::StartsWith:
      return c.touch(part.size()) && c.give(Value::boolean(whole.starts_with(part)));
    case Function::EndsWith:
      return c.touch(part.size()) && c.give(Value::boolean(whole.ends_with(part)));
    default:
      break;
  }
  if (!c.search(whole, part)) return false;
  return c.give(Value::boolean(whole.find(part) != std::string::npos));
}

/// charAt(i) and substring(from), substring(from, to).
bool cut(const Call& c) {
  if (!c.is_text(0) || !c.is_int(1)) return c.no_overload();
  if (c.arguments.size() == 3 && !c.is_int(2)) return c.no_overload();
  if (!c.touch(c.text().size())) return false;
  const auto length = static_cast<std::int64_t>(utf8::length(c.text()));
  const std::int64_t from = c.number(1);
  std::int64_t to = length;
  if (from < 0 || from > length) return c.out_of_range(from);
  if (c.node.function == Function::CharAt) to = std::min(from + 1, length);
  if (c.arguments.size() == 3) to = c.number(2);
  if (to < 0 || to > length) return c.out_of_range(to);
  if (to < from)
    return c.evaluation.fail(c.node, fmt::format("a part of a text cannot begin at {} and end at {}", from, to));
  const std::size_t begin = utf8::byte_of(c.text(), static_cast<std::size_t>(from));
  const std::string_view rest = std::string_view(c.text()).substr(begin);
  return c.give(Value::string(std::string(rest.substr(0, utf8::byte_of(rest, static_cast<std::size_t>(to - from))))));
}

bool index_of(const Call& c) {
  if (!c.is_text(0) || !c.is_text(1) || (c.arguments.size() == 3 && !c.is_int(2))) return c.no_overload();
  const std::string& whole = c.text(0);
  const std::string& part = c.text(1);
  if (!c.touch(whole.size()) || !c.search(whole, part)) return false;
  const auto length = static_cast<std::int64_t>(utf8::length(whole));
  const bool last = c.node.function == Function::LastIndexOf;
  std::int64_t from = last ? length : 0;
  if (c.arguments.size() == 3) from = c.number(2);
  // Looking past the end finds nothing only in an empty text.
  if (from < 0 || from > length) return c.out_of_range(from);
  const std::size_t begin = utf8::byte_of(whole, static_cast<std::size_t>(from));
  const std::size_t found = last ? whole.rfind(part, begin) : whole.find(part, begin);
  if (found == std::string::npos) return c.give(Value::integer(-1));
  return c.give(Value::integer(static_cast<std::int64_t>(utf8::length(std::string_view(whole).substr(0, found)))));
}

bool change_case(const Call& c) {
  if (!c.is_text(0)) return c.no_overload();
  if (!c.touch(c.text().size())) return false;
  const bool lower = c.node.function == Function::LowerAscii;
  std::string text = c.text();
  for (char& letter : text) {
    const bool changes = lower ? letter >= 'A' && letter <= 'Z' : letter >= 'a' && letter <= 'z';
    if (changes) letter = static_cast<char>(letter ^ 0x20);
  }
  return c.give(Value::string(std::move(text)));
}

/// The limit in the argument behind the texts: how many parts or changes; none or below 0 is no limit.
std::uint64_t limit_of(const Call& c, std::size_t i) {
  if (c.arguments.size() <= i || c.number(i) < 0) return UINT64_MAX;
  return static_cast<std::uint64_t>(c.number(i));
}

bool replace(const Call& c) {
  if (!c.is_text(0) || !c.is_text(1) || !c.is_text(2) || (c.arguments.size() == 4 && !c.is_int(3)))
    return c.no_overload();
  const std::string& whole = c.text(0);
  const std::string& old = c.text(1);
  if (!c.search(whole, old)) return false;
  std::string text;
  std::size_t at = 0;
  for (std::uint64_t left = limit_of(c, 3); left > 0; --left) {
    // An empty text stands before every character and at the end.
    const std::size_t found = whole.find(old, at);
    if (found == std::string::npos) break;
    if (!c.evaluation.charge(c.node, 1) || !c.touch(found - at + c.text(2).size())) return false;
    text.append(whole, at, found - at).append(c.text(2));
    at = found + old.size();
    if (!old.empty()) continue;
    if (at == whole.size()) return c.give(Value::string(std::move(text)));
    const std::size_t width = std::min(utf8::width(whole[at]), whole.size() - at);
    text.append(whole, at, width);
    at += width;
  }
  text.append(whole, at, std::string::npos);
  return c.give(Value::string(std::move(text)));
}

bool split(const Call& c) {
  if (!c.is_text(0) || !c.is_text(1) || (c.arguments.size() == 3 && !c.is_int(2))) return c.no_overload();
  const std::string& whole = c.text(0);
  const std::string& separator = c.text(1);
  if (!c.search(whole, separator)) return false;
  const std::uint64_t limit = limit_of(c, 2);
  std::vector<Value> parts;
  std::size_t at = 0;
  const auto add = [&](std::size_t end) {
    parts.push_back(Value::string(whole.substr(at, end - at)));
    return c.evaluation.charge(c.node, 1) && c.touch(end - at);
  };
  if (limit == 0 || (separator.empty() && whole.empty())) return c.give(Value::list(std::move(parts)));
  while (parts.size() + 1 < limit) {
    std::size_t found = 0, next = 0;
    if (separator.empty()) {
      found = next = at + std::min(utf8::width(whole[at]), whole.size() - at);
      if (next == whole.size()) break;
    } else {
      found = whole.find(separator, at);
      if (found == std::string::npos) break;
      next = found + separator.size();
    }
    if (!add(found)) return false;
    at = next;
  }
  return add(whole.size()) && c.give(Value::list(std::move(parts)));
}

/// White space as Unicode defines it (property White_Space).
bool is_blank(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool trim(const Call& c) {
  if (!c.is_text(0)) return c.no_overload();
  if (!c.touch(c.text().size())) return false;
  std::string_view text = c.text();
  while (!text.empty() && is_blank(utf8::first(text))) text.remove_prefix(std::min(utf8::width(text[0]), text.size()));
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    if (!is_blank(utf8::first(text.substr(last)))) break;
    text = text.substr(0, last);
  }
  return c.give(Value::string(std::string(text)));
}

bool reverse(const Call& c) {
  if (!c.is_text(0)) return c.no_overload();
  if (!c.touch(c.text().size())) return false;
  std::string reversed(c.text().size(), ' ');
  std::size_t end = reversed.size();
  for (std::size_t at = 0; at < c.text().size();) {
    const std::size_t width = std::min(utf8::width(c.text()[at]), c.text().size() - at);
    end -= width;
    reversed.replace(end, width, c.text(), at, width);
    at += width;
  }
  return c.give(Value::string(std::move(reversed)));
}

bool join(const Call& c) {
  if (!c.arguments[0].is(Kind::List) || (c.arguments.size() == 2 && !c.is_text(1))) return c.no_overload();
  const List& list = c.arguments[0].as_list();
  const std::string separator = c.arguments.size() == 2 ? c.text(1) : "";
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value part = list.at(i);
    if (!part.is(Kind::String)) {
      return c.evaluation.fail(c.node, fmt::format("join() joins texts; element {} is {}", i, type_name(part.kind())));
    }
    if (!c.evaluation.charge(c.node, 1) || !c.touch(part.as_string().size() + separator.size())) return false;
    if (i > 0) text += separator;
    text += part.as_string();
  }
  return c.give(Value::string(std::move(text)));
}

}  // namespace

bool apply_text(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  const Call c{evaluation, node, arguments, out};
  switch (node.function) {
    case Function::Size:
      return size_of(c);
    case Function::Contains:
    case Function::StartsWith:
    case Function::EndsWith:
      return compare_parts(c);
    case Function::Matches:
      return matches(c);
    case Function::CharAt:
    case Function::Substring:
      return cut(c);
    case Function::IndexOf:
    case Function::LastIndexOf:
      return index_of(c);
    case Function::LowerAscii:
    case Function::UpperAscii:
      return change_case(c);
    case Function::Replace:
      return replace(c);
    case Function::Split:
      return split(c);
    case Function::Trim:
      return trim(c);
    case Function::Reverse:
      return reverse(c);
    case Function::Join:
      return join(c);
    default:
      return c.no_overload();
  }
}

}  // namespace kvali::expression
