// "…%s…".format([…]) and strings.quote(): values written into texts.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/expression/conversions.h"
#include "engine/expression/display.h"
#include "engine/expression/numbers.h"
#include "engine/expression/utf8.h"
#include "engine/limits.h"

namespace kvali::expression {

namespace {

bool display_map(Evaluation& evaluation, const Node& node, const Map& map, std::string& text, int depth) {
  std::vector<std::pair<std::string, const Value*>> sorted;
  for (const auto& [key, value] : map.entries()) {
    std::string name;
    if (!display(evaluation, node, key, name, depth + 1)) return false;
    sorted.emplace_back(std::move(name), &value);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  text += "{";
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    text += (i > 0 ? ", " : "") + sorted[i].first + ": ";
    if (!display(evaluation, node, *sorted[i].second, text, depth + 1)) return false;
  }
  text += "}";
  return true;
}

bool display_list(Evaluation& evaluation, const Node& node, const List& list, std::string& text, int depth) {
  text += "[";
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) text += ", ";
    if (!display(evaluation, node, list.at(i), text, depth + 1)) return false;
  }
  text += "]";
  return true;
}

/// Bytes as UTF-8, each run of what is none as one U+FFFD (cel-spec, extensions/strings, %s).
void append_readable(std::string& text, std::string_view bytes) {
  bool broken = false;
  while (!bytes.empty()) {
    const bool invalid = utf8::first_invalid(bytes.substr(0, utf8::width(bytes[0]))) == 0;
    const std::size_t width = invalid ? 1 : utf8::width(bytes[0]);
    if (!invalid) text += bytes.substr(0, width);
    if (invalid && !broken) utf8::append(text, 0xFFFD);
    broken = invalid;
    bytes.remove_prefix(width);
  }
}

}  // namespace

bool display(Evaluation& evaluation, const Node& node, const Value& value, std::string& text, int depth) {
  const std::size_t before = text.size();
  if (depth > limits::value_shown_depth_max) return evaluation.fail(node, "the value nests too deep to be written");
  evaluation.settle(value);
  switch (value.kind()) {
    case Kind::Null:
      text += "null";
      break;
    case Kind::Bool:
      text += value.as_bool() ? "true" : "false";
      break;
    case Kind::Int:
      text += fmt::format("{}", value.as_int());
      break;
    case Kind::Uint:
      text += fmt::format("{}", value.as_uint());
      break;
    case Kind::Double:
      text += text_of(value.as_double());
      break;
    case Kind::String:
    case Kind::Type:
      text += value.as_string();
      break;
    case Kind::Bytes:
      append_readable(text, value.as_string());
      break;
    case Kind::Timestamp:
      text += timestamp_text(value.as_timestamp());
      break;
    case Kind::Duration:
      text += duration_text(value.as_duration());
      break;
    case Kind::Date:
      text += calendar::to_string(value.as_date());
      break;
    case Kind::Period:
      text += calendar::to_string(value.as_period());
      break;
    case Kind::List:
      if (!display_list(evaluation, node, value.as_list(), text, depth)) return false;
      break;
    case Kind::Map:
      if (!display_map(evaluation, node, value.as_map(), text, depth)) return false;
      break;
    case Kind::Sealed:
      return evaluation.fail(node, "a personal value may be asked only has() and size()");
    case Kind::Struct:
    case Kind::Optional:
      return evaluation.fail(node, fmt::format("{} has no text", type_name(value.kind())));
  }
  return evaluation.charge(node, 1) && evaluation.charge_bytes(node, text.size() - before);
}

namespace {

/// One clause such as %s, %.3f or %x.
struct Clause {
  char letter = 's';
  int precision = 6;
};

/// A number in base 2, 8 or 16.
std::string in_base(std::uint64_t magnitude, bool negative, char letter) {
  const char* sign = negative ? "-" : "";
  switch (letter) {
    case 'b':
      return fmt::format("{}{:b}", sign, magnitude);
    case 'o':
      return fmt::format("{}{:o}", sign, magnitude);
    case 'x':
      return fmt::format("{}{:x}", sign, magnitude);
    default:
      return fmt::format("{}{:X}", sign, magnitude);
  }
}

class Formatter {
 public:
  Formatter(Evaluation& evaluation, const Node& node) : evaluation_(evaluation), node_(node) {}

  bool run(const std::string& pattern, const List& values, std::string& text) {
    std::size_t used = 0;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
      if (pattern[at] != '%') {
        text += pattern[at];
        continue;
      }
      if (at + 1 < pattern.size() && pattern[at + 1] == '%') {
        text += '%';
        ++at;
        continue;
      }
      Clause clause;
      if (!read(pattern, ++at, clause)) return false;
      if (used == values.size()) {
        return evaluation_.fail(node_,
                                fmt::format("the text asks for value {}, but there are {}", used + 1, values.size()));
      }
      if (!write(clause, values.at(used++), text)) return false;
      if (!evaluation_.charge_bytes(node_, text.size() / 16)) return false;
    }
    return evaluation_.charge_bytes(node_, pattern.size());
  }

 private:
  /// Reads a clause whose letters begin at `at`; leaves `at` on its last.
  bool read(const std::string& pattern, std::size_t& at, Clause& clause) {
    if (at < pattern.size() && pattern[at] == '.') {
      clause.precision = 0;
      bool digits = false;
      for (++at; at < pattern.size() && pattern[at] >= '0' && pattern[at] <= '9'; ++at, digits = true) {
        clause.precision = std::min(clause.precision * 10 + (pattern[at] - '0'), limits::format_decimals_max + 1);
      }
      if (!digits || clause.precision > limits::format_decimals_max) {
        return evaluation_.fail(
            node_, fmt::format("the decimals after %. are a number from 0 to {}", limits::format_decimals_max));
      }
    }
    static constexpr std::string_view letters = "sdfebxXo";
    if (at >= pattern.size() || letters.find(pattern[at]) == std::string_view::npos) {
      return evaluation_.fail(node_,
                              fmt::format("%{} is no clause of format(); there are %s %d %f %e %b %o %x %X and %%",
                                          at < pattern.size() ? pattern.substr(at, 1) : ""));
    }
    clause.letter = pattern[at];
    return true;
  }

  bool write(const Clause& clause, const Value& value, std::string& text) {
    switch (clause.letter) {
      case 's':
        return display(evaluation_, node_, value, text);
      case 'd':
        return write_decimal(value, text);
      case 'f':
      case 'e':
        return write_double(clause, value, text);
      default:
        return write_based(clause, value, text);
    }
  }

  bool refuse(char letter, const char* takes, const Value& value) {
    return evaluation_.fail(node_, fmt::format("%{} takes {}, not {}", letter, takes, type_name(value.kind())));
  }

  bool write_decimal(const Value& value, std::string& text) {
    if (value.is(Kind::Double)) {
      const double number = value.as_double();
      if (std::isfinite(number)) return refuse('d', "int and uint", value);
      text += text_of(number);
      return true;
    }
    if (!value.is(Kind::Int) && !value.is(Kind::Uint)) return refuse('d', "int and uint", value);
    return display(evaluation_, node_, value, text);
  }

  bool write_double(const Clause& clause, const Value& value, std::string& text) {
    if (!value.is_number()) return refuse(clause.letter, "double", value);
    const double number = value.is(Kind::Double) ? value.as_double()
                          : value.is(Kind::Int)  ? static_cast<double>(value.as_int())
                                                 : static_cast<double>(value.as_uint());
    if (!std::isfinite(number)) {
      text += text_of(number);
    } else {
      text += clause.letter == 'f' ? fmt::format("{:.{}f}", number, clause.precision)
                                   : fmt::format("{:.{}e}", number, clause.precision);
    }
    return true;
  }

  bool write_based(const Clause& clause, const Value& value, std::string& text) {
    const bool hexadecimal = clause.letter == 'x' || clause.letter == 'X';
    if (value.is(Kind::Int)) {
      const bool negative = value.as_int() < 0;
      const auto bits = static_cast<std::uint64_t>(value.as_int());
      text += in_base(negative ? ~bits + 1 : bits, negative, clause.letter);
    } else if (value.is(Kind::Uint)) {
      text += in_base(value.as_uint(), false, clause.letter);
    } else if (clause.letter == 'b' && value.is(Kind::Bool)) {
      text += value.as_bool() ? "1" : "0";
    } else if (hexadecimal && (value.is(Kind::String) || value.is(Kind::Bytes))) {
      if (!evaluation_.charge_bytes(node_, value.as_string().size() * 2)) return false;
      for (const char c : value.as_string()) {
        const auto byte = static_cast<unsigned char>(c);
        text += clause.letter == 'x' ? fmt::format("{:02x}", byte) : fmt::format("{:02X}", byte);
      }
    } else {
      const char* takes = hexadecimal            ? "int, uint, string and bytes"
                          : clause.letter == 'b' ? "int, uint and bool"
                                                 : "int and uint";
      return refuse(clause.letter, takes, value);
    }
    return true;
  }

  Evaluation& evaluation_;
  const Node& node_;
};

std::string quote(const std::string& text) {
  static constexpr std::string_view plain = "\a\b\f\n\r\t\v\\\"";
  static constexpr std::string_view letters = "abfnrtv\\\"";
  std::string quoted = "\"";
  for (const char c : text) {
    const std::size_t special = plain.find(c);
    if (special == std::string_view::npos) {
      quoted += c;
    } else {
      quoted += '\\';
      quoted += letters[special];
    }
  }
  return quoted + "\"";
}

}  // namespace

bool apply_format(Evaluation& evaluation, const Node& node, Arguments arguments, Value& out) {
  if (!arguments[0].is(Kind::String)) return evaluation.no_overload(node, arguments);
  const std::string& pattern = arguments[0].as_string();
  if (node.function == Function::Quote) {
    if (!evaluation.charge_bytes(node, pattern.size())) return false;
    out = Value::string(quote(pattern));
    return true;
  }
  if (!arguments[1].is(Kind::List)) return evaluation.no_overload(node, arguments);
  std::string text;
  if (!Formatter(evaluation, node).run(pattern, arguments[1].as_list(), text)) return false;
  out = Value::string(std::move(text));
  return true;
}

}  // namespace kvali::expression
