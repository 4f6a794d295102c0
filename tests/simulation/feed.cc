// What became durable is told to the model, in the order of the commits, and the two are compared after each.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/engine/cohort/describe.h"
#include "tests/simulation/simulation.h"

namespace kvali::simulation {
namespace {

const std::string cohort_stream = core::cohort_stream(Opening::cohort);

std::string words(std::vector<std::string> states, int end, const std::string& place, const std::string& held, bool proposed, unsigned version,
                  std::vector<std::string> items, std::vector<Us> dues) {
  std::sort(states.begin(), states.end());
  std::sort(items.begin(), items.end());
  std::sort(dues.begin(), dues.end());
  std::vector<std::string> instants;
  for (const Us due : dues) instants.push_back(calendar::to_string(due));
  return fmt::format("in {} end {} place {} held {}{} version {} items [{}] due [{}]", fmt::join(states, "+"), end, place, held,
                     proposed ? " proposed" : "", version, fmt::join(items, " "), fmt::join(instants, " "));
}

std::string words(const Work& work) {
  std::vector<std::string> items;
  std::vector<Us> dues;
  for (const auto& [name, timer] : work.timers) dues.push_back(timer.due);
  for (const Item& item : work.items) {
    items.push_back(item.key + (item.done ? " done" : item.overdue ? " overdue" : " open"));
    for (const auto& [name, timer] : item.timers) dues.push_back(timer.due);
  }
  return words(work.states(), work.end(), work.place, work.held.value_or(""), work.proposal.has_value(), work.version, items, dues);
}

std::string words(const cohort::Initiative& one) {
  std::vector<std::string> states, items;
  std::vector<Us> dues;
  for (const statechart::StateId state : statechart::atomic_states(one.model->chart(), one.at.where)) states.push_back(one.model->chart().path(state));
  for (const cohort::Timer& timer : one.at.timers) dues.push_back(timer.due);
  for (const cohort::Task& task : one.tasks) {
    const statechart::Chart& chart = *one.model->task(task.kind)->chart;
    bool overdue = false;
    for (const statechart::StateId state : task.at.where.active) overdue = overdue || chart.node(state).name() == "overdue";
    items.push_back(task.key + (task.finished ? " done" : overdue ? " overdue" : " open"));
    for (const cohort::Timer& timer : task.at.timers) dues.push_back(timer.due);
  }
  return words(states, one.end, one.places.empty() ? "" : one.places.front().second, one.held ? one.held->move : "", one.proposal.has_value(), one.version,
               items, dues);
}

}  // namespace

void Simulation::changed(const core::Changed& changed) {
  if (!changed.everything) return;
  ++seen_.conflicts;
  feed(core::cohort_stream(changed.cohort), journal_.head(core::cohort_stream(changed.cohort))->sequence);
}

void Simulation::durable(const std::string& stream, std::uint64_t first_sequence, const std::vector<v1::Record>& records) {
  if (fed_[stream] + 1 != first_sequence) broken(fmt::format("{} was told from {} where {} was due", stream, first_sequence, fed_[stream] + 1));
  if (first_sequence + records.size() - 1 > journal_.head(stream)->sequence) broken("durable, and not in the journal");
  feed(stream, first_sequence + records.size() - 1);
}

void Simulation::feed(const std::string& stream, std::uint64_t up_to) {
  std::vector<v1::Record> commit;
  const auto read = journal_.read(stream, fed_[stream] + 1, [&](const journal::Record& stored) {
    if (stored.sequence > up_to) return journal::Visit::Stop;
    if (!commit.emplace_back().ParseFromString(stored.bytes)) broken("a record cannot be read");
    fed_[stream] = stored.sequence;
    if (commit.size() < commit.front().commit().records()) return journal::Visit::Continue;
    feed_commit(stream, commit, stored.sequence + 1 - commit.size());
    commit.clear();
    return journal::Visit::Continue;
  });
  if (!read) broken(read.error().message);
  if (!commit.empty()) broken("half a commit is durable");
}

void Simulation::catch_up() {
  // Commits of two streams, in the order in which the journal took them.
  struct Next {
    std::uint64_t commit;
    std::string stream;
    std::uint64_t last;
  };
  std::vector<Next> next;
  const auto streams = journal_.streams();
  for (const journal::Head& head : *streams) {
    const auto read = journal_.read(head.stream, fed_[head.stream] + 1, [&](const journal::Record& stored) {
      next.push_back({stored.commit, stored.stream, stored.sequence});
      return journal::Visit::Continue;
    });
    if (!read) broken(read.error().message);
  }
  std::stable_sort(next.begin(), next.end(), [](const Next& a, const Next& b) { return a.commit < b.commit; });
  for (std::size_t i = 0; i < next.size(); ++i)
    if (i + 1 == next.size() || next[i + 1].commit != next[i].commit) feed(next[i].stream, next[i].last);
}

void Simulation::feed_commit(const std::string& stream, const std::vector<v1::Record>& records, std::uint64_t first_sequence) {
  const v1::Commit& commit = records.front().commit();
  const std::vector<std::string> touched = core::changes_of(stream, records).initiatives;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (auto applied = shadow_.apply(stream, records[i]); !applied) broken("a durable record does not fold: " + applied.error().message);
    const auto* told = records[i].has_advanced() ? &records[i].advanced().told() : records[i].has_excepted() ? &records[i].excepted().told() : nullptr;
    for (int letter = 0; told && letter < told->size(); ++letter)
      for (const std::string& person : told->Get(letter).persons())
        expected_letters_.insert(fmt::format("{}:{}:{}:{}", stream, first_sequence + i, letter, person));
  }
  if (!commit.command_id().empty()) {
    newest_stamp_[stream] = commit.stamped_at_us();
    feed_command(commit, stream, first_sequence + records.size() - 1);
    if (records.front().has_quota_changed() && commit.command_id().starts_with("elsewhere")) {
      model_.places[records.front().quota_changed().places().by()] = records.front().quota_changed().places().places();
      model_.notice(commit.recorded_at_us());
    }
  } else if (records.front().has_effect_reported()) {
    model_.notice(commit.recorded_at_us());
  } else {
    note("time fires at " + calendar::to_string(commit.stamped_at_us()));
    model_.pass_time(commit.stamped_at_us());
  }
  for (const std::string& id : touched) compare(id);
  if (random_.chance(6)) compare_all();
}

void Simulation::feed_command(const v1::Commit& commit, const std::string& stream, std::uint64_t last_sequence) {
  const std::string& key = commit.command_id();
  if (committed_.contains(key)) broken("in the journal twice: " + key);
  Committed& made = committed_[key];
  made = {0, stream, commit.created(), last_sequence, commit.stamped_at_us()};
  if (key.starts_with("elsewhere")) return;
  for (const std::size_t call : by_key_[key]) {
    const Call& one = calls_[call];
    if (opening_.vault->request_hash(one.actor + "\n" + one.command.SerializeAsString()) != commit.request_hash()) continue;
    made.call = call;
    note(fmt::format("{} durable at {} in {}: {}", call, last_sequence, stream, one.command.ShortDebugString().substr(0, 150)));
    if (const std::string code = model_.ask(one.command, one.actor, commit.stamped_at_us(), commit.created()); !code.empty())
      broken(fmt::format("done, where the rules say {}: {} by {}", code, one.command.ShortDebugString(), one.actor));
    return;
  }
  broken("the journal holds a command that nobody asked");
}

void Simulation::compare(const std::string& initiative) const {
  const cohort::Cohort& state = shadow_.cohorts.at(Opening::cohort).state;
  const auto slot = state.find(initiative);
  const Work* work = model_.work(initiative);
  if (!slot || !work) broken("only one of the two knows " + initiative);
  const std::string engine = words(state.initiatives[*slot]), rules = words(*work);
  if (engine != rules) broken(fmt::format("{} differs:\n  engine {}\n  rules  {}", initiative, engine, rules));
}

void Simulation::compare_all() const {
  const cohort::Cohort& state = shadow_.cohorts.at(Opening::cohort).state;
  if (state.initiatives.size() != model_.works.size()) broken("the two know different initiatives");
  for (const cohort::Initiative& one : state.initiatives) compare(one.id);
  for (const std::string& locality : opening_.localities) {
    const auto taken = state.taken.find({"per_locality", locality});
    if ((taken == state.taken.end() ? 0 : taken->second) != model_.taken(locality)) broken(locality + " has other places taken");
  }
  for (const std::string& sentence : cohort::testing::broken_invariants(state)) broken(sentence);
}

void Simulation::check_once() const {
  std::map<std::string, std::size_t> times;
  const auto streams = journal_.streams();
  for (const journal::Head& head : *streams) {
    const auto read = journal_.read(head.stream, 1, [&](const journal::Record& stored) {
      v1::Record record;
      if (record.ParseFromString(stored.bytes) && record.has_commit() && !record.commit().command_id().empty()) ++times[record.commit().command_id()];
      return journal::Visit::Continue;
    });
    if (!read) broken(read.error().message);
  }
  for (const auto& [key, count] : times)
    if (count != 1) broken(fmt::format("{} is in the journal {} times", key, count));
  for (const Call& call : calls_)
    if (call.results > 0 && !call.dry_run && times[call.command.id()] != 1) broken("acknowledged, and not in the journal: " + call.command.ShortDebugString());
}

void Simulation::check_replicas() {
  model_.look(now_);
  const std::string difference = cohort::testing::difference(cohort::testing::describe(shadow_.cohorts.at(Opening::cohort).state),
                                                             cohort::testing::describe(house_.cohort()));
  if (!difference.empty()) broken("what is served is not what is durable: " + difference);
  for (Client& client : clients_)
    for (auto& [number, replica] : client.replicas) {
      if (!replica.whole) {
        if (replica.topic == "cohort") broken(client.person + " has no whole board");
        continue;
      }
      if (replica.topic == "initiative" && !model_.sees(client.person, *model_.work(replica.initiative))) {
        if (!replica.rows.empty()) broken(client.person + " still holds what is not hers to see: " + replica.initiative);
        continue;
      }
      v1::ClientMessage message;
      message.set_id(++client.last_id);
      message.mutable_query()->set_limit(1000);
      if (replica.topic == "cohort") {
        message.mutable_query()->mutable_rows()->set_cohort(Opening::cohort);
      } else {
        message.mutable_query()->mutable_initiative()->set_cohort(Opening::cohort);
        message.mutable_query()->mutable_initiative()->set_initiative(replica.initiative);
      }
      client.questions[message.id()].kind = Question::Kind::Query;
      client.questions[message.id()].query = message.query();
      house_.api().received(client.connection, [&] {
        v1::ClientFrame frame;
        *frame.add_messages() = message;
        return client.json ? api::to_json(frame) : frame.SerializeAsString();
      }(), now_);
      std::map<std::string, v1::Row> fresh;
      while (!client.inbox.empty()) take_in(client);
      for (const v1::Row& row : client.answers[message.id()].rows()) fresh[row.key()] = row;
      client.answers.clear();
      for (const auto& [key, row] : fresh)
        if (!replica.rows.contains(key)) broken(client.person + " misses " + key);
        else if (replica.rows[key].SerializeAsString() != row.SerializeAsString())
          broken(fmt::format("{} holds an old {}:\n{}", client.person, key,
                             cohort::testing::difference(replica.rows[key].Utf8DebugString(), row.Utf8DebugString())));
      for (const auto& [key, row] : replica.rows)
        if (!fresh.contains(key)) broken(client.person + " still holds " + key);
    }
}

void Simulation::check_letters() const {
  std::set<std::string> sent;
  for (const core::Message& one : letters_.sent) {
    sent.insert(one.id);
    if (!expected_letters_.contains(one.id)) broken("a letter nobody asked for: " + one.id);
  }
  for (const std::string& id : expected_letters_)
    if (!sent.contains(id)) broken("a letter was never sent: " + id);
}

}  // namespace kvali::simulation
