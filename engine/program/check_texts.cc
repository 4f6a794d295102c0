// Texts: what stands in braces is known where it is read, and nothing that people see is without words.
#include <fmt/format.h>

#include <set>

#include "engine/program/check.h"
#include "engine/program/fields.h"
#include "engine/program/suggest.h"
#include "engine/program/texts.h"

namespace kvali::program {

namespace {

/// What braces may name in the text at `path`.
std::vector<std::string> known_at(const Checking& checking, const std::string& path) {
  std::vector<std::string> known;
  for (const v1::Field& parameter : checking.program.cohort().parameters()) known.push_back("cohort." + parameter.name());
  for (const v1::Field& field : checking.program.initiative().fields()) known.push_back(noun_of(checking.program) + "." + field.name());
  if (path.starts_with("messages.")) {
    known.emplace_back("person.name");
    known.emplace_back("reason");
  } else if (path.ends_with(".applicant")) {
    known.emplace_back("rank");
  }
  return known;
}

void check_braces(const Checking& checking, const std::string& path, const std::string& text) {
  const auto open = std::count(text.begin(), text.end(), '{'), close = std::count(text.begin(), text.end(), '}');
  if (open != close) {
    checking.tell(path, "open-brace", "a `{` without its `}`, or a `}` without its `{`");
    return;
  }
  const std::vector<std::string> known = known_at(checking, path);
  for (const std::string& name : placeholders(text)) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    checking.tell(path, "unknown-placeholder", fmt::format("`{{{}}}` stands for nothing here", name), nearest(name, known));
  }
}

/// A name in place of a label reads the same in every language.
void check_labels(const Checking& checking) {
  if (checking.program.languages_size() < 2) return;
  checking.visit_own([&](const Message& message, const FieldDescriptor& field, int index,
                                         const std::string& path) {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || index < 0) return;
    const Descriptor& type = *field.message_type();
    const bool seen = &type == v1::Field::descriptor() || &type == v1::Criterion::descriptor() ||
                      &type == v1::Choice::descriptor() || &type == v1::Form::descriptor();
    if (!seen) return;
    const Message& element = message.GetReflection()->GetRepeatedMessage(message, &field, index);
    if (element.GetReflection()->HasField(element, type.FindFieldByName("label"))) return;
    checking.tell(path, "no-label",
                  fmt::format("`{}` has no `label`, and its name would be read in every language",
                              element_part(message, field, index)));
  });
}

}  // namespace

void check_texts(const Checking& checking) {
  // A letter names what it is about, so it is looked at where it is sent.
  const std::set<std::string> sent = checking.letters_sent();
  const auto is_elsewhere = [&](const std::string& path) {
    static constexpr std::string_view letters = "messages.";
    return path.starts_with(letters) && !sent.contains(path.substr(letters.size(), path.rfind('.') - letters.size()));
  };
  const std::function<void(const Visit&)> visit = [&](const Visit& each) {
    checking.visit_own(each);
    if (is_of_subject(checking.program))
      for (const v1::Message& letter : checking.program.messages()) visit_values(letter, "messages." + letter.name(), each);
  };
  visit([&](const Message& message, const FieldDescriptor& field, int index, const std::string& path) {
    if (!is_text(field) || index >= 0 || is_elsewhere(path)) return;
    const auto& text = static_cast<const v1::Text&>(message.GetReflection()->GetMessage(message, &field));
    if (!text.translations().empty()) check_braces(checking, path, text.translations(0).text());
    // {rank} is of those who are ranked.
    if (path.ends_with(".applicant") && &field == v1::State::descriptor()->FindFieldByName("applicant") &&
        static_cast<const v1::State&>(message).ranked_by().empty() && !text.translations().empty()) {
      const std::vector<std::string> names = placeholders(text.translations(0).text());
      if (std::find(names.begin(), names.end(), "rank") != names.end()) {
        checking.tell(path, "unranked", "`{rank}` needs a `ranked_by` that says who is first");
      }
    }
  });
  check_labels(checking);
  if (is_of_subject(checking.program)) return;
  for (const v1::Message& letter : checking.program.messages()) {
    const std::string& subject = text_in(letter.subject(), "");
    if (subject.find('\n') != std::string::npos) {
      checking.tell(fmt::format("messages.{}.subject", letter.name()), "subject-lines", "the subject of a letter is one line");
    }
  }
}

}  // namespace kvali::program
