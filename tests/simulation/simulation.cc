#include "tests/simulation/simulation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "server/core/uuid.h"

namespace kvali::simulation {
namespace {

/// How far the season is after a part of the run: the application takes a quarter, as do the decisions, mentoring and the reports.
Us calendar_at(double part) {
  struct Point {
    double part;
    Us at;
  };
  static const Point points[] = {{0, day_of(2016, 11, 14) * day_us}, {0.25, day_of(2016, 12, 20) * day_us}, {0.42, day_of(2017, 1, 9) * day_us},
                                 {0.5, day_of(2017, 1, 16) * day_us}, {0.75, day_of(2017, 4, 1) * day_us}, {1, day_of(2019, 7, 1) * day_us}};
  for (std::size_t i = 1; i < std::size(points); ++i)
    if (part <= points[i].part)
      return points[i - 1].at + static_cast<Us>((part - points[i - 1].part) / (points[i].part - points[i - 1].part) *
                                                static_cast<double>(points[i].at - points[i - 1].at));
  return points[std::size(points) - 1].at;
}

}  // namespace

Seen& Seen::operator+=(const Seen& other) {
  for (auto part : {&Seen::calls, &Seen::done, &Seen::refused, &Seen::replayed, &Seen::crashes, &Seen::conflicts, &Seen::resets, &Seen::resumed, &Seen::deltas})
    this->*part += other.*part;
  for (const auto& [code, times] : other.codes) codes[code] += times;
  for (const auto& [state, times] : other.states) states[state] += times;
  return *this;
}

std::string Seen::words() const {
  std::string words = fmt::format("{} calls, {} done, {} refused, {} replayed, {} crashes, {} conflicts, {} resets, {} resumed, {} deltas;", calls, done,
                                  refused, replayed, crashes, conflicts, resets, resumed, deltas);
  for (const auto& [code, times] : codes) words += fmt::format(" {} {}", code, times);
  for (const auto& [state, times] : states) words += fmt::format(", {} {}", times, state);
  return words;
}

Simulation::Simulation(const Opening& opening, const Plan& plan)
    : opening_(opening), plan_(plan), random_(plan.seed), journal_(opening.journal), model_(opening.model), player_(opening, random_),
      house_(journal_, *opening.vault, *this, *this, letters_), now_(opening.opened_at) {
  std::vector<std::string> notices;
  if (!shadow_.replay(journal_, notices)) broken("the opening does not fold");
  const auto streams = journal_.streams();
  for (const journal::Head& head : *streams) fed_[head.stream] = head.sequence;
  const auto join = [&](const std::string& person) {
    Client& client = clients_.emplace_back();
    client.person = person;
    client.json = random_.chance(15);
    client.patience_bytes = plan.faults && random_.chance(30) ? 200 + random_.below(4000) : 64 * 1024;
  };
  for (const auto* all : {&opening.managers, &opening.reviewers, &opening.coordinators, &opening.mentors, &opening.applicants})
    for (const std::string& person : *all) join(person);
  join(opening.donor);
  join(opening.managers[0]);  // in a second browser
}

void Simulation::broken(const std::string& sentence) const {
  throw std::runtime_error(fmt::format("seed {} broke at step {}: {}\nwhat happened last:\n{}", plan_.seed, step_, sentence, fmt::join(trace_, "\n")));
}

void Simulation::note(std::string line) {
  for (const char c : line) seen_.trace = (seen_.trace ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  trace_.push_back(std::move(line));
  if (trace_.size() > 60) trace_.pop_front();
}

Client* Simulation::by_connection(std::uint64_t connection) {
  for (Client& one : clients_)
    if (connection != 0 && one.connection == connection) return &one;
  return nullptr;
}

Seen Simulation::run() {
  house_.start();
  for (step_ = 0; step_ < plan_.steps; ++step_) {
    try {
      step();
      if (random_.below(plan_.steps / 6 + 1) == 0) settle();
    } catch (const Stopped&) {
      crash();
    }
  }
  settle();
  compare_all();
  check_once();
  check_letters();
  for (const Work& one : model_.works) ++seen_.states[one.state];
  return seen_;
}

void Simulation::step() {
  while (!closing_.empty()) {
    Client* client = by_connection(closing_.back());
    closing_.pop_back();
    if (client) drop(*client);
  }
  const std::size_t what = random_.below(100);
  Client& client = random_.of(clients_);
  if (what < 20) {
    act();
  } else if (what < 48) {
    std::vector<Client*> waiting;
    for (Client& one : clients_)
      if (!one.outbox.empty()) waiting.push_back(&one);
    if (!waiting.empty()) hand_over(*random_.of(waiting));
  } else if (what < 60) {
    journal_.pump();
  } else if (what < 74) {
    house_.run_posted();
  } else if (what < 80) {
    house_.flush(now_);
  } else if (what < 91) {
    std::vector<Client*> waiting;
    for (Client& one : clients_)
      if (!one.inbox.empty()) waiting.push_back(&one);
    if (!waiting.empty()) take_in(*random_.of(waiting));
  } else if (what < 94) {
    tick();
  } else if (what < 96) {
    letters_.down = plan_.faults && random_.chance(15);
    house_.effects().run(now_);
  } else if (what < 99) {
    ask_query(client);
  } else if (plan_.faults) {
    fault();
  }
}

// --- clients

void Simulation::connect(Client& client) {
  client.connection = ++last_connection_;
  house_.api().connected(client.connection, client.json ? api::Encoding::Json : api::Encoding::Proto);
  const bool ticket = random_.chance(40);
  client.late = !settling_;
  const std::string token = house_.sessions().make(ticket ? access::Purpose::Ticket : access::Purpose::Bearer, client.person, now_);
  v1::ClientMessage hello;
  hello.set_id(++client.last_id);
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_locale(random_.chance(50) ? "lt" : "en");
  *(ticket ? hello.mutable_hello()->mutable_ticket() : hello.mutable_hello()->mutable_bearer()) = token;
  client.questions[hello.id()].kind = Question::Kind::Hello;
  std::vector<v1::ClientMessage> messages{hello};
  std::map<std::uint32_t, Replica> replicas;
  if (client.replicas.empty()) {
    client.replicas[1].topic = "cohort";
    std::vector<const Work*> visible;
    for (const Work& one : model_.works)
      if (model_.sees(client.person, one)) visible.push_back(&one);
    if (!visible.empty()) {
      client.replicas[2].topic = "initiative";
      client.replicas[2].initiative = random_.of(visible)->id;
    }
  }
  for (auto& [number, replica] : client.replicas) {
    if (replica.topic == "initiative" && (!model_.work(replica.initiative) || !model_.sees(client.person, *model_.work(replica.initiative)))) continue;
    v1::ClientMessage message;
    message.set_id(++client.last_id);
    v1::Subscribe& subscribe = *message.mutable_subscribe();
    subscribe.set_topic(replica.topic);
    subscribe.set_cohort(Opening::cohort);
    subscribe.set_initiative(replica.initiative);
    subscribe.set_cursor(replica.cursor);
    subscribe.set_credit(static_cast<std::uint32_t>(random_.below(5)));
    if (replica.cursor.empty()) replica.rows.clear();
    replica.id = message.id();
    replica.seq = 0;
    replica.unacknowledged = 0;
    replica.whole = false;
    client.questions[message.id()].kind = Question::Kind::Subscribe;
    replicas[message.id()] = std::move(replica);
    messages.push_back(std::move(message));
  }
  client.replicas = std::move(replicas);
  client.send(std::move(messages));
  for (const std::size_t call : client.unanswered) send_call(client, call);
}

void Simulation::drop(Client& client) {
  // Some of what the server sent may have arrived before the line broke.
  while (!client.inbox.empty() && random_.chance(60)) take_in(client);
  house_.api().disconnected(client.connection);
  client.forget_connection();
  note("dropped " + client.person);
}

void Simulation::hand_over(Client& client) {
  auto [frame, ids] = std::move(client.outbox.front());
  client.outbox.pop_front();
  now_ += random_.between(1, 2000);
  for (const std::uint32_t id : ids)
    if (const auto question = client.questions.find(id); question != client.questions.end()) {
      question->second.stamped = now_;
      question->second.disk = disk_changes_;
      question->second.read_only = read_only_;
    }
  house_.api().received(client.connection, frame, now_);
}

void Simulation::take_in(Client& client) {
  const auto bytes = client.inbox.front();
  client.inbox.pop_front();
  client.inbox_bytes -= bytes->size();
  std::vector<v1::ClientMessage> acks;
  const v1::ServerFrame frame = client.read(*bytes);
  for (const v1::ServerMessage& message : frame.messages()) {
    std::uint32_t subscription = 0;
    if (message.has_welcome()) client.welcomed = true;
    if (message.has_sub_state()) subscription = message.sub_state().subscription();
    if (message.has_snapshot()) subscription = message.snapshot().subscription();
    if (message.has_delta()) subscription = message.delta().subscription();
    if (message.has_answer()) client.answers[message.id()] = message.answer();
    if (const auto question = client.questions.find(message.id()); question != client.questions.end()) {
      if (question->second.kind == Question::Kind::Call) std::erase(client.unanswered, question->second.call);
      client.questions.erase(question);
    }
    const auto replica = client.replicas.find(subscription);
    if (replica == client.replicas.end()) continue;
    if (const std::string wrong = replica->second.fold(message); !wrong.empty()) broken(client.person + ": " + wrong);
    if (replica->second.unacknowledged > 0 && (settling_ || random_.chance(60))) {
      v1::ClientMessage& ack = acks.emplace_back();
      ack.mutable_ack()->set_subscription(subscription);
      ack.mutable_ack()->set_seq(replica->second.seq);
      ack.mutable_ack()->set_credit(std::exchange(replica->second.unacknowledged, 0));
    }
  }
  if (!acks.empty()) client.send(std::move(acks));
  if (client.pressed && client.inbox_bytes <= client.patience_bytes) {
    client.pressed = false;
    house_.api().writable(client.connection);
  }
}

void Simulation::act() {
  std::vector<Client*> away;
  for (Client& one : clients_)
    if (one.connection == 0 && !one.unanswered.empty()) away.push_back(&one);
  if (!away.empty() && random_.chance(20)) return connect(*random_.of(away));
  for (int tries = 0; tries < 4; ++tries) {  // not everybody has something to do
    const std::string person = player_.somebody();
    std::vector<std::size_t> own;
    for (std::size_t i = 0; i < clients_.size(); ++i)
      if (clients_[i].person == person) own.push_back(i);
    const std::size_t client = random_.of(own);
    if (clients_[client].connection == 0) return connect(clients_[client]);
    if (clients_[client].unanswered.size() > 4) continue;
    model_.look(now_);
    auto command = player_.ask(person, model_, now_);
    if (command) return ask(client, std::move(*command));
  }
}

void Simulation::ask(std::size_t number, v1::Command command) {
  Client& client = clients_[number];
  std::vector<std::size_t> earlier;  // in the same stream: a key belongs to one
  for (std::size_t i = calls_.size(); i > 0 && earlier.size() < 5; --i)
    if (calls_[i - 1].actor == client.person && !calls_[i - 1].dry_run && calls_[i - 1].command.cohort() == command.cohort()) earlier.push_back(i - 1);
  if (!earlier.empty() && random_.chance(5)) {  // a double click: the same again
    const std::size_t again = random_.of(earlier);
    client.unanswered.push_back(again);
    return send_call(client, again);
  }
  command.set_id(core::make_uuid_v7(now_, random_.next(), random_.next()));
  if (!earlier.empty() && random_.chance(2)) command.set_id(calls_[random_.of(earlier)].command.id());  // a key for two requests
  Call call;
  call.command = std::move(command);
  call.actor = client.person;
  call.dry_run = random_.chance(6);
  call.client = number;
  calls_.push_back(std::move(call));
  by_key_[calls_.back().command.id()].push_back(calls_.size() - 1);
  ++seen_.calls;
  client.unanswered.push_back(calls_.size() - 1);
  send_call(client, calls_.size() - 1);
}

void Simulation::send_call(Client& client, std::size_t call) {
  v1::ClientMessage message;
  message.set_id(++client.last_id);
  *message.mutable_call()->mutable_command() = calls_[call].command;
  message.mutable_call()->set_dry_run(calls_[call].dry_run);
  Question& question = client.questions[message.id()];
  question.kind = Question::Kind::Call;
  question.call = call;
  client.send({std::move(message)});
}

void Simulation::ask_query(Client& client) {
  if (client.connection == 0) return;
  v1::ClientMessage message;
  message.set_id(++client.last_id);
  message.mutable_query()->mutable_rows()->set_cohort(Opening::cohort);
  message.mutable_query()->set_limit(1000);
  Question& question = client.questions[message.id()];
  question.kind = Question::Kind::Query;
  question.query = message.query();
  client.send({std::move(message)});
}

// --- time and faults

void Simulation::tick() {
  const Us target = calendar_at(static_cast<double>(step_) / static_cast<double>(plan_.steps));
  // Two weeks between a command's making and its answer end the time in which it may be sent: mostly its answer is waited for.
  if (target - now_ > 4 * day_us && random_.chance(80)) settle(random_.chance(15));
  const Us most = house_.core().in_flight() > 0 ? hour : std::max<Us>(minute, target - now_);
  now_ += random_.between(1000, most);
  house_.core().pass_time(now_);
  house_.api().pass_time(now_);
  note(fmt::format("it is {}", calendar::to_string(now_)));
}

void Simulation::fault() {
  switch (random_.below(12)) {
    case 0: return crash();
    case 1:
      note("the disk will fail");
      return journal_.fail_append(random_.below(3), "the disk is gone");
    case 2: return write_elsewhere();
    case 3:
    case 4:
      read_only_ = !read_only_ && random_.chance(25);
      ++disk_changes_;
      note(read_only_ ? "read only" : "roomy");
      return journal_.set_read_only(read_only_ ? "the disk is nearly full" : "");
    case 5: {
      Client& client = random_.of(clients_);
      if (client.connection == 0) return;
      client.outbox.emplace_back(client.json ? "{\"messages\": [" : "\xff\xff\xff", std::vector<std::uint32_t>());
      return;
    }
    default:
      if (Client& client = random_.of(clients_); client.connection != 0) drop(client);
  }
}

void Simulation::crash() {
  note("crash");
  ++seen_.crashes;
  for (Client& client : clients_) {
    while (!client.inbox.empty() && random_.chance(60)) take_in(client);
    client.forget_connection();
  }
  closing_.clear();
  house_.stop();
  catch_up();
  house_.start();
  check_once();
  compare_all();
}

void Simulation::write_elsewhere() {
  // A lawful record alone: where somebody waits, the places would be given in the same commit.
  const std::string stream = core::cohort_stream(Opening::cohort);
  const std::string locality = random_.of(opening_.localities);
  if (fed_[stream] != journal_.head(stream)->sequence || !model_.line(locality).empty()) return;
  v1::Record record;
  v1::QuotaPlaces& places = *record.mutable_quota_changed()->mutable_places();
  places.set_quota("per_locality");
  places.set_by(locality);
  places.set_places(6);
  v1::Commit& commit = *record.mutable_commit();
  commit.set_records(1);
  commit.set_command_id(fmt::format("elsewhere {}", ++elsewhere_));
  commit.set_actor(opening_.managers[0]);
  commit.set_recorded_at_us(now_);
  commit.set_stamped_at_us(now_);
  journal_.append_elsewhere(stream, {now_, core::kind_of(record), 1, record.SerializeAsString()});
  note("another writer was first");
}

void Simulation::settle(bool all) {
  settling_ = true;
  read_only_ = false;
  ++disk_changes_;
  journal_.set_read_only("");
  letters_.down = false;
  bool told = false;
  for (std::size_t turns = 0;; ++turns) {
    if (turns > 100'000) broken("nothing comes to rest");
    try {
      while (!closing_.empty()) {
        Client* client = by_connection(closing_.back());
        closing_.pop_back();
        if (client) drop(*client);
      }
      if (house_.run_posted() || journal_.pump()) continue;
      Client *sends = nullptr, *reads = nullptr, *away = nullptr, *owes = nullptr;
      for (Client& one : clients_) {
        if (!one.outbox.empty()) sends = &one;
        if (!one.inbox.empty()) reads = &one;
        if (one.connection == 0) away = &one;
        for (const auto& [number, replica] : one.replicas)
          if (replica.unacknowledged > 0) owes = &one;
      }
      if (sends) {
        hand_over(*sends);
      } else if (reads) {
        take_in(*reads);
      } else if (away) {
        connect(*away);
      } else if (owes) {
        for (auto& [number, replica] : owes->replicas) {
          v1::ClientMessage ack;
          ack.mutable_ack()->set_subscription(number);
          ack.mutable_ack()->set_credit(std::exchange(replica.unacknowledged, 0));
          owes->send({ack});
        }
      } else if (!house_.flush(now_)) {
        if (std::exchange(told, true)) break;
        house_.core().pass_time(now_);
        house_.api().pass_time(now_);
        house_.effects().run(now_);
        told = false;
        if (!house_.posted() && journal_.in_flight() == 0) told = true;
        if (told && !house_.woken()) break;
      }
    } catch (const Stopped&) {
      crash();
    }
  }
  for (const Client& one : clients_)
    if (!one.unanswered.empty() || !one.questions.empty()) broken(fmt::format("{} waits for {} answers that do not come", one.person, one.questions.size()));
  if (all) {
    compare_all();
    check_replicas();
  }
  settling_ = false;
}

}  // namespace kvali::simulation
