#include "server/api/api.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/limits.h"
#include "server/api/codec.h"
#include "server/api/connection.h"
#include "server/api/migration.h"
#include "server/views/views.h"

namespace kvali::api {
namespace {

constexpr std::uint16_t close_bad_frame = 4501;
constexpr std::uint16_t close_bad_token = 4500;

bool retryable(const std::string& code) {
  return code == "INTERNAL" || code == "RATE_LIMITED" || code == "UNAVAILABLE" || code == "TOKEN_EXPIRED" || code == "READ_ONLY";
}

/// The rules' "no" in the reader's language.
v1::Error error_of(const core::Reply& reply, const std::string& locale, const vault::Vault& vault) {
  v1::Error error;
  error.set_code(reply.code);
  error.set_sentence(cohort::in_language(reply.refusal.sentence, locale));
  error.set_retryable(retryable(reply.code));
  for (const cohort::Unmet& unmet : reply.refusal.unmet) *error.add_violations() = violation_of(unmet, locale);
  for (const cohort::FieldConflict& conflict : reply.refusal.conflicts) {
    v1::FieldConflict& made = *error.add_conflicts();
    made.set_field(conflict.field);
    *made.mutable_theirs() = core::opened(conflict.theirs, vault);
    made.set_their_version(conflict.their_version);
  }
  return error;
}

/// What a record did, in a word and the thing it did it to.
std::string line_of(const v1::Record& record) {
  const auto* field = v1::Record::descriptor()->FindFieldByNumber(static_cast<int>(core::kind_of(record)));
  const std::string& initiative = cohort::initiative_of(record);
  return fmt::format("{}{}{}", field ? field->name() : "?", initiative.empty() ? "" : " ", initiative);
}

/// What a command did to an initiative that a conflict of interest keeps its sender away from is not told her.
bool may_be_told(const core::Core& core, const std::string& person, std::int64_t now_us, const std::string& stream, const v1::Record& record) {
  const auto entry = core.store().cohorts.find(core::cohort_of(stream));
  if (entry == core.store().cohorts.end() || !entry->second.state.open()) return true;
  const cohort::Cohort& state = entry->second.state;
  const auto slot = state.find(cohort::initiative_of(record));
  return !slot || cohort::may(state, core.store().world(), {person, cohort::instant_in(state, now_us)}, cohort::Action::See,
                              &state.initiatives[*slot]);
}

/// The language of a locale, "lt" of "lt-LT"; "en" for what is none. It is echoed, so no byte of anything else gets through.
std::string language_of(const std::string& locale) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return locale.size() >= 2 && letter(locale[0]) && letter(locale[1]) ? locale.substr(0, 2) : "en";
}

bool only_the_engines(const v1::Command& command) {
  return command.has_pass_time() || command.has_report_effect() || command.has_note_facts() || command.body_case() == v1::Command::BODY_NOT_SET;
}

}  // namespace

std::vector<v1::CohortSummary> cohorts_of(const core::Core& core, const std::string& person, std::int64_t now_us) {
  std::vector<v1::CohortSummary> cohorts;
  for (const auto& [id, entry] : core.store().cohorts) {
    // Only what one has to do with, or may apply to. Of one that does not fold it is not known who that is.
    const bool known = entry.quarantined.empty() && entry.state.open();
    if (known && !cohort::may(entry.state, core.store().world(), {person, cohort::instant_in(entry.state, now_us)}, cohort::Action::SeeCohort)) continue;
    if (!known && !core.store().directory.related(person, "manager", "", now_us)) continue;
    v1::CohortSummary& summary = cohorts.emplace_back();
    summary.set_id(id);
    summary.set_quarantined(!entry.quarantined.empty());
    if (!entry.state.open()) continue;
    summary.set_title(entry.state.title);
    summary.set_program(entry.state.model->name());
    summary.set_rehearsal(entry.state.rehearsal);
    const cohort::Viewer viewer{person, cohort::instant_in(entry.state, now_us)};
    *summary.mutable_program_title() = entry.state.model->program().title();
    for (std::string& role : cohort::roles_in(entry.state, core.store().world(), viewer)) {
      v1::Text& label = *summary.add_my_role_labels();
      for (const v1::Role& one : entry.state.model->program().roles())
        if (one.name() == role) label = one.label();
      summary.add_my_roles(std::move(role));
    }
  }
  return cohorts;
}

Api::Api(Options options) : options_(std::move(options)), last_preview_(std::make_unique<LastPreview>()) {
  options_.core.listen(*this);
}

Api::~Api() = default;

Api::Connection* Api::find(std::uint64_t connection) {
  const auto found = connections_.find(connection);
  return found == connections_.end() ? nullptr : found->second.get();
}

void Api::connected(std::uint64_t connection, Encoding encoding) {
  auto made = std::make_unique<Connection>();
  made->id = connection;
  made->encoding = encoding;
  connections_[connection] = std::move(made);
}

void Api::disconnected(std::uint64_t connection) { connections_.erase(connection); }

void Api::writable(std::uint64_t connection) {
  if (Connection* found = find(connection)) {
    found->full = false;
    wake();
    answer_queries(connection);
  }
}

void Api::wake() {
  if (woken_) return;
  woken_ = true;
  if (options_.wake) options_.wake();
}

void Api::send(Connection& connection, const v1::ServerFrame& frame) {
  const Wire::Sent sent = options_.wire.send(connection.id, encode(frame, connection.encoding));
  if (sent == Wire::Sent::BackPressure) connection.full = true;
}

void Api::answer(std::uint64_t connection, v1::ServerMessage message) {
  Connection* found = find(connection);
  if (!found) return;
  v1::ServerFrame frame;
  *frame.add_messages() = std::move(message);
  send(*found, frame);
}

v1::ServerMessage Api::refusal(const Connection& connection, std::uint32_t id, const std::string& code, const std::string& key) {
  v1::ServerMessage message;
  message.set_id(id);
  core::Reply reply;
  reply.code = code;
  reply.refusal.sentence = cohort::sentence(key);
  *message.mutable_error() = error_of(reply, connection.locale, options_.core.vault());
  return message;
}

v1::ServerMessage Api::refusal(const Connection& connection, std::uint32_t id, const cohort::Refusal& refused) {
  v1::ServerMessage message;
  message.set_id(id);
  core::Reply reply;
  reply.code = std::string(to_string(refused.code));
  reply.refusal = refused;
  *message.mutable_error() = error_of(reply, connection.locale, options_.core.vault());
  return message;
}

void Api::refuse(Connection& connection, std::uint32_t id, const std::string& code, const std::string& key) {
  const v1::ServerMessage message = refusal(connection, id, code, key);
  const std::uint64_t to = connection.id;
  options_.core.read([this, to, message] { return [this, to, message] { answer(to, message); }; });
}

void Api::received(std::uint64_t id, std::string_view bytes, std::int64_t received_at_us) {
  Connection* connection = find(id);
  if (!connection) return;
  auto frame = decode(bytes, connection->encoding);
  if (!frame) {
    options_.wire.close(id, close_bad_frame, frame.error().message);
    return;
  }
  connection->now_us = received_at_us;
  now_us_ = std::max(now_us_, received_at_us);
  for (const v1::ClientMessage& message : frame->messages()) {
    handle(*connection, message);
    if (!find(id)) return;
  }
}

void Api::handle(Connection& connection, const v1::ClientMessage& message) {
  using v1::ClientMessage;
  const bool needs_id = message.body_case() != ClientMessage::kAck && message.body_case() != ClientMessage::kUnsubscribe;
  if (needs_id && message.id() == 0) return refuse(connection, 0, "INVALID", "no_message_id");
  if (!connection.welcomed && message.body_case() != ClientMessage::kHello) {
    refuse(connection, message.id(), "UNAUTHENTICATED", "hello_first");
    return options_.wire.close(connection.id, 4502, "say Hello first");
  }
  switch (message.body_case()) {
    case ClientMessage::kHello: return hello(connection, message.id(), message.hello());
    case ClientMessage::kCall: return call(connection, message.id(), message.call());
    case ClientMessage::kQuery: return query(connection, message.id(), message.query());
    case ClientMessage::kSubscribe: return subscribe(connection, message.id(), message.subscribe());
    case ClientMessage::kAck: return ack(connection, message.ack());
    case ClientMessage::kUnsubscribe: connection.subscriptions.erase(message.unsubscribe().subscription()); return;
    case ClientMessage::kPing: {
      v1::ServerMessage pong;
      pong.set_id(message.id());
      pong.mutable_pong()->set_sent_us(message.ping().sent_us());
      return answer(connection.id, std::move(pong));
    }
    case ClientMessage::kPong: return;
    case ClientMessage::kGoodbye: return options_.wire.close(connection.id, 1000, "goodbye");
    case ClientMessage::BODY_NOT_SET: return refuse(connection, message.id(), "UNKNOWN_OPERATION", "unknown_operation");
  }
}

void Api::hello(Connection& connection, std::uint32_t id, const v1::Hello& hello) {
  if (connection.welcomed) return refuse(connection, id, "INVALID", "hello_once");
  connection.locale = language_of(hello.locale());
  const auto person = !hello.ticket().empty()
                          ? options_.sessions.take(access::Purpose::Ticket, hello.ticket(), connection.now_us)
                          : options_.sessions.take(access::Purpose::Bearer, hello.bearer(), connection.now_us);
  if (!person || hello.protocol() != 1) {
    refuse(connection, id, person ? "INVALID" : "UNAUTHENTICATED", person ? "protocol_1" : "bad_token");
    return options_.wire.close(connection.id, close_bad_token, person ? "protocol 1 is spoken here" : "this token is not good here");
  }
  connection.person = *person;
  connection.welcomed = true;
  options_.wire.welcomed(connection.id);
  const std::uint64_t to = connection.id;
  options_.core.read([this, to, id]() -> core::Gate::Deliver {
    const Connection* now = find(to);
    if (!now) return [] {};
    v1::ServerMessage message;
    message.set_id(id);
    *message.mutable_welcome() = welcome(*now, now->now_us);
    return [this, to, message] { answer(to, message); };
  });
}

v1::Welcome Api::welcome(const Connection& connection, std::int64_t now_us) const {
  v1::Welcome welcome;
  welcome.set_protocol(1);
  welcome.set_server(options_.build);
  welcome.set_now_us(now_us);
  welcome.mutable_me()->set_id(connection.person);
  if (const directory::Person* person = options_.core.store().directory.person(connection.person))
    welcome.mutable_me()->set_name(core::open(person->name, options_.core.vault()));
  welcome.set_manages_house(options_.core.store().directory.related(connection.person, "manager", "", now_us));
  welcome.mutable_limits()->set_frame_bytes_max(limits::frame_bytes_max);
  welcome.mutable_limits()->set_messages_per_frame_max(limits::messages_per_frame_max);
  welcome.mutable_limits()->set_subscriptions_max(limits::subscriptions_per_connection_max);
  welcome.mutable_limits()->set_idle_timeout_ms(limits::idle_timeout_ms);
  welcome.set_locale(connection.locale);
  for (v1::CohortSummary& one : cohorts_of(options_.core, connection.person, now_us)) *welcome.add_cohorts() = std::move(one);
  return welcome;
}

void Api::call(Connection& connection, std::uint32_t id, const v1::Call& call) {
  if (only_the_engines(call.command())) return refuse(connection, id, "UNKNOWN_OPERATION", "unknown_operation");
  if (carries_seal(call)) return refuse(connection, id, "INVALID", "sealed_by_client");
  core::Submission submission;
  submission.command = call.command();
  submission.actor = connection.person;
  submission.now_us = connection.now_us;
  submission.dry_run = call.dry_run();
  submission.answer = [this, to = connection.id, id, dry_run = call.dry_run()](const core::Reply& reply) {
    const Connection* now = find(to);
    if (!now) return;
    v1::ServerMessage message;
    message.set_id(id);
    if (!reply.code.empty()) {
      *message.mutable_error() = error_of(reply, now->locale, options_.core.vault());
    } else {
      v1::Result& result = *message.mutable_result();
      result.set_replayed(reply.replayed);
      result.set_created(reply.created);
      result.set_dry_run(dry_run);
      for (const v1::Record& record : reply.records)
        if (may_be_told(options_.core, now->person, now->now_us, reply.stream, record)) result.add_happened(line_of(record));
      for (const v1::Text& warning : reply.warnings) result.add_warnings(cohort::in_language(warning, now->locale));
      if (!dry_run) result.set_cursor(seal({core::cohort_of(reply.stream), reply.sequence, "", "commit"}, options_.core.vault()));
    }
    answer(to, std::move(message));
  };
  options_.core.submit(std::move(submission));
}

void Api::go_away(const std::string& reason, std::uint32_t reconnect_after_ms) {
  v1::ServerMessage message;
  message.mutable_go_away()->set_reason(reason);
  message.mutable_go_away()->set_reconnect_after_ms(reconnect_after_ms);
  for (const auto& [id, connection] : connections_) answer(id, message);
}

}  // namespace kvali::api
