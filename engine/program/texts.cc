#include "engine/program/texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/program/fields.h"
#include "engine/program/suggest.h"
#include "engine/program/yaml_tree.h"

namespace kvali::program {

namespace {

std::map<std::string, v1::Text*> texts_by_path(v1::Program& program, std::vector<std::string>& order) {
  std::map<std::string, v1::Text*> texts;
  each_text(program, [&](const std::string& path, v1::Text& text) {
    texts.emplace(path, &text);
    order.push_back(path);
  });
  return texts;
}

std::string list_of(const std::vector<std::string>& paths) {
  constexpr std::size_t listed = 200;  // whoever misses more has not begun
  std::string out;
  for (std::size_t i = 0; i < std::min(paths.size(), listed); ++i) {
    out += fmt::format("{}{}", i == 0 ? "" : ", ", paths[i]);
  }
  if (paths.size() > listed) out += fmt::format(" and {} more", paths.size() - listed);
  return out;
}

bool same_placeholders(std::string_view a, std::string_view b) {
  const auto left = placeholders(a), right = placeholders(b);
  return std::set<std::string>(left.begin(), left.end()) == std::set<std::string>(right.begin(), right.end());
}

std::string in_yaml_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string{} : std::string(path.substr(0, slash + 1));
}

}  // namespace

void set_first_language(v1::Program& program) {
  if (program.languages().empty()) return;
  const std::string first = program.languages(0);
  each_text(program, [&first](const std::string&, v1::Text& text) {
    for (v1::Translation& translation : *text.mutable_translations()) translation.set_language(first);
  });
}

void each_text(v1::Program& program, const std::function<void(const std::string& path, v1::Text& text)>& visit) {
  visit_values(program, "", [&](const Message& message, const FieldDescriptor& field, int index, const std::string& path) {
    if (!is_text(field) || index >= 0) return;
    // The program is ours to change; only the walk over it is written for readers.
    Message& owner = const_cast<Message&>(message);
    visit(path, static_cast<v1::Text&>(*owner.GetReflection()->MutableMessage(&owner, &field)));
  });
}

void read_texts(const SourceFile& file, const std::string& language, v1::Program& program, Faults& faults) {
  const auto& languages = program.languages();
  if (!languages.empty() && language == languages[0]) {
    faults.add({file.path, 0, 0}, "first-language",
               fmt::format("`{}` is the first language of the program; its texts stand in the program", language));
    return;
  }
  if (std::find(languages.begin(), languages.end(), language) == languages.end()) {
    faults.add({file.path, 0, 0}, "unlisted-language", fmt::format("the program has no language `{}`", language),
               nearest(language, {languages.begin(), languages.end()}));
    return;
  }
  const Yaml root = parse_yaml(file, faults);
  if (!root) return;
  if (root->kind != YamlNode::Kind::Mapping) {
    faults.add(root->at, "wrong-kind", "a file of texts maps paths to translations: `stages.NAME.label: \"…\"`");
    return;
  }
  std::vector<std::string> order;
  const std::map<std::string, v1::Text*> texts = texts_by_path(program, order);
  std::map<std::string, Position> seen;
  for (const auto& [key, value] : root->entries) {
    const bool plain = key->kind == YamlNode::Kind::Scalar && value->kind != YamlNode::Kind::List &&
                       value->kind != YamlNode::Kind::Mapping;
    if (!plain) {
      faults.add(key->at, "wrong-kind", "a file of texts maps paths to translations: `stages.NAME.label: \"…\"`");
      continue;
    }
    if (const auto [first, is_new] = seen.emplace(key->text, key->at); !is_new) {
      faults.add(key->at, "duplicate-key", fmt::format("`{}` stands twice; first at line {}", key->text, first->second.line));
      continue;
    }
    const auto text = texts.find(key->text);
    if (text == texts.end()) {
      faults.add(key->at, "unknown-text", fmt::format("the program has no text `{}`", key->text),
                 faults.full() ? "" : nearest(key->text, order));
      continue;
    }
    if (value->text.find_first_not_of(" \n") == std::string::npos) continue;  // not yet translated: told below
    const std::string& original = text->second->translations(0).text();
    if (!same_placeholders(original, value->text)) {
      faults.add(value->at, "placeholders-differ",
                 fmt::format("`{}` has not the same words in braces as the program's text \"{}\"", key->text, original));
    }
    v1::Translation* translation = text->second->add_translations();
    translation->set_language(language);
    translation->set_text(value->text);
  }
  std::vector<std::string> missing;
  for (const std::string& path : order) {
    const v1::Text& text = *texts.at(path);
    const bool there = std::any_of(text.translations().begin(), text.translations().end(),
                                   [&](const v1::Translation& t) { return t.language() == language; });
    if (!there) missing.push_back(path);
  }
  if (!missing.empty()) {
    faults.add({file.path, 0, 0}, "missing-texts",
               fmt::format("{} {} missing: {}", missing.size(), missing.size() == 1 ? "text is" : "texts are",
                           list_of(missing)));
  }
}

void tell_missing_languages(const std::vector<SourceFile>& files, const std::string& program_path,
                            const v1::Program& program, const Positions& positions, Faults& faults) {
  for (int i = 1; i < program.languages_size(); ++i) {
    if (program.languages(i) == program.languages(0)) continue;
    const std::string name = fmt::format("texts/{}.yaml", program.languages(i));
    const bool there = std::any_of(files.begin(), files.end(),
                                   [&](const SourceFile& f) { return f.path == name || f.path.ends_with("/" + name); });
    if (!there) {
      faults.add(position_of(positions, fmt::format("languages.{}", i + 1)), "missing-language",
                 fmt::format("the program has the language `{}`, but there is no {}{}", program.languages(i),
                             folder_of(program_path), name));
    }
  }
}

std::string texts_file(v1::Program program, const std::string& language) {
  std::string out;
  each_text(program, [&](const std::string& path, v1::Text& text) {
    if (text.translations().empty()) return;
    std::string translated;
    for (const v1::Translation& t : text.translations()) {
      if (t.language() == language) translated = t.text();
    }
    std::string comment = text.translations(0).text();
    for (std::size_t at = comment.find('\n'); at != std::string::npos; at = comment.find('\n', at + 3)) {
      comment.replace(at, 1, "\n# ");
    }
    out += fmt::format("# {}\n{}: {}\n", comment, path, in_yaml_quotes(translated));
  });
  return out;
}

std::vector<std::string> placeholders(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    names.emplace_back(text.substr(open + 1, close - open - 1));
  }
  return names;
}

const std::string& text_in(const v1::Text& text, std::string_view language) {
  static const std::string none;
  for (const v1::Translation& translation : text.translations()) {
    if (translation.language() == language) return translation.text();
  }
  return text.translations().empty() ? none : text.translations(0).text();
}

}  // namespace kvali::program
