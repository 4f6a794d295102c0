#include "engine/program/verify/verify.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/program/fields.h"
#include "engine/program/subjects.h"
#include "engine/program/verify/proving.h"

namespace kvali::program {

namespace proof {

void Proving::tell(Severity severity, const std::string& at, std::string code, std::string message, std::vector<TraceStep> trace) const {
  const Position where = position_of(positions, at);
  findings.push_back({severity, at, {where.file, where.line, where.column, std::move(code), std::move(message), {}}, std::move(trace), {}});
}

const std::string& Proving::path_at(const v1::Place& place) const {
  static const std::string whole;
  const auto known = paths.find({place.line(), place.column()});
  return known == paths.end() ? whole : known->second;
}

bool Proving::is_anywhere(ArrowId id) const {
  const v1::Arrow& arrow = chart.arrow(id);
  if (!arrow.has_move() || chart.parent(arrow.source()) != 0 || chart.machine().name() != program.name()) return false;
  const auto& anywhere = program.anywhere();
  return std::any_of(anywhere.begin(), anywhere.end(), [&](const v1::Move& move) { return move.name() == arrow.move().name(); });
}

std::string Proving::name_of(ArrowId id) const {
  const v1::Arrow& arrow = chart.arrow(id);
  if (arrow.has_move()) return fmt::format("`{}` of `{}`", arrow.move().name(), chart.path(arrow.source()));
  const std::string path = path_of_arrow(id);
  return fmt::format("`{}` of `{}`", path.substr(path.rfind('.') + 1), chart.path(arrow.source()));
}

std::vector<Outside> outside_of(const v1::Program& program, const statechart::Chart& chart) {
  std::vector<Outside> outside;
  for (const v1::Stage& stage : program.stages())
    for (const v1::Report& report : stage.reports())
      if (const auto state = chart.find(stage.name()); state && report.times() != 0)
        outside.push_back({"done.series." + report.form(), *state});
  for (const v1::Arrow& arrow : chart.machine().arrows())
    if (!arrow.lost().empty()) outside.push_back({arrow.events(0), arrow.source()});
  return outside;
}

std::vector<Outside> outside_of(const v1::TaskKind& kind, const statechart::Chart& chart) {
  std::vector<Outside> outside;
  for (const v1::Arrow& arrow : chart.machine().arrows())
    if (kind.has_gate() && arrow.events_size() > 0 && arrow.events(0).starts_with("gate.")) outside.push_back({arrow.events(0), arrow.source()});
  return outside;
}

namespace {

/// Every yes-or-no expression that stands in the program but not in its machine.
std::vector<std::string> conditions(const v1::Program& program) {
  std::vector<std::string> sources;
  visit_values(program, "", [&](const Message& owner, const FieldDescriptor& field, int index, const std::string&) {
    if (index >= 0 || field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
    const std::string key = key_of(field);
    if (options_of(field).scalar() == v1::SCALAR_EXPRESSION && (key == "if" || key == "when" || key == "shown_when"))
      sources.push_back(owner.GetReflection()->GetString(owner, &field));
  });
  return sources;
}

std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> paths_of(const Positions& positions) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> paths;
  for (const auto& [path, at] : positions) {
    const auto [known, is_new] = paths.emplace(std::pair(at.line, at.column), path);
    if (!is_new && path.size() < known->second.size()) known->second = path;
  }
  return paths;
}

/// Proves the machine of a task: that each item of it comes to an end, as the proof of the program takes for granted when it lets a
/// series be done. What is found is told at the task, with the way from where an item of it begins. The bounds hold for all machines
/// together.
void verify_task(const Loaded& loaded, const v1::TaskKind& kind, const Bounds& bounds, Verdict& verdict) {
  const auto chart = statechart::Chart::compile(kind.machine());
  KVALI_CHECK(chart.has_value());
  const GuardTexts texts((*chart)->machine());
  Decider decider(loaded.program, texts);
  std::vector<Finding> findings;
  const Bounds left{bounds.configurations - std::min(bounds.configurations, verdict.counts.configurations),
                    bounds.transitions - std::min(bounds.transitions, verdict.counts.transitions)};
  const Exploration found = explore(**chart, texts, outside_of(kind, **chart), decider, left);
  const Proving proving{loaded.program, loaded.positions, **chart, texts, decider, found, findings, paths_of(loaded.positions)};
  verdict.counts.configurations += found.counts.configurations;
  verdict.counts.transitions += found.counts.transitions;
  verdict.complete = verdict.complete && found.complete;
  check_overlaps(proving);
  check_cycles(proving);
  check_soundness(proving);
  for (Finding& finding : findings) {
    finding.fault.message = fmt::format("in the course of one `{}`, {}", kind.name(), finding.fault.message);
    for (TraceStep& step : finding.trace) step.line.clear();  // `kvali step` plays the program's own machine
    verdict.findings.push_back(std::move(finding));
  }
}

/// Takes the findings that the program explains out of the others, and tells explanations of what was not found.
void accept(const Loaded& loaded, Verdict& verdict) {
  for (int i = 0; i < loaded.program.accepted_size(); ++i) {
    const v1::Accepted& accepted = loaded.program.accepted(i);
    bool any = false;
    std::erase_if(verdict.findings, [&](Finding& finding) {
      if (finding.fault.code != accepted.finding() || finding.at != accepted.at()) return false;
      finding.why = accepted.why();
      verdict.accepted.push_back(std::move(finding));
      return any = true;
    });
    if (any || !verdict.complete) continue;
    const std::string at = fmt::format("accepted.{}", i + 1);
    const Position where = position_of(loaded.positions, at);
    verdict.findings.push_back({Severity::Error, at,
                                {where.file, where.line, where.column, "accepted-nothing",
                                 fmt::format("there is no finding `{}` at `{}` to be accepted", accepted.finding(), accepted.at()), {}},
                                {}, {}});
  }
}

/// Proves what one kind of subject goes through, within `bounds`.
Verdict verify_part(const Loaded& loaded, const Bounds& bounds) {
  Verdict verdict;
  const auto chart = statechart::Chart::compile(loaded.machine);
  KVALI_CHECK(chart.has_value());
  const GuardTexts texts((*chart)->machine(), conditions(loaded.program));
  Decider decider(loaded.program, texts);
  Exploration found;
  const Proving proving{loaded.program, loaded.positions, **chart, texts, decider, found, verdict.findings, paths_of(loaded.positions)};
  decider.excuse(check_guards(proving));
  found = explore(**chart, texts, outside_of(loaded.program, **chart), decider, bounds);
  verdict.counts = found.counts;
  verdict.complete = found.complete;
  check_overlaps(proving);
  check_cycles(proving);
  check_soundness(proving);
  check_writes(proving);
  check_reads(proving);
  check_filling(proving);
  check_people(proving);
  check_quotas(proving);
  for (const v1::TaskKind& kind : loaded.machine.tasks())
    if (verdict.complete) verify_task(loaded, kind, bounds, verdict);
  accept(loaded, verdict);
  return verdict;
}

void add_part(Verdict part, const std::string& subject, Verdict& verdict) {
  for (auto& [from, to] : {std::pair(&part.findings, &verdict.findings), {&part.accepted, &verdict.accepted}})
    for (Finding& finding : *from) {
      finding.at = path_in_whole(finding.at, subject);
      finding.fault.message = fmt::format("in the course of a `{}`, {}", subject, finding.fault.message);
      to->push_back(std::move(finding));
    }
  verdict.counts.configurations += part.counts.configurations;
  verdict.counts.transitions += part.counts.transitions;
  verdict.complete = verdict.complete && part.complete;
}

}  // namespace

}  // namespace proof

Verdict verify(const Loaded& loaded, const proof::Bounds& bounds) {
  using namespace proof;
  KVALI_CHECK(loaded.ok());
  Verdict verdict = verify_part({without_subjects(loaded.program), loaded.machine, loaded.positions, {}}, bounds);
  for (int i = 0; i < loaded.program.subjects_size(); ++i) {
    const Bounds left{bounds.configurations - std::min(bounds.configurations, verdict.counts.configurations),
                      bounds.transitions - std::min(bounds.transitions, verdict.counts.transitions)};
    add_part(verify_part(part_of(loaded, i), left), loaded.program.subjects(i).name(), verdict);
  }
  std::stable_sort(verdict.findings.begin(), verdict.findings.end(), [](const Finding& a, const Finding& b) {
    return std::pair(a.fault.line, a.fault.column) < std::pair(b.fault.line, b.fault.column);
  });
  const bool any = std::any_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& one) { return one.severity == Severity::Error; });
  verdict.kind = any ? Verdict::Kind::Unsound : verdict.complete ? Verdict::Kind::Sound : Verdict::Kind::Inconclusive;
  return verdict;
}

std::string to_line(const Finding& finding) {
  Fault fault = finding.fault;
  if (finding.severity == Severity::Warning) fault.message = fmt::format("warning: {}", fault.message);
  if (!finding.why.empty()) fault.message = fmt::format("accepted: {} ({})", finding.why, finding.fault.message);
  return fmt::format("{} [{}]", to_line(fault), fault.code);
}

std::string to_words(const std::vector<TraceStep>& trace) {
  std::string words;
  for (const TraceStep& step : trace)
    words += fmt::format("{}{}{}{}", words.empty() ? "" : "\n", step.words, step.active.empty() ? "" : " → ", fmt::join(step.active, " + "));
  return words;
}

std::string to_line(const Verdict& verdict) {
  const std::string counts = fmt::format("{} configurations, {} transitions tried", verdict.counts.configurations, verdict.counts.transitions);
  const auto warnings = std::count_if(verdict.findings.begin(), verdict.findings.end(),
                                      [](const Finding& one) { return one.severity == Severity::Warning; });
  std::string line = verdict.kind == Verdict::Kind::Inconclusive ? "inconclusive" : "sound";
  const auto errors = static_cast<std::ptrdiff_t>(verdict.findings.size()) - warnings;
  if (errors > 0) line = fmt::format("{} finding{}", errors, errors == 1 ? "" : "s");
  if (errors > 0 && !verdict.complete) line += ", not all tried";
  if (warnings > 0) line += fmt::format(", {} warning{}", warnings, warnings == 1 ? "" : "s");
  if (!verdict.accepted.empty()) line += fmt::format(", {} accepted", verdict.accepted.size());
  return fmt::format("{} ({})", line, counts);
}

}  // namespace kvali::program
