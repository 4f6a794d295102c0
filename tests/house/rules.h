#pragma once
// The rules of the house as functions from a file to what breaks them, so that each can be shown a bad snippet and must
// flag it. What they hold is written in design.md's words in ARCHITECTURE.md; how strict each is, beside the rule.
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kvali::house {

/// The source tree: path from the project's root → text. Built trees, bundles and fetched packages are not in it.
using Tree = std::map<std::string, std::string>;

struct Finding {
  std::string path;
  std::size_t line = 0;  // 1-based
  std::string sentence;  // what was found and what was expected
};

/// One rule: looks at one file of a tree.
struct Rule {
  std::string_view name;
  std::vector<Finding> (*find)(const std::string& path, const Tree& tree);
};

/// Every rule of the house.
const std::vector<Rule>& rules();

/// Reads the tree below `root`; binary files and what a tool makes (build, dist, gen, node_modules) are left out.
Tree read_tree(const std::string& root);

// --- what the rules are made of

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> endings);

/// The lines of a text, without their ends.
std::vector<std::string> lines_of(std::string_view text);

/// A C-like text in which comments and the insides of string literals are blanks; lines stay where they are.
std::string code_of(std::string_view text);

/// Findings for each line in which `pattern` (RE2) is found.
std::vector<Finding> lines_matching(const std::string& path, std::string_view text, const std::string& pattern,
                                    const std::string& sentence);

// --- the rules, by file

std::vector<Finding> include_arrows(const std::string& path, const Tree& tree);
std::vector<Finding> pure_engine(const std::string& path, const Tree& tree);
std::vector<Finding> beast_only_in_net(const std::string& path, const Tree& tree);
std::vector<Finding> headers_say_what_they_are(const std::string& path, const Tree& tree);
std::vector<Finding> own_header_first(const std::string& path, const Tree& tree);
std::vector<Finding> awaits_nothing_temporary(const std::string& path, const Tree& tree);
std::vector<Finding> limits_in_one_header(const std::string& path, const Tree& tree);

std::vector<Finding> explained_protos(const std::string& path, const Tree& tree);
std::vector<Finding> short_files(const std::string& path, const Tree& tree);
std::vector<Finding> no_promises(const std::string& path, const Tree& tree);
std::vector<Finding> no_machine_of_ours(const std::string& path, const Tree& tree);
std::vector<Finding> invented_addresses(const std::string& path, const Tree& tree);
std::vector<Finding> no_sleeps(const std::string& path, const Tree& tree);
std::vector<Finding> no_skipped_tests(const std::string& path, const Tree& tree);
std::vector<Finding> links_resolve(const std::string& path, const Tree& tree);
std::vector<Finding> scripts_are_called(const std::string& path, const Tree& tree);

}  // namespace kvali::house
