#include "engine/program/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/calendar/calendar.h"
#include "engine/program/expand_task.h"
#include "engine/program/machine_builder.h"
#include "engine/program/names.h"
#include "engine/program/reviews.h"
#include "engine/program/subjects.h"
#include "engine/program/words.h"
#include "engine/result.h"

namespace kvali::program {

namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

constexpr const char* report_opens_default = "-P30D";

std::vector<std::string> to_vector(const Strings& strings) { return {strings.begin(), strings.end()}; }

/// "P30D" → "-P30D".
std::string negated(const std::string& period) {
  const auto parsed = calendar::parse_period(period);
  KVALI_CHECK(parsed.has_value());
  return calendar::to_string(calendar::negate(*parsed));
}

class Expander {
 public:
  Expander(const v1::Program& program, const Positions& positions)
      : program_(program), names_(program), places_(positions), builder_(program.name()) {}

  v1::Machine run() {
    *builder_.state(0).mutable_place() = places_.at("");
    if (program_.has_title()) *builder_.state(0).mutable_label() = program_.title();
    index_of_.assign(names_.spots().size(), 0);
    for (const std::size_t child : names_[0].children) add_spot(child, 0);
    for (std::size_t spot = 1; spot < names_.spots().size(); ++spot) add_arrows(spot);
    add_anywhere();
    std::stable_sort(builder_.machine().mutable_arrows()->begin(), builder_.machine().mutable_arrows()->end(),
                     [](const v1::Arrow& a, const v1::Arrow& b) { return a.source() < b.source(); });
    add_checklist();
    add_places();
    return std::move(builder_.machine());
  }

 private:
  // --- states ---------------------------------------------------------------------------------------------------------

  void add_spot(std::size_t spot, Index parent) {
    switch (names_[spot].kind) {
      case Spot::Kind::Stage: return add_stage(spot, parent);
      case Spot::Kind::Region: return add_region(spot, parent);
      case Spot::Kind::State:
      case Spot::Kind::Outcome: return add_state(spot, parent);
      case Spot::Kind::Program: return;
    }
  }

  Index add_node(std::size_t spot, Index parent, v1::Node::Kind kind) {
    index_of_[spot] = builder_.add_state(parent, names_[spot].name, kind, places_.at(names_[spot].yaml_path));
    return index_of_[spot];
  }

  Index add_implied(Index parent, const char* name, v1::Node::Kind kind, Word label, const std::string& yaml_path) {
    const Index index = builder_.add_state(parent, name, kind, places_.at(yaml_path));
    builder_.state(index).set_implied(true);
    *builder_.state(index).mutable_label() = word(label, program_);
    return index;
  }

  void add_stage(std::size_t spot, Index parent) {
    const v1::Stage& stage = *names_[spot].stage;
    const std::string& path = names_[spot].yaml_path;
    const Index index = add_node(spot, parent, v1::Node::COMPOUND);
    v1::Node& node = builder_.state(index);
    *node.mutable_label() = stage.label();
    if (stage.has_applicant()) *node.mutable_applicant() = stage.applicant();
    *node.mutable_waits_for() = stage.waits_for();
    if (!stage.waits_until().empty()) add_waiting(spot, index);
    Index inner = index;
    if (!stage.alongside().empty()) {
      inner = add_implied(index, "alongside", v1::Node::PARALLEL, Word::UnderWay, path + ".alongside");
      alongside_[spot] = inner;
    } else if (stage.states().empty()) {
      add_implied(index, "reporting", v1::Node::ATOMIC, Word::Reports, path + ".reports");
    }
    for (const std::size_t child : names_[spot].children) {
      add_spot(child, names_[child].kind == Spot::Kind::Region ? inner : index);
    }
  }

  void add_waiting(std::size_t spot, Index stage) {
    const std::string at = names_[spot].yaml_path + ".waits_until";
    const Index waiting = add_implied(stage, "waiting", v1::Node::ATOMIC, Word::WaitingForStart, at);
    v1::Timer& timer =
        builder_.add_timer(waiting, "start", fmt::format("due.{}.start", builder_.state(waiting).path()), places_.at(at));
    timer.set_at(names_[spot].stage->waits_until());
    timer.set_starts(true);
  }

  void add_region(std::size_t spot, Index parent) {
    const Index index = add_node(spot, parent, v1::Node::COMPOUND);
    *builder_.state(index).mutable_label() = names_[spot].region->label();
    for (const std::size_t child : names_[spot].children) add_spot(child, index);
  }

  /// `final` directly in a stage is no FINAL: the stage's outcomes are, and their done event must lead nowhere.
  [[nodiscard]] bool leaves_stage(std::size_t spot) const {
    return names_[spot].kind == Spot::Kind::State && names_[spot].state->final() &&
           names_[names_[spot].parent].kind == Spot::Kind::Stage;
  }

  void add_state(std::size_t spot, Index parent) {
    const v1::State& state = *names_[spot].state;
    v1::Node::Kind kind = v1::Node::ATOMIC;
    if (state.ends() != v1::State::END_UNSPECIFIED || (state.final() && !leaves_stage(spot))) {
      kind = v1::Node::FINAL;
    } else if (!state.alongside().empty()) {
      kind = v1::Node::PARALLEL;
    } else if (!state.states().empty()) {
      kind = v1::Node::COMPOUND;
    }
    const Index index = add_node(spot, parent, kind);
    v1::Node& node = builder_.state(index);
    *node.mutable_label() = state.label();
    if (state.has_applicant()) *node.mutable_applicant() = state.applicant();
    *node.mutable_waits_for() = state.waits_for();
    node.set_ends(state.ends());
    node.set_ranked_by(state.ranked_by());
    node.set_standstill(state.standstill());
    add_tasks(spot, index);
    for (const std::size_t child : names_[spot].children) add_spot(child, index);
    if (state.remembers() && kind != v1::Node::ATOMIC) {
      const Index history = builder_.add_state(index, "history", v1::Node::HISTORY_DEEP,
                                               places_.at(names_[spot].yaml_path + ".remembers"));
      builder_.state(history).set_implied(true);
      for (const Index child : builder_.children(index)) {
        if (child == history) continue;
        builder_.state(history).add_initial(child);
        if (kind == v1::Node::COMPOUND) break;
      }
      history_[index] = history;
    }
  }

  void add_tasks(std::size_t spot, Index index) {
    const v1::State& state = *names_[spot].state;
    const std::string& path = names_[spot].yaml_path;
    for (const ReviewAt& at : reviews_of(names_[spot])) {
      *builder_.machine().add_tasks() = expand_review(program_, *at.review, at.name, places_.at(at.yaml_path));
      builder_.state(index).add_opens(at.name);
    }
    for (const v1::Log& log : state.log()) {
      *builder_.machine().add_tasks() =
          expand_log(program_, log, state.waits_for(), places_.at(fmt::format("{}.log.{}", path, log.name())));
      builder_.state(index).add_opens(log.name());
    }
  }

  // --- arrows ---------------------------------------------------------------------------------------------------------

  void add_arrows(std::size_t spot) {
    const Spot& at = names_[spot];
    const Index index = index_of_[spot];
    if (at.stage != nullptr) {
      if (!at.stage->waits_until().empty()) add_start(spot);
      add_moves(spot, index, at.stage->moves(), at.yaml_path + ".moves");
      if (at.stage->has_deadline()) add_deadline(spot, index, at.stage->deadline(), at.stage->waits_for());
      add_reports(spot, index);
      add_when_done_of_stage(spot, index);
    } else if (at.state != nullptr) {
      add_moves(spot, index, at.state->moves(), at.yaml_path + ".moves");
      if (at.state->has_deadline()) add_deadline(spot, index, at.state->deadline(), at.state->waits_for());
      for (const ReviewAt& review : reviews_of(at))
        if (review.review->has_due()) add_due(index, review);
      if (leaves_stage(spot)) add_leaving(spot, index);
      if (!at.state->when_done().empty()) add_when_done(spot, index, index, at.state->when_done());
    }
  }

  Index target(std::size_t from, const std::string& name) const {
    const Resolution resolution = names_.resolve(from, name);
    KVALI_CHECK(resolution.problem == Resolution::Problem::None);
    return index_of_[resolution.spot];
  }

  /// Adds the target, through its memory for who comes from outside.
  void lead(v1::Arrow& arrow, std::size_t from, const std::string& name) {
    const Index to = target(from, name);
    const auto history = history_.find(to);
    const bool remembered = history != history_.end() && !builder_.contains(to, arrow.source());
    arrow.add_targets(remembered ? history->second : to);
  }

  void add_start(std::size_t spot) {
    const Index stage = index_of_[spot];
    const std::vector<Index> children = builder_.children(stage);
    const v1::Node& waiting = builder_.state(children[0]);
    v1::Arrow& arrow = builder_.add_arrow(children[0], waiting.place());
    arrow.add_events(waiting.timers(0).event());
    arrow.add_targets(children[1]);
    *arrow.mutable_label() = builder_.state(stage).label();
  }

  void add_moves(std::size_t spot, Index source, const google::protobuf::RepeatedPtrField<v1::Move>& moves,
                 const std::string& yaml_path) {
    for (const v1::Move& move : moves) {
      const std::string path = join_path(yaml_path, move.name());
      const auto begin = [&]() -> v1::Arrow& {
        v1::Arrow& arrow = builder_.add_arrow(source, places_.at(path));
        arrow.set_guard(move.if_());
        lead(arrow, spot, move.to());
        for (const v1::Tell& tell : move.tells()) {
          add_tell(arrow, {tell.role()}, tell.message(), "", places_.at(fmt::format("{}.tells.{}", path, tell.role())));
        }
        return arrow;
      };
      if (!move.by().empty()) {
        v1::ByPerson& person = *begin().mutable_move();
        person.set_name(move.name());
        *person.mutable_by() = move.by();
        *person.mutable_needs() = move.needs();
        *person.mutable_must_give() = move.must_give();
        person.set_held(move.held());
        *person.mutable_label() = move.label();
        if (move.has_confirm()) *person.mutable_confirm() = move.confirm();
        *person.mutable_not_by() = move.not_by();
        person.set_after_minutes(move.after_minutes());
        if (has_gate(move)) add_gate(person, move, spot, source, path);
      }
      const auto begin_unasked = [&]() -> v1::Arrow& {
        v1::Arrow& arrow = begin();
        *arrow.mutable_label() = move.label();
        *arrow.mutable_needs() = move.needs();
        return arrow;
      };
      if (!move.at().empty()) {
        v1::Timer& timer = builder_.add_timer(source, "move." + move.name(),
                                              fmt::format("due.{}.move.{}", builder_.state(source).path(), move.name()),
                                              places_.at(path + ".at"));
        timer.set_at(move.at());
        timer.set_starts(true);
        begin_unasked().add_events(timer.event());
      }
      if (!move.when_freed().empty()) {
        v1::Arrow& arrow = begin_unasked();
        arrow.add_events("freed." + move.when_freed());
        arrow.set_freed(move.when_freed());
      }
      if (move.by().empty() && move.at().empty() && move.when_freed().empty()) begin_unasked();
    }
  }

  /// What is agreed or voted on first; and where a vote that is not carried leads.
  void add_gate(v1::ByPerson& person, const v1::Move& move, std::size_t spot, Index source, const std::string& path) {
    v1::TaskKind kind = expand_gate(program_, move, source, builder_.state(source).path(), places_.at(path));
    person.set_gate(kind.name());
    if (!move.vote().otherwise().empty()) {
      v1::Arrow& lost = builder_.add_arrow(source, places_.at(path + ".vote"));
      lost.add_events("lost." + kind.name());
      lost.set_lost(kind.name());
      *lost.mutable_label() = word(Word::VoteLost, program_);
      lead(lost, spot, move.vote().otherwise());
    }
    *builder_.machine().add_tasks() = std::move(kind);
  }

  void add_deadline(std::size_t spot, Index source, const v1::Deadline& deadline, const Strings& waits_for) {
    const std::string path = names_[spot].yaml_path + ".deadline";
    const std::string state_path = builder_.state(source).path();
    v1::Timer& timer =
        builder_.add_timer(source, "deadline", fmt::format("due.{}.deadline", state_path), places_.at(path));
    timer.set_at(deadline.by());
    timer.set_within(deadline.within());
    v1::Arrow& arrow = builder_.add_arrow(source, places_.at(path + ".then"));
    arrow.add_events(timer.event());
    *arrow.mutable_label() = word(Word::DeadlinePassed, program_);
    if (!deadline.then().to().empty()) lead(arrow, spot, deadline.then().to());
    if (!deadline.then().tell().empty()) {
      add_tell(arrow, to_vector(deadline.then().tell()), "overdue", "deadline", places_.at(path + ".then"));
    }
    for (int i = 0; i < deadline.remind_size(); ++i) {
      const v1::Place place = places_.at(fmt::format("{}.remind.{}", path, i + 1));
      v1::Timer& reminder = builder_.add_timer(source, fmt::format("deadline.remind.{}", i + 1),
                                               fmt::format("remind.{}.deadline.{}", state_path, i + 1), place);
      reminder.set_at(deadline.by());
      reminder.set_within(deadline.within());
      reminder.set_offset(deadline.remind(i));
      reminder.set_of("deadline");
      reminder.set_past_fires(false);
      v1::Arrow& told = builder_.add_arrow(source, place);
      told.add_events(reminder.event());
      add_tell(told, to_vector(waits_for), "reminder", "deadline", place);
    }
  }

  /// A day for scores changes nothing of where the initiative stands: its readers are reminded, and told when they are late.
  void add_due(Index source, const ReviewAt& at) {
    const v1::ReviewDue& due = at.review->due();
    const std::string path = at.yaml_path + ".due", state_path = builder_.state(source).path(), name = at.name + ".due";
    const auto add = [&](const std::string& timer_name, const std::string& event, const v1::Place& place, const char* message) -> v1::Timer& {
      v1::Timer& timer = builder_.add_timer(source, timer_name, event, place);
      timer.set_at(due.by());
      timer.set_within(due.within());
      v1::Arrow& arrow = builder_.add_arrow(source, place);
      arrow.add_events(event);
      add_tell(arrow, {at.review->by()}, message, name, place);
      arrow.mutable_actions(0)->mutable_tell()->set_review(at.name);
      if (std::string_view(message) == "overdue" && !due.tell().empty()) add_tell(arrow, to_vector(due.tell()), message, name, place);
      return timer;
    };
    add(name, fmt::format("due.{}.{}", state_path, name), places_.at(path), "overdue");
    for (int i = 0; i < due.remind_size(); ++i) {
      v1::Timer& reminder = add(fmt::format("{}.remind.{}", name, i + 1), fmt::format("remind.{}.{}.{}", state_path, name, i + 1),
                                places_.at(fmt::format("{}.remind.{}", path, i + 1)), "reminder");
      reminder.set_offset(due.remind(i));
      reminder.set_of(name);
      reminder.set_past_fires(false);
    }
  }

  void add_reports(std::size_t spot, Index source) {
    const v1::Stage& stage = *names_[spot].stage;
    for (const v1::Report& report : stage.reports()) {
      const std::string path = fmt::format("{}.reports.{}", names_[spot].yaml_path, report.form());
      const v1::Place place = places_.at(path);
      v1::Timer& timer = builder_.add_timer(source, "series." + report.form(),
                                            fmt::format("series.{}.{}", stage.name(), report.form()), place);
      timer.set_within(report.every());
      timer.set_every(report.every());
      timer.set_times(report.times());
      timer.set_offset(report.opens().empty() ? report_opens_default : negated(report.opens()));
      v1::Arrow& arrow = builder_.add_arrow(source, place);
      arrow.add_events(timer.event());
      v1::Action& action = *arrow.add_actions();
      action.mutable_open_task()->set_kind(report.form());
      *action.mutable_place() = place;
      *builder_.machine().add_tasks() = expand_report(program_, stage, report, path, places_);
    }
  }

  void add_when_done_of_stage(std::size_t spot, Index source) {
    const v1::Stage& stage = *names_[spot].stage;
    if (stage.when_done().empty()) return;
    if (const auto parallel = alongside_.find(spot); parallel != alongside_.end()) {
      add_when_done(spot, source, parallel->second, stage.when_done());
    } else if (!stage.reports().empty()) {
      v1::Arrow& arrow = builder_.add_arrow(source, places_.at(names_[spot].yaml_path + ".when_done"));
      arrow.add_events("done.series." + stage.reports(0).form());
      lead(arrow, spot, stage.when_done());
    }
  }

  /// A final state of a stage goes on by itself.
  void add_leaving(std::size_t spot, Index source) {
    const std::size_t stage = names_[spot].parent;
    v1::Arrow& arrow = builder_.add_arrow(source, places_.at(names_[stage].yaml_path + ".when_done"));
    lead(arrow, stage, names_[stage].stage->when_done());
  }

  void add_when_done(std::size_t spot, Index source, Index done, const std::string& to) {
    v1::Arrow& arrow = builder_.add_arrow(source, places_.at(names_[spot].yaml_path + ".when_done"));
    arrow.add_events("done.state." + builder_.state(done).path());
    lead(arrow, spot, to);
  }

  void add_anywhere() {
    for (const std::size_t child : names_[0].children) {
      if (names_[child].kind == Spot::Kind::Stage) add_moves(0, index_of_[child], program_.anywhere(), "anywhere");
    }
  }

  // --- what holds across states ---------------------------------------------------------------------------------------

  /// All states that an arrow to `to` makes active, but those around it.
  void collect_entered(Index to, std::set<Index>& entered) const {
    if (!entered.insert(to).second) return;
    const v1::Node& node = builder_.state(to);
    if (node.kind() == v1::Node::PARALLEL) {
      for (const Index child : builder_.children(to)) {
        if (builder_.state(child).kind() != v1::Node::HISTORY_DEEP) collect_entered(child, entered);
      }
    }
    for (const Index initial : node.initial()) collect_entered(initial, entered);
  }

  [[nodiscard]] bool enters(const v1::Arrow& arrow, Index state) const {
    if (arrow.targets().empty() || builder_.contains(state, arrow.source())) return false;
    std::set<Index> entered;
    for (const Index to : arrow.targets()) {
      collect_entered(to, entered);
      for (Index outer = to; outer != 0; outer = builder_.state(outer).parent()) entered.insert(outer);
    }
    return entered.contains(state);
  }

  void add_checklist() {
    for (const v1::Checklist& line : program_.cohort().must_hold()) {
      const Index state = target(0, line.before());
      v1::Need need;
      need.set_when(line.when());
      *need.mutable_why() = line.why();
      need.set_of(line.of());
      for (v1::Arrow& arrow : *builder_.machine().mutable_arrows()) {
        if (!enters(arrow, state)) continue;
        *(arrow.has_move() ? arrow.mutable_move()->add_needs() : arrow.add_needs()) = need;
      }
    }
  }

  void add_places() {
    for (const v1::Quota& quota : program_.cohort().quotas()) {
      v1::HeldPlaces& places = *builder_.machine().add_places();
      places.set_quota(quota.name());
      for (const std::string& name : quota.held_while()) places.add_states(target(0, name));
    }
  }

  const v1::Program& program_;
  Names names_;
  Places places_;
  MachineBuilder builder_;
  std::vector<Index> index_of_;            // by spot
  std::map<std::size_t, Index> alongside_;  // of a stage's spot
  std::map<Index, Index> history_;         // of a state that remembers
};

}  // namespace

v1::Machine expand(const v1::Program& program, const Positions& positions) {
  const v1::Program own = without_subjects(program);
  v1::Machine machine = Expander(own, positions).run();
  for (const v1::Subject& subject : program.subjects()) {
    const v1::Program small = program_of(program, subject);
    *machine.add_subjects() = Expander(small, positions_of(positions, subject)).run();
  }
  return machine;
}

}  // namespace kvali::program
