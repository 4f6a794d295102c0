#include "engine/simulate/sheet.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvali::simulate {
namespace {

using statechart::StateId;

constexpr std::uint64_t day_s = 86'400;

class Maker {
 public:
  Maker(const Findings& findings, const cohort::Model& model) : findings_(findings), model_(model), chart_(model.chart()) {}

  Sheet run() {
    sheet_.title = cohort::in_language(model_.program().title(), language());
    sheet_.begins = findings_.begins;
    sheet_.notes = findings_.notes;
    summary();
    stages();
    ends();
    times();
    tasks();
    places();
    people();
    refusals();
    return std::move(sheet_);
  }

 private:
  const std::string& language() const { return model_.program().languages(0); }
  /// Of one cohort.
  Figure mean(std::uint64_t sum) const {
    const std::uint64_t cohorts = std::max<std::uint64_t>(1, findings_.cohorts);
    return {(sum * 10 + cohorts / 2) / cohorts, Figure::Unit::Count};
  }
  static Figure percent(std::uint64_t part, std::uint64_t of) { return {of == 0 ? 0 : (part * 1000 + of / 2) / of, Figure::Unit::Percent}; }
  static Figure days(std::uint64_t seconds) { return {(seconds * 10 + day_s / 2) / day_s, Figure::Unit::Days}; }
  static Figure count(std::uint64_t number) { return {number * 10, Figure::Unit::Count}; }

  SheetSection& section(const std::string& title, std::vector<std::string> heads) {
    sheet_.sections.push_back({title, std::move(heads), {}, std::nullopt});
    return sheet_.sections.back();
  }

  void summary() {
    sheet_.summary.push_back(fmt::format("{} initiative{} in {} cohort{}, seed {}; opened on {}, over after {} days{}.", findings_.initiatives,
                                         findings_.initiatives == 1 ? "" : "s", findings_.cohorts, findings_.cohorts == 1 ? "" : "s", findings_.seed,
                                         calendar::to_string(findings_.begins).substr(0, 10), findings_.days.percentile(50),
                                         findings_.cohorts > 1 ? " (median)" : ""));
    sheet_.summary.push_back(fmt::format("{} macrosteps, {} commits, {} records; {} letters, of them {} reminders.", findings_.macrosteps,
                                         findings_.commits, findings_.records, findings_.letters, findings_.reminders));
    if (findings_.cohorts > 1) sheet_.summary.emplace_back("Figures are means of one cohort; times are of all initiatives together.");
    if (findings_.cut_off > 0) sheet_.notes.push_back(fmt::format("{} cohorts had not come to their end when they were cut off.", findings_.cut_off));
  }

  void stages() {
    SheetSection& made = section("Stages", {"entered", "of all"});
    made.bar = 0;
    for (const StageFinding& stage : findings_.stages) {
      made.rows.push_back({name_of(model_, chart_, stage.state), {mean(stage.entered), percent(stage.entered, findings_.began)}});
      for (const auto& [to, times] : stage.left_for)
        made.rows.push_back({"  → " + name_of(model_, chart_, to), {mean(times), percent(times, findings_.began)}});
      if (stage.stayed > 0) made.rows.push_back({"  still there", {mean(stage.stayed), percent(stage.stayed, findings_.began)}});
    }
  }

  void ends() {
    SheetSection& made = section("Ends", {"initiatives", "of all"});
    made.bar = 0;
    if (findings_.cohorts > 1) made.heads.insert(made.heads.end(), {"1 in 10 below", "1 in 10 above"});
    for (const auto& [state, by_cohort] : findings_.ends_by_cohort) {
      const auto found = findings_.ends.find(state);
      const std::uint64_t number = found == findings_.ends.end() ? 0 : found->second;
      SheetRow row{name_of(model_, chart_, state), {mean(number), percent(number, findings_.began)}};
      if (findings_.cohorts > 1) row.figures.insert(row.figures.end(), {count(by_cohort.percentile(10)), count(by_cohort.percentile(90))});
      made.rows.push_back(std::move(row));
    }
    if (findings_.still_running > 0) made.rows.push_back({"still running", {mean(findings_.still_running), percent(findings_.still_running, findings_.began)}});
    for (const auto& [why, times] : findings_.never_began)
      made.rows.push_back({fmt::format("never began: {}", cohort::to_string(why)), {mean(times)}});
  }

  void times() {
    SheetSection& made = section("Time in a state", {"entered", "median", "9 in 10 within", "deadlines missed"});
    made.bar = 1;
    const auto add = [&](const std::string& before, const statechart::Chart& chart, const std::vector<StateFinding>& states) {
      for (StateId state = 1; state < states.size(); ++state) {
        const StateFinding& one = states[state];
        const bool waits = chart.is_atomic(state) && chart.kind(state) != v1::Node::FINAL;  // the rest is in the JSON
        if (!waits || one.seconds.count() == 0) continue;
        made.rows.push_back({before + name_of(model_, chart, state),
                             {mean(one.entered), days(one.seconds.percentile(50)), days(one.seconds.percentile(90)), mean(one.deadlines)}});
        if (one.blocked > 0) made.rows.push_back({"  waited for a place or a condition", {mean(one.blocked)}});
      }
    };
    add("", chart_, findings_.states);
    for (std::size_t kind = 0; kind < model_.tasks().size(); ++kind)
      add(label_of(model_.tasks()[kind].kind->label(), model_.tasks()[kind].kind->name()) + ": ", *model_.tasks()[kind].chart, findings_.task_states[kind]);
  }

  std::string label_of(const v1::Text& text, const std::string& name) const {
    const std::string& label = cohort::in_language(text, language());
    return label.empty() ? name : label;
  }

  void tasks() {
    SheetSection& made = section("Entries and reports", {"opened", "finished"});
    for (std::size_t kind = 0; kind < model_.tasks().size(); ++kind)
      if (findings_.tasks[kind].opened > 0)
        made.rows.push_back({label_of(model_.tasks()[kind].kind->label(), model_.tasks()[kind].kind->name()),
                             {mean(findings_.tasks[kind].opened), mean(findings_.tasks[kind].finished)}});
  }

  Course course(const std::string& label, const Weeks& weeks) const {
    Course made{label, {}};
    for (const std::uint64_t one : weeks) made.tenths.push_back(mean(one).tenths);
    return made;
  }

  void places() {
    SheetSection& made = section("Places", {"there are", "taken at most", "taken at the end", "passed on"});
    for (std::size_t i = 0; i < findings_.quotas.size(); ++i) {
      const QuotaFinding& quota = findings_.quotas[i];
      const v1::Quota& rule = *model_.quotas()[i].quota;
      const std::string label = label_of(rule.label(), rule.name());
      made.rows.push_back({label, {count(quota.places), mean(quota.taken_at_most.sum()), mean(quota.held_at_end.sum()), mean(quota.passed_on)}});
      sheet_.places.push_back(course(label + ": taken", quota.taken));
      if (std::any_of(quota.waiting.begin(), quota.waiting.end(), [](std::uint64_t one) { return one > 0; }))
        sheet_.places.push_back(course(label + ": waiting", quota.waiting));
    }
  }

  void people() {
    SheetSection& made = section("People", {"people", "did", "initiatives at most", "of one at most"});
    for (std::size_t i = 0; i < findings_.roles.size(); ++i) {
      const RoleFinding& role = findings_.roles[i];
      const v1::Role& rule = model_.program().roles(static_cast<int>(i));
      if (role.acts == 0 && role.people == 0) continue;
      const auto most = [](const Weeks& weeks) { return weeks.empty() ? 0 : *std::max_element(weeks.begin(), weeks.end()); };
      const bool applicant = rule.name() == model_.applicant_role();
      SheetRow row{label_of(rule.label(), rule.name()), {count(applicant ? findings_.initiatives : role.people), mean(role.acts)}};
      if (!applicant) {
        row.figures.insert(row.figures.end(), {mean(most(role.load)), mean(most(role.most))});
        if (rule.scope() != v1::Role::COHORT) sheet_.people.push_back(course(row.label + ": initiatives of the busiest", role.most));
        else sheet_.people.push_back(course(row.label + ": initiatives", role.load));
      }
      made.rows.push_back(std::move(row));
    }
  }

  void refusals() {
    SheetSection& made = section("Tried and not possible", {"times"});
    for (const auto& [what, times] : findings_.refused)
      made.rows.push_back({fmt::format("{}: {}", what.first, cohort::to_string(what.second)), {mean(times)}});
  }

  const Findings& findings_;
  const cohort::Model& model_;
  const statechart::Chart& chart_;
  Sheet sheet_;
};

}  // namespace

std::string to_string(const Figure& figure) {
  const std::uint64_t whole = figure.tenths / 10, tenth = figure.tenths % 10;
  switch (figure.unit) {
    case Figure::Unit::Count: return tenth == 0 ? fmt::format("{}", whole) : fmt::format("{}.{}", whole, tenth);
    case Figure::Unit::Percent: return fmt::format("{} %", (figure.tenths + 5) / 10);
    case Figure::Unit::Days: return fmt::format("{}.{} d", whole, tenth);
  }
  return {};
}

std::string name_of(const cohort::Model& model, const statechart::Chart& chart, std::uint32_t state) {
  const std::string& language = model.program().languages(0);
  const std::string& label = cohort::in_language(chart.node(state).label(), language);
  std::string name = label.empty() ? chart.path(state) : label;
  for (StateId other = 1; other < chart.state_count(); ++other)
    if (other != state && cohort::in_language(chart.node(other).label(), language) == label) return fmt::format("{} ({})", name, chart.path(state));
  return name;
}

Sheet sheet_of(const Findings& findings, const cohort::Model& model) { return Maker(findings, model).run(); }

}  // namespace kvali::simulate
