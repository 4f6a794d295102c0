#include "engine/statechart/interpreter.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/limits.h"
#include "engine/statechart/interpreter_doing.h"

namespace kvali::statechart {

using expression::Value;

Interpreter::Interpreter(std::shared_ptr<const Chart> chart, Options options)
    : chart_(std::move(chart)),
      options_(std::move(options)),
      compiled_(std::make_shared<std::unordered_map<std::string, Compiled>>()) {
  for (const v1::TaskKind& task : chart_->machine().tasks()) data_[task.name()] = Value::list(std::vector<Value>{});
}

Result<expression::Outcome> Interpreter::outcome_of(const std::string& source) const {
  auto found = compiled_->find(source);
  if (found == compiled_->end()) {
    auto read = expression::compile(source);
    Compiled made;
    if (read) {
      made.expression = std::move(*read);
    } else {
      const auto& fault = read.error().front();
      made.fault = fmt::format("{}:{}: {}", fault.line, fault.column, fault.message);
    }
    found = compiled_->emplace(source, std::move(made)).first;
  }
  if (!found->second.expression) return fail(found->second.fault);
  expression::Context context;
  context.now = options_.now;
  context.zone = &options_.zone;
  context.holidays = &options_.holidays;
  return expression::evaluate(*found->second.expression, Names(*this), context);
}

Result<Value> Interpreter::evaluate(const std::string& source) const {
  auto outcome = outcome_of(source);
  if (!outcome) return fail(outcome.error());
  if (!outcome->result) return fail(outcome->result.error().message);
  return std::move(*outcome->result);
}

Result<void> Interpreter::macrostep(std::string_view event, Payload payload, const Step& step) {
  Stepper stepper(*chart_);
  Doing doing(*this);
  const Event made{event, doing.keep(std::move(payload)), event_unknown};
  const bool has_needs = std::any_of(chart_->machine().arrows().begin(), chart_->machine().arrows().end(),
                                     [](const v1::Arrow& arrow) { return !arrow.needs().empty(); });
  const auto before = has_needs ? std::optional(*this) : std::nullopt;
  const Macrostep& out = step(stepper, doing, &made);
  // An arrow that no person makes is taken and then looked at: what it needs may not hold, and then nothing happened.
  std::vector<std::string> blocked;
  for (const ArrowId arrow : out.taken) {
    for (std::string& why : unmet(chart_->arrow(arrow).needs())) blocked.push_back(std::move(why));
  }
  if (!blocked.empty()) {
    *this = *before;
    happened_.blocked.insert(happened_.blocked.end(), blocked.begin(), blocked.end());
    return {};
  }
  if (out.overflow) {
    return fail(fmt::format("the machine does not come to rest within {} microsteps", limits::microsteps_max));
  }
  if (configuration_.done) {
    sent_.clear();
    armed_.clear();
  }
  return {};
}

Result<void> Interpreter::start() {
  const Step step = [this](Stepper& stepper, Host& host, const Event*) -> const Macrostep& {
    return stepper.start(configuration_, host);
  };
  return macrostep(step).and_then([this] { return run_due(); });
}

Result<void> Interpreter::dispatch(std::string_view event, std::optional<Value> data) {
  const Step step = [this](Stepper& stepper, Host& host, const Event* made) -> const Macrostep& {
    return stepper.dispatch(configuration_, *made, host);
  };
  Payload payload;
  payload.data = std::move(data);
  return run_due(Including::SendsToo)
      .and_then([&] { return macrostep(event, std::move(payload), step); })
      .and_then([this] { return run_due(); });
}

Result<void> Interpreter::bind(std::string_view name, Value value) {
  data_.insert_or_assign(std::string(name), std::move(value));
  return ask_again();
}

void Interpreter::assume(const std::string& source, bool holds) { assumed_[source] = holds; }

std::optional<bool> Interpreter::assumed(const std::string& source) const {
  const auto found = assumed_.find(source);
  return found == assumed_.end() ? std::nullopt : std::optional(found->second);
}

Result<void> Interpreter::ask_again() {
  if (configuration_.active.empty() || configuration_.done) return {};
  plan_unknown();
  return settle();
}

/// Asks eventless arrows again.
Result<void> Interpreter::settle() {
  const Step step = [this](Stepper& stepper, Host& host, const Event*) -> const Macrostep& {
    return stepper.settle(configuration_, host);
  };
  return macrostep(step).and_then([this] { return run_due(); });
}

// --- moves
// ------------------------------------------------------------------------------------------------------------

namespace {

// The first language is the one the program is written in.
std::string first_text(const v1::Text& text) {
  return text.translations().empty() ? std::string() : text.translations(0).text();
}

// `initiative` with the fields of `given` put over its own.
Value merged(const Value* initiative, const Value& given) {
  std::vector<expression::Map::Entry> entries;
  if (initiative != nullptr && initiative->is(expression::Kind::Map)) {
    for (const auto& entry : initiative->as_map().entries()) {
      if (given.as_map().find(entry.first) == nullptr) entries.push_back(entry);
    }
  }
  for (const auto& entry : given.as_map().entries()) {
    if (!(entry.first.is(expression::Kind::String) && entry.first.as_string() == "reason")) entries.push_back(entry);
  }
  auto made = Value::map(std::move(entries));
  KVALI_CHECK(made.has_value());
  return std::move(*made);
}

}  // namespace

std::string Interpreter::possible_moves() const {
  if (configuration_.done) return "it has come to its end";
  std::vector<std::string> possible;
  for (const ArrowId arrow : moves(*chart_, configuration_)) {
    const v1::ByPerson& move = chart_->arrow(arrow).move();
    possible.push_back(move.by().empty() ? move.name()
                                         : fmt::format("{} (by {})", move.name(), fmt::join(move.by(), ", ")));
  }
  if (possible.empty()) return "there are no moves here";
  return fmt::format("possible here: {}", fmt::join(possible, ", "));
}

bool Interpreter::holds(ArrowId arrow) const {
  if (!chart_->has_guard(arrow)) return true;
  if (const auto known = assumed(chart_->arrow(arrow).guard())) return *known;
  const auto value = evaluate(chart_->arrow(arrow).guard());
  return value && value->is(expression::Kind::Bool) && value->as_bool();
}

Result<ArrowId> Interpreter::find_move(std::string_view name, std::string_view by) const {
  std::vector<ArrowId> named;
  std::vector<ArrowId> found;
  for (const ArrowId arrow : moves(*chart_, configuration_)) {
    const v1::Arrow& each = chart_->arrow(arrow);
    if (each.move().name() != name && chart_->path(each.source()) + "." + each.move().name() != name) continue;
    named.push_back(arrow);
    const auto& roles = each.move().by();
    if (by.empty() || roles.empty() || std::find(roles.begin(), roles.end(), by) != roles.end()) found.push_back(arrow);
  }
  if (named.empty()) return fail(fmt::format("no move \"{}\"; {}", name, possible_moves()));
  if (found.empty()) {
    return fail(fmt::format("the move \"{}\" is made by {}, not by {}", name,
                            fmt::join(chart_->arrow(named[0]).move().by(), ", "), by));
  }
  // The innermost state's arrows come first, and of one state the earlier.
  std::stable_sort(found.begin(), found.end(),
                   [&](ArrowId a, ArrowId b) { return chart_->arrow(a).source() > chart_->arrow(b).source(); });
  const StateId innermost = chart_->arrow(found.front()).source();
  for (const ArrowId arrow : found) {
    const StateId source = chart_->arrow(arrow).source();
    if (source == innermost || chart_->is_descendant(innermost, source)) continue;
    return fail(fmt::format("two moves are named \"{}\"; say {}.{} or {}.{}", name, chart_->path(source), name,
                            chart_->path(innermost), name));
  }
  const auto first = std::find_if(found.begin(), found.end(), [&](ArrowId arrow) { return holds(arrow); });
  if (first == found.end())
    return fail(fmt::format("the move \"{}\" is not possible now: its condition does not hold", name));
  return *first;
}

std::vector<std::string> Interpreter::unmet(const Needs& needs) const {
  std::vector<std::string> unmet;
  for (const v1::Need& need : needs) {
    if (const auto known = assumed(need.when())) {
      if (!*known) unmet.push_back(need.why().translations().empty() ? need.when() : first_text(need.why()));
      continue;
    }
    const auto value = evaluate(need.when());
    if (value && value->is(expression::Kind::Bool) && value->as_bool()) continue;
    const std::string why = need.why().translations().empty() ? need.when() : first_text(need.why());
    unmet.push_back(value ? why : fmt::format("{} (it cannot be told: {})", why, value.error().message));
  }
  return unmet;
}

Result<void> Interpreter::check(const v1::ByPerson& move, const Value& data) const {
  std::vector<std::string> unmet;
  for (const std::string& field : move.must_give()) {
    if (data.as_map().find(field) == nullptr) unmet.push_back(fmt::format("\"{}\" must be given", field));
  }
  for (std::string& why : this->unmet(move.needs())) unmet.push_back(std::move(why));
  if (!unmet.empty())
    return fail(fmt::format("the move \"{}\" is not possible yet: {}", move.name(), fmt::join(unmet, "; ")));
  return {};
}

Result<void> Interpreter::move(std::string_view name, std::string_view by, const Value& data) {
  KVALI_CHECK(data.is(expression::Kind::Map));
  if (auto done = run_due(Including::SendsToo); !done) return done;
  const auto old = data_.find("initiative");
  const std::optional<Value> before = old == data_.end() ? std::nullopt : std::optional(old->second);
  data_.insert_or_assign("initiative", merged(before ? &*before : nullptr, data));
  const auto arrow = find_move(name, by);
  auto ready = arrow ? check(chart_->arrow(*arrow).move(), data) : Result<void>(fail(arrow.error()));
  if (!ready) {
    before ? static_cast<void>(data_.insert_or_assign("initiative", *before))
           : static_cast<void>(data_.erase("initiative"));
    return ready;
  }
  const Step step = [&](Stepper& stepper, Host& host, const Event* made) -> const Macrostep& {
    return stepper.take(configuration_, *arrow, host, made);
  };
  Payload payload;
  payload.data = data;
  return macrostep(chart_->arrow(*arrow).move().name(), std::move(payload), step).and_then([this] {
    return run_due();
  });
}

Result<void> Interpreter::place_freed(std::string_view quota) {
  if (auto done = run_due(Including::SendsToo); !done) return done;
  for (auto state = configuration_.active.rbegin(); state != configuration_.active.rend() && !configuration_.done;
       ++state) {
    for (const ArrowId arrow : chart_->arrows_of(*state)) {
      if (chart_->trigger(arrow) != Trigger::Freed || chart_->arrow(arrow).freed() != quota || !holds(arrow)) continue;
      const Step step = [&](Stepper& stepper, Host& host, const Event* made) -> const Macrostep& {
        return stepper.take(configuration_, arrow, host, made);
      };
      return macrostep("freed." + std::string(quota), {}, step).and_then([this] { return run_due(); });
    }
  }
  return fail(fmt::format("nothing here waits for a place of \"{}\"", quota));
}

// --- time
// -------------------------------------------------------------------------------------------------------------

/// The earliest instant at which time alone may let an arrow be taken that nobody has to take.
calendar::Instant Interpreter::wakes_at() const {
  calendar::Instant earliest = calendar::never;
  if (configuration_.done) return earliest;
  for (const StateId state : configuration_.active) {
    for (const ArrowId arrow : chart_->arrows_of(state)) {
      if (chart_->trigger(arrow) != Trigger::Eventless || !chart_->has_guard(arrow)) continue;
      if (const auto outcome = outcome_of(chart_->arrow(arrow).guard())) earliest = std::min(earliest, outcome->may_change_at);
    }
  }
  return earliest;
}

Result<void> Interpreter::advance_to(calendar::Instant instant) {
  if (instant < options_.now) return fail("time never goes back");
  // What is due on the way happens at its own instant.
  const calendar::Instant end = instant;
  for (std::size_t fired = 0;; ++fired) {
    std::optional<calendar::Instant> next;
    for (const Sent& sent : sent_) next = std::min(next.value_or(sent.at), sent.at);
    for (const Armed& armed : armed_) {
      if (armed.at) next = std::min(next.value_or(*armed.at), *armed.at);
    }
    const calendar::Instant wake = wakes_at();
    if (wake != calendar::never) next = std::min(next.value_or(wake), wake);
    if (!next || *next > end) break;
    if (fired >= limits::timers_fired_per_advance_max) {
      return fail(fmt::format("more than {} timers would fire; advance by less", limits::timers_fired_per_advance_max));
    }
    options_.now = std::max(options_.now, *next);
    if (auto done = run_due(Including::SendsToo); !done) return done;
    if (wake > options_.now || configuration_.done) continue;
    if (auto done = settle(); !done) return done;
  }
  options_.now = end;
  return {};
}

Result<void> Interpreter::run_due(Including what) {
  for (std::size_t fired = 0;; ++fired) {
    if (fired >= limits::timers_fired_per_advance_max) {
      return fail(fmt::format("more than {} events are due at once", limits::timers_fired_per_advance_max));
    }
    const auto earlier = [](const auto& a, const auto& b) {
      return std::pair(a.at, a.order) < std::pair(b.at, b.order);
    };
    const auto sent = std::min_element(sent_.begin(), sent_.end(), earlier);
    const auto armed = std::min_element(armed_.begin(), armed_.end(), [](const Armed& a, const Armed& b) {
      return std::pair(a.at.value_or(calendar::never), a.order) < std::pair(b.at.value_or(calendar::never), b.order);
    });
    const bool sent_due = what == Including::SendsToo && sent != sent_.end() && sent->at <= options_.now;
    const bool armed_due = armed != armed_.end() && armed->at && *armed->at <= options_.now;
    if (!sent_due && !armed_due) return {};
    const Step step = [this](Stepper& stepper, Host& host, const Event* made) -> const Macrostep& {
      return stepper.dispatch(configuration_, *made, host);
    };
    Result<void> done;
    if (sent_due && (!armed_due || std::pair(sent->at, sent->order) < std::pair(*armed->at, armed->order))) {
      Sent taken = std::move(*sent);
      sent_.erase(sent);
      done = macrostep(taken.event, std::move(taken.payload), step);
    } else {
      const Armed taken = *armed;
      armed_.erase(armed);
      arm_next(taken);
      done = macrostep(timer(taken).event(), {}, step);
    }
    if (!done) return done;
  }
}

std::vector<Interpreter::Due> Interpreter::due() const {
  std::vector<std::pair<std::uint64_t, Due>> all;
  all.reserve(sent_.size() + armed_.size());
  for (const Sent& sent : sent_) all.push_back({sent.order, {sent.event, "", sent.at, ""}});
  for (const Armed& armed : armed_)
    all.push_back({armed.order, {timer(armed).event(), chart_->path(armed.state), armed.at, armed.why}});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.at.value_or(calendar::never), a.first) <
           std::pair(b.second.at.value_or(calendar::never), b.first);
  });
  std::vector<Due> due;
  due.reserve(all.size());
  for (auto& each : all) due.push_back(std::move(each.second));
  return due;
}

Interpreter::Happened Interpreter::take_happened() { return std::exchange(happened_, {}); }

}  // namespace kvali::statechart
