// Rules that look at C++: which part may know which, what the engine may not know, and the shapes that g++ 12 breaks.
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>

#include "tests/house/rules.h"

namespace kvali::house {
namespace {

// The picture of design.md §3: a part may include what stands before it, and itself. Two parts of one rank do not know each
// other. The program is after the step because its proof walks the step.
struct Part {
  std::string_view folder;
  int rank;
};
constexpr std::array parts = {
    Part{"kvali/v1/", 0},          Part{"engine/calendar/", 2},   Part{"engine/expression/", 3}, Part{"engine/statechart/", 4},
    Part{"engine/program/", 5},    Part{"engine/directory/", 6},  Part{"engine/cohort/", 7},     Part{"engine/simulate/", 8},
    Part{"engine/", 1},            Part{"server/journal/", 10},   Part{"server/vault/", 10},    Part{"server/core/", 11},      Part{"server/views/", 12},
    Part{"server/access/", 13},    Part{"server/api/", 14},       Part{"server/exchange/", 14},  Part{"server/web/", 14},
    Part{"server/demo/", 14},      Part{"server/net/", 15},       Part{"server/cli/", 16},       Part{"server/main/", 17},      Part{"server/main.", 17},
};

const Part* part_of(std::string_view path) {
  for (const Part& part : parts) {  // "engine/" stands after its folders: the first that fits is the nearest
    if (path.starts_with(part.folder)) return &part;
  }
  return nullptr;
}

bool is_cpp(std::string_view path) { return ends_with_any(path, {".h", ".cc"}); }

bool below(std::string_view path, std::string_view folder) { return path.starts_with(folder); }

struct Include {
  std::size_t line;
  std::string target;
  bool quoted;
};

std::vector<Include> includes_of(std::string_view text) {
  static const RE2 include(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
  std::vector<Include> found;
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string opening, target;
    if (RE2::PartialMatch(lines[i], include, &opening, &target)) found.push_back({i + 1, target, opening == "\""});
  }
  return found;
}

}  // namespace

std::vector<Finding> include_arrows(const std::string& path, const Tree& tree) {
  std::vector<Finding> found;
  if (!is_cpp(path) || below(path, "tests/")) return found;
  const Part* self = part_of(path);
  if (self == nullptr) {
    found.push_back({path, 1, "stands in no part of the house: give its folder a place in the picture of this rule"});
    return found;
  }
  for (const Include& include : includes_of(tree.at(path))) {
    if (include.quoted && include.target.find('/') == std::string::npos) {
      found.push_back({path, include.line, "include \"" + include.target + "\" is not written from the project's root"});
      continue;
    }
    const Part* other = part_of(include.target);
    if (other == nullptr) {
      if (include.quoted) found.push_back({path, include.line, "include \"" + include.target + "\" is in no part of the house"});
      continue;
    }
    const bool same = other->folder == self->folder;
    if (!same && other->rank >= self->rank) {
      found.push_back({path, include.line, std::string(self->folder) + " may not know " + std::string(other->folder)});
    }
  }
  return found;
}

std::vector<Finding> pure_engine(const std::string& path, const Tree& tree) {
  std::vector<Finding> found;
  if (!is_cpp(path) || !below(path, "engine/")) return found;
  static const RE2 world(
      R"((fstream|iostream|thread|chrono|filesystem|random|mutex|shared_mutex|condition_variable|future|ctime|)"
      R"(time\.h|clocale|locale|locale\.h|cstdio|stdio\.h|unistd\.h|fcntl\.h|sys/.*|sqlite3\.h|boost/.*|spdlog/.*))");
  for (const Include& include : includes_of(tree.at(path))) {
    // result.h prints one line before it aborts on a bug: the third road, and the only print of the engine.
    if (path == "engine/result.h" && include.target == "cstdio") continue;
    if (RE2::FullMatch(include.target, world)) {
      found.push_back({path, include.line, "<" + include.target + "> is of the world outside; the engine is pure"});
    }
  }
  const std::string code = code_of(tree.at(path));
  for (Finding& finding : lines_matching(path, code, R"(\b(getenv|setlocale|localtime|gmtime|strftime|rand|srand)\s*\()",
                                         "asks the world outside; the engine is pure")) {
    found.push_back(std::move(finding));
  }
  return found;
}

std::vector<Finding> beast_only_in_net(const std::string& path, const Tree& tree) {
  std::vector<Finding> found;
  if (!is_cpp(path) || below(path, "server/net/") || below(path, "tests/server/net/")) return found;
  for (const Include& include : includes_of(tree.at(path))) {
    if (below(include.target, "boost/beast")) found.push_back({path, include.line, "only server/net knows Beast"});
  }
  return found;
}

std::vector<Finding> headers_say_what_they_are(const std::string& path, const Tree& tree) {
  std::vector<Finding> found;
  if (!path.ends_with(".h")) return found;
  const std::vector<std::string> lines = lines_of(tree.at(path));
  if (lines.empty() || lines[0] != "#pragma once") found.push_back({path, 1, "the first line is not #pragma once"});
  if (lines.size() < 2 || !lines[1].starts_with("//")) {
    found.push_back({path, 2, "the second line does not say what this header is"});
  }
  return found;
}

std::vector<Finding> own_header_first(const std::string& path, const Tree& tree) {
  std::vector<Finding> found;
  if (!path.ends_with(".cc")) return found;
  const std::string header = path.substr(0, path.size() - 2) + "h";
  if (!tree.contains(header)) return found;
  const std::vector<Include> includes = includes_of(tree.at(path));
  if (includes.empty() || includes[0].target != header) {
    found.push_back({path, includes.empty() ? 1 : includes[0].line, "its own header is not included first"});
  }
  return found;
}

namespace {

// The end of the full expression that begins at `from`: its semicolon, or the bracket that closes around it.
std::size_t end_of_expression(const std::string& code, std::size_t from) {
  int depth = 0;
  for (std::size_t i = from; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth < 0 || (c == ';' && depth == 0)) return i;
  }
  return code.size();
}

}  // namespace

// g++ 12 destroys twice what a co_await expression holds as a temporary: a lambda with captures, or an aggregate `Agg{…}`.
// Name it on a line before. The rule looks from the beginning of the line to the end of the expression.
std::vector<Finding> awaits_nothing_temporary(const std::string& path, const Tree& tree) {
  std::vector<Finding> found;
  if (!is_cpp(path)) return found;
  // A capture list: brackets with something in them that are no index (nothing to index stands before).
  static const RE2 lambda(R"((^|[^\w\])\s>])\s*\[\s*[^\]\s][^\]]*\]\s*(\(|\{|mutable))");
  static const RE2 aggregate(R"([A-Za-z_][\w:]*(<[^;{}]*>)?\s*\{)");
  static const RE2 keyword(R"(\b(mutable|noexcept|else|do|try|const)\s*\{)");
  const std::string code = code_of(tree.at(path));
  for (std::size_t at = code.find("co_await"); at != std::string::npos; at = code.find("co_await", at + 1)) {
    const std::size_t line_start = code.rfind('\n', at) + 1;  // npos + 1 is 0
    // What a condition or a loop opens before it on the line is a statement of its own.
    std::string before = code.substr(line_start, at - line_start);
    if (const std::size_t cut = before.rfind(';'); cut != std::string::npos) before.erase(0, cut + 1);
    if (const std::size_t brace = before.rfind(") {"); brace != std::string::npos) before.erase(0, brace + 3);
    std::string expression = before + code.substr(at, end_of_expression(code, at) - at);
    RE2::GlobalReplace(&expression, keyword, " ");
    if (RE2::PartialMatch(expression, lambda) || RE2::PartialMatch(expression, aggregate)) {
      const auto line = static_cast<std::size_t>(std::count(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1;
      found.push_back({path, line, "co_await with a temporary that g++ 12 destroys twice: name it first"});
    }
  }
  return found;
}

std::vector<Finding> limits_in_one_header(const std::string& path, const Tree& tree) {
  if (!is_cpp(path) || path == "engine/limits.h" || below(path, "tests/")) return {};
  // What is computed from a limit is not one more.
  const std::string code = code_of(tree.at(path));
  std::vector<Finding> found =
      lines_matching(path, code, R"(\bconstexpr\b[^=;()]*\b\w*(_max|_limit|_limits|_timeout_(us|ms|s)|_reserve_bytes|_window_(us|ms|s))\s*(=|\{))",
                     "a limit outside engine/limits.h");
  const std::vector<std::string> lines = lines_of(code);
  std::erase_if(found, [&](const Finding& finding) { return lines[finding.line - 1].find("limits::") != std::string::npos; });
  return found;
}

}  // namespace kvali::house
