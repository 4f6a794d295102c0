#include "engine/statechart/interpreter_doing.h"

#include <fmt/format.h>

#include <algorithm>

namespace kvali::statechart {

using expression::Kind;
using expression::Map;
using expression::Value;

namespace {

constexpr std::string_view processor = "http://www.w3.org/TR/scxml/#SCXMLEventProcessor";
constexpr std::string_view system_names[] = {"_event", "_name", "_sessionid", "_ioprocessors", "_active", "now"};

Value text(std::string_view text) { return Value::string(std::string(text)); }

Value map_of(std::vector<Map::Entry> entries) {
  auto made = Value::map(std::move(entries));
  KVALI_CHECK(made.has_value());
  return std::move(*made);
}

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::vector<std::string> split(std::string_view location) {
  std::vector<std::string> parts;
  while (true) {
    const auto dot = location.find('.');
    parts.emplace_back(location.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    location.remove_prefix(dot + 1);
  }
}

// `within` with what lies at `path[from…]` replaced; nothing on the way is made.
Result<Value> replaced(const Value& within, const std::vector<std::string>& path, std::size_t from,
                       const Value& value) {
  if (from == path.size()) return value;
  if (!within.is(Kind::Map)) return fail(fmt::format("{} has no field {}", path[from - 1], path[from]));
  std::vector<Map::Entry> entries = within.as_map().entries();
  for (auto& [key, inner] : entries) {
    if (!key.is(Kind::String) || key.as_string() != path[from]) continue;
    auto made = replaced(inner, path, from + 1, value);
    if (!made) return made;
    inner = std::move(*made);
    return map_of(std::move(entries));
  }
  if (from + 1 != path.size()) return fail(fmt::format("{} has no field {}", path[from - 1], path[from]));
  entries.emplace_back(text(path[from]), value);
  return map_of(std::move(entries));
}

}  // namespace

// --- names
// ------------------------------------------------------------------------------------------------------------

const Value* Interpreter::Names::keep(Value value) const {
  return kept_.emplace_back(std::make_unique<Value>(std::move(value))).get();
}

const Value* Interpreter::Names::lookup(std::string_view name) const {
  if (const auto found = of_.data_.find(name); found != of_.data_.end()) return &found->second;
  if (name == "_event") return of_.event_ ? &*of_.event_ : nullptr;
  if (name == "_name") return keep(text(of_.chart_->machine().name()));
  if (name == "_sessionid") return keep(text(of_.options_.session_id));
  if (name == "_active") {
    std::vector<Value> paths;
    paths.reserve(of_.configuration_.active.size());
    for (const StateId state : of_.configuration_.active) paths.push_back(text(of_.chart_->path(state)));
    return keep(Value::list(std::move(paths)));
  }
  if (name == "_ioprocessors") {
    const Value self = map_of({{text("location"), text("#_scxml_" + of_.options_.session_id)}});
    return keep(map_of({{text("scxml"), self}, {text(processor), self}}));
  }
  return nullptr;
}

// --- events
// -----------------------------------------------------------------------------------------------------------

std::uint64_t Interpreter::Doing::keep(Payload payload) {
  payloads_.push_back(std::move(payload));
  return payloads_.size();
}

// Makes `event` the one that expressions see as _event.
void Interpreter::Doing::see(const Event* event) {
  if (event == nullptr || (event->name == seen_name_ && event->data == seen_data_)) return;
  seen_name_ = event->name;
  seen_data_ = event->data;
  Payload payload;
  payload.type = "platform";  // what the step itself raises: done events without data
  if (event->data != 0) payload = payloads_[event->data - 1];
  const auto maybe = [](bool there, std::string_view value) { return there ? text(value) : Value(); };
  of_.event_ = map_of({{text("name"), text(event->name)},
                       {text("type"), text(payload.type)},
                       {text("sendid"), maybe(!payload.sendid.empty(), payload.sendid)},
                       {text("origin"), maybe(payload.sent, "#_scxml_" + of_.options_.session_id)},
                       {text("origintype"), maybe(payload.sent, processor)},
                       {text("invokeid"), Value()},
                       {text("data"), payload.data.value_or(Value())}});
}

void Interpreter::Doing::fail_with(const std::string& why, Turn& turn, std::string_view name, std::string sendid) {
  Payload payload;
  payload.type = "platform";
  payload.data = map_of({{text("reason"), text(why)}});
  payload.sendid = std::move(sendid);
  turn.raise(name, keep(std::move(payload)));
}

// SCXML: a value that cannot be made leaves its name without one.
void Interpreter::Doing::starting(Turn& turn) {
  for (const v1::Datum& datum : of_.chart_->machine().data()) {
    auto value = of_.evaluate(datum.value());
    if (!value) fail_with(value.error().message, turn);
    of_.data_.insert_or_assign(datum.name(), value ? std::move(*value) : Value());
  }
}

bool Interpreter::Doing::holds(ArrowId arrow, const Event* event, Turn& turn) {
  see(event);
  if (const auto known = of_.assumed(of_.chart_->arrow(arrow).guard())) return *known;
  const auto value = of_.evaluate(of_.chart_->arrow(arrow).guard());
  if (value && value->is(Kind::Bool)) return value->as_bool();
  // Told once: the error event leads to another selection, which would fail again, for ever.
  if (failed_.insert(arrow).second)
    fail_with(value ? "the guard is neither true nor false" : value.error().message, turn);
  return false;
}

// --- executable content
// -----------------------------------------------------------------------------------------------

Acted Interpreter::Doing::act(const v1::Action& action, Site, const Event* event, Turn& turn) {
  see(event);
  return run(action, turn);
}

Acted Interpreter::Doing::run(const Actions& actions, Turn& turn) {
  for (const v1::Action& action : actions) {
    if (run(action, turn) == Acted::Failed) return Acted::Failed;
  }
  return Acted::Yes;
}

Acted Interpreter::Doing::told(const Result<void>& done, Turn& turn) {
  if (done) return Acted::Yes;
  fail_with(done.error().message, turn);
  return Acted::Failed;
}

Acted Interpreter::Doing::run(const v1::Action& action, Turn& turn) {
  switch (action.kind_case()) {
    case v1::Action::kRaise:
      return told(raise(action.raise(), turn), turn);
    case v1::Action::kSend: {
      std::string id = action.send().id();
      const auto done = send(action.send(), id, turn);
      if (done) return Acted::Yes;
      fail_with(done.error().message, turn, "error.execution", id);
      return Acted::Failed;
    }
    case v1::Action::kCancel:
      return told(cancel(action.cancel()), turn);
    case v1::Action::kCancelExpression:
      return told(
          text_of(action.cancel_expression(), "the id").and_then([this](const std::string& id) { return cancel(id); }),
          turn);
    case v1::Action::kAssign:
      return told(assign(action.assign()), turn);
    case v1::Action::kChoose:
      return choose(action.choose(), turn);
    case v1::Action::kForEach:
      return for_each(action.for_each(), turn);
    case v1::Action::kLog: {
      const auto value = of_.evaluate(action.log());
      if (!value) return told(fail(value.error()), turn);
      of_.happened_.logged.push_back(value->is(Kind::String) ? value->as_string() : expression::to_text(*value));
      return Acted::Yes;
    }
    case v1::Action::kTell:
      tell(action.tell());
      return Acted::Yes;
    case v1::Action::kOpenTask:
      of_.happened_.opened.push_back(action.open_task().kind());
      return Acted::Yes;
    case v1::Action::KIND_NOT_SET:
      return Acted::Yes;
  }
  return Acted::Yes;
}

// A letter that names no role goes to whoever is waited for.
void Interpreter::Doing::tell(v1::TellEffect tell) {
  if (tell.roles().empty()) {
    std::set<std::string> roles;
    for (const StateId state : of_.configuration_.active) {
      for (const std::string& role : of_.chart_->node(state).waits_for()) roles.insert(role);
    }
    for (const std::string& role : roles) tell.add_roles(role);
  }
  of_.happened_.told.push_back(std::move(tell));
}

Result<void> Interpreter::Doing::cancel(const std::string& id) {
  std::erase_if(of_.sent_, [&](const Sent& sent) { return sent.payload.sendid == id; });
  return {};
}

Result<std::string> Interpreter::Doing::text_of(const std::string& source, std::string_view what) const {
  const auto value = of_.evaluate(source);
  if (!value) return fail(value.error());
  if (!value->is(Kind::String)) return fail(fmt::format("{} is no text", what));
  return value->as_string();
}

Result<void> Interpreter::Doing::raise(const v1::Raise& raise, Turn& turn) {
  Payload payload;
  payload.type = "internal";
  if (!raise.data().empty()) {
    auto data = fields(raise.data());
    if (!data) return fail(data.error());
    payload.data = std::move(*data);
  }
  turn.raise(raise.event(), keep(std::move(payload)));
  return {};
}

Result<Value> Interpreter::Doing::fields(const Assigns& assigns) const {
  std::vector<Map::Entry> entries;
  for (const v1::Assign& each : assigns) {
    auto value = of_.evaluate(each.value());
    if (!value || each.location().empty()) return value;  // without a name it is the whole data
    std::erase_if(entries, [&](const auto& entry) { return entry.first.as_string() == each.location(); });
    entries.emplace_back(text(each.location()), std::move(*value));
  }
  return map_of(std::move(entries));
}

// SCXML: what fails is left out, and told, but the done event is not stopped by it.
std::uint64_t Interpreter::Doing::done_data(StateId state, const Event* event, Turn& turn) {
  see(event);
  std::vector<Map::Entry> entries;
  Payload payload;
  payload.type = "platform";
  for (const v1::Assign& each : of_.chart_->node(state).done_data()) {
    auto value = of_.evaluate(each.value());
    if (!value) {
      fail_with(value.error().message, turn);
    } else if (each.location().empty()) {
      payload.data = std::move(*value);
    } else {
      entries.emplace_back(text(each.location()), std::move(*value));
    }
  }
  if (!entries.empty()) payload.data = map_of(std::move(entries));
  return keep(std::move(payload));
}

Result<calendar::Instant> Interpreter::Doing::delay_of(const v1::Send& send) const {
  if (!send.delay_expression().empty()) {
    const auto value = of_.evaluate(send.delay_expression());
    if (!value) return fail(value.error());
    if (!value->is(Kind::Duration)) return fail("the delay is no duration");
    return value->as_duration() / 1000;
  }
  if (send.delay().empty()) return 0;
  const auto period = calendar::parse_period(send.delay());
  if (!period) return fail(period.error());
  return calendar::shift(of_.options_.zone, of_.options_.holidays, of_.options_.now, *period) - of_.options_.now;
}

Result<void> Interpreter::Doing::send(const v1::Send& send, std::string& id, Turn& turn) {
  Payload payload;
  const auto name = send.event_expression().empty() ? Result<std::string>(send.event())
                                                    : text_of(send.event_expression(), "the name of the event");
  if (!name) return fail(name.error());
  const auto delay = delay_of(send);
  if (!delay) return fail(delay.error());
  if (!send.id_location().empty()) {
    id = fmt::format("send.{}", ++of_.sends_named_);
    v1::Assign made;
    made.set_location(send.id_location());
    made.set_value(fmt::format("\"{}\"", id));
    if (auto done = assign(made); !done) return done;
  }
  payload.sendid = id;
  if (!send.content().empty() || !send.data().empty()) {
    auto data = send.content().empty() ? fields(send.data()) : of_.evaluate(send.content());
    if (!data) return fail(data.error());
    payload.data = std::move(*data);
  }
  const auto target = send.target_expression().empty() ? Result<std::string>(send.target())
                                                       : text_of(send.target_expression(), "the target");
  if (!target) return fail(target.error());
  const bool internal = *target == "#_internal";
  const bool self = target->empty() || internal || *target == "#_scxml_" + of_.options_.session_id;
  if (!self && target->starts_with("#_")) {
    fail_with(fmt::format("there is no session {}", *target), turn, "error.communication", payload.sendid);
    return {};
  }
  if (!self) return fail(fmt::format("nothing can be sent to {}", *target));
  payload.type = internal ? "internal" : "external";
  payload.sent = !internal;
  if (internal) {
    turn.raise(*name, keep(std::move(payload)));
  } else {
    of_.sent_.push_back(
        {of_.options_.now + std::max<calendar::Instant>(0, *delay), ++of_.order_, *name, std::move(payload)});
  }
  return {};
}

Acted Interpreter::Doing::choose(const v1::Choose& choose, Turn& turn) {
  for (const v1::Branch& branch : choose.branches()) {
    if (branch.condition().empty()) return run(branch.actions(), turn);
    const auto value = of_.evaluate(branch.condition());
    if (!value || !value->is(Kind::Bool)) {
      fail_with(value ? "the condition is neither true nor false" : value.error().message, turn);
    } else if (value->as_bool()) {
      return run(branch.actions(), turn);
    }
  }
  return Acted::Yes;
}

Acted Interpreter::Doing::for_each(const v1::ForEach& for_each, Turn& turn) {
  const auto list = of_.evaluate(for_each.in());
  if (!list) return told(fail(list.error()), turn);
  if (!list->is(Kind::List)) return told(fail("what is gone through is no list"), turn);
  const auto usable = [](const std::string& name) {
    return is_name(name) && std::find(std::begin(system_names), std::end(system_names), name) == std::end(system_names);
  };
  if (!usable(for_each.item())) return told(fail(fmt::format("\"{}\" is no name for an item", for_each.item())), turn);
  if (!for_each.index().empty() && !usable(for_each.index())) return told(fail("the index has no usable name"), turn);
  for (std::size_t i = 0; i < list->as_list().size(); ++i) {
    of_.data_.insert_or_assign(for_each.item(), list->as_list().at(i));
    if (!for_each.index().empty())
      of_.data_.insert_or_assign(for_each.index(), Value::integer(static_cast<std::int64_t>(i)));
    if (run(for_each.actions(), turn) == Acted::Failed) return Acted::Failed;
  }
  return Acted::Yes;
}

Result<void> Interpreter::Doing::assign(const v1::Assign& assign) {
  const auto path = split(assign.location());
  if (std::find(std::begin(system_names), std::end(system_names), path[0]) != std::end(system_names)) {
    return fail(fmt::format("{} is not to be changed", path[0]));
  }
  const auto found = of_.data_.find(path[0]);
  if (found == of_.data_.end()) return fail(fmt::format("there is no \"{}\" to give a value to", path[0]));
  const auto value = of_.evaluate(assign.value());
  if (!value) return fail(value.error());
  auto made = replaced(found->second, path, 1, *value);
  if (!made) return fail(made.error());
  found->second = std::move(*made);
  return {};
}

}  // namespace kvali::statechart
