#include "engine/program/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/expression/expression.h"
#include "engine/expression/say.h"
#include "engine/program/describer.h"
#include "engine/program/subjects.h"
#include "engine/program/texts.h"

namespace kvali::program {

namespace {

bool has_language(const v1::Program& program, std::string_view language) {
  return std::find(program.languages().begin(), program.languages().end(), language) != program.languages().end();
}

std::optional<Prose> kind_of(v1::Field::Kind kind) {
  switch (kind) {
    case v1::Field::ACTUAL: return Prose::KindActual;
    case v1::Field::PLAN: return Prose::KindPlan;
    case v1::Field::CAPACITY: return Prose::KindCapacity;
    case v1::Field::AIM: return Prose::KindAim;
    default: return std::nullopt;
  }
}

}  // namespace

std::string with_commas(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

bool describable(const v1::Program& program, std::string_view language) {
  return expression::speaks(language) || has_language(program, language);
}

std::string describe(const v1::Program& program, const std::string& language, Audience audience) {
  return Describer(program, language, audience).run();
}

std::string Describer::run() {
  heading(1, speaker_.text(program_.title()));
  notices();
  who_may_apply();
  what_is_asked();
  if (!applicant_) {
    who_takes_part();
    dates_and_places();
  }
  way();
  subjects(program_);
  if (!applicant_) letters();
  while (out_.ends_with("\n\n")) out_.pop_back();
  return std::move(out_);
}

std::string Describer::run(const v1::Subject& subject, std::size_t level) {
  deeper_ = level - 2;
  heading(2, speaker_.text(subject.has_plural() ? subject.plural() : subject.label()));
  if (subject.of() == v1::Subject::EACH_LOCALITY) paragraph(say(Prose::OneEachLocality));
  if (subject.of() == v1::Subject::THE_COHORT) paragraph(say(Prose::OneForCohort));
  if (!subject.begun_by().empty()) paragraph(say(Prose::BegunBy, {{"list", speaker_.roles(subject.begun_by())}}));
  if (!subject.needs().empty()) {
    paragraph(say(Prose::EntryNeeds));
    for (const v1::Need& need : subject.needs()) item(ended(speaker_.need(need)));
  }
  ++deeper_;
  if (!subject.fields().empty()) what_is_asked();
  for (const v1::Quota& quota : subject.quotas()) places_held(quota);
  way();
  return std::move(out_);
}

/// For applicants only what they begin or bring themselves.
void Describer::subjects(const v1::Program& whole) {
  bool any = false;
  for (const v1::Subject& subject : whole.subjects()) {
    if (applicant_ && subject.brought_by().empty() && !hers(subject.begun_by())) continue;
    if (!std::exchange(any, true)) heading(2, say(Prose::BesideInitiatives));
    const v1::Program small = program_of(whole, subject);
    gap();
    out_ += Describer(small, language_, applicant_ ? Audience::Applicant : Audience::Everyone).run(subject, 3);
  }
}

// --- Markdown -------------------------------------------------------------------------------------------------------

void Describer::gap() {
  if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
}

void Describer::heading(std::size_t level, std::string_view words) {
  gap();
  out_ += fmt::format("{} {}\n\n", std::string(std::min<std::size_t>(level + deeper_, 6), '#'), words);
}

void Describer::paragraph(std::string_view words) {
  gap();
  out_ += fmt::format("{}\n\n", words);
}

void Describer::item(std::string_view words, std::size_t depth) { out_ += fmt::format("{}- {}\n", std::string(depth * 2, ' '), words); }

// --- who sees what --------------------------------------------------------------------------------------------------

bool Describer::hers(const NameList& roles) const { return std::find(roles.begin(), roles.end(), "applicant") != roles.end(); }

/// Whether an expression asks for nothing that is hidden from the applicant: reviews, fields that others read.
bool Describer::may_read(std::string_view source) const {
  if (!applicant_) return true;
  const auto compiled = expression::compile(source);
  if (!compiled) return false;
  for (const expression::Reference& reference : compiled->references()) {
    if (reference.path.starts_with("review")) return false;
    const std::optional<Meant> meant = meant_by(speaker_, reference.path, nullptr);
    if (meant && meant->field != nullptr && !sees(*meant->field)) return false;
    // What is asked of the elements of a list stands in the condition alone, so a list with anything hidden is not told.
    const std::optional<TaskKind> kind = task_kind(speaker_.names(), reference.path);
    if (kind && source.find('.') != std::string_view::npos && !std::all_of(kind->fields->begin(), kind->fields->end(), [&](const v1::Field& one) { return sees(one); }))
      return false;
  }
  return true;
}

// --- the beginning --------------------------------------------------------------------------------------------------

void Describer::notices() {
  const std::string asked = language_said(language_, speaker_.tongue());
  if (!expression::speaks(language_)) paragraph(fmt::format("> {}", say(Prose::NoSentences, {{"language", asked}})));
  if (!has_language(program_, language_))
    paragraph(fmt::format("> {}", say(Prose::NoTexts, {{"language", asked}, {"first", language_said(program_.languages(0), speaker_.tongue())}})));
}

void Describer::who_may_apply() {
  heading(2, say(Prose::WhoMayApply));
  const v1::InitiativeRules& rules = program_.initiative();
  std::vector<std::string> bringers;
  for (const int who : rules.brought_by()) bringers.push_back(bringer(static_cast<v1::InitiativeRules::Bringer>(who), speaker_.tongue()));
  std::string text = say(Prose::BroughtBy, {{"list", listed(bringers, Joint::Or)}});
  if (program_.languages_size() > 1) {
    std::vector<std::string> languages;
    for (const std::string& code : program_.languages()) languages.push_back(language_said(code, speaker_.tongue()));
    text += fmt::format(" {}", say(Prose::Languages, {{"list", with_commas(languages)}}));
  }
  paragraph(text);
  if (!applicant_) {
    if (rules.has_label()) paragraph(say(Prose::CalledHere, {{"label", speaker_.soft(speaker_.label(rules.label(), ""))}}));
    if (!rules.title().empty()) paragraph(say(Prose::NamedBy, {{"label", speaker_.soft(speaker_.field_label(rules.title()))}}));
    if (!rules.locality().empty()) paragraph(say(Prose::PlacedBy, {{"label", speaker_.soft(speaker_.field_label(rules.locality()))}}));
  }
  if (!rules.translated_by().empty() && !applicant_) paragraph(say(Prose::TranslatedBy, {{"list", speaker_.roles(rules.translated_by())}}));
  if (program_.forever() && !applicant_) paragraph(say(Prose::Forever));
  if (!rules.facts().empty()) {
    std::vector<std::string> facts;
    for (const v1::OrganisationFact& fact : rules.facts()) {
      facts.push_back(speaker_.label(fact.label(), fact.name()));
      if (fact.accepted_by().empty()) continue;
      std::vector<std::string> roles;
      for (const std::string& role : fact.accepted_by()) roles.push_back(speaker_.role(role));
      facts.back() = say(Prose::FactAccepted, {{"label", facts.back()}, {"list", listed(roles, Joint::Or)}});
    }
    paragraph(say(Prose::FactsAsked, {{"list", with_commas(facts)}}));
  }
  if (rules.needs().empty()) return;
  paragraph(say(Prose::EntryNeeds));
  for (const v1::Need& need : rules.needs()) item(ended(speaker_.need(need)));
}

void Describer::what_is_asked() {
  heading(2, say(Prose::WhatIsAsked));
  parts_of_form();
  std::vector<std::vector<const v1::Field*>> groups;
  std::vector<const v1::Field*> optional, computed;
  for (const v1::Field& one : program_.initiative().fields()) {
    if (applicant_ && (!sees(one) || (!writes(one) && one.computed().empty()))) continue;
    if (!one.computed().empty()) {
      computed.push_back(&one);
    } else if (one.required_for().empty()) {
      optional.push_back(&one);
    } else {
      const auto same = std::find_if(groups.begin(), groups.end(), [&](const std::vector<const v1::Field*>& group) {
        return std::equal(group[0]->required_for().begin(), group[0]->required_for().end(), one.required_for().begin(), one.required_for().end());
      });
      if (same == groups.end())
        groups.push_back({&one});
      else
        same->push_back(&one);
    }
  }
  const auto list = [&](const std::string& head, const std::vector<const v1::Field*>& fields) {
    if (fields.empty()) return;
    paragraph(head);
    for (const v1::Field* one : fields) field(*one, "", nullptr);
  };
  for (const std::vector<const v1::Field*>& group : groups) {
    std::vector<std::string> moves;
    for (const std::string& name : group[0]->required_for()) {
      const std::vector<std::string> named = moves_named(name);
      moves.insert(moves.end(), named.begin(), named.end());
    }
    list(say(Prose::NeededFor, {{"moves", listed(moves, Joint::And)}}), group);
  }
  list(say(Prose::MayBeFilledIn), optional);
  list(say(Prose::WorkedOut), computed);
}

/// The moves of that name and where they are made: "**Submit** (Application: Being written)".
std::vector<std::string> Describer::moves_named(std::string_view name) const {
  std::vector<std::string> said;
  const auto add = [&](std::size_t spot, const Moves& moves) {
    for (const v1::Move& move : moves) {
      if (move.name() != name) continue;
      const std::string label = speaker_.strong(speaker_.label(move.label(), name));
      said.push_back(spot == 0 ? label : fmt::format("{} ({})", label, place_of(spot)));
    }
  };
  const std::vector<Spot>& spots = speaker_.names().spots();
  for (std::size_t i = 1; i < spots.size(); ++i) {
    if (spots[i].stage != nullptr) add(i, spots[i].stage->moves());
    if (spots[i].state != nullptr) add(i, spots[i].state->moves());
  }
  add(0, program_.anywhere());
  if (said.empty()) said.push_back(speaker_.strong(speaker_.label({}, name)));
  return said;
}

void Describer::fields(const FieldList& fields) {
  for (const v1::Field& one : fields)
    if (sees(one)) field(one, one.required() ? say(Prose::Needed) : "", &fields);
}

/// "**Title**: text, at most 120 characters; needed. What helps to fill it in."
void Describer::field(const v1::Field& field, std::string_view needed, const FieldList* task, std::size_t depth) {
  std::string head = speaker_.type_of(field);
  const std::string limits = speaker_.limits_of(field);
  if (!limits.empty()) head += fmt::format(", {}", limits);
  std::vector<std::string> parts{head};
  const auto label_of = [&](const std::string& name) {
    if (task != nullptr)
      for (const v1::Field& one : *task)
        if (one.name() == name) return speaker_.label(one.label(), name);
    return speaker_.field_label(name);
  };
  if (!needed.empty()) parts.emplace_back(needed);
  if (!field.of().empty()) parts.push_back(say(Prose::PartOf, {{"label", speaker_.soft(label_of(field.of()))}}));
  if (field.personal()) parts.push_back(say(Prose::PersonalData));
  if (!field.shown_when().empty() && may_read(field.shown_when())) parts.push_back(say(Prose::AskedOnlyIf, {{"words", speaker_.words_or_code(field.shown_when(), task)}}));
  if (!field.computed().empty() && may_read(field.computed())) parts.push_back(say(Prose::ComputedAs, {{"words", speaker_.words_or_code(field.computed(), task)}}));
  if (!applicant_) {
    if (field.author_only()) parts.push_back(say(Prose::AuthorOnly));
    if (!field.seen_by().empty()) parts.push_back(say(Prose::SeenOnlyBy, {{"list", speaker_.roles(field.seen_by())}}));
    if (!field.written_by().empty()) parts.push_back(say(Prose::WrittenBy, {{"list", speaker_.roles(field.written_by())}}));
  }
  if (const std::optional<Prose> kind = kind_of(field.kind())) parts.push_back(say(*kind));
  if (field.baseline()) parts.push_back(say(Prose::Baseline));
  if (!applicant_) {
    if (!field.iris().empty()) parts.push_back(say(Prose::Iris, {{"code", field.iris()}}));
    if (!field.sdg().empty()) parts.push_back(say(Prose::Sdg, {{"list", fmt::format("{}", fmt::join(field.sdg(), ", "))}}));
  }
  std::string line = fmt::format("{}: {}", speaker_.strong(speaker_.label(field.label(), field.name())), fmt::join(parts, "; "));
  const std::string help = speaker_.text(field.help()), example = speaker_.text(field.example());
  if (!help.empty()) line = fmt::format("{}. {}", line, ended(help));
  if (!example.empty()) line = fmt::format("{} {}", ended(line), ended(say(Prose::ForExample, {{"text", example}})));
  item(line, depth);
  for (const v1::Field& one : field.fields()) this->field(one, one.required() ? say(Prose::InEachRow) : "", task, depth + 1);
}

/// Which fields belong together, in the order of the form.
void Describer::parts_of_form() {
  const auto& sections = program_.initiative().sections();
  if (sections.empty()) return;
  paragraph(say(Prose::FormParts));
  for (const v1::Section& section : sections) {
    std::vector<std::string> labels;
    for (const std::string& name : section.fields())
      if (const v1::Field* one = speaker_.field(name); one != nullptr && sees(*one)) labels.push_back(speaker_.soft(speaker_.field_label(name)));
    if (labels.empty()) continue;
    const std::string help = speaker_.text(section.help());
    const std::string line = fmt::format("{}: {}", speaker_.strong(speaker_.label(section.label(), section.name())), with_commas(labels));
    item(help.empty() ? line : fmt::format("{}. {}", line, ended(help)));
  }
}

/// "Trained (Experts)".
std::string Describer::after(const v1::Role& role) const {
  const std::size_t dot = role.after().find('.');
  for (const v1::Subject& subject : program_.subjects()) {
    if (subject.name() != role.after().substr(0, dot)) continue;
    const v1::Program small = program_of(program_, subject);
    const Speaker speaker(small, language_, Marks::Markdown);
    return fmt::format("{} ({})", speaker.strong(speaker.target(0, role.after().substr(dot + 1))), speaker.text(subject.label()));
  }
  return role.after();
}

void Describer::who_takes_part() {
  heading(2, say(Prose::WhoTakesPart));
  for (const v1::Role& role : program_.roles()) {
    std::vector<std::string> parts;
    if (role.scope() == v1::Role::COHORT) parts.push_back(say(Prose::ScopeCohort));
    if (role.scope() == v1::Role::LOCALITY) parts.push_back(say(Prose::ScopeLocality));
    if (role.scope() == v1::Role::INITIATIVE) parts.push_back(say(Prose::ScopeInitiative));
    if (role.reads_only()) parts.push_back(say(Prose::ReadsOnly));
    if (role.load() != 0) parts.push_back(say(Prose::LoadAtMost, {{"amount", counted(role.load(), Noun::Initiative, speaker_.tongue())}}));
    if (role.needs_size() > 0) {
      std::vector<std::string> labels;
      for (const std::string& name : role.needs()) labels.push_back(speaker_.soft(speaker_.field_label(name)));
      parts.push_back(say(Prose::RoleNeeds, {{"list", with_commas(labels)}}));
    }
    if (role.assigns()) parts.push_back(say(Prose::Assigns));
    if (!role.after().empty()) parts.push_back(say(Prose::RoleAfter, {{"state", after(role)}}));
    if (!role.conflicts().empty()) parts.push_back(say(Prose::KeptAway, {{"list", conflicts_said(role.conflicts())}}));
    if (!role.speaks_for().empty()) parts.push_back(say(Prose::SpeaksFor, {{"list", speaker_.roles(role.speaks_for())}}));
    item(fmt::format("{}: {}", speaker_.strong(speaker_.label(role.label(), role.name())), fmt::join(parts, "; ")));
  }
  bodies();
  if (!program_.undo_within().empty()) paragraph(say(Prose::UndoWithin, {{"time", speaker_.time(program_.undo_within(), Around::Within)}}));
}

void Describer::dates_and_places() {
  heading(2, say(Prose::DatesAndPlaces));
  const v1::CohortRules& rules = program_.cohort();
  std::vector<std::string> countries;
  for (const std::string& code : program_.calendar()) countries.push_back(country_said(code, speaker_.tongue()));
  std::string days = say(Prose::Zone, {{"zone", program_.timezone()}});
  if (!program_.calendar().empty()) days += fmt::format(" {}", say(Prose::Holidays, {{"list", with_commas(countries)}}));
  paragraph(days);
  if (!rules.parameters().empty()) paragraph(say(Prose::SetForSeason));
  for (const v1::Field& one : rules.parameters()) field(one, one.required() ? say(Prose::NeededToOpen) : "", nullptr);
  if (rules.has_localities() || !rules.quotas().empty() || !rules.must_hold().empty()) paragraph(say(Prose::PlacesHead));
  if (rules.has_localities()) {
    const std::uint32_t count = rules.localities().count();
    item(fmt::format("{}: {}", speaker_.strong(speaker_.label(rules.localities().label(), "localities")),
                     count == 0 ? say(Prose::AnyNumber) : number_said(count, speaker_.tongue())));
  }
  for (const v1::Quota& quota : rules.quotas()) places_held(quota);
  checklist();
}

void Describer::places_held(const v1::Quota& quota) {
  const bool exactly = quota.exactly() != 0;
  const std::string places = counted(exactly ? quota.exactly() : quota.at_most(), Noun::Place, speaker_.tongue());
  std::string head;
  if (quota.of().empty()) {
    head = say(exactly ? Prose::Exactly : Prose::PlacesAtMost, {{"places", places}});
  } else {
    head = say(exactly ? Prose::ExactlyBy : Prose::PlacesAtMostBy, {{"places", places}, {"label", speaker_.words_or_code(quota.of())}});
  }
  std::vector<std::string> held;
  for (const std::string& target : quota.held_while()) held.push_back(speaker_.strong(speaker_.target(0, target)));
  item(fmt::format("{}: {}. {}", speaker_.strong(speaker_.label(quota.label(), quota.name())), head, say(Prose::HeldIn, {{"list", with_commas(held)}})));
  if (!quota.refill_until().empty()) item(say(Prose::RefilledUntil, {{"words", speaker_.words_or_code(quota.refill_until())}}), 1);
  if (quota.has_why()) item(ended(say(Prose::WhenFull, {{"why", speaker_.quoted(quota.why())}})), 1);
}

void Describer::checklist() {
  for (const v1::Checklist& line : program_.cohort().must_hold()) {
    std::string each = say(Prose::InTheSeason);
    if (line.of() == v1::Checklist::EACH_LOCALITY) each = say(Prose::InEachLocality);
    if (line.of() == v1::Checklist::EACH_INITIATIVE) each = say(Prose::ForEachInitiative);
    const std::string step = speaker_.strong(speaker_.target(0, line.before()));
    const std::string head = say(Prose::BeforeStep, {{"step", step}, {"each", each}, {"words", speaker_.words_or_code(line.when())}});
    item(ended(fmt::format("{} {}", head, say(Prose::OtherwiseTold, {{"why", speaker_.quoted(line.why())}}))));
  }
}

// --- letters --------------------------------------------------------------------------------------------------------

std::string Describer::place_of(std::size_t spot) const {
  if (spot == 0) return say(Prose::FromAnywhere);
  const Spot& one = speaker_.names()[spot];
  const std::size_t around = one.parent;
  if (around == 0) return speaker_.spot(spot);
  return fmt::format("{}: {}", speaker_.spot(around), speaker_.spot(spot));
}

/// Who gets the letter and when: "Applicant, after **Submit** (Application: Being written)".
std::vector<std::string> Describer::senders(const v1::Message& letter) const {
  std::vector<std::string> lines;
  const auto tell = [&](std::size_t spot, const auto& thing) {
    for (const v1::Tell& one : thing.tells()) {
      if (one.message() != letter.name()) continue;
      const std::string when = say(Prose::AfterMove, {{"move", speaker_.strong(speaker_.label(thing.label(), thing.name()))}, {"place", place_of(spot)}});
      lines.push_back(say(Prose::LetterGoesTo, {{"who", speaker_.role(one.role())}, {"when", when}}));
    }
  };
  const auto add = [&](std::size_t spot, const Moves& moves) {
    for (const v1::Move& move : moves) tell(spot, move);
  };
  const std::vector<Spot>& spots = speaker_.names().spots();
  for (std::size_t i = 1; i < spots.size(); ++i) {
    if (spots[i].stage != nullptr) add(i, spots[i].stage->moves());
    if (spots[i].state == nullptr) continue;
    add(i, spots[i].state->moves());
    for (const v1::Log& log : spots[i].state->log()) {
      tell(i, log);
      for (const v1::Closing& one : log.closes()) tell(i, one);
    }
  }
  add(0, program_.anywhere());
  return lines;
}

void Describer::letters() {
  if (program_.messages().empty()) return;
  heading(2, say(Prose::Letters));
  for (const v1::Message& letter : program_.messages()) {
    heading(3, speaker_.text(letter.subject()));
    const std::vector<std::string> lines = senders(letter);
    for (const std::string& line : lines) item(line);
    if (lines.empty()) item(say(Prose::LetterNever));
    gap();
    out_ += fmt::format("> {}\n\n", speaker_.text(letter.body()));
  }
}

}  // namespace kvali::program
