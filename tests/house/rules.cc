#include "tests/house/rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kvali::house {

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {"include_arrows", include_arrows},
      {"pure_engine", pure_engine},
      {"beast_only_in_net", beast_only_in_net},
      {"headers_say_what_they_are", headers_say_what_they_are},
      {"own_header_first", own_header_first},
      {"awaits_nothing_temporary", awaits_nothing_temporary},
      {"limits_in_one_header", limits_in_one_header},
      {"explained_protos", explained_protos},
      {"short_files", short_files},
      {"no_promises", no_promises},
      {"no_machine_of_ours", no_machine_of_ours},
      {"invented_addresses", invented_addresses},
      {"no_sleeps", no_sleeps},
      {"no_skipped_tests", no_skipped_tests},
      {"links_resolve", links_resolve},
      {"scripts_are_called", scripts_are_called},
  };
  return all;
}

Tree read_tree(const std::string& root) {
  namespace fs = std::filesystem;
  Tree tree;
  for (fs::recursive_directory_iterator it(root), end; it != end; ++it) {
    const std::string name = it->path().filename().string();
    if (it->is_directory()) {
      // Made by tools, or the history itself; .ci is ours.
      const bool made = name == "build" || name == "dist" || name == "gen" || name == "node_modules";
      if (made || (name.starts_with('.') && name != ".ci")) it.disable_recursion_pending();
      continue;
    }
    if (!it->is_regular_file() || name == ".git") continue;
    std::ifstream file(it->path(), std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (text.find('\0') != std::string::npos) text.clear();  // a picture, a journal: there, but not to be read
    tree[fs::relative(it->path(), root).generic_string()] = std::move(text);
  }
  return tree;
}

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) { return path.ends_with(ending); });
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string code_of(std::string_view text) {
  std::string code(text);
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to && i < code.size(); ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (text.substr(i, 2) == "//") {
      end = std::min(text.find('\n', i), text.size());
      blank(i, end);
    } else if (text.substr(i, 2) == "/*") {
      end = std::min(text.find("*/", i + 2), text.size() - 2) + 2;
      blank(i, end);
    } else if (text.substr(i, 2) == "R\"") {
      const std::size_t open = text.find('(', i);
      if (open == std::string_view::npos) break;
      const std::string close = ")" + std::string(text.substr(i + 2, open - i - 2)) + "\"";
      end = std::min(text.find(close, open), text.size() - close.size()) + close.size();
      blank(open + 1, end - close.size());
    } else if (text[i] == '"' || (text[i] == '\'' && (i == 0 || !std::isalnum(static_cast<unsigned char>(text[i - 1]))))) {
      for (end = i + 1; end < text.size() && text[end] != text[i] && text[end] != '\n'; ++end) {
        if (text[end] == '\\') ++end;
      }
      blank(i + 1, end);
      ++end;
    }
    i = end;
  }
  return code;
}

std::vector<Finding> lines_matching(const std::string& path, std::string_view text, const std::string& pattern,
                                    const std::string& sentence) {
  std::vector<Finding> found;
  const RE2 wanted(pattern);
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (RE2::PartialMatch(lines[i], wanted)) found.push_back({path, i + 1, sentence});
  }
  return found;
}

}  // namespace kvali::house
