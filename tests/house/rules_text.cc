// Rules that look at any text: protos, scripts, documents, data.
#include <re2/re2.h>

#include <set>
#include <string>

#include "tests/house/rules.h"

namespace kvali::house {
namespace {

bool below(std::string_view path, std::string_view folder) { return path.starts_with(folder); }

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// This folder holds the bad snippets that the rules must flag.
bool is_house(std::string_view path) { return below(path, "tests/house/"); }

// Words that mean the same everywhere in the vocabulary (design.md §1, value.proto): a field of such a name needs no comment.
const std::set<std::string>& known_words() {
  static const std::set<std::string> words = {
      "actor", "applicant", "assignment", "body", "by", "cohort", "deadline", "email", "fields", "form", "forms", "grant", "grace", "help",
      "id", "initiative", "initiatives", "kind", "label", "languages", "locality", "localities", "message", "messages", "moves", "name",
      "organisation", "parameters", "person", "persons", "place", "places", "program", "quota", "quotas", "reason", "records", "relation",
      "remind", "review", "role", "roles", "scope", "seq", "state", "states", "subject", "task", "tasks", "text", "title", "type", "value",
      "values", "version", "why", "zone", "from", "until", "to", "detail", "overdue", "waiting", "year", "month", "day", "code", "cursor"};
  return words;
}

}  // namespace

namespace {

struct ProtoField {
  std::size_t line;
  std::string type, name;
  bool said;  // a comment on its line or the line above, or a `help`
};

std::vector<ProtoField> fields_of(const std::string& text) {
  static const RE2 field(R"(^\s*(?:repeated |optional )?([A-Za-z_][\w.]*)\s+([a-z]\w*)\s*=\s*\d+)");
  std::vector<ProtoField> fields;
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string type, name;
    if (!RE2::PartialMatch(lines[i], field, &type, &name)) continue;
    const bool above = i > 0 && lines[i - 1].find("//") != std::string::npos &&
                       lines[i - 1].find_first_not_of(' ') == lines[i - 1].find("//");
    const bool beside = lines[i].find("//") != std::string::npos || lines[i].find("help:") != std::string::npos;
    fields.push_back({i + 1, type, name, above || beside});
  }
  return fields;
}

// What some field of the vocabulary of this name is explained as; one word means one thing through all of it.
std::set<std::string> names_said(const Tree& tree) {
  std::set<std::string> names;
  for (const auto& [path, text] : tree) {
    if (!path.ends_with(".proto")) continue;
    for (const ProtoField& field : fields_of(text)) {
      if (field.said) names.insert(field.name);
    }
  }
  return names;
}

}  // namespace

// A field is explained by a comment on its line or the line above, by its `help`, by a name that is a known word or is
// explained at another field of that name, by a unit at the end of its name, or by a type of our own: its message or enum
// says what it is. What is left is a number, a text or a flag of which nobody could say the meaning.
std::vector<Finding> explained_protos(const std::string& path, const Tree& tree) {
  std::vector<Finding> found;
  if (!path.ends_with(".proto")) return found;
  static const RE2 plain(R"((string|bytes|bool|double|float|u?int32|u?int64|sint32|sint64|fixed32|fixed64))");
  static const RE2 unit(R"(_(us|ms|s|bytes)$)");
  found = lines_matching(path, tree.at(path), R"(^\s*[A-Z][A-Z0-9_]*\s*=\s*0\s*;)", "the zero of an enum is ..._UNSPECIFIED");
  const std::vector<std::string> lines = lines_of(tree.at(path));
  std::erase_if(found, [&](const Finding& finding) { return lines[finding.line - 1].find("UNSPECIFIED") != std::string::npos; });
  const std::set<std::string> said = names_said(tree);
  for (const ProtoField& field : fields_of(tree.at(path))) {
    const bool explained = field.said || said.contains(field.name) || known_words().contains(field.name) ||
                           RE2::PartialMatch(field.name, unit) || !RE2::FullMatch(field.type, plain);
    if (!explained) found.push_back({path, field.line, "field " + field.name + " is not explained: a comment with its unit, or a help"});
  }
  return found;
}

// Prose and data may be long. A source over 500 lines, or a folder's CMakeLists of 40 and more, is two things in one room.
std::vector<Finding> short_files(const std::string& path, const Tree& tree) {
  const std::vector<std::string> lines = lines_of(tree.at(path));
  if (path.ends_with("CMakeLists.txt")) {
    // The root's finds the libraries besides.
    const std::size_t most = path == "CMakeLists.txt" ? 60 : 40;
    if (lines.size() < most) return {};
    return {{path, most, "a CMakeLists of " + std::to_string(lines.size()) + " lines; under " + std::to_string(most) + " are readable"}};
  }
  if (!ends_with_any(path, {".h", ".cc", ".proto", ".ts", ".tsx", ".js", ".mjs", ".css", ".py", ".sh"}) && path.find('.') != std::string::npos) {
    return {};
  }
  if (lines.size() <= 500 || tree.at(path).find("Over 500 lines because") != std::string::npos) return {};
  return {{path, 501, std::to_string(lines.size()) + " lines, and no line `Over 500 lines because …`"}};
}

std::vector<Finding> no_promises(const std::string& path, const Tree& tree) {
  if (is_house(path)) return {};
  return lines_matching(path, tree.at(path), R"(\b(TODO|FIXME|XXX|HACK)\b)", "a promise instead of a thing");
}

std::vector<Finding> no_machine_of_ours(const std::string& path, const Tree& tree) {
  if (is_house(path)) return {};
  std::vector<Finding> found =
      lines_matching(path, tree.at(path), R"re((^|[\s"'`=:(,])/(home|root|Users|work)/)re", "a path of somebody's machine");
  for (Finding& finding : lines_matching(path, tree.at(path), R"(registry\.npmjs|"resolved":)",
                                         "a registry's host: lock files are written with omit-lockfile-registry-resolved")) {
    found.push_back(std::move(finding));
  }
  return found;
}

std::vector<Finding> invented_addresses(const std::string& path, const Tree& tree) {
  if (is_house(path)) return {};
  // MOVE@STAGE.STATE is the name of a task: the last part of a domain is shorter than the states that are named so.
  static const RE2 address(R"(([\w.+-]+@(?:[\w-]+\.)+[a-z]{2,4})(?:[^\w-]|$))");
  static const RE2 ours(R"(@([\w-]+\.)*example\.(org|net|com)$)");
  std::vector<Finding> found;
  const std::vector<std::string> lines = lines_of(tree.at(path));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    re2::StringPiece rest(lines[i]);
    for (std::string match; RE2::FindAndConsume(&rest, address, &match);) {
      if (!RE2::PartialMatch(match, ours)) found.push_back({path, i + 1, match + " is not of example.org, .net or .com"});
    }
  }
  return found;
}

// A test waits for a fact, or hands time over as an argument; a measurement (tests/bench) may poll. A bound on waiting has a name (`setTimeout(stop, patience_ms)`).
std::vector<Finding> no_sleeps(const std::string& path, const Tree& tree) {
  if (is_house(path) || !below(path, "tests/") || below(path, "tests/bench/")) return {};
  return lines_matching(path, tree.at(path),
                        R"(\bsleep_for\b|\bsleep_until\b|\busleep\(|\bnanosleep\(|\bsleep\([^0)]|\bsleep\(0[.1-9]|\bwaitForTimeout\(|(^|[\s;&|])sleep [0-9$"])"
                        R"(|\bsetTimeout\(.*,\s*[0-9][0-9_]*\s*\)|\bsetTimeout\(?'?,?\s*[0-9]+\))",
                        "sleeps: wait for a fact, or hand the time over");
}

std::vector<Finding> no_skipped_tests(const std::string& path, const Tree& tree) {
  if (is_house(path)) return {};
  const bool script = path == "tests/run" || path == "server/start" || path.find('.', path.rfind('/') + 1) == std::string::npos;
  std::vector<Finding> found;
  if (below(path, "tests/")) {
    found = lines_matching(path, tree.at(path), R"(\bDISABLED_\w|\bGTEST_SKIP\b|\b(test|it|describe)\.(skip|only)\b)", "a test that does not run");
  }
  if (script) {
    for (Finding& finding : lines_matching(path, tree.at(path), R"(\|\|\s*(true|:)(\s|$|;))", "hides a failure")) found.push_back(std::move(finding));
  }
  return found;
}

namespace {

// The anchor of a heading: lower case, blanks to hyphens, punctuation gone.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    if (c >= 'A' && c <= 'Z') anchor += static_cast<char>(c - 'A' + 'a');
    else if (c == ' ') anchor += '-';
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80) anchor += c;
  }
  return anchor;
}

bool has_anchor(std::string_view text, const std::string& anchor) {
  for (const std::string& line : lines_of(text)) {
    const std::size_t hashes = line.find_first_not_of('#');
    if (hashes == 0 || hashes == std::string::npos || line[hashes] != ' ') continue;
    if (anchor_of(std::string_view(line).substr(hashes + 1)) == anchor) return true;
  }
  return false;
}

// "docs/../server/start" → "server/start".
std::string plain_path(const std::string& path) {
  std::vector<std::string> steps;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t to = std::min(path.find('/', from), path.size());
    const std::string step = path.substr(from, to - from);
    if (step == ".." && !steps.empty()) steps.pop_back();
    else if (!step.empty() && step != ".") steps.push_back(step);
    from = to + 1;
  }
  std::string joined;
  for (const std::string& step : steps) joined += (joined.empty() ? "" : "/") + step;
  return joined;
}

bool exists(const Tree& tree, const std::string& path) {
  if (path.empty() || tree.contains(path)) return true;
  const auto next = tree.lower_bound(path + "/");  // a folder
  return next != tree.end() && below(next->first, path + "/");
}

}  // namespace

std::vector<Finding> links_resolve(const std::string& path, const Tree& tree) {
  std::vector<Finding> found;
  if (!path.ends_with(".md")) return found;
  static const RE2 link(R"(\]\(\s*<?([^)\s>]+)>?[^)]*\))");
  const std::vector<std::string> lines = lines_of(tree.at(path));
  bool fenced = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("```")) fenced = !fenced;
    if (fenced) continue;
    re2::StringPiece rest(lines[i]);
    for (std::string target; RE2::FindAndConsume(&rest, link, &target);) {
      if (target.find("://") != std::string::npos || below(target, "mailto:")) continue;
      const std::size_t hash = target.find('#');
      const std::string file = target.substr(0, hash);
      const std::string there = file.empty() ? path : plain_path(folder_of(path) + "/" + file);
      if (!exists(tree, there)) {
        found.push_back({path, i + 1, "link to " + target + ": there is no " + there});
      } else if (hash != std::string::npos && there.ends_with(".md") && !has_anchor(tree.at(there), target.substr(hash + 1))) {
        found.push_back({path, i + 1, "link to " + target + ": no heading of that name in " + there});
      }
    }
  }
  return found;
}

// A script tests/PART/run that tests/run does not name is never run.
std::vector<Finding> scripts_are_called(const std::string& path, const Tree& tree) {
  if (!below(path, "tests/") || !path.ends_with("/run")) return {};
  const std::string part = path.substr(6, path.size() - 6 - 4);
  const RE2 row("(?m)^(normal|all) +" + RE2::QuoteMeta(part) + " ");
  const auto runner = tree.find("tests/run");
  if (path == "tests/run" || (runner != tree.end() && RE2::PartialMatch(runner->second, row))) return {};
  return {{path, 1, "has no row in the table of tests/run"}};
}

}  // namespace kvali::house
