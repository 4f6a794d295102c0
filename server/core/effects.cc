#include "server/core/effects.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "engine/cohort/migrate.h"
#include "server/core/seal.h"
#include "server/core/versions.h"
#include "server/core/words.h"

namespace kvali::core {
namespace {

const google::protobuf::RepeatedPtrField<v1::Told>* told_of(const v1::Record& record) {
  if (record.has_advanced()) return &record.advanced().told();
  if (record.has_task_opened()) return &record.task_opened().told();
  if (record.has_excepted()) return &record.excepted().told();
  if (record.has_blocked()) return &record.blocked().told();
  if (record.has_guard_failed()) return &record.guard_failed().told();
  if (record.has_migration_parked()) return &record.migration_parked().told();
  if (record.has_term_noticed()) return &record.term_noticed().told();
  if (record.has_readers_assigned()) return &record.readers_assigned().told();
  if (record.has_reading_declined()) return &record.reading_declined().told();
  return nullptr;
}

const v1::Value* reason_of(const v1::Record& record) {
  if (record.has_advanced() && record.advanced().has_reason()) return &record.advanced().reason();
  if (record.has_excepted() && record.excepted().has_reason()) return &record.excepted().reason();
  if (record.has_reading_declined()) return &record.reading_declined().reason();
  return nullptr;
}

/// Why a migration left it to a person.
v1::Text why_of(const v1::Record& record) {
  cohort::Waits waits;
  waits.why = record.migration_parked().why();
  for (const v1::ParkedWord& one : record.migration_parked().words()) waits.words.emplace_back(one.mark(), one.word());
  return record.has_migration_parked() ? cohort::sentence_of(waits) : v1::Text();
}

struct Letter {
  v1::Text subject, body;
};

v1::Text in_three(const char* en, const char* lt, const char* ka) {
  v1::Text text;
  for (const auto& [language, words] : {std::pair{"en", en}, std::pair{"lt", lt}, std::pair{"ka", ka}}) {
    v1::Translation& one = *text.add_translations();
    one.set_language(language);
    one.set_text(words);
  }
  return text;
}

Letter letter_of_parked() {
  return {in_three("Needs your decision: {initiative.title}", "Reikia jūsų sprendimo: {initiative.title}", "საჭიროა თქვენი გადაწყვეტილება: {initiative.title}"),
          in_three("It could not go over to the new version of the program by itself: {why}. Until you say where it goes it stays under the version it has.",
                   "Pati pereiti į naują programos versiją negalėjo: {why}. Kol nenuspręsite, kur jai eiti, ji lieka su turima versija.",
                   "პროგრამის ახალ ვერსიაზე თავისით ვერ გადავიდა: {why}. სანამ არ იტყვით, სად გადავიდეს, არსებულ ვერსიაზე რჩება.")};
}

/// The program's own letter, or one of kvali's: reminder, overdue, blocked, guard_failed, excepted, migration_parked.
Letter letter_of(const cohort::Model& model, const std::string& name) {
  if (const v1::Message* own = model.message(name)) return {own->subject(), own->body()};
  if (name == "migration_parked") return letter_of_parked();
  return {cohort::sentence("letter_" + name + "_subject"), cohort::sentence("letter_" + name + "_body")};
}

/// The version whose letter it is: the one that the record was made under, else the newest that knows it. Null: none does.
const cohort::Model* version_of(const cohort::Library& library, const cohort::Model* then, const cohort::Initiative& initiative, const std::string& name) {
  static const std::set<std::string> of_kvali = {"reminder", "overdue", "blocked", "guard_failed", "excepted", "migration_parked", "reading_assigned", "reading_declined"};
  if (then && (then->message(name) || of_kvali.contains(name))) return then;
  if (of_kvali.contains(name)) return initiative.model.get();
  const auto versions = library.programs().find(initiative.model->name());
  if (versions == library.programs().end()) return nullptr;
  for (auto at = versions->second.rbegin(); at != versions->second.rend(); ++at)
    if (at->model->message(name)) return at->model.get();
  return nullptr;
}

std::string language_for(const directory::Person& person, const cohort::Model& model) {
  for (const std::string& wanted : person.languages)
    for (const std::string& spoken : model.program().languages())
      if (wanted == spoken) return wanted;
  return model.program().languages(0);
}

/// The last day before a deadline.
std::string day_of(const cohort::Cohort& cohort, std::int64_t due_us) { return calendar::to_string(calendar::date_at(cohort.zone, due_us - 1)); }

struct Occasion {
  const cohort::Cohort& cohort;
  const cohort::Initiative& initiative;
  const cohort::Model& version;  // that the letter and the state are of
  const v1::Told& told;
  v1::Text why;
  std::string reason;
  v1::Text task;  // of a letter about one: its states are of a machine of its own, and say less than what it is
};

/// What people call the kind of task that the record is about; empty: it is about none.
v1::Text task_of(const v1::Record& record, const cohort::Model& version) {
  const std::string& key = record.has_task_opened() ? record.task_opened().task() : record.advanced().task();
  const cohort::TaskModel* kind = key.empty() ? nullptr : version.task(std::string_view(key).substr(0, key.find('/')));
  return kind ? kind->kind->label() : v1::Text();
}

/// What stands for `name` in a letter to `person`; of a field what she may see.
std::optional<std::string> word_for(Core& core, const Occasion& occasion, const directory::Person& person, const std::string& name, const std::string& language) {
  if (name == "person.name") return open(person.name, core.vault());
  if (name == "reason") return occasion.reason;
  if (name == "why") return cohort::in_language(occasion.why, language);
  if (name == "state" && occasion.task.translations_size() > 0) return cohort::in_language(occasion.task, language);
  const statechart::Chart& chart = occasion.version.chart();
  if (name == "state" && occasion.told.state() < chart.state_count()) return cohort::in_language(chart.node(occasion.told.state()).label(), language);
  if (name == "due" && occasion.told.due_us() > 0) return day_of(occasion.cohort, occasion.told.due_us());
  return word_of(core.store(), occasion.cohort, occasion.initiative, {person.id, occasion.cohort.clock}, name, language, core.vault());
}

std::vector<Message> letters_of(Core& core, const cohort::Cohort& state, std::uint64_t sequence, std::int64_t at_us, const v1::Record& record) {
  std::vector<Message> letters;
  const auto slot = state.find(cohort::initiative_of(record));
  if (!slot || !told_of(record)) return letters;
  const cohort::Initiative& initiative = state.initiatives[*slot];
  const v1::Value* reason = reason_of(record);
  const auto& told = *told_of(record);
  const Versions versions(state, core.store().library, *slot);
  for (int i = 0; i < told.size(); ++i) {
    const v1::Told& one = told.Get(i);
    const cohort::Model* version = version_of(core.store().library, versions.at(sequence), initiative, one.message());
    if (!version) continue;
    const Occasion occasion{state, initiative, *version, one, why_of(record), reason ? opened(*reason, core.vault()).text() : std::string(), task_of(record, *version)};
    const Letter letter = letter_of(*version, one.message());
    for (const std::string& id_of_person : one.persons()) {
      const directory::Person* person = core.store().directory.person(id_of_person);
      if (!person) continue;
      Message& message = letters.emplace_back();
      message.id = fmt::format("{}:{}:{}:{}", cohort_stream(state.id), sequence, i, id_of_person);
      message.person = id_of_person;
      message.name = open(person->name, core.vault());
      message.email = open(person->email, core.vault());
      message.language = language_for(*person, *initiative.model);
      const auto known = [&](const std::string& name) { return word_for(core, occasion, *person, name, message.language); };
      message.subject = filled(cohort::in_language(letter.subject, message.language), known);
      message.body = filled(cohort::in_language(letter.body, message.language), known);
      message.at_us = at_us;
    }
  }
  return letters;
}

}  // namespace

std::vector<Message> letters_of(Core& core, const cohort::Cohort& cohort, const v1::Record& record) {
  return letters_of(core, cohort, cohort.sequence, cohort.clock, record);
}

Result<void> FileMailer::send(const std::vector<Message>& messages) {
  std::string lines;
  for (const Message& one : messages) {
    nlohmann::ordered_json line = {{"id", one.id}, {"at", calendar::to_string(one.at_us)}, {"to", one.email}, {"name", one.name},
                                   {"language", one.language}, {"subject", one.subject}, {"body", one.body}};
    lines += line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return fail(fmt::format("{}: {}", path_, std::strerror(errno)));
  std::size_t written = 0;
  bool good = true;
  while (good && written < lines.size()) {
    const ssize_t wrote = ::write(file, lines.data() + written, lines.size() - written);
    good = wrote > 0;
    if (good) written += static_cast<std::size_t>(wrote);
  }
  good = good && ::fdatasync(file) == 0;
  const int error = errno;
  ::close(file);
  if (!good) return fail(fmt::format("{}: {}", path_, std::strerror(error)));
  return {};
}

Effects::Effects(Core& core, Mailer& mailer) : core_(core), mailer_(mailer) { core_.listen(*this); }

Result<void> Effects::resume() {
  for (const auto& [id, entry] : core_.store().cohorts) {
    if (!entry.quarantined.empty()) continue;
    const std::string stream = cohort_stream(id);
    auto read = core_.journal().read(stream, entry.state.effects_sent + 1, [&](const journal::Record& stored) {
      v1::Record record;
      if (record.ParseFromString(stored.bytes)) take(stream, stored.sequence, record, stored.instant_us);
      return journal::Visit::Continue;
    });
    if (!read) return fail(read.error());
  }
  return {};
}

void Effects::durable(const std::string& stream, std::uint64_t first_sequence, const Records& records) {
  for (std::size_t i = 0; i < records.size(); ++i) take(stream, first_sequence + i, records[i], records.front().commit().stamped_at_us());
}

void Effects::take(const std::string& stream, std::uint64_t sequence, const v1::Record& record, std::int64_t at_us) {
  const auto* told = told_of(record);
  // What was taken back in time is told to nobody.
  if (record.has_bulk_undone())
    std::erase_if(waiting_[cohort_of(stream)], [&](const Asked& one) { return one.record.advanced().bulk() == record.bulk_undone().bulk(); });
  if (told && !told->empty()) waiting_[cohort_of(stream)].push_back({sequence, record, at_us});
}

void Effects::write(const std::string& cohort, const Asked& asked, std::vector<Message>& letters) const {
  const auto entry = core_.store().cohorts.find(cohort);
  if (entry == core_.store().cohorts.end()) return;
  const cohort::Cohort& state = entry->second.state;
  if (asked.record.has_term_noticed()) return write_term(cohort, asked, letters);
  for (Message& letter : letters_of(core_, state, asked.sequence, asked.at_us, asked.record)) letters.push_back(std::move(letter));
}

/// That a term ends: a letter about no initiative.
void Effects::write_term(const std::string& cohort, const Asked& asked, std::vector<Message>& letters) const {
  const cohort::Cohort& state = core_.store().cohorts.at(cohort).state;
  const v1::Body* body = state.model->body(asked.record.term_noticed().body());
  for (const v1::Told& one : asked.record.term_noticed().told())
    for (const std::string& id : one.persons()) {
      const directory::Person* person = core_.store().directory.person(id);
      if (!person || !body) continue;
      Message& message = letters.emplace_back();
      message.id = fmt::format("{}:{}:{}:{}", cohort_stream(cohort), asked.sequence, 0, id);
      message.person = id;
      message.name = open(person->name, core_.vault());
      message.email = open(person->email, core_.vault());
      message.language = language_for(*person, *state.model);
      message.at_us = asked.at_us;
      const auto known = [&](const std::string& name) -> std::optional<std::string> {
        if (name == "body") return cohort::in_language(body->label(), message.language);
        return name == "due" ? std::optional(day_of(state, one.due_us())) : std::nullopt;
      };
      for (auto& [part, text] : {std::pair{"subject", &message.subject}, std::pair{"body", &message.body}})
        *text = filled(cohort::in_language(cohort::sentence(fmt::format("letter_{}_{}", one.message(), part)), message.language), known);
    }
}

/// Those whose time has come; the others stay, and nothing behind the first of them is reported as done.
Effects::Waiting Effects::leaving(std::int64_t now_us) {
  Waiting going;
  for (auto& [cohort, asked] : waiting_) {
    const auto entry = core_.store().cohorts.find(cohort);
    const std::int64_t now = entry != core_.store().cohorts.end() && entry->second.state.open() ? cohort::instant_in(entry->second.state, now_us) : now_us;
    const auto first = std::stable_partition(asked.begin(), asked.end(), [&](const Asked& one) { return one.record.advanced().letters_wait_until_us() > now; });
    if (first == asked.end()) continue;
    going[cohort].assign(std::make_move_iterator(first), std::make_move_iterator(asked.end()));
    asked.erase(first, asked.end());
  }
  std::erase_if(waiting_, [](const auto& one) { return one.second.empty(); });
  return going;
}

void Effects::run(std::int64_t now_us) {
  if (leaving_ || waiting_.empty()) return;
  const auto leaving = std::make_shared<const Waiting>(this->leaving(now_us));
  if (leaving->empty()) return;
  leaving_ = true;
  core_.read([this, leaving, now_us]() -> Gate::Deliver {
    std::map<std::string, std::vector<Message>> letters;
    for (const auto& [cohort, asked] : *leaving)
      for (const Asked& one : asked) write(cohort, one, letters[cohort]);
    return [this, leaving, letters = std::move(letters), now_us] {
      leaving_ = false;
      for (const auto& [cohort, asked] : *leaving) send(cohort, asked, letters.at(cohort), now_us);
    };
  });
}

void Effects::send(const std::string& cohort, const std::vector<Asked>& asked, const std::vector<Message>& letters, std::int64_t now_us) {
  if (auto taken = mailer_.send(letters); !taken) {
    if (failures_++ == 0) std::fprintf(stderr, "kvali: letters wait: %s\n", taken.error().message.c_str());
    std::vector<Asked>& waiting = waiting_[cohort];  // tried again with the next run
    waiting.insert(waiting.begin(), asked.begin(), asked.end());
    return;
  }
  failures_ = 0;
  // Letters that wait for their window hold back the position: after a restart what followed them is sent again, under the same ids.
  std::uint64_t done = asked.back().sequence;
  if (const auto waits = waiting_.find(cohort); waits != waiting_.end())
    for (const Asked& one : waits->second) done = std::min(done, one.sequence - 1);
  if (done <= core_.store().cohorts.at(cohort).state.effects_sent) return;
  Submission report;
  report.command.set_cohort(cohort);
  report.command.set_channel(v1::TIME);
  report.command.mutable_report_effect()->set_sequence(done);
  report.now_us = now_us;
  core_.submit(std::move(report));
}

}  // namespace kvali::core
