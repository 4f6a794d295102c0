// Expressions and values written again.
#include <fmt/format.h>

#include <cmath>

#include "engine/expression/conversions.h"
#include "engine/expression/expression.h"
#include "engine/expression/numbers.h"
#include "engine/expression/tree.h"
#include "engine/expression/utf8.h"

namespace kvali::expression {

namespace {

/// A text in double quotes; bytes with every odd byte as \xHH.
std::string quoted(std::string_view text, bool bytes) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F || (bytes && byte >= 0x80)) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      const std::size_t width = bytes ? 1 : std::min(utf8::width(c), text.size() - at);
      out += text.substr(at, width);
      at += width;
      continue;
    }
    ++at;
  }
  return out + "\"";
}

/// Writes a value until `room` bytes are used up; then the rest is "…".
class ValueWriter {
 public:
  explicit ValueWriter(std::size_t room) : room_(room) {}
  std::string take() { return std::move(out_); }

  void write(const Value& value, int depth) {
    if (out_.size() > room_ || depth > 32) {
      if (!out_.ends_with("…")) out_ += "…";
      return;
    }
    switch (value.kind()) {
      case Kind::Null:
        out_ += "null";
        return;
      case Kind::Bool:
        out_ += value.as_bool() ? "true" : "false";
        return;
      case Kind::Int:
        out_ += fmt::format("{}", value.as_int());
        return;
      case Kind::Uint:
        out_ += fmt::format("{}u", value.as_uint());
        return;
      case Kind::Double:
        return write_double(value.as_double());
      case Kind::String:
        return write_text(value.as_string(), false);
      case Kind::Bytes:
        out_ += "b";
        return write_text(value.as_string(), true);
      case Kind::List:
        return write_list(value.as_list(), depth);
      case Kind::Map:
        return write_map(value.as_map(), depth);
      case Kind::Struct:
        out_ += "{…}";
        return;
      case Kind::Timestamp:
        out_ += fmt::format("timestamp(\"{}\")", timestamp_text(value.as_timestamp()));
        return;
      case Kind::Duration:
        out_ += fmt::format("duration(\"{}\")", duration_text(value.as_duration()));
        return;
      case Kind::Date:
        out_ += fmt::format("date(\"{}\")", calendar::to_string(value.as_date()));
        return;
      case Kind::Period:
        out_ += fmt::format("period(\"{}\")", calendar::to_string(value.as_period()));
        return;
      case Kind::Type:
        out_ += value.as_string();
        return;
      case Kind::Sealed:
        out_ += "sealed";
        return;
      case Kind::Optional:
        break;
    }
    const Value* held = value.as_optional();
    if (held == nullptr) {
      out_ += "optional.none()";
      return;
    }
    out_ += "optional.of(";
    write(*held, depth + 1);
    out_ += ")";
  }

 private:
  void write_double(double number) {
    std::string text = text_of(number);
    if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
    const bool word = text.find_first_of("IN") != std::string::npos;
    out_ += word ? fmt::format("double(\"{}\")", text) : text;
  }
  void write_text(std::string_view text, bool bytes) {
    const std::size_t left = out_.size() < room_ ? room_ - out_.size() : 0;
    if (text.size() <= left) {
      out_ += quoted(text, bytes);
      return;
    }
    std::size_t end = left;
    while (!bytes && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    out_ += quoted(text.substr(0, end), bytes) + "…";
  }
  void write_list(const List& list, int depth) {
    out_ += "[";
    for (std::size_t i = 0; i < list.size() && out_.size() <= room_; ++i) {
      if (i > 0) out_ += ", ";
      write(list.at(i), depth + 1);
    }
    out_ += "]";
  }
  void write_map(const Map& map, int depth) {
    out_ += "{";
    bool first = true;
    for (const auto& [key, value] : map.entries()) {
      if (!std::exchange(first, false)) out_ += ", ";
      write(key, depth + 1);
      out_ += ": ";
      write(value, depth + 1);
      if (out_.size() > room_) break;
    }
    out_ += "}";
  }

  std::size_t room_;
  std::string out_;
};

// How tightly a construct binds; a child that binds less stands in parentheses.
enum Level {
  conditional_level,
  or_level,
  and_level,
  relation_level,
  sum_level,
  product_level,
  unary_level,
  member_level
};

Level level_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::Conditional:
      return conditional_level;
    case NodeKind::Or:
      return or_level;
    case NodeKind::And:
      return and_level;
    case NodeKind::Constant: {
      const bool negative = (node.constant.is(Kind::Int) && node.constant.as_int() < 0) ||
                            (node.constant.is(Kind::Double) && std::signbit(node.constant.as_double()));
      return negative ? unary_level : member_level;
    }
    case NodeKind::Call:
      break;
    default:
      return member_level;
  }
  switch (node.function) {
    case Function::Not:
    case Function::Negate:
      return unary_level;
    case Function::Add:
    case Function::Subtract:
      return sum_level;
    case Function::Multiply:
    case Function::Divide:
    case Function::Modulo:
      return product_level;
    case Function::Equal:
    case Function::NotEqual:
    case Function::Less:
    case Function::LessEqual:
    case Function::Greater:
    case Function::GreaterEqual:
    case Function::In:
      return relation_level;
    default:
      return member_level;
  }
}

/// Whether a field of that name can be written without ` `.
bool is_bare_name(std::string_view name) {
  if (name == "in" || name == "true" || name == "false" || name == "null") return false;
  const bool digit_first = name[0] >= '0' && name[0] <= '9';
  return !digit_first && name.find_first_of("-./ ") == std::string_view::npos;
}

class TreeWriter {
 public:
  std::string take() { return std::move(out_); }

  void write(const Node& node, Level least) {
    const bool parentheses = level_of(node) < least;
    if (parentheses) out_ += "(";
    write_bare(node);
    if (parentheses) out_ += ")";
  }

 private:
  void write_bare(const Node& node) {
    switch (node.kind) {
      case NodeKind::Constant:
        return write_constant(node);
      case NodeKind::Now:
        out_ += "now";
        return;
      case NodeKind::Name:
        return write_name(node);
      case NodeKind::Local:
        out_ += node.name;
        return;
      case NodeKind::Select:
        return write_select(node);
      case NodeKind::Has:
        out_ += "has(";
        node.children.empty() ? write_name(node) : write_select(node);
        out_ += ")";
        return;
      case NodeKind::Index:
        write(node.children[0], member_level);
        out_ += node.optional ? "[?" : "[";
        write(node.children[1], conditional_level);
        out_ += "]";
        return;
      case NodeKind::Call:
        return write_call(node);
      case NodeKind::List:
      case NodeKind::Map:
        return write_collection(node);
      case NodeKind::Conditional:
        write(node.children[0], or_level);
        out_ += " ? ";
        write(node.children[1], or_level);
        out_ += " : ";
        write(node.children[2], conditional_level);
        return;
      case NodeKind::And:
        return write_joined(node.children, " && ", relation_level);
      case NodeKind::Or:
        return write_joined(node.children, " || ", and_level);
      case NodeKind::Comprehension:
        return write_comprehension(node);
      case NodeKind::Bind:
        out_ += "cel.bind(" + node.name + ", ";
        write_joined(node.children, ", ", conditional_level);
        out_ += ")";
        return;
      case NodeKind::OptionalMap:
        break;
    }
    write(node.children[0], member_level);
    out_ += (node.optional ? ".optFlatMap(" : ".optMap(") + node.name + ", ";
    write(node.children[1], conditional_level);
    out_ += ")";
  }

  void write_constant(const Node& node) {
    const Value& value = node.constant;
    const bool folded = !node.second_name.empty();
    if (folded) {
      const char* name = value.is(Kind::Timestamp)  ? "timestamp"
                         : value.is(Kind::Duration) ? "duration"
                         : value.is(Kind::Date)     ? "date"
                                                    : "period";
      out_ += fmt::format("{}({})", name, quoted(node.second_name, false));
      return;
    }
    ValueWriter writer(limits::guard_bytes_max * 4);
    writer.write(value, 0);
    out_ += writer.take();
  }

  void write_name(const Node& node) {
    if (node.absolute) out_ += ".";
    out_ += node.name;
  }

  void write_select(const Node& node) {
    const Node& base = node.children[0];
    write(base, member_level);
    out_ += node.optional ? ".?" : ".";
    // Written bare, a field of a path would belong to the path: a.`b` asks for the field b of a, never for a name
    // "a.b".
    const bool apart = node.path.empty() && !base.path.empty() && base.kind != NodeKind::Has && !node.optional;
    const bool bare = is_bare_name(node.name) && !apart;
    out_ += bare ? node.name : fmt::format("`{}`", node.name);
  }

  void write_joined(const std::vector<Node>& nodes, std::string_view between, Level least, std::size_t from = 0) {
    for (std::size_t i = from; i < nodes.size(); ++i) {
      if (i > from) out_ += between;
      write(nodes[i], least);
    }
  }

  void write_call(const Node& node) {
    const Level level = level_of(node);
    if (level == unary_level) {
      out_ += info_of(node.function).name;
      // -5 would be read as a number, -(5) as the sign of one.
      const std::size_t operand_at = out_.size();
      const Node& operand = node.children[0];
      const bool negative = node.function == Function::Negate && operand.kind == NodeKind::Constant;
      const bool same_sign = operand.kind == NodeKind::Call && operand.function == node.function;
      write(operand, negative || same_sign ? unary_level : member_level);
      if (node.function == Function::Negate &&
          std::string_view("0123456789").find(out_[operand_at]) != std::string_view::npos) {
        out_.insert(operand_at, "(");
        out_ += ")";
      }
      return;
    }
    if (level != member_level) {
      write(node.children[0], level);
      out_ += fmt::format(" {} ", info_of(node.function).name);
      return write(node.children[1], static_cast<Level>(level + 1));
    }
    if (node.receiver) {
      write(node.children[0], member_level);
      out_ += ".";
    }
    out_ += node.name + "(";
    write_joined(node.children, ", ", conditional_level, node.receiver ? 1 : 0);
    out_ += ")";
  }

  void write_collection(const Node& node) {
    const bool map = node.kind == NodeKind::Map;
    out_ += map ? "{" : "[";
    for (std::size_t i = 0; i < node.marked.size(); ++i) {
      if (i > 0) out_ += ", ";
      if (node.marked[i]) out_ += "?";
      write(node.children[map ? 2 * i : i], conditional_level);
      if (!map) continue;
      out_ += ": ";
      write(node.children[2 * i + 1], conditional_level);
    }
    out_ += map ? "}" : "]";
  }

  void write_comprehension(const Node& node) {
    write(node.children[0], member_level);
    out_ += fmt::format(".{}({}, ", macro_name(node.macro), node.name);
    if (node.variables == 2) out_ += node.second_name + ", ";
    write_joined(node.children, ", ", conditional_level, 1);
    out_ += ")";
  }

  std::string out_;
};

}  // namespace

std::string to_text(const Value& value) {
  ValueWriter writer(200);
  writer.write(value, 0);
  return writer.take();
}

std::string operand_text(const Node& node) {
  TreeWriter writer;
  writer.write(node, product_level);
  return writer.take();
}

std::string Expression::to_text() const {
  TreeWriter writer;
  writer.write(tree_->root, conditional_level);
  return writer.take();
}

}  // namespace kvali::expression
