// Subscriptions: what is dirty becomes deltas, at each reader's pace.
#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>

#include "engine/limits.h"
#include "server/api/connection.h"
#include "server/views/views.h"

namespace kvali::api {
namespace {

constexpr std::uint32_t default_credit = 16;

/// The bytes of a row in one order, so that equal rows have equal bytes (they hold no maps).
std::string bytes_of(const v1::Row& row) { return row.SerializeAsString(); }

/// What a person holds here, in a form that two moments can be compared by.
std::string rights_of(core::Core& core, const cohort::Cohort& cohort, const std::string& person, std::int64_t now_us) {
  std::string rights;
  if (core.store().directory.related(person, "manager", "", now_us)) rights += "house;";
  for (const cohort::Assignment& one : cohort.assignments)
    if (one.person == person && !one.ended && now_us < one.until) rights += one.id + ";";
  // A conflict of interest takes rights as the end of a role does.
  if (const auto declared = cohort.conflicts_of.find(person); declared != cohort.conflicts_of.end())
    for (const std::uint32_t at : declared->second) rights += cohort.conflicts[at].id + ";";
  if (const auto grants = core.store().directory.grant_index.find(person); grants != core.store().directory.grant_index.end())
    for (const std::size_t at : grants->second)
      if (const directory::Grant& one = core.store().directory.grants[at]; !one.ended && one.from <= now_us && now_us < one.until) rights += one.id + ";";
  // Who has no role sees the cohort while its call is open.
  if (cohort::is_open(cohort, now_us)) rights += "open;";
  return core.vault().fresh_id("rights", rights);  // of one size, however much somebody is entrusted with: a cursor has a limit
}

/// Whether an initiative that stood in `locality` could be seen with the rights of now.
bool could_see(const cohort::Cohort& cohort, const core::Core& core, const cohort::Viewer& viewer, const std::string& id,
               const std::string& locality) {
  const auto slot = cohort.find(id);
  if (!slot) return false;
  cohort::Initiative then = cohort.initiatives[*slot];
  const std::string& field = then.model->locality_field();
  std::erase_if(then.fields.change(), [&](const cohort::FieldState& one) { return one.name == field; });
  if (!locality.empty()) {
    v1::Value value;
    value.set_text(locality);
    then.fields.push_back({field, value, 1});
  }
  return cohort::may(cohort, core.store().world(), viewer, cohort::Action::Know, &then);
}

/// Whether its row tells its place in a line, which moves when others come and go.
bool stands_in_line(const cohort::Initiative& one) {
  const statechart::Chart& chart = one.model->chart();
  return std::any_of(one.at.where.active.begin(), one.at.where.active.end(), [&](statechart::StateId state) {
    const auto& arrows = chart.arrows_of(state);
    return std::any_of(arrows.begin(), arrows.end(), [&](statechart::ArrowId arrow) { return !chart.arrow(arrow).freed().empty(); });
  });
}

/// Adds the keys of those in line in `localities`: their ranks may have moved.
void add_lines(const cohort::Cohort& state, const std::set<std::string>& localities, std::set<std::string>& keys) {
  for (const std::string& locality : localities) {
    const auto there = state.by_locality.find(locality);
    if (there == state.by_locality.end()) continue;
    for (const cohort::Slot slot : there->second)
      if (stands_in_line(state.initiatives[slot])) keys.insert(views::key_of(state.initiatives[slot]));
  }
}

}  // namespace

Api::Dirt Api::dirt_of(const core::Changed& changed, const core::CohortEntry& entry) {
  const cohort::Cohort& state = entry.state;
  Dirt dirt;
  dirt.rules = changed.rules;
  for (const std::string& by : changed.places) {
    if (!by.empty()) dirt.localities.insert(by);
    else  // a place of the whole cohort is one that everybody may have
      for (const auto& [locality, slots] : state.by_locality) dirt.localities.insert(locality);
  }
  for (const std::string& id : changed.initiatives) {
    const auto slot = state.find(id);
    if (!slot) continue;
    dirt.keys.insert(views::key_of(state.initiatives[*slot]));
    dirt.localities.insert(cohort::locality_of(state.initiatives[*slot]));
  }
  // Who left a locality moves the line there too.
  for (const core::Touches::Touch& touch : entry.touches.since(changed.position_before).value_or(std::vector<core::Touches::Touch>()))
    dirt.localities.insert(touch.locality_before);
  add_lines(state, dirt.localities, dirt.keys);
  if (!changed.head) return dirt;
  dirt.keys.insert("cohort");
  for (const v1::LocalityEntry& one : state.localities) dirt.keys.insert("locality/" + one.id());
  return dirt;
}

void Api::changed(const core::Changed& changed) {
  // The directory says who runs the house: every reader's rights are looked at again.
  const bool everywhere = changed.cohort.empty();
  std::optional<Dirt> dirt;  // the same for every board: found once, when somebody looks
  for (const auto& [id, connection] : connections_)
    for (auto& [number, subscription] : connection->subscriptions) {
      if (!everywhere && subscription.cohort != changed.cohort) continue;
      const auto entry = options_.core.store().cohorts.find(subscription.cohort);
      if (entry == options_.core.store().cohorts.end() || !entry->second.state.open()) continue;
      if (!dirt) dirt = everywhere ? Dirt{{}, {}, true} : dirt_of(changed, entry->second);
      mark(*connection, subscription, entry->second.state, changed, *dirt);
      wake();
    }
}

void Api::pass_time(std::int64_t now_us) {
  now_us_ = std::max(now_us_, now_us);
  for (const auto& [id, entry] : options_.core.store().cohorts) {
    if (!entry.state.open()) continue;
    const cohort::Instant now = cohort::instant_in(entry.state, now_us_);
    cohort::Instant& looked = looked_.try_emplace(id, now).first->second;
    const bool over = std::any_of(entry.state.assignments.begin(), entry.state.assignments.end(), [&](const cohort::Assignment& one) {
      return !one.ended && one.until > looked && one.until <= now;
    });
    const std::vector<directory::Grant>& grants = options_.core.store().directory.grants;
    const bool granted = std::any_of(grants.begin(), grants.end(), [&](const directory::Grant& one) {
      return !one.ended && ((one.from > looked && one.from <= now) || (one.until > looked && one.until <= now));
    });
    const bool turned = now > looked && calendar::next_change(entry.state.zone, looked) <= now;
    const bool closed = cohort::is_open(entry.state, looked) && !cohort::is_open(entry.state, now);
    looked = std::max(looked, now);
    if (over || granted || turned || closed) changed({id, entry.state.sequence, {}, {}, true, true, false});
  }
}

void Api::mark(const Connection& connection, Subscription& subscription, const cohort::Cohort& state, const core::Changed& changed,
               const Dirt& dirt) {
  const std::string rights = rights_of(options_.core, state, connection.person, cohort::instant_in(state, now_us_));
  if (changed.everything || rights != subscription.rights) {
    // Rows that are no longer to be seen are removed, others appear: everything is looked at again.
    subscription.rights = rights;
    for (const auto& [key, hash] : subscription.held) subscription.dirty.insert(key);
    subscription.dirty.insert(subscription.underway.begin(), subscription.underway.end());
    if (subscription.topic == "cohort") {
      const views::Views views(options_.core, state, connection.person, now_us_);
      for (std::string& key : views.board_keys()) subscription.dirty.insert(std::move(key));
    }
  }
  if (subscription.topic == "cohort") {
    subscription.dirty.insert(dirt.keys.begin(), dirt.keys.end());
    return;
  }
  // Whether a move is possible hangs on the places of its locality too, and on the cohort's own rules.
  const std::string key = "initiative/" + subscription.initiative;
  const auto slot = state.find(subscription.initiative);
  const bool near = slot && dirt.localities.contains(cohort::locality_of(state.initiatives[*slot]));
  if (dirt.rules || near || dirt.keys.contains(key)) subscription.dirty.insert(key);
}

void Api::durable(const std::string&, std::uint64_t, const Records&) {}

void Api::subscribe(Connection& connection, std::uint32_t id, const v1::Subscribe& subscribe) {
  if (connection.subscriptions.size() >= limits::subscriptions_per_connection_max)
    return refuse(connection, id, "LIMIT", "too_many_subscriptions");
  if (connection.subscriptions.contains(id)) return refuse(connection, id, "INVALID", "twice");
  const auto entry = options_.core.store().cohorts.find(subscribe.cohort());
  if (entry == options_.core.store().cohorts.end()) return refuse(connection, id, "NOT_FOUND", "no_cohort");
  if (!entry->second.quarantined.empty()) return refuse(connection, id, "UNAVAILABLE", "quarantined_cohort");
  const cohort::Cohort& state = entry->second.state;
  const views::Views views(options_.core, state, connection.person, connection.now_us);
  const bool board = subscribe.topic() == "cohort";
  if (!board && subscribe.topic() != "initiative") return refuse(connection, id, "INVALID", "no_topic");
  if (!board && !views.sees(subscribe.initiative())) return refuse(connection, id, "NOT_FOUND", "no_initiative");

  Subscription made;
  made.id = id;
  made.generation = ++generations_;
  made.topic = subscribe.topic();
  made.cohort = subscribe.cohort();
  made.initiative = subscribe.initiative();
  made.credit = std::min(subscribe.credit() ? subscribe.credit() : default_credit, limits::credit_max);
  made.rights = rights_of(options_.core, state, connection.person, cohort::instant_in(state, connection.now_us));
  const bool resumed = !subscribe.cursor().empty() && resume(connection, made, entry->second, subscribe.cursor());
  if (!resumed) {
    const std::vector<std::string> keys = board ? views.board_keys() : std::vector<std::string>{"initiative/" + subscribe.initiative()};
    made.dirty.insert(keys.begin(), keys.end());
  }
  made.snapshot = !resumed;
  v1::ServerMessage message;
  message.mutable_sub_state()->set_subscription(id);
  message.mutable_sub_state()->set_phase(resumed ? v1::SubState::LIVE : v1::SubState::RESET);
  if (!resumed && !subscribe.cursor().empty()) message.mutable_sub_state()->set_why("the cursor is too old or of other rights");
  message.set_id(id);
  const std::uint64_t to = connection.id;
  options_.core.read([this, to, message] { return [this, to, message] { answer(to, message); }; });
  connection.subscriptions.emplace(id, std::move(made));
  wake();
}

bool Api::resume(const Connection& connection, Subscription& subscription, const core::CohortEntry& entry, const std::string& sealed) {
  const cohort::Cohort& state = entry.state;
  const auto cursor = open_cursor(sealed, options_.core.vault());
  if (!cursor || cursor->cohort != subscription.cohort || cursor->rights != subscription.rights ||
      cursor->topic != subscription.topic + subscription.initiative || cursor->position > state.sequence)
    return false;
  const auto touches = entry.touches.since(cursor->position);
  if (!touches) return false;
  const views::Views views(options_.core, state, connection.person, connection.now_us);
  const cohort::Viewer viewer{connection.person, cohort::instant_in(state, connection.now_us)};
  std::set<std::string> visible;     // at the cursor, or at any touch since: a part of a delta may have told of it
  std::set<std::string> localities;  // in whose lines somebody may have moved
  if (subscription.topic == "initiative") {
    subscription.held["initiative/" + subscription.initiative] = 0;
    subscription.dirty.insert("initiative/" + subscription.initiative);
    return true;
  }
  for (std::string& key : views.board_keys()) subscription.held.emplace(std::move(key), 0);
  // Time alone changes these, and nobody remembers it: summer time, an assignment that is over.
  subscription.dirty.insert("cohort");
  for (const v1::LocalityEntry& one : state.localities) subscription.dirty.insert("locality/" + one.id());
  for (const core::Touches::Touch& touch : *touches) {
    const std::string key = views::key_of(state.initiatives[*state.find(touch.initiative)]);
    subscription.dirty.insert(key);
    if (!touch.started && could_see(state, options_.core, viewer, touch.initiative, touch.locality_before)) visible.insert(key);
    if (visible.contains(key))
      subscription.held[key] = 0;
    else
      subscription.held.erase(key);
    localities.insert({touch.locality_before, cohort::locality_of(state.initiatives[*state.find(touch.initiative)])});
  }
  add_lines(state, localities, subscription.dirty);
  return true;
}

void Api::ack(Connection& connection, const v1::Ack& ack) {
  const auto found = connection.subscriptions.find(ack.subscription());
  if (found == connection.subscriptions.end()) return;
  found->second.credit = std::min(found->second.credit + ack.credit(), limits::credit_max);
  if (found->second.wants()) wake();
}

void Api::flush(std::int64_t now_us) {
  woken_ = false;
  now_us_ = std::max(now_us_, now_us);
  for (const auto& [id, connection] : connections_)
    for (auto& [number, subscription] : connection->subscriptions) {
      if (connection->full) break;
      if (!subscription.wants()) continue;
      const Push push{id, number, subscription.generation, now_us};
      options_.core.read([this, push] { return build(push); });
    }
}

Subscription* Api::find(const Push& push) {
  Connection* connection = find(push.connection);
  if (!connection) return nullptr;
  const auto found = connection->subscriptions.find(push.subscription);
  return found != connection->subscriptions.end() && found->second.generation == push.generation ? &found->second : nullptr;
}

core::Gate::Deliver Api::build(const Push& push) {
  Subscription* subscription = find(push);
  if (!subscription) return [] {};
  const auto entry = options_.core.store().cohorts.find(subscription->cohort);
  if (entry == options_.core.store().cohorts.end()) return [] {};
  const cohort::Cohort& state = entry->second.state;
  // Built before, and void since another writer was first: the keys are looked at again.
  subscription->dirty.merge(std::exchange(subscription->underway, {}));
  const views::Views views(options_.core, state, find(push.connection)->person, push.now_us);
  Built built;
  std::size_t bytes = 0;
  while (!subscription->dirty.empty() && bytes < limits::delta_bytes_max) {
    const std::string key = *subscription->underway.insert(subscription->dirty.extract(subscription->dirty.begin())).position;
    std::optional<v1::Row> row = subscription->topic == "initiative" ? views.detail(subscription->initiative) : views.row(key);
    const auto held = subscription->held.find(key);
    if (!row) {
      if (held != subscription->held.end()) built.removed.push_back(key);
      continue;
    }
    const std::string encoded = bytes_of(*row);
    const std::size_t hash = std::hash<std::string>()(encoded) | 1;  // 0 means: not known
    // Where nothing that the reader may see has changed, nothing tells her that something did.
    if (held != subscription->held.end() && held->second == hash) continue;
    bytes += encoded.size();
    built.hashes.emplace_back(key, hash);
    built.rows.push_back(std::move(*row));
  }
  subscription->building = subscription->snapshot || !built.rows.empty() || !built.removed.empty();
  if (!subscription->building) {
    subscription->underway.clear();
    if (!subscription->dirty.empty()) wake();
    return [] {};
  }
  built.whole = subscription->dirty.empty();
  const bool exact = built.whole && !(subscription->snapshot && !(built.removed.empty() && subscription->gone.empty()));
  if (exact)
    built.cursor = seal({subscription->cohort, state.sequence, subscription->rights, subscription->topic + subscription->initiative}, options_.core.vault());
  return [this, push, built = std::move(built)] { deliver(push, built); };
}

void Api::deliver(const Push& push, const Built& built) {
  Subscription* subscription = find(push);
  if (!subscription) return;
  subscription->building = false;
  subscription->underway.clear();
  for (const auto& [key, hash] : built.hashes) subscription->held[key] = hash;
  v1::ServerMessage message;
  if (subscription->snapshot) {
    v1::Snapshot& snapshot = *message.mutable_snapshot();
    snapshot.set_subscription(push.subscription);
    snapshot.set_page(++subscription->page);
    snapshot.set_last(built.whole);
    snapshot.set_cursor(built.cursor);
    *snapshot.mutable_rows() = {built.rows.begin(), built.rows.end()};
    subscription->snapshot = !built.whole;
    subscription->gone.insert(built.removed.begin(), built.removed.end());
    if (built.whole) subscription->dirty.merge(std::exchange(subscription->gone, {}));
  } else {
    v1::Delta& delta = *message.mutable_delta();
    delta.set_subscription(push.subscription);
    delta.set_seq(++subscription->seq);
    delta.set_cursor(built.cursor);
    *delta.mutable_upsert() = {built.rows.begin(), built.rows.end()};
    *delta.mutable_remove() = {built.removed.begin(), built.removed.end()};
    for (const std::string& key : built.removed) subscription->held.erase(key);
    --subscription->credit;
  }
  if (!subscription->dirty.empty() || subscription->snapshot) wake();
  answer(push.connection, std::move(message));
}

}  // namespace kvali::api
