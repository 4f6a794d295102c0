// Findings as JSON; what stands where is said in report.h.
#include <array>
#include <nlohmann/json.hpp>

#include "engine/simulate/report.h"
#include "engine/simulate/sheet.h"

namespace kvali::simulate {
namespace {

using json = nlohmann::ordered_json;

constexpr std::array<const char*, 6> end_words = {"", "success", "refused", "withdrawn", "lapsed", "terminated"};

class Writer {
 public:
  Writer(const Findings& findings, const cohort::Model& model) : findings_(findings), model_(model), chart_(model.chart()) {}

  json run() const {
    json made = {{"program", model_.name()},
                 {"title", label(model_.program().title())},
                 {"initiatives", findings_.initiatives},
                 {"cohorts", findings_.cohorts},
                 {"seed", findings_.seed},
                 {"begins", calendar::to_string(findings_.begins)},
                 {"days", findings_.days.percentile(50)},
                 {"engine",
                  {{"macrosteps", findings_.macrosteps},
                   {"starts", findings_.starts},
                   {"commits", findings_.commits},
                   {"records", findings_.records},
                   {"letters", findings_.letters},
                   {"reminders", findings_.reminders}}},
                 {"began", findings_.began}};
    made["never_began"] = json::array();
    for (const auto& [why, count] : findings_.never_began) made["never_began"].push_back({{"why", cohort::to_string(why)}, {"count", count}});
    made["still_running"] = findings_.still_running;
    made["cut_off"] = findings_.cut_off;
    made["stages"] = stages();
    made["ends"] = ends();
    made["states"] = states();
    made["tasks"] = tasks();
    made["quotas"] = quotas();
    made["roles"] = roles();
    made["refused"] = json::array();
    for (const auto& [what, count] : findings_.refused)
      made["refused"].push_back({{"what", what.first}, {"why", cohort::to_string(what.second)}, {"count", count}});
    made["money"] = nullptr;
    made["notes"] = findings_.notes;
    return made;
  }

 private:
  std::string label(const v1::Text& text) const { return cohort::in_language(text, model_.program().languages(0)); }

  json stages() const {
    json made = json::array();
    for (const StageFinding& one : findings_.stages) {
      json left = json::array();
      for (const auto& [to, count] : one.left_for) left.push_back({{"to", chart_.path(to)}, {"label", name_of(model_, chart_, to)}, {"count", count}});
      made.push_back({{"state", chart_.path(one.state)},
                      {"label", name_of(model_, chart_, one.state)},
                      {"entered", one.entered},
                      {"still_there", one.stayed},
                      {"left_for", std::move(left)}});
    }
    return made;
  }

  json ends() const {
    json made = json::array();
    for (const auto& [state, by_cohort] : findings_.ends_by_cohort)
      made.push_back({{"state", chart_.path(state)},
                      {"label", name_of(model_, chart_, state)},
                      {"ends", end_words[static_cast<std::size_t>(chart_.node(state).ends())]},
                      {"count", by_cohort.sum()},
                      {"p10", by_cohort.percentile(10)},
                      {"p90", by_cohort.percentile(90)}});
    return made;
  }

  void add_states(json& made, const statechart::Chart& chart, const std::vector<StateFinding>& states, const std::string& task) const {
    for (std::uint32_t state = 1; state < states.size(); ++state) {
      if (chart.kind(state) == v1::Node::FINAL || chart.is_history(state)) continue;
      json one = {{"state", chart.path(state)}, {"label", name_of(model_, chart, state)}};
      if (!task.empty()) one["task"] = task;
      one["entered"] = states[state].entered;
      one["median_s"] = states[state].seconds.percentile(50);
      one["p90_s"] = states[state].seconds.percentile(90);
      one["deadlines_missed"] = states[state].deadlines;
      one["blocked"] = states[state].blocked;
      made.push_back(std::move(one));
    }
  }
  json states() const {
    json made = json::array();
    add_states(made, chart_, findings_.states, "");
    for (std::size_t kind = 0; kind < model_.tasks().size(); ++kind)
      add_states(made, *model_.tasks()[kind].chart, findings_.task_states[kind], model_.tasks()[kind].kind->name());
    return made;
  }

  json tasks() const {
    json made = json::array();
    for (std::size_t kind = 0; kind < model_.tasks().size(); ++kind)
      made.push_back({{"kind", model_.tasks()[kind].kind->name()},
                      {"label", label(model_.tasks()[kind].kind->label())},
                      {"opened", findings_.tasks[kind].opened},
                      {"finished", findings_.tasks[kind].finished}});
    return made;
  }

  json quotas() const {
    json made = json::array();
    for (std::size_t i = 0; i < findings_.quotas.size(); ++i) {
      const QuotaFinding& one = findings_.quotas[i];
      json by = json::object();
      for (const auto& [name, most] : one.at_most_by) by[name] = most;
      made.push_back({{"quota", model_.quotas()[i].quota->name()},
                      {"label", label(model_.quotas()[i].quota->label())},
                      {"places", one.places},
                      {"at_most", one.taken_at_most.largest()},
                      {"at_most_by", std::move(by)},
                      {"held_at_end", one.held_at_end.sum()},
                      {"passed_on", one.passed_on},
                      {"taken_by_week", one.taken},
                      {"waiting_by_week", one.waiting}});
    }
    return made;
  }

  json roles() const {
    json made = json::array();
    for (std::size_t i = 0; i < findings_.roles.size(); ++i) {
      const v1::Role& role = model_.program().roles(static_cast<int>(i));
      made.push_back({{"role", role.name()},
                      {"label", label(role.label())},
                      {"people", findings_.roles[i].people},
                      {"acts", findings_.roles[i].acts},
                      {"load_by_week", findings_.roles[i].load},
                      {"busiest_by_week", findings_.roles[i].most}});
    }
    return made;
  }

  const Findings& findings_;
  const cohort::Model& model_;
  const statechart::Chart& chart_;
};

}  // namespace

std::string to_json(const Report& report) {
  const json base = Writer(report.base, report.model).run();
  if (!report.changed) return base.dump(2) + "\n";
  return json({{"with", report.with}, {"base", base}, {"changed", Writer(*report.changed, report.model).run()}}).dump(2) + "\n";
}

}  // namespace kvali::simulate
