// What leaves the server, judged at the moment it leaves: the gate lets an output go when the last commit it has seen is
// durable, and then the model knows exactly the commits that the output has seen.
#include <fmt/format.h>

#include "engine/limits.h"
#include "server/api/subscription.h"
#include "server/core/uuid.h"
#include "tests/simulation/simulation.h"

namespace kvali::simulation {

api::Wire::Sent Simulation::send(std::uint64_t connection, std::shared_ptr<const std::string> frame) {
  Client* client = by_connection(connection);
  if (!client || std::find(closing_.begin(), closing_.end(), connection) != closing_.end()) return Sent::Gone;
  const v1::ServerFrame read = client->read(*frame);
  for (const v1::ServerMessage& message : read.messages()) judge(*client, message);
  client->inbox_bytes += frame->size();
  client->inbox.push_back(std::move(frame));
  client->pressed = client->inbox_bytes > client->patience_bytes;
  return client->pressed ? Sent::BackPressure : Sent::Ok;
}

void Simulation::close(std::uint64_t connection, std::uint16_t code, std::string reason) {
  const Client* client = by_connection(connection);
  note(fmt::format("{} is closed with {}: {}", client ? client->person : "?", code, reason));
  if (code != 4501 && !(client && client->late && !client->welcomed && (code == 4500 || code == 4502))) broken("a connection was closed that did nothing wrong");
  closing_.push_back(connection);
}

void Simulation::judge(Client& client, const v1::ServerMessage& message) {
  model_.look(now_);
  if (message.id() != 0) {
    const auto found = client.questions.find(message.id());
    if (found == client.questions.end()) broken(fmt::format("{} is answered what was not asked: {}", client.person, message.ShortDebugString()));
    if (std::exchange(found->second.judged, true)) broken(client.person + " is answered twice");
    const Question& question = found->second;
    if (message.has_result()) judge_result(question, message.result());
    if (message.has_error()) {
      if (question.kind == Question::Kind::Call && !(client.late && message.error().code() == "UNAUTHENTICATED")) judge_error(question, message.error());
      else if (client.late && !client.welcomed && message.error().code() == "UNAUTHENTICATED") note("a token came too late");
      else if (question.kind == Question::Kind::Subscribe) note("subscription refused: " + message.error().code());
      else broken(client.person + " is refused a question: " + message.error().ShortDebugString());
    }
    if (message.has_answer()) judge_answer(client, question, message.answer());
    if (message.has_sub_state()) ++(message.sub_state().phase() == v1::SubState::LIVE ? seen_.resumed : seen_.resets);
  }
  if (message.has_snapshot()) {
    judge_cursor(message.snapshot().cursor());
    for (const v1::Row& row : message.snapshot().rows()) judge_row(client, row);
  }
  if (message.has_delta()) {
    ++seen_.deltas;
    judge_cursor(message.delta().cursor());
    for (const v1::Row& row : message.delta().upsert()) judge_row(client, row);
  }
}

void Simulation::judge_cursor(const std::string& sealed) {
  if (sealed.empty()) return;
  const auto cursor = api::open_cursor(sealed, *opening_.vault);
  if (!cursor) broken("a cursor does not open");
  const std::string stream = cursor->cohort.empty() ? core::directory_stream : core::cohort_stream(cursor->cohort);
  if (cursor->position > journal_.head(stream)->sequence) broken("something was told that is not durable");
}

void Simulation::judge_result(const Question& question, const v1::Result& result) {
  Call& call = calls_[question.call];
  note(fmt::format("{} done{} for {}: {}", question.call, result.replayed() ? " before" : result.dry_run() ? " in a dry run" : "", call.actor,
                   call.command.ShortDebugString().substr(0, 150)));
  ++seen_.done;
  ++seen_.codes[result.replayed() ? "again" : "done"];
  const auto found = committed_.find(call.command.id());
  if (result.dry_run() != call.dry_run) {
    // What was done already is answered so, whoever only wants to try it.
    if (!(result.replayed() && found != committed_.end())) broken("a dry run is taken for a command, or a command for a dry run");
  }
  if (call.dry_run && !result.replayed()) {
    Model trial = model_;
    if (const std::string code = trial.ask(call.command, call.actor, question.stamped, ""); !code.empty()) broken("a dry run promises what is refused with " + code);
    return;
  }
  if (found == committed_.end()) broken("done, and not in the journal: " + call.command.ShortDebugString());
  if (found->second.call != question.call && calls_[found->second.call].command.SerializeAsString() != call.command.SerializeAsString())
    broken("another request was answered as this one");
  if (result.created() != found->second.created) broken("the answer names " + result.created() + ", the journal " + found->second.created);
  const auto cursor = api::open_cursor(result.cursor(), *opening_.vault);
  if (!call.dry_run && (!cursor || cursor->position != found->second.last_sequence))
    broken(fmt::format("the answer's cursor stands at {}, its commit ends at {}", cursor ? cursor->position : 0, found->second.last_sequence));
  if (found->second.last_sequence > journal_.head(found->second.stream)->sequence) broken("told before it was durable");
  ++call.results;
  if (!result.replayed() && ++call.fresh_results > 1) broken("one command was done twice");
  if (result.replayed()) ++seen_.replayed;
}

void Simulation::judge_error(const Question& question, const v1::Error& error) {
  const Call& call = calls_[question.call];
  note(fmt::format("{} {} ({}) for {}: {}", question.call, error.code(), error.sentence(), call.actor, call.command.ShortDebugString().substr(0, 150)));
  ++seen_.refused;
  ++seen_.codes[error.code()];
  if (error.sentence().empty()) broken("a refusal without a sentence");
  const auto found = committed_.find(call.command.id());
  const Us made_at = core::uuid_v7_instant_us(call.command.id()).value_or(0);
  const bool old = made_at + limits::idempotency_window_us < question.stamped;
  const bool forgotten = found != committed_.end() && found->second.stream != core::directory_stream &&
                         found->second.stamped + limits::idempotency_window_us < newest_stamp_[found->second.stream];
  std::string expected;
  if (found != committed_.end() && !forgotten) {
    const bool other = calls_[found->second.call].command.SerializeAsString() != call.command.SerializeAsString() ||
                       calls_[found->second.call].actor != call.actor;
    expected = other ? "IDEMPOTENCY_MISMATCH" : "";
  } else if (old) {
    expected = "INVALID";
  } else {
    const bool steady = question.disk == disk_changes_;
    const bool may_be_full = !call.dry_run && (!steady || question.read_only);
    if (may_be_full && error.code() == "READ_ONLY") return;
    Model trial = model_;
    expected = steady && question.read_only && !call.dry_run ? "READ_ONLY" : trial.ask(call.command, call.actor, question.stamped, "");
  }
  if (error.code() != expected)
    broken(fmt::format("refused with {} ({}), where the rules say {}: {} by {}", error.code(), error.sentence(), expected.empty() ? "done" : expected,
                       call.command.ShortDebugString(), call.actor));
}

void Simulation::judge_answer(const Client& client, const Question& question, const v1::Answer& answer) {
  if (!question.query.has_rows()) return;
  std::set<std::string> seen;
  for (const v1::Row& row : answer.rows()) {
    judge_row(client, row);
    if (row.has_initiative()) seen.insert(row.initiative().id());
  }
  std::set<std::string> visible;
  for (const Work& one : model_.works)
    if (model_.sees(client.person, one)) visible.insert(one.id);
  if (seen != visible) broken(fmt::format("{} is shown {} initiatives and may see {}", client.person, seen.size(), visible.size()));
}

void Simulation::judge_row(const Client& client, const v1::Row& row) {
  if (row.has_initiative()) judge_initiative(client.person, row.initiative());
  if (row.has_detail()) judge_initiative(client.person, row.detail().row());
  if (!row.has_locality() || row.locality().places() == 0) return;
  const v1::LocalityRow& locality = row.locality();
  if (locality.places() != model_.places_of(locality.id())) broken("a locality has other places than its quota");
  const bool manages = model_.manages(client.person);
  const bool works_here = std::any_of(model_.entrusted.begin(), model_.entrusted.end(),
                                      [&](const Entrusted& one) { return one.person == client.person && !one.ended && (!one.until || now_ < one.until); });
  if (!manages && !works_here) {
    if (locality.taken() + locality.waiting() + locality.initiatives() > 0) broken("an outsider sees how a locality fills");
    return;
  }
  unsigned taken = 0, here = 0;
  for (const Work& one : model_.works) {
    taken += one.place == locality.id() && (manages || !one.held);
    here += one.locality() == locality.id();
  }
  if (locality.taken() != taken || locality.waiting() != model_.line(locality.id()).size() || locality.initiatives() != here)
    broken(fmt::format("{} shows {} taken, {} waiting, {} here; the rules say {}, {}, {}", locality.id(), locality.taken(), locality.waiting(),
                       locality.initiatives(), taken, model_.line(locality.id()).size(), here));
}

void Simulation::judge_initiative(const std::string& person, const v1::InitiativeRow& row) {
  const Work* work = model_.work(row.id());
  if (!work) broken("a row about an initiative that is not durable");
  if (!model_.sees(person, *work)) {
    model_.look(model_.clock);  // a role that ended by time alone may have held when the row was made
    if (!model_.sees(person, *work)) broken(person + " is shown " + row.id() + ", which is not hers to see");
  }
  std::vector<std::string> states(row.states().begin(), row.states().end());
  std::sort(states.begin(), states.end());
  const std::vector<std::size_t> line = model_.line(work->locality());
  const auto at = std::find_if(line.begin(), line.end(), [&](std::size_t one) { return &model_.works[one] == work; });
  const unsigned rank = at == line.end() ? 0 : 1 + static_cast<unsigned>(at - line.begin());
  const std::string held = model_.manages(person) ? work->held.value_or("") : "";
  if (states != work->states() || row.end() != work->end() || row.locality() != work->locality() || row.initiative_version() != work->version ||
      row.rank() != rank || row.held() != held)
    broken(fmt::format("{} is shown {}; the rules say {} end {} in {} version {} rank {} held {}", person, row.ShortDebugString(), work->states().front(),
                       work->end(), work->locality(), work->version, rank, held));
}

}  // namespace kvali::simulation
