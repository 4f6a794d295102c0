#include "server/core/effects.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "server/core/seal.h"

namespace kvali::core {
namespace {

const google::protobuf::RepeatedPtrField<v1::Told>* told_of(const v1::Record& record) {
  if (record.has_advanced()) return &record.advanced().told();
  if (record.has_excepted()) return &record.excepted().told();
  if (record.has_blocked()) return &record.blocked().told();
  if (record.has_guard_failed()) return &record.guard_failed().told();
  return nullptr;
}

const v1::Value* reason_of(const v1::Record& record) {
  if (record.has_advanced() && record.advanced().has_reason()) return &record.advanced().reason();
  if (record.has_excepted() && record.excepted().has_reason()) return &record.excepted().reason();
  return nullptr;
}

void replace(std::string& text, std::string_view mark, const std::string& value) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) text.replace(at, mark.size(), value);
}

struct Letter {
  v1::Text subject, body;
};

/// The program's own letter, or one of kvali's: reminder, overdue, blocked, guard_failed, excepted.
Letter letter_of(const cohort::Model& model, const std::string& name) {
  if (const v1::Message* own = model.message(name)) return {own->subject(), own->body()};
  return {cohort::sentence("letter_" + name + "_subject"), cohort::sentence("letter_" + name + "_body")};
}

std::string language_for(const directory::Person& person, const cohort::Model& model) {
  for (const std::string& wanted : person.languages)
    for (const std::string& spoken : model.program().languages())
      if (wanted == spoken) return wanted;
  return model.program().languages(0);
}

struct Occasion {
  const cohort::Cohort& cohort;
  const cohort::Initiative& initiative;
  const v1::Told& told;
  std::string reason;
  std::string title;
};

std::string filled(std::string text, const Occasion& occasion, const std::string& name, const std::string& language) {
  text = cohort::Facts(occasion.cohort, &occasion.initiative, nullptr, occasion.cohort.clock).fill(text);
  replace(text, "{initiative.title}", occasion.title);
  replace(text, "{person.name}", name);
  replace(text, "{reason}", occasion.reason);
  const statechart::Chart& chart = occasion.initiative.model->chart();
  if (occasion.told.state() < chart.state_count())
    replace(text, "{state}", cohort::in_language(chart.node(occasion.told.state()).label(), language));
  if (occasion.told.due_us() > 0)
    replace(text, "{due}", calendar::to_string(calendar::date_at(occasion.cohort.zone, occasion.told.due_us() - 1)));
  return text;
}

}  // namespace

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
  if (told && !told->empty()) waiting_[cohort_of(stream)].push_back({sequence, record, at_us});
}

void Effects::write(const std::string& cohort, const Asked& asked, std::vector<Message>& letters) const {
  const auto entry = core_.store().cohorts.find(cohort);
  if (entry == core_.store().cohorts.end()) return;
  const cohort::Cohort& state = entry->second.state;
  const auto slot = state.find(cohort::initiative_of(asked.record));
  if (!slot) return;
  const cohort::Initiative& initiative = state.initiatives[*slot];
  const v1::Value* title = initiative.field(initiative.model->title_field());
  const v1::Value* reason = reason_of(asked.record);
  const auto& told = *told_of(asked.record);
  for (int i = 0; i < told.size(); ++i) {
    const v1::Told& one = told.Get(i);
    const Occasion occasion{state, initiative, one, reason ? opened(*reason, core_.vault()).text() : std::string(),
                            title ? opened(*title, core_.vault()).text() : std::string()};
    const Letter letter = letter_of(*initiative.model, one.message());
    for (const std::string& id_of_person : one.persons()) {
      const directory::Person* person = core_.store().directory.person(id_of_person);
      if (!person) continue;
      Message& message = letters.emplace_back();
      message.id = fmt::format("{}:{}:{}:{}", cohort_stream(cohort), asked.sequence, i, id_of_person);
      message.person = id_of_person;
      message.name = open(person->name, core_.vault());
      message.email = open(person->email, core_.vault());
      message.language = language_for(*person, *initiative.model);
      message.subject = filled(cohort::in_language(letter.subject, message.language), occasion, message.name, message.language);
      message.body = filled(cohort::in_language(letter.body, message.language), occasion, message.name, message.language);
      message.at_us = asked.at_us;
    }
  }
}

void Effects::run(std::int64_t now_us) {
  if (leaving_ || waiting_.empty()) return;
  leaving_ = true;
  const auto leaving = std::make_shared<const Waiting>(std::exchange(waiting_, {}));
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
  Submission report;
  report.command.set_cohort(cohort);
  report.command.set_channel(v1::TIME);
  report.command.mutable_report_effect()->set_sequence(asked.back().sequence);
  report.now_us = now_us;
  core_.submit(std::move(report));
}

}  // namespace kvali::core
