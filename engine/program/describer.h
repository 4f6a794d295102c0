#pragma once
// One description in the making. Included by the sources of describe.h only.
#include <string>
#include <string_view>
#include <vector>

#include "engine/program/describe.h"
#include "engine/program/speaker.h"

namespace kvali::program {

class Describer {
 public:
  Describer(const v1::Program& program, const std::string& language, Audience audience)
      : program_(program), language_(language), speaker_(program, language, Marks::Markdown), applicant_(audience == Audience::Applicant) {}
  std::string run();
  /// The course of another kind of subject than initiatives, at `level` headings deep: `program` is its small one.
  std::string run(const v1::Subject& subject, std::size_t level);

 private:
  using Moves = google::protobuf::RepeatedPtrField<v1::Move>;
  using States = google::protobuf::RepeatedPtrField<v1::State>;

  // describe.cc: what stands before and behind the way.
  void notices();
  void who_may_apply();
  void what_is_asked();
  void who_takes_part();
  std::string after(const v1::Role& role) const;
  void dates_and_places();
  void places_held(const v1::Quota& quota);
  void checklist();
  void letters();
  void subjects(const v1::Program& whole);
  std::vector<std::string> senders(const v1::Message& letter) const;
  std::vector<std::string> moves_named(std::string_view name) const;
  void field(const v1::Field& field, std::string_view needed, const FieldList* task, std::size_t depth = 0);
  void parts_of_form();
  void fields(const FieldList& fields);

  // describe_stages.cc: the way.
  void way();
  void stage(std::size_t spot, std::size_t number);
  void state(std::size_t spot, std::size_t level);
  void region(std::size_t spot, std::size_t level);
  void inside(std::size_t spot, std::size_t level);
  void ends(const States& outcomes, std::string_view heading);
  void waiting(const v1::Text& told, const NameList& waits_for);
  void deadline(std::size_t spot, const v1::Deadline& deadline);
  void done(std::size_t spot, const std::string& when_done);
  void moves(std::size_t spot, const Moves& moves);
  void move(std::size_t spot, const v1::Move& move, std::size_t depth);
  std::string how_made(const v1::Move& move) const;
  std::vector<std::string> details(std::size_t spot, const v1::Move& move) const;
  void goes_on(std::size_t spot, const Moves& moves);
  void review(const v1::Review& review);
  void points(const v1::Review& review);
  void how_scored(const v1::Review& review);
  void readers(const v1::Review& review);
  std::string conflicts_said(const google::protobuf::RepeatedField<int>& kinds) const;
  void log(const v1::Log& log, const NameList& waits_for);
  void reports(const v1::Stage& stage);

  // describe_mentoring.cc: what else is said of a log's entries.
  void entry(const v1::Log& log, const NameList& by);

  // describe_choosing.cc: who decides together.
  void bodies();
  std::vector<std::string> together(std::size_t spot, const v1::Move& move) const;
  const v1::Body* body_named(std::string_view name) const;
  std::string body_label(std::string_view name) const;

  void report(const v1::Stage& stage, const v1::Report& report);

  // Who sees what.
  [[nodiscard]] bool hers(const NameList& roles) const;  // the applicant is among them
  [[nodiscard]] bool sees(const v1::Field& field) const { return !applicant_ || field.seen_by().empty() || hers(field.seen_by()); }
  [[nodiscard]] bool writes(const v1::Field& field) const { return field.written_by().empty() || hers(field.written_by()); }
  [[nodiscard]] bool may_read(std::string_view expression) const;
  [[nodiscard]] std::string place_of(std::size_t spot) const;

  // Markdown.
  void heading(std::size_t level, std::string_view words);
  void paragraph(std::string_view words);
  void item(std::string_view words, std::size_t depth = 0);
  void gap();
  [[nodiscard]] std::string say(Prose which, std::initializer_list<Filler> fillers = {}) const { return speaker_.say(which, fillers); }
  [[nodiscard]] std::string listed(const std::vector<std::string>& parts, Joint joint) const { return joined(parts, joint, speaker_.tongue()); }

  const v1::Program& program_;
  const std::string& language_;
  Speaker speaker_;
  bool applicant_;
  std::size_t deeper_ = 0;  // headings stand so much lower
  std::string out_;
};

/// "a, b, c": behind a colon.
std::string with_commas(const std::vector<std::string>& parts);

}  // namespace kvali::program
