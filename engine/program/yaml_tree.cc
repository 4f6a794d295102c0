#include "engine/program/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <string_view>

#include "engine/limits.h"
#include "engine/program/unquoted.h"

namespace kvali::program {

namespace {

/// Bytes of the UTF-8 character at the head of `text`; 0 when it is none (overlong forms and surrogates are none).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned head = byte(0);
  if (head < 0x80) return 1;
  if (head >= 0xC2 && head <= 0xDF && tail(1)) return 2;
  if (head >= 0xE0 && head <= 0xEF && tail(1) && tail(2)) {
    if ((head == 0xE0 && byte(1) < 0xA0) || (head == 0xED && byte(1) > 0x9F)) return 0;
    return 3;
  }
  if (head >= 0xF0 && head <= 0xF4 && tail(1) && tail(2) && tail(3)) {
    if ((head == 0xF0 && byte(1) < 0x90) || (head == 0xF4 && byte(1) > 0x8F)) return 0;
    return 4;
  }
  return 0;
}

/// Characters that turn the direction of text can make a file read differently from what it says.
bool turns_text(std::string_view character) {
  return character == "\u202A" || character == "\u202B" || character == "\u202C" || character == "\u202D" ||
         character == "\u202E" || character == "\u2066" || character == "\u2067" || character == "\u2068" ||
         character == "\u2069";
}

/// What no definition may contain, whatever YAML makes of it. One fault for each line.
void check_characters(const std::string& path, std::string_view text, Faults& faults) {
  Position at{path, 1, 1};
  bool indentation = true, told = false;
  const auto tell = [&](const char* code, std::string message) {
    if (!told) faults.add(at, code, std::move(message));
    told = true;
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t length = utf8_length(text.substr(i));
    if (c == '\n') {
      ++at.line;
      at.column = 1;
      indentation = true;
      told = false;
      ++i;
      continue;
    }
    if (length == 0) {
      tell("not-utf8", fmt::format("byte 0x{:02X} is not UTF-8; save the file as UTF-8", c));
    } else if (c == '\t' && indentation) {
      tell("tab", "a tab indents this line; YAML is indented with spaces");
    } else if ((c < 0x20 && c != '\t' && c != '\r') || c == 0x7F) {
      tell("control-character", fmt::format("control character 0x{:02X}; a definition is plain text", c));
    } else if (turns_text(text.substr(i, length))) {
      tell("control-character", "an invisible character that turns the direction of text; take it out");
    }
    if (c != ' ' && c != '\t') indentation = false;
    i += std::max<std::size_t>(length, 1);
    ++at.column;
  }
}

/// yaml-cpp's words for what it met, in ours.
std::string in_our_words(std::string_view message) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 21> sentences{{
      {"end of map flow not found", "a `{` is opened here or above and never closed, or a `,` is missing in it"},
      {"end of sequence flow not found", "a `[` is opened here or above and never closed, or a `,` is missing in it"},
      {"end of map not found", "this line does not fit into the mapping above it: check its indentation and colon"},
      {"end of sequence not found", "this line does not fit into the list above it: check its indentation and dash"},
      {"illegal map value", "a second `: ` in one line; put a text that contains a colon in quotes"},
      {"illegal map key", "a key cannot stand here; check the indentation"},
      {"illegal block entry", "a `- ` cannot stand here; start a list on a line of its own"},
      {"illegal flow end", "a closing bracket that was never opened"},
      {"illegal EOF in scalar", "a quote is opened and never closed"},
      {"illegal document indicator in scalar", "`---` or `...` inside of a text in quotes"},
      {"illegal tab when looking for indentation", "a tab indents this line; YAML is indented with spaces"},
      {"unknown token", "this character cannot begin a value; put the text in quotes"},
      {"unknown escape character", "a backslash before a character that needs none; in \"…\" write \\\\ for a backslash"},
      {"bad character found while scanning hex number", "\\x, \\u and \\U want hexadecimal digits"},
      {"invalid unicode", "this escape is no character of Unicode"},
      {"the referenced anchor is not defined", "this alias names an anchor that does not stand above it"},
      {"alias not found after *", "a text that begins with `*` must stand in quotes"},
      {"anchor not found after &", "a text that begins with `&` must stand in quotes"},
      {"illegal character found while scanning alias", "a text that begins with `*` must stand in quotes"},
      {"illegal character found while scanning anchor", "a text that begins with `&` must stand in quotes"},
      {"unexpected character in block scalar", "after `|` or `>` the text begins on the next line"},
  }};
  for (const auto& [theirs, ours] : sentences) {
    if (message.starts_with(theirs)) return ours;
  }
  return fmt::format("this is not YAML: {}", message);
}

/// Stops yaml-cpp's parser from inside its events; caught in parse_yaml.
struct Stop {
  Position at;
  const char* code;
  std::string message;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& path, std::string_view text) : path_(path), text_(text) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
  }

  [[nodiscard]] Yaml root() const { return root_; }

  /// yaml-cpp counts lines and columns from 0, and columns in bytes.
  [[nodiscard]] Position position(const YAML::Mark& mark) const {
    if (mark.is_null()) return {path_, 1, 1};
    const auto line = std::min(static_cast<std::size_t>(std::max(mark.line, 0)), line_starts_.size() - 1);
    const std::size_t start = line_starts_[line];
    const std::size_t end = std::min(start + static_cast<std::size_t>(std::max(mark.column, 0)), text_.size());
    std::uint32_t column = 1;
    for (std::size_t i = start; i < end; ++i) column += (static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80 ? 1 : 0;
    return {path_, static_cast<std::uint32_t>(line + 1), column};
  }

  [[nodiscard]] std::string_view line_of(const Position& at) const {
    const std::size_t start = line_starts_[at.line - 1];
    return text_.substr(start, std::min(text_.find('\n', start), text_.size()) - start);
  }

  /// When the scalar read last is a quote that does not end in its line, and the fault comes after it: where it began.
  [[nodiscard]] const Position* open_quote(const Position& fault) const {
    if (fault.line <= last_scalar_.line || last_scalar_.line == 0) return nullptr;
    const std::size_t start = line_starts_[last_scalar_.line - 1] + static_cast<std::size_t>(last_scalar_mark_.column);
    if (start >= text_.size() || (text_[start] != '"' && text_[start] != '\'')) return nullptr;
    const std::size_t end = text_.find(text_[start], start + 1);
    return end == std::string_view::npos || end >= line_starts_[last_scalar_.line] ? &last_scalar_ : nullptr;
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    place(make(YamlNode::Kind::Nothing, mark), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Position at = position(mark);
    if (++aliases_ > limits::definition_aliases_max) {
      throw Stop{at, "too-many-aliases", fmt::format("more than {} aliases", limits::definition_aliases_max)};
    }
    const Yaml target = anchor < anchored_.size() ? anchored_[anchor] : nullptr;
    if (!target) throw Stop{at, "endless-alias", "this alias stands inside of what it stands for"};
    count(at, target->nodes);
    if (open_.size() + target->depth > limits::definition_depth_max) throw too_deep(at);
    attach(target);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    std::shared_ptr<YamlNode> node = make(YamlNode::Kind::Scalar, mark);
    // "?" is a plain scalar, "!" a quoted one; anything else was written by the author.
    refuse_tag(node->at, tag);
    node->quoted = tag == "!";
    last_scalar_ = node->at;
    last_scalar_mark_ = mark;
    node->text = value;
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F) {
        throw Stop{node->at, "control-character",
                   fmt::format("control character 0x{:02X}; a definition is plain text", byte)};
      }
    }
    place(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(YamlNode::Kind::List, mark), tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(YamlNode::Kind::Mapping, mark), tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    std::shared_ptr<YamlNode> node;
    YAML::anchor_t anchor;
    Yaml key;  // of a mapping: the key that waits for its value
  };

  static Stop too_deep(const Position& at) {
    return {at, "too-deep", fmt::format("nested deeper than {} levels", limits::definition_depth_max)};
  }

  static void refuse_tag(const Position& at, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw Stop{at, "tag", fmt::format("the tag `{}`; definitions have none", tag)};
  }

  void count(const Position& at, std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > limits::definition_nodes_max) {
      throw Stop{at, "too-many-nodes",
                 fmt::format("more than {} values, aliases expanded", limits::definition_nodes_max)};
    }
  }

  std::shared_ptr<YamlNode> make(YamlNode::Kind kind, const YAML::Mark& mark) {
    auto node = std::make_shared<YamlNode>();
    node->kind = kind;
    node->at = position(mark);
    count(node->at, 1);
    if (open_.size() + 1 > limits::definition_depth_max) throw too_deep(node->at);
    return node;
  }

  void open(std::shared_ptr<YamlNode> node, const std::string& tag, YAML::anchor_t anchor) {
    refuse_tag(node->at, tag);
    open_.push_back({std::move(node), anchor, nullptr});
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (closed.key) throw Stop{closed.key->at, "syntax", "a key without a value"};
    place(std::move(closed.node), closed.anchor);
  }

  void place(std::shared_ptr<YamlNode> node, YAML::anchor_t anchor) {
    Yaml done = std::move(node);
    if (anchor != YAML::NullAnchor) {
      if (anchored_.size() <= anchor) anchored_.resize(anchor + 1);
      anchored_[anchor] = done;
    }
    attach(std::move(done));
  }

  void attach(Yaml node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& owner = open_.back();
    owner.node->nodes += node->nodes;
    owner.node->depth = std::max(owner.node->depth, node->depth + 1);
    if (owner.node->kind == YamlNode::Kind::List) {
      owner.node->items.push_back(std::move(node));
    } else if (owner.key) {
      owner.node->entries.emplace_back(std::move(owner.key), std::move(node));
      owner.key = nullptr;
    } else {
      owner.key = std::move(node);
    }
  }

  const std::string& path_;
  std::string_view text_;
  std::vector<std::size_t> line_starts_;
  std::vector<Open> open_;
  std::vector<Yaml> anchored_;
  Position last_scalar_;
  YAML::Mark last_scalar_mark_;
  std::size_t nodes_ = 0;
  std::size_t aliases_ = 0;
  Yaml root_;
};

}  // namespace

Yaml parse_yaml(const SourceFile& file, Faults& faults) {
  std::string_view text = file.text;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.size() > limits::definition_bytes_max) {
    faults.add({file.path, 0, 0}, "too-large",
               fmt::format("{} bytes; a definition has at most {}", text.size(), limits::definition_bytes_max));
    return nullptr;
  }
  Faults bad_characters;
  check_characters(file.path, text, bad_characters);
  if (!bad_characters.empty()) {
    for (const Fault& fault : bad_characters.take()) faults.add(fault);
    return nullptr;
  }
  TreeBuilder builder(file.path, text);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    Yaml root = builder.root();
    if (!root || root->kind == YamlNode::Kind::Nothing) {
      faults.add({file.path, 1, 1}, "empty", "the file says nothing");
      return nullptr;
    }
    TreeBuilder rest(file.path, text);
    if (parser.HandleNextDocument(rest)) {
      faults.add(rest.root() ? rest.root()->at : Position{file.path, 1, 1}, "second-document",
                 "a second YAML document; a file has one");
      return nullptr;
    }
    return root;
  } catch (const Stop& stop) {
    const bool tag = std::string_view(stop.code) == "tag";  // `!has(x)` is one
    const std::string unquoted = tag ? unquoted_expression(builder.line_of(stop.at), stop.at.column) : "";
    faults.add(stop.at, stop.code, unquoted.empty() ? stop.message : unquoted);
  } catch (const YAML::Exception& error) {
    const Position at = builder.position(error.mark);
    if (const Position* quote = builder.open_quote(at)) {
      faults.add(*quote, "syntax", fmt::format("the quote that is opened here does not end in its line, and line {} is not what "
                                               "YAML expects then", at.line));
    } else {
      const std::string unquoted = unquoted_expression(builder.line_of(at), at.column);
      faults.add(at, "syntax", unquoted.empty() ? in_our_words(error.msg) : unquoted);
    }
  }
  return nullptr;
}

}  // namespace kvali::program
