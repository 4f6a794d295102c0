#include "server/core/core.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/cohort/organisations.h"
#include "engine/directory/decide.h"
#include "engine/program/source.h"
#include "server/core/publish.h"
#include "server/core/rights.h"
#include "server/core/seal.h"
#include "server/core/uuid.h"

namespace kvali::core {
namespace {

/// A refusal of the directory in the words that everybody uses.
cohort::Refusal refusal_of(const directory::Refusal& refusal) {
  const cohort::Code code = refusal.code == "FORBIDDEN"   ? cohort::Code::Forbidden
                            : refusal.code == "NOT_FOUND" ? cohort::Code::NotFound
                            : refusal.code == "LIMIT"     ? cohort::Code::Limit
                            : refusal.code == "PRECONDITION" ? cohort::Code::Precondition
                                                             : cohort::Code::Invalid;
  std::vector<cohort::Filling> words;
  for (const auto& [mark, word] : refusal.words) words.emplace_back(mark, word);
  return cohort::refuse(code, refusal.key, words);
}

Reply failed(std::string code, const std::string& key) {
  Reply reply;
  reply.code = std::move(code);
  reply.refusal.sentence = cohort::sentence(key);
  return reply;
}

/// The name a program says of itself, so that its stream is known before the file is read; the check finds what is wrong.
std::string program_name(const v1::PublishProgram& command) {
  for (const v1::SourceFile& file : command.files())
    if (const std::size_t at = file.text().find("program:"); at != std::string::npos && file.path().ends_with("program.yaml")) {
      std::size_t from = file.text().find_first_not_of(" \t\"'", at + 8), to = file.text().find_first_of(" \t\r\n\"'#", from);
      return from == std::string::npos ? std::string() : file.text().substr(from, to - from);
    }
  return {};
}

}  // namespace

std::string stream_of(const v1::Command& command) {
  if (is_for_directory(command)) return directory_stream;
  if (command.has_publish_program()) return program_stream(program_name(command.publish_program()));
  return cohort_stream(command.has_open_cohort() ? command.open_cohort().name() : command.cohort());
}

Core::Core(Options options) : options_(std::move(options)) {}

Result<void> Core::start(std::vector<std::string>& notices) {
  if (auto folded = store_.replay(options_.journal, notices); !folded) return folded;
  write_snapshot_when_due(directory_stream);
  for (const auto& [id, entry] : store_.cohorts) write_snapshot_when_due(cohort_stream(id));
  return {};
}

std::optional<Reply> Core::answered_before(const Submission& submission, const std::string& stream, const std::string& hash) const {
  const auto reply = [&](const auto* answered) -> std::optional<Reply> {
    if (!answered) return std::nullopt;
    if (answered->request_hash != hash) return failed("IDEMPOTENCY_MISMATCH", "other_request");
    Reply again;
    again.stream = stream;
    again.sequence = answered->sequence;
    again.created = answered->created;
    again.replayed = true;
    return again;
  };
  const std::string& id = submission.command.id();
  const auto find = [&](const auto& answers) {
    const auto found = answers.find(id);
    return found == answers.end() ? nullptr : &found->second;
  };
  if (stream == directory_stream) return reply(find(store_.directory.answered));
  if (submission.command.has_publish_program()) return reply(find(store_.publications));
  const auto found = store_.cohorts.find(cohort_of(stream));
  return found == store_.cohorts.end() ? std::nullopt : reply(found->second.state.answered.find(id));
}

std::optional<Reply> Core::refused_at_once(const Submission& submission, const std::string& stream) const {
  if (!submission.actor.empty()) {
    const auto made_at = uuid_v7_instant_us(submission.command.id());
    if (!made_at) return failed("INVALID", "no_key");
    if (*made_at + limits::idempotency_window_us < submission.now_us) return failed("INVALID", "old_key");
    if (const std::int64_t ahead = *made_at - submission.now_us; ahead > limits::key_ahead_us_max) {
      Reply early = failed("INVALID", "early_key");
      early.refusal.sentence = cohort::sentence("early_key", {{"minutes", std::to_string(ahead / 60'000'000)}});
      return early;
    }
  }
  if (std::find(quarantined_.begin(), quarantined_.end(), submission.command.id()) != quarantined_.end() && !submission.command.id().empty())
    return failed("INTERNAL", "quarantined_command");
  if (const auto found = store_.cohorts.find(cohort_of(stream)); found != store_.cohorts.end() && !found->second.quarantined.empty())
    return failed("UNAVAILABLE", "quarantined_cohort");
  if (auto writable = options_.journal.writable(); !writable && !submission.dry_run) return failed("READ_ONLY", "read_only");
  return std::nullopt;
}

/// Proves beside the core what is to be published, then submits it again with what came of it: rights, keys and versions are
/// judged when it is decided, so whatever happened meanwhile counts.
void Core::prove(Submission submission) {
  const auto waiting = std::make_shared<Submission>(std::move(submission));
  const auto work = [waiting, bounds = options_.proof, box = options_.beside ? options_.black_box_beside : options_.black_box] {
    if (box) box->deciding("program", waiting->command.id());
    waiting->publication = std::make_shared<const Publication>(prepare(waiting->command.publish_program(), bounds));
    if (box) box->decided();
  };
  if (!options_.beside) {
    work();
    return submit(std::move(*waiting));
  }
  ++proving_;
  options_.beside([this, waiting, work] {
    work();
    options_.post([this, waiting] {
      --proving_;
      submit(std::move(*waiting));
    });
  });
}

bool Core::runs_the_house(const Submission& submission) const {
  return store_.directory.related(submission.actor, "manager", "", submission.now_us);
}

Core::Decided Core::decide(const v1::Asked& asked, const Submission& submission, const std::string& stream, Reply& reply) {
  std::string& created = reply.created;
  if (asked.command().has_publish_program()) {
    static const Publication none;
    Outcome outcome;
    Decided decided = decide_publish(store_.library, asked, runs_the_house(submission), submission.publication ? *submission.publication : none, outcome);
    created = std::move(outcome.created);
    reply.warnings = std::move(outcome.warnings);
    return decided;
  }
  if (stream == directory_stream) {
    directory::Verdict verdict = directory::decide(store_.directory, asked);
    if (auto* refusal = std::get_if<directory::Refusal>(&verdict)) return refusal_of(*refusal);
    created = std::get<directory::Decision>(verdict).created;
    return std::move(std::get<directory::Decision>(verdict).records);
  }
  static const cohort::Cohort none;
  const auto found = store_.cohorts.find(cohort_of(stream));
  const cohort::World world = store_.world();
  cohort::Verdict verdict = cohort::decide(found == store_.cohorts.end() ? none : found->second.state, world, asked, bench_);
  if (auto* refusal = std::get_if<cohort::Refusal>(&verdict)) return *refusal;
  created = std::get<cohort::Decision>(verdict).created;
  return std::move(std::get<cohort::Decision>(verdict).records);
}

void Core::submit(Submission submission) {
  if (!conflicted_.empty()) return held_.push_back(std::move(submission));
  if (unnoted_) note_facts({}, submission.now_us);
  const bool publishes = submission.command.has_publish_program();
  const std::string stream = submission.publication && submission.publication->loaded.ok()
                                 ? program_stream(submission.publication->loaded.program.name())
                                 : stream_of(submission.command);
  const auto give = [this, &submission](Reply reply) {
    if (!submission.answer) return;
    gate_.pass_answer([answer = submission.answer, reply = std::move(reply)] { answer(reply); },
                      [this, submission] { submit(submission); });
  };
  v1::Asked asked;
  *asked.mutable_command() = submission.command;
  asked.set_actor(submission.actor);
  asked.set_now_us(submission.now_us);
  asked.set_request_hash(options_.vault.request_hash(submission.actor + "\n" + submission.command.SerializeAsString()));
  if (auto reply = answered_before(submission, stream, asked.request_hash())) return give(std::move(*reply));
  if (auto reply = refused_at_once(submission, stream)) return give(std::move(*reply));
  if (publishes && !submission.publication && runs_the_house(submission)) {
    if (proving_ >= limits::proofs_waiting_max) return give(failed("RATE_LIMITED", "too_many_proofs"));
    return prove(std::move(submission));
  }
  asked.set_fresh_id(options_.vault.fresh_id(stream, submission.actor + "\n" + submission.command.id()));
  if (submission.command.has_open_cohort() && options_.zone) {
    const auto model = store_.library.find(submission.command.open_cohort().program(), submission.command.open_cohort().version());
    auto zone = model ? options_.zone(model->program().timezone()) : Result<calendar::Zone>(fail("no program"));
    if (zone) *asked.mutable_command()->mutable_open_cohort()->mutable_zone() = cohort::table_of(*zone);
  }
  const auto cohort = store_.cohorts.find(cohort_of(stream));
  state_rights(asked, store_);
  if (auto sealed = seal(asked, cohort == store_.cohorts.end() ? nullptr : &cohort->second.state, options_.vault); !sealed)
    return give(failed("UNAVAILABLE", "no_seal"));

  if (options_.black_box) options_.black_box->deciding(stream, submission.command.id());
  Reply reply;
  Decided decided = decide(asked, submission, stream, reply);
  reply.stream = stream;
  if (auto* refusal = std::get_if<cohort::Refusal>(&decided)) {
    reply.code = std::string(to_string(refusal->code));
    reply.refusal = std::move(*refusal);
  } else if (submission.dry_run) {
    reply.records = std::move(std::get<0>(decided));
  } else if (!std::get<0>(decided).empty()) {
    const std::set<std::string> organisations = stream == directory_stream ? organisations_of(std::get<0>(decided)) : std::set<std::string>();
    const std::set<std::string> renamed = stream == directory_stream ? renamed_by(std::get<0>(decided)) : std::set<std::string>();
    commit(stream, std::move(std::get<0>(decided)));
    reply.sequence = store_.sequence(stream);
    if (options_.black_box) options_.black_box->decided();
    if (!organisations.empty()) note_facts(organisations, submission.now_us);
    for (const std::string& one : renamed) tell_renamed(one);
    return give(std::move(reply));
  }
  if (options_.black_box) options_.black_box->decided();
  give(std::move(reply));
}

/// Boards show organisations by their names, of which no cohort keeps a copy.
void Core::tell_renamed(const std::string& organisation) {
  const directory::Directory& directory = store_.directory;
  for (const auto& [id, entry] : store_.cohorts) {
    Changed changed;
    changed.cohort = id;
    changed.position_before = entry.state.sequence;
    for (const cohort::Initiative& one : entry.state.initiatives) {
      const auto partners = cohort::partners_of(one);
      const auto is_it = [&](const std::string& other) { return !other.empty() && directory.kept(other) == directory.kept(organisation); };
      if (is_it(one.organisation) || std::any_of(partners.begin(), partners.end(), is_it)) changed.initiatives.push_back(one.id);
    }
    if (changed.initiatives.empty()) continue;
    std::sort(changed.initiatives.begin(), changed.initiatives.end());
    for (Listener* listener : listeners_) listener->changed(changed);
  }
}

void Core::note_facts(const std::set<std::string>& touched, std::int64_t now_us) {
  unnoted_ = false;
  std::set<std::string> kept;  // as the directory calls them by now
  for (const std::string& one : touched) kept.insert(store_.directory.kept(one));
  for (const auto& [id, entry] : store_.cohorts) {
    if (!entry.quarantined.empty() || !entry.state.open()) continue;
    for (std::uint64_t before = UINT64_MAX; before != entry.state.sequence && cohort::is_behind(entry.state, store_.directory, kept);) {
      before = entry.state.sequence;
      Submission note;
      note.command.set_cohort(id);
      note.command.set_channel(v1::TIME);
      v1::NoteFacts& body = *note.command.mutable_note_facts();
      for (const std::string& one : kept) body.add_organisations(one);
      note.now_us = now_us;
      submit(std::move(note));
      if (entry.state.sequence == before) unnoted_ = true;  // it was refused, for want of disk: the next to come tries again
    }
  }
}

std::int64_t Core::next_due(const std::string& stream) const {
  const auto found = store_.cohorts.find(cohort_of(stream));
  if (found == store_.cohorts.end() || !found->second.quarantined.empty()) return calendar::never;
  const cohort::Cohort& state = found->second.state;
  if (!state.rehearsal) return state.next_due();
  if (state.has_work()) return 0;
  return state.clock_target > state.clock ? 0 : calendar::never;  // a rehearsal waits for nobody but who moves its clock
}

void Core::commit(const std::string& stream, Records records) {
  journal::Part part{stream, store_.sequence(stream), {}, {}, {}};
  for (const v1::Record& record : records) {
    part.records.push_back({records.front().commit().stamped_at_us(), kind_of(record), record_version, record.SerializeAsString()});
    // Applying is what replay will do: a record that does not apply must never be stored.
    const auto applied = store_.apply(stream, record);
    if (!applied) std::fprintf(stderr, "kvali: %s\n", applied.error().message.c_str());
    KVALI_CHECK(applied.has_value());
  }
  if (!cohort_of(stream).empty()) part.next_due_us = next_due(stream);
  Changed changed = changes_of(stream, records);
  changed.position_before = part.expected_sequence;
  in_flight_.push_back({stream, part.expected_sequence + 1, std::move(records)});
  gate_.decided();
  append(std::move(part));
  for (Listener* listener : listeners_) listener->changed(changed);
  write_snapshot_when_due(stream);
}

void Core::append(journal::Part part) {
  journal::Batch batch;
  batch.parts.push_back(std::move(part));
  options_.journal.append(std::move(batch), [this](journal::Answer answer) {
    options_.post([this, answer = std::move(answer)]() mutable { told(std::move(answer)); });
  });
}

/// A snapshot goes behind the commit that made it due, in a batch of its own: the commit's answer does not wait for it, and
/// what comes meanwhile shares its transaction.
void Core::write_snapshot_when_due(const std::string& stream) {
  if (store_.behind_snapshot(stream) < options_.snapshot_records || !options_.journal.writable()) return;
  journal::Part part{stream, store_.sequence(stream), {}, {}, store_.take_snapshot(stream)};
  in_flight_.push_back({stream, part.expected_sequence, {}});
  append(std::move(part));
}

void Core::told(journal::Answer answer) {
  if (auto* failed_answer = std::get_if<journal::Failed>(&answer)) {
    options_.fatal(failed_answer->sentence);
    return;
  }
  KVALI_CHECK(!in_flight_.empty());  // answers come in the order of the appends
  InFlight done = std::move(in_flight_.front());
  in_flight_.pop_front();
  if (std::holds_alternative<journal::Conflict>(answer)) {
    if (std::find(conflicted_.begin(), conflicted_.end(), done.stream) == conflicted_.end()) conflicted_.push_back(done.stream);
  } else if (!done.records.empty()) {
    for (Listener* listener : listeners_) listener->durable(done.stream, done.first_sequence, done.records);
  }
  if (conflicted_.empty() && done.records.empty()) return;
  if (conflicted_.empty()) return gate_.durable();
  // From the first conflict on nothing is delivered: what waits may have seen state that never came to be. When the last
  // answer is in, the streams are folded from what is durable, and what waits is made again in the same order; a command
  // whose records did become durable is then found by its id.
  if (in_flight_.empty()) begin_again();
}

void Core::begin_again() {
  const std::vector<std::function<void()>> again = gate_.void_all();
  unnoted_ = true;
  bench_ = {};  // it knows charts by their address, and programs may be folded anew
  for (const std::string& stream : std::exchange(conflicted_, {})) {
    std::vector<std::string> notices;
    if (auto folded = store_.refold(options_.journal, stream, notices); !folded) return options_.fatal(folded.error().within(stream).message);
    for (const std::string& notice : notices) std::fprintf(stderr, "kvali: %s\n", notice.c_str());
    options_.journal.resume(stream);
    for (Listener* listener : listeners_) listener->changed({cohort_of(stream), 0, {}, {}, true, true, true});
  }
  for (const std::function<void()>& one : again) one();
  for (Submission& one : std::exchange(held_, {})) submit(std::move(one));
}

std::int64_t Core::pass_time(std::int64_t now_us) {
  if (unnoted_ && conflicted_.empty()) note_facts({}, now_us);
  std::int64_t next = calendar::never;
  std::vector<std::string> due;
  for (const auto& [id, entry] : store_.cohorts) {
    const std::int64_t at = next_due(cohort_stream(id));
    if (at <= now_us)
      due.push_back(id);
    else
      next = std::min(next, at);
  }
  for (const std::string& id : due) {
    Submission time;
    time.command.set_cohort(id);
    time.command.set_channel(v1::TIME);
    time.command.mutable_pass_time();
    time.now_us = now_us;
    submit(std::move(time));
    next = std::min(next, next_due(cohort_stream(id)));
  }
  return next;
}

}  // namespace kvali::core
