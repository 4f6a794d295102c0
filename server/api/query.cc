// Queries: what a reader asks for once.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "engine/limits.h"
#include "engine/program/diff.h"
#include "server/api/choosing.h"
#include "server/api/codec.h"
#include "server/api/connection.h"
#include "server/api/migration.h"
#include "server/api/organisations.h"
#include "server/api/subscription.h"
#include "server/views/views.h"

namespace kvali::api {
namespace {

constexpr std::uint32_t default_rows = 100;

struct Asker {
  core::Core& core;
  const std::string& person;
  std::int64_t now_us;
  const v1::Query& query;
  std::uint32_t limit;
  const std::string& locale;
  LastPreview& last_preview;
};

const cohort::Cohort* cohort_named(const Asker& asker, const std::string& id) {
  const auto found = asker.core.store().cohorts.find(id);
  if (found == asker.core.store().cohorts.end() || !found->second.quarantined.empty() || !found->second.state.open()) return nullptr;
  return &found->second.state;
}

bool manages_house(const Asker& asker) { return asker.core.store().directory.related(asker.person, "manager", "", asker.now_us); }

bool runs_some_cohort(const Asker& asker) {
  if (manages_house(asker)) return true;
  for (const auto& [id, entry] : asker.core.store().cohorts)
    if (entry.state.open() && cohort::may(entry.state, asker.core.store().world(),
                                          {asker.person, cohort::instant_in(entry.state, asker.now_us)}, cohort::Action::Manage))
      return true;
  return false;
}

void answer_rows(const Asker& asker, const cohort::Cohort& state, v1::Answer& answer) {
  const views::Views views(asker.core, state, asker.person, asker.now_us);
  const std::vector<std::string> keys = views.board_keys();
  auto from = asker.query.page().empty() ? keys.begin() : std::find(keys.begin(), keys.end(), asker.query.page());
  for (; from != keys.end(); ++from) {
    if (static_cast<std::uint32_t>(answer.rows_size()) == asker.limit) {
      answer.set_next_page(*from);
      return;
    }
    if (auto row = views.row(*from)) *answer.add_rows() = std::move(*row);
  }
}

void answer_people(const Asker& asker, v1::Answer& answer) {
  for (const directory::Person& person : asker.core.store().directory.persons) {
    v1::PersonRef& ref = *answer.add_people();
    ref.set_id(person.id);
    ref.set_name(core::open(person.name, asker.core.vault()));
  }
}

using Versions = std::vector<cohort::Library::Entry>;  // of one program, oldest first

const Versions* versions_of(const Asker& asker, const std::string& program) {
  const auto& programs = asker.core.store().library.programs();
  const auto found = programs.find(program);
  return found == programs.end() ? nullptr : &found->second;
}

/// The number of a version that is named by it or by its hash; 0: there is none.
std::size_t number_of(const std::string& named, const Versions& versions) {
  for (std::size_t i = 0; i < versions.size(); ++i)
    if (named == versions[i].model->version() || named == std::to_string(i + 1)) return i + 1;
  return 0;
}

/// Who published it and what its proof came to is told to those who run something, and to the author.
void answer_version(const Asker& asker, const Versions& versions, std::size_t index, bool runs, v1::Answer& answer) {
  const cohort::Library::Entry& entry = versions[index];
  v1::ProgramVersion& version = *answer.add_programs();
  version.set_name(entry.model->name());
  version.set_version(entry.model->version());
  *version.mutable_title() = entry.model->program().title();
  version.set_published_at_us(entry.published_at_us);
  version.set_message(entry.message);
  version.set_number(static_cast<std::uint32_t>(index) + 1);
  if (!runs && (entry.author.empty() || entry.author != asker.person)) return;
  *version.mutable_proof() = entry.proof;
  version.mutable_author()->set_id(entry.author);
  if (const directory::Person* person = asker.core.store().directory.person(entry.author))
    version.mutable_author()->set_name(core::open(person->name, asker.core.vault()));
}

void answer_programs(const Asker& asker, v1::Answer& answer) {
  const bool runs = runs_some_cohort(asker);
  for (const auto& [name, versions] : asker.core.store().library.programs())
    for (std::size_t i = 0; i < versions.size(); ++i) answer_version(asker, versions, i, runs, answer);
}

/// Newest first; a page names the number that it begins with.
void answer_versions(const Asker& asker, const Versions& versions, v1::Answer& answer) {
  const bool runs = runs_some_cohort(asker);
  std::size_t from = versions.size();
  if (!asker.query.page().empty()) from = number_of(asker.query.page(), versions);
  for (std::size_t number = from; number > 0; --number) {
    if (static_cast<std::uint32_t>(answer.programs_size()) == asker.limit) return answer.set_next_page(std::to_string(number));
    answer_version(asker, versions, number - 1, runs, answer);
  }
}

/// False: there is no such version, or none before it.
bool answer_difference(const Asker& asker, const Versions& versions, v1::Answer& answer) {
  const v1::DifferenceQuery& query = asker.query.difference();
  const std::size_t now = query.now().empty() ? versions.size() : number_of(query.now(), versions);
  const std::size_t was = query.was().empty() && now > 0 ? now - 1 : number_of(query.was(), versions);
  if (was == 0 || now == 0) return false;
  const program::Difference found =
      program::difference(versions[was - 1].model->program(), versions[now - 1].model->program(), asker.locale);
  const auto meaning = [](program::Meaning one) { return static_cast<v1::ProgramDifference::Meaning>(static_cast<int>(one) + 1); };
  v1::ProgramDifference& difference = *answer.mutable_difference();
  difference.set_was(static_cast<std::uint32_t>(was));
  difference.set_now(static_cast<std::uint32_t>(now));
  difference.set_meaning(meaning(found.verdict));
  for (const program::Change& one : found.changes) {
    v1::ProgramDifference::Change& change = *difference.add_changes();
    change.set_path(one.path);
    change.set_meaning(meaning(one.meaning));
    change.set_sentence(one.sentence);
    change.set_running(one.running);
  }
  difference.set_text(program::to_text(found, asker.locale));
  return true;
}

/// A page names the initiative, and the review, that it begins with.
void answer_readings(const Asker& asker, const cohort::Cohort& state, v1::Answer& answer) {
  const std::vector<v1::QueueRow> rows = views::Views(asker.core, state, asker.person, asker.now_us).queue(asker.query.readings().review(), asker.locale);
  const auto key = [](const v1::QueueRow& one) { return one.initiative() + "/" + one.review(); };
  auto from = asker.query.page().empty() ? rows.begin() : std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return key(one) == asker.query.page(); });
  for (; from != rows.end(); ++from) {
    if (static_cast<std::uint32_t>(answer.queue_size()) == asker.limit) return answer.set_next_page(key(*from));
    *answer.add_queue() = *from;
  }
}

void answer_readers(const Asker& asker, const cohort::Cohort& state, v1::Answer& answer) {
  std::string review = asker.query.readers().review();
  for (const cohort::TaskModel& kind : state.model->tasks())
    if (review.empty() && kind.kind->has_review()) review = kind.kind->name();
  const views::Views views(asker.core, state, asker.person, asker.now_us);
  const std::vector<v1::ReadersRow> rows = views.readers(review);
  if (asker.query.page().empty())
    for (v1::ReaderLoad& one : views.loads(review)) *answer.add_loads() = std::move(one);
  auto from = asker.query.page().empty() ? rows.begin() : std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.initiative() == asker.query.page(); });
  for (; from != rows.end(); ++from) {
    if (static_cast<std::uint32_t>(answer.readers_size()) == asker.limit) return answer.set_next_page(from->initiative());
    *answer.add_readers() = *from;
  }
}

/// A page names the person that it begins with.
void answer_mentors(const Asker& asker, const cohort::Cohort& state, v1::Answer& answer) {
  const views::Views views(asker.core, state, asker.person, asker.now_us);
  const std::string& role = asker.query.mentors().role();
  const std::vector<v1::MentorRow> rows = views.mentors(role);
  if (asker.query.page().empty())
    for (v1::Unattended& one : views.unattended(role)) {
      if (static_cast<std::uint32_t>(answer.unattended_size()) == asker.limit) break;
      *answer.add_unattended() = std::move(one);
    }
  auto from = asker.query.page().empty() ? rows.begin() : std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.person().id() == asker.query.page(); });
  for (; from != rows.end(); ++from) {
    if (static_cast<std::uint32_t>(answer.mentors_size()) == asker.limit) return answer.set_next_page(from->person().id());
    *answer.add_mentors() = *from;
  }
}

void answer_candidates(const Asker& asker, const cohort::Cohort& state, v1::Answer& answer) {
  const std::vector<v1::CandidateRow> rows = views::Views(asker.core, state, asker.person, asker.now_us).candidates(asker.query.candidates(), asker.locale);
  auto from = asker.query.page().empty() ? rows.begin() : std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.person().id() == asker.query.page(); });
  for (; from != rows.end(); ++from) {
    if (static_cast<std::uint32_t>(answer.candidates_size()) == asker.limit) return answer.set_next_page(from->person().id());
    *answer.add_candidates() = *from;
  }
}

Result<void> answer_log(const Asker& asker, const std::string& cohort, std::uint64_t from, v1::Answer& answer) {
  // What a conflict of interest keeps her away from is left out, and so is what says of several at once how one of them fares.
  const cohort::Cohort& state = *cohort_named(asker, cohort);
  const cohort::Viewer viewer{asker.person, cohort::instant_in(state, asker.now_us)};
  const auto may_see = [&](const std::string& initiative) {
    const auto slot = state.find(initiative);
    return !slot || cohort::may(state, asker.core.store().world(), viewer, cohort::Action::See, &state.initiatives[*slot]);
  };
  const auto is_told = [&](const v1::Record& record) {
    const auto& several = record.assignments_drawn().shortfall();
    return may_see(cohort::initiative_of(record)) && std::all_of(several.begin(), several.end(), [&](const auto& one) { return may_see(one.initiative()); });
  };
  return asker.core.journal().read(core::cohort_stream(cohort), std::max<std::uint64_t>(1, from), [&](const journal::Record& stored) {
    if (static_cast<std::uint32_t>(answer.lines_size()) == asker.limit) {
      answer.set_next_page(std::to_string(stored.sequence));
      return journal::Visit::Stop;
    }
    v1::Record record;
    if (record.ParseFromString(stored.bytes) && is_told(record)) answer.add_lines(fmt::format("{} {} {}", stored.sequence, calendar::to_string(stored.instant_us), to_json(record)));
    return journal::Visit::Continue;
  });
}

OrganisationsReader organisations_reader(const Asker& asker) { return {asker.core, asker.person, asker.locale, asker.now_us}; }

/// Whether less is known here than the reader has seen: after a restore, or behind another server.
bool behind(const Asker& asker, const Cursor& cursor) {
  return asker.core.store().sequence(cursor.cohort.empty() ? core::directory_stream : core::cohort_stream(cursor.cohort)) < cursor.position;
}

enum class Knows { Manager, Member };

/// Whether the reader runs the cohort, or sits in the body that is asked about.
bool knows(const Asker& asker, const cohort::Cohort& state, Knows wanted) {
  const cohort::Viewer viewer{asker.person, cohort::instant_in(state, asker.now_us)};
  if (cohort::may(state, asker.core.store().world(), viewer, cohort::Action::Manage)) return true;
  const v1::Body* body = wanted == Knows::Member ? state.model->body(asker.query.minutes().body()) : nullptr;
  const std::vector<std::string> roles = cohort::roles_in(state, asker.core.store().world(), viewer);
  return body && std::find(roles.begin(), roles.end(), body->role()) != roles.end();
}

using Answered = std::variant<v1::Answer, std::pair<std::string, std::string>, cohort::Refusal>;

Answered answer_choosing(const Asker& asker, const std::string& id, Knows wanted) {
  const cohort::Cohort* state = cohort_named(asker, id);
  if (!state) return std::pair<std::string, std::string>("NOT_FOUND", "no_cohort");
  if (!knows(asker, *state, wanted)) return std::pair<std::string, std::string>("FORBIDDEN", "forbidden");
  const ChoosingReader reader{asker.core, *state, asker.person, asker.locale, asker.now_us, asker.limit};
  ChoosingAnswer found = asker.query.has_ranking()   ? answer_ranking(reader, asker.query.ranking())
                         : asker.query.has_minutes() ? answer_minutes(reader, asker.query.minutes())
                         : asker.query.has_letters() ? answer_letters(reader, asker.query.letters())
                                                     : answer_bulk(reader, asker.query.bulk(), asker.query.page());
  if (auto* refusal = std::get_if<cohort::Refusal>(&found)) return std::move(*refusal);
  return std::move(std::get<v1::Answer>(found));
}

/// What a form would be handed in with, or what has become of it since it was.
Answered answer_forms(const Asker& asker) {
  const bool checks = asker.query.has_check_answers();
  const cohort::Cohort* state = cohort_named(asker, checks ? asker.query.check_answers().cohort() : asker.query.revisions().cohort());
  if (!state) return std::pair<std::string, std::string>("NOT_FOUND", "no_cohort");
  const views::Views views(asker.core, *state, asker.person, asker.now_us);
  v1::Answer answer;
  if (checks) {
    auto checked = views.check_answers(asker.query.check_answers());
    if (auto* refusal = std::get_if<cohort::Refusal>(&checked)) return std::move(*refusal);
    *answer.mutable_checked() = std::move(std::get<v1::CheckedAnswers>(checked));
    return answer;
  }
  auto revisions = views.revisions(asker.query.revisions());
  if (!revisions) return std::pair<std::string, std::string>("UNAVAILABLE", "unreadable");
  if (auto* refusal = std::get_if<cohort::Refusal>(&*revisions)) return std::move(*refusal);
  *answer.mutable_revisions() = std::move(std::get<v1::Revisions>(*revisions));
  return answer;
}

/// The answer, or the code and the key of the refusal, or a refusal of the engine.
Answered answer_of(const Asker& asker) {
  using v1::Query;
  const auto no = [](const char* code, const char* key) { return std::pair<std::string, std::string>(code, key); };
  if (!asker.query.min_cursor().empty()) {
    const auto cursor = open_cursor(asker.query.min_cursor(), asker.core.vault());
    if (!cursor) return no("INVALID", "no_cursor");
    if (behind(asker, *cursor)) return no("UNAVAILABLE", "behind");
  }
  v1::Answer answer;
  switch (asker.query.body_case()) {
    case Query::kCohorts:
      for (v1::CohortSummary& one : cohorts_of(asker.core, asker.person, asker.now_us)) *answer.add_cohorts() = std::move(one);
      return answer;
    case Query::kInitiative: {
      const cohort::Cohort* state = cohort_named(asker, asker.query.initiative().cohort());
      if (!state) return no("NOT_FOUND", "no_cohort");
      auto row = views::Views(asker.core, *state, asker.person, asker.now_us).detail(asker.query.initiative().initiative());
      if (!row) return no("NOT_FOUND", "no_initiative");
      *answer.add_rows() = std::move(*row);
      return answer;
    }
    case Query::kRows: {
      const cohort::Cohort* state = cohort_named(asker, asker.query.rows().cohort());
      if (!state) return no("NOT_FOUND", "no_cohort");
      answer_rows(asker, *state, answer);
      return answer;
    }
    case Query::kPeople:
      if (!runs_some_cohort(asker)) return no("FORBIDDEN", "forbidden");
      answer_people(asker, answer);
      return answer;
    case Query::kOrganisations: answer_organisations(organisations_reader(asker), answer); return answer;
    case Query::kOrganisation:
      if (!answer_organisation(organisations_reader(asker), asker.query.organisation().organisation(), answer)) return no("NOT_FOUND", "no_organisation");
      return answer;
    case Query::kEligibility:
      if (!answer_eligibility(organisations_reader(asker), asker.query.eligibility(), answer)) return no("FORBIDDEN", "not_member");
      return answer;
    case Query::kPrograms: answer_programs(asker, answer); return answer;
    case Query::kVersions: {
      const Versions* versions = versions_of(asker, asker.query.versions().program());
      if (!versions) return no("NOT_FOUND", "no_such_program");
      answer_versions(asker, *versions, answer);
      return answer;
    }
    case Query::kDifference: {
      if (!runs_some_cohort(asker)) return no("FORBIDDEN", "forbidden");
      const Versions* versions = versions_of(asker, asker.query.difference().program());
      if (!versions) return no("NOT_FOUND", "no_such_program");
      if (!answer_difference(asker, *versions, answer)) return no("NOT_FOUND", "no_version");
      return answer;
    }
    case Query::kLog: {
      const cohort::Cohort* state = cohort_named(asker, asker.query.log().cohort());
      if (!state) return no("NOT_FOUND", "no_cohort");
      if (!cohort::may(*state, asker.core.store().world(), {asker.person, cohort::instant_in(*state, asker.now_us)}, cohort::Action::SeeLog))
        return no("FORBIDDEN", "forbidden");
      if (auto read = answer_log(asker, asker.query.log().cohort(), asker.query.log().from_sequence(), answer); !read)
        return no("UNAVAILABLE", "unreadable");
      return answer;
    }
    case Query::kMigration: {
      const cohort::Cohort* state = cohort_named(asker, asker.query.migration().cohort());
      if (!state) return no("NOT_FOUND", "no_cohort");
      if (!cohort::may(*state, asker.core.store().world(), {asker.person, cohort::instant_in(*state, asker.now_us)}, cohort::Action::Manage))
        return no("FORBIDDEN", "forbidden");
      return answer_migration({asker.core, *state, asker.locale, asker.now_us, asker.limit, asker.last_preview, asker.person}, asker.query);
    }
    case Query::kReadings: {
      const cohort::Cohort* state = cohort_named(asker, asker.query.readings().cohort());
      if (!state) return no("NOT_FOUND", "no_cohort");
      answer_readings(asker, *state, answer);
      return answer;
    }
    case Query::kReaders: {
      const cohort::Cohort* state = cohort_named(asker, asker.query.readers().cohort());
      if (!state) return no("NOT_FOUND", "no_cohort");
      if (!cohort::may(*state, asker.core.store().world(), {asker.person, cohort::instant_in(*state, asker.now_us)}, cohort::Action::Manage))
        return no("FORBIDDEN", "forbidden");
      answer_readers(asker, *state, answer);
      return answer;
    }
    case Query::kCheckAnswers:
    case Query::kRevisions: return answer_forms(asker);
    case Query::kCandidates: {
      const cohort::Cohort* state = cohort_named(asker, asker.query.candidates().cohort());
      if (!state) return no("NOT_FOUND", "no_cohort");
      if (!cohort::may(*state, asker.core.store().world(), {asker.person, cohort::instant_in(*state, asker.now_us)}, cohort::Action::Assign))
        return no("FORBIDDEN", "forbidden");
      answer_candidates(asker, *state, answer);
      return answer;
    }
    case Query::kMentors: {
      const cohort::Cohort* state = cohort_named(asker, asker.query.mentors().cohort());
      if (!state) return no("NOT_FOUND", "no_cohort");
      answer_mentors(asker, *state, answer);
      return answer;
    }
    case Query::kRanking: return answer_choosing(asker, asker.query.ranking().cohort(), Knows::Manager);
    case Query::kMinutes: return answer_choosing(asker, asker.query.minutes().cohort(), Knows::Member);
    case Query::kLetters: return answer_choosing(asker, asker.query.letters().cohort(), Knows::Manager);
    case Query::kBulk: return answer_choosing(asker, asker.query.bulk().cohort(), Knows::Manager);
    case Query::BODY_NOT_SET: return no("UNKNOWN_OPERATION", "unknown_operation");
  }
  return no("UNKNOWN_OPERATION", "unknown_operation");
}

}  // namespace

void Api::query(Connection& connection, std::uint32_t id, const v1::Query& query) {
  if (connection.queries.size() >= limits::queries_waiting_max) return refuse(connection, id, "RATE_LIMITED", "too_many_queries");
  connection.queries.emplace_back(id, query);
  answer_queries(connection.id);
}

void Api::answer_queries(std::uint64_t to) {
  for (Connection* asker = find(to); asker && !asker->querying && !asker->full && !asker->queries.empty(); asker = find(to)) {
    asker->querying = true;
    const auto [id, query] = std::move(asker->queries.front());
    asker->queries.pop_front();
    const auto within = std::make_shared<bool>(true);  // delivered before read() is back: this loop goes on by itself
    options_.core.read([this, to, id = id, query = query, within]() -> core::Gate::Deliver {
      return [this, to, within, message = answered(to, id, query)] {
        Connection* found = find(to);
        if (!found) return;
        found->querying = false;
        answer(to, message);
        if (!*within) answer_queries(to);
      };
    });
    *within = false;
  }
}

v1::ServerMessage Api::answered(std::uint64_t to, std::uint32_t id, const v1::Query& query) {
  v1::ServerMessage message;
  const Connection* asker = find(to);
  if (!asker) return message;
  const std::uint32_t limit = std::min(query.limit() ? query.limit() : default_rows, limits::query_rows_max);
  auto found = answer_of({options_.core, asker->person, asker->now_us, query, limit, asker->locale, *last_preview_});
  if (const auto* no = std::get_if<std::pair<std::string, std::string>>(&found)) return refusal(*asker, id, no->first, no->second);
  if (const auto* refused = std::get_if<cohort::Refusal>(&found)) return refusal(*asker, id, *refused);
  message.set_id(id);
  *message.mutable_answer() = std::move(std::get<v1::Answer>(found));
  return message;
}

}  // namespace kvali::api
