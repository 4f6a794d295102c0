#pragma once
// Says the values of one program in words of one language: its texts and labels, whom a role names, where a target leads,
// periods, reminders, figures, expressions. What `describe` and `diff` are made of.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/program/names.h"
#include "engine/program/prose_words.h"
#include "kvali/v1/program.pb.h"

namespace kvali::program {

/// How a label stands out of its sentence: *so* and **so** in Markdown, “so” in a plain sentence.
enum class Marks : std::uint8_t { Markdown, Plain };

using FieldList = google::protobuf::RepeatedPtrField<v1::Field>;
using NameList = google::protobuf::RepeatedPtrField<std::string>;

class Speaker {
 public:
  /// `program` outlives this. Texts that it does not have in `language` are taken in its first one.
  Speaker(const v1::Program& program, std::string language, Marks marks);

  [[nodiscard]] const v1::Program& program() const { return program_; }
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] Tongue tongue() const { return tongue_; }
  [[nodiscard]] std::string say(Prose which, std::initializer_list<Filler> fillers = {}) const { return prose(which, tongue_, fillers); }

  /// A text with what stands in its braces named: "by [Applications close]".
  [[nodiscard]] std::string text(const v1::Text& text) const;
  [[nodiscard]] std::string quoted(const v1::Text& text) const;
  /// `text`, else `name` with blanks for underscores: a label that nobody wrote.
  [[nodiscard]] std::string label(const v1::Text& text, std::string_view name) const;
  [[nodiscard]] std::string soft(std::string_view label) const;    // *label*: a field, a date
  [[nodiscard]] std::string strong(std::string_view label) const;  // **label**: a state, a move
  [[nodiscard]] std::string code(std::string_view source) const;   // `source`: what has no words

  [[nodiscard]] std::string role(std::string_view name) const;
  /// "Expert and Manager"; commas alone in a list behind a colon.
  [[nodiscard]] std::string roles(const NameList& names) const;
  [[nodiscard]] std::string spot(std::size_t spot) const;
  /// What is called `target` at the spot `from`; the target itself when it is nothing.
  [[nodiscard]] std::string target(std::size_t from, std::string_view target) const;
  [[nodiscard]] const v1::Field* field(std::string_view name) const;  // of the initiative
  [[nodiscard]] std::string field_label(std::string_view name) const;
  /// The labels of every move of that name: "Submit" and "Submit again".
  [[nodiscard]] std::vector<std::string> moves(std::string_view name) const;
  [[nodiscard]] const v1::Message* letter(std::string_view name) const;
  [[nodiscard]] const v1::Quota* quota(std::string_view name) const;

  /// A canonical period ("P10WD") in words; what is none stays as it is.
  [[nodiscard]] std::string time(std::string_view period, Around around) const;
  /// A canonical reminder: "7 days before", "on the day".
  [[nodiscard]] std::string reminder(std::string_view signed_period) const;
  [[nodiscard]] std::vector<std::string> reminders(const NameList& signed_periods) const;

  /// A limit of `field` as it is meant there: characters of a text, an amount, a figure.
  [[nodiscard]] std::string limit(const v1::Field& field, std::int64_t figure) const;
  /// "text, at most 120 characters"
  [[nodiscard]] std::string type_of(const v1::Field& field) const;
  /// "at most 120 characters", "200 to 4,000 characters", ""
  [[nodiscard]] std::string limits_of(const v1::Field& field) const;

  /// A date, a number, a yes or no as an expression asks for it, in words: "*Waitlist closes*, if it is set; otherwise *Mentoring
  /// starts*", "*Meetings*: at least 3". Nothing when it has no words here. `task` are the fields of the form it stands in.
  [[nodiscard]] std::optional<std::string> words(std::string_view expression, const FieldList* task = nullptr) const;
  /// The same, as code where it has no words.
  [[nodiscard]] std::string words_or_code(std::string_view expression, const FieldList* task = nullptr) const;
  /// "At least three meetings (*Meetings*: at least 3)": the sentence of its author, and what is asked.
  [[nodiscard]] std::string need(const v1::Need& need) const;

 private:
  const v1::Program& program_;
  std::string language_;
  Marks marks_;
  Tongue tongue_;
  Names names_;
};

/// What a path of an expression reads in `program`: its label in the words of `speaker`, and the field, where it is one.
struct Meant {
  std::string label;
  const v1::Field* field = nullptr;
  bool date = false;  // compared as dates are
};
std::optional<Meant> meant_by(const Speaker& speaker, std::string_view path, const FieldList* task);

/// The log or form, with the fields noted in each, that is called `name` in expressions; null when none is.
struct TaskKind {
  const v1::Text* label = nullptr;
  const v1::Text* plural = nullptr;
  const FieldList* fields = nullptr;
};
std::optional<TaskKind> task_kind(const Names& names, std::string_view name);

/// A sentence: ended with a point unless it ends by itself, also inside of quotes.
std::string ended(std::string sentence);

}  // namespace kvali::program
