#include "engine/program/unquoted.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "engine/program/fields.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

namespace {

/// Walks the kinds of messages that a program is made of, each once.
void collect(const Descriptor& message, std::set<const Descriptor*>& seen, std::set<std::string>& expressions, std::set<std::string>& others) {
  if (!seen.insert(&message).second) return;
  for (const FieldDescriptor* field : written_fields(message)) {
    const bool expression = options_of(*field).scalar() == v1::SCALAR_EXPRESSION;
    (expression ? expressions : others).insert(key_of(*field));
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) collect(*field->message_type(), seen, expressions, others);
  }
}

/// The keys behind which nothing but an expression stands, wherever they do.
const std::set<std::string>& expression_keys() {
  static const std::set<std::string> keys = [] {
    std::set<const Descriptor*> seen;
    std::set<std::string> expressions, others;
    collect(*v1::Program::descriptor(), seen, expressions, others);
    for (const std::string& other : others) expressions.erase(other);
    return expressions;
  }();
  return keys;
}

std::size_t byte_of(std::string_view line, std::uint32_t column) {
  std::size_t at = 0;
  for (std::uint32_t i = 1; i < column && at < line.size(); ++i) {
    for (++at; at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80;) ++at;
  }
  return at;
}

/// Whether a value begins with a quote that ends it as well: before a comma or bracket, a comment or the end of the line.
bool stands_in_quotes(std::string_view value) {
  if (value.empty() || (value[0] != '"' && value[0] != '\'')) return false;
  std::size_t end = 1;
  for (; end < value.size(); ++end) {
    if (value[0] == '"' && value[end] == '\\') {
      ++end;
    } else if (value[end] == value[0]) {
      if (value[0] == '"' || value.substr(end + 1, 1) != "'") break;
      ++end;
    }
  }
  const std::size_t next = value.find_first_not_of(' ', std::min(end + 1, value.size()));
  return next == std::string_view::npos || std::string_view(",}]#").find(value[next]) != std::string_view::npos;
}

/// In single quotes, which YAML takes literally.
std::string in_quotes(std::string_view text) {
  const bool other = text.find('\'') != std::string_view::npos && text.find_first_of("\"\\") == std::string_view::npos;
  if (other) return fmt::format("\"{}\"", text);
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

struct Key {
  std::string name;
  std::size_t at = 0, value = 0;  // bytes from the beginning of the line
};

/// The last key of an expression whose value begins before the fault, or at it.
std::optional<Key> key_before(std::string_view line, std::size_t fault) {
  std::optional<Key> found;
  for (const std::string& name : expression_keys()) {
    for (std::size_t at = line.find(name + ": "); at != std::string_view::npos; at = line.find(name + ": ", at + 1)) {
      const bool begins = at == 0 || std::string_view(" {,-").find(line[at - 1]) != std::string_view::npos;
      const std::size_t value = line.find_first_not_of(' ', at + name.size() + 1);
      if (!begins || value == std::string_view::npos || value > fault || (found && found->at > at)) continue;
      found = Key{name, at, value};
    }
  }
  return found;
}

}  // namespace

std::string unquoted_expression(std::string_view line, std::uint32_t column) {
  while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  const auto key = key_before(line, byte_of(line, column));
  if (!key) return {};
  std::string_view value = line.substr(key->value);
  if (stands_in_quotes(value)) return {};
  const bool alone = line.substr(0, key->at).find_first_not_of(" -") == std::string_view::npos;
  if (!alone) return fmt::format("YAML does not take the expression behind `{}:` as it stands; put it in quotes", key->name);
  value = value.substr(0, value.find(" #"));
  return fmt::format("YAML does not take this expression as it stands; put it in quotes: `{}: {}`", key->name, in_quotes(value));
}

}  // namespace kvali::program
