#include "engine/cohort/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/cohort/apply.h"
#include "engine/cohort/keep.h"

namespace kvali::cohort {
namespace {

constexpr const char* head_key = "head";
std::string key_of(Slot slot, const std::string& id) { return fmt::format("initiative/{:08}/{}", slot, id); }
std::string happenings_key(Slot slot, std::size_t row) { return fmt::format("happenings/{:08}/{:06}", slot, row); }
std::string answers_key(std::uint64_t row) { return fmt::format("answers/{:016}", row); }

// --- rows

Row head_row(const Cohort& cohort) {
  v1::KeptCohort kept;
  keep(cohort, kept);
  return {head_key, kept.SerializeAsString()};
}

Row initiative_row(const Cohort& cohort, Slot slot) {
  const Initiative& initiative = cohort.initiatives[slot];
  v1::KeptInitiative kept;
  kept.set_slot(slot);
  keep(initiative, kept);
  const History& all = cohort.happenings[slot];
  const auto count = static_cast<std::ptrdiff_t>(all.size() % limits::snapshot_happenings_per_row);
  for (auto at = std::prev(all.end(), count); at != all.end(); ++at) keep(*at, *kept.add_happenings());
  return {key_of(slot, initiative.id), kept.SerializeAsString()};
}

/// Adds the full rows of an initiative's history in which a record after `since` stands, newest first.
void add_happenings(const Cohort& cohort, Slot slot, std::uint64_t since, std::vector<Row>& rows) {
  constexpr std::size_t in_row = limits::snapshot_happenings_per_row;
  const History& all = cohort.happenings[slot];
  auto end = std::prev(all.end(), static_cast<std::ptrdiff_t>(all.size() % in_row));
  for (std::size_t row = all.size() / in_row; row-- > 0;) {
    if (std::prev(end)->sequence <= since) return;
    const auto begin = std::prev(end, static_cast<std::ptrdiff_t>(in_row));
    v1::KeptHappenings kept;
    kept.set_slot(slot);
    for (auto at = begin; at != end; ++at) keep(*at, *kept.add_happenings());
    rows.push_back({happenings_key(slot, row), kept.SerializeAsString()});
    end = begin;
  }
}

/// The row of answers `number`; empty bytes when all of them are forgotten.
Row answers_of(const Cohort& cohort, std::uint64_t number) {
  const auto row_of = [](const Answers::Entry& one) { return row_of_sequence(one.answer.sequence); };
  auto at = std::partition_point(cohort.answered.begin(), cohort.answered.end(), [&](const auto& one) { return row_of(one) < number; });
  v1::KeptAnswers kept;
  for (; at != cohort.answered.end() && row_of(*at) == number; ++at) {
    const auto& [command, stamped_at, answer] = *at;
    const auto& [request_hash, sequence, created] = answer;
    v1::KeptAnswer& one = *kept.add_answered();
    one.set_sequence(sequence);
    one.set_command_id(command);
    one.set_request_hash(request_hash);
    one.set_created(created);
    one.set_stamped_at_us(stamped_at);
  }
  return {answers_key(number), kept.SerializeAsString()};
}

// --- back from rows

/// An instance of another chart than it was kept of would index past its ends.
bool stands_in(const Instance& instance, const statechart::Chart& chart) {
  const auto known = [&](std::uint32_t state) { return state < chart.state_count(); };
  return std::all_of(instance.where.active.begin(), instance.where.active.end(), known) &&
         std::all_of(instance.timers.begin(), instance.timers.end(), [&](const Timer& one) { return known(one.state); });
}

/// Takes over a full row of some initiative's history, whose own row comes later.
Result<void> add_happenings(std::vector<History>& happenings, const std::string& key, const v1::KeptHappenings& kept) {
  if (kept.slot() >= happenings.size()) return fail(fmt::format("row {} is of no initiative", key));
  History& history = happenings[kept.slot()];
  const std::string due = happenings_key(kept.slot(), history.size() / limits::snapshot_happenings_per_row);
  if (key != due) return fail(fmt::format("row {} stands where {} is due", key, due));
  if (static_cast<std::size_t>(kept.happenings_size()) != limits::snapshot_happenings_per_row) return fail(fmt::format("row {} is not full", key));
  for (const v1::KeptHappening& one : kept.happenings()) restore(one, history.emplace_back());
  return {};
}

Result<void> add_initiative(Cohort& cohort, const std::string& key, const v1::KeptInitiative& kept, const Library& library, History history) {
  const Slot slot = static_cast<Slot>(cohort.initiatives.size());
  if (key != key_of(slot, kept.initiative())) return fail(fmt::format("row {} stands where {} is due", key, key_of(slot, kept.initiative())));
  Initiative& made = cohort.initiatives.emplace_back();
  made.model = of_kind(kept.version() == cohort.model->version() ? cohort.model : library.find(cohort.model->name(), kept.version()), kept.subject());
  if (!made.model) return fail(fmt::format("row {}: program {} has no version {}", key, cohort.model->name(), kept.version()));
  restore(kept, made);
  const auto restored = [&](const v1::KeptInitiative& was) -> std::shared_ptr<const Initiative> {
    auto before = std::make_shared<Initiative>();
    before->model = of_kind(library.find(cohort.model->name(), was.version()), was.subject());
    if (!before->model) return nullptr;
    restore(was, *before);
    return before;
  };
  if (kept.has_before() && !(made.before = restored(kept.before())))
    return fail(fmt::format("row {}: program {} has no version {}", key, cohort.model->name(), kept.before().version()));
  if (kept.has_before_bulk() && !(made.before_bulk = restored(kept.before_bulk())))
    return fail(fmt::format("row {}: program {} has no version {}", key, cohort.model->name(), kept.before_bulk().version()));
  for (const v1::KeptHappening& one : kept.happenings()) restore(one, history.emplace_back());
  cohort.happenings.push_back(std::move(history));
  bool fits = stands_in(made.at, made.model->chart());
  for (const Task& task : made.tasks) {
    const TaskModel* kind = made.model->task(task.kind);
    fits = fits && kind && stands_in(task.at, *kind->chart);
  }
  if (!fits) return fail(fmt::format("row {} does not fit the program it names", key));
  if (cohort.find(made.id)) return fail(fmt::format("row {}: the initiative has another row", key));
  index_initiative(cohort, slot);
  return {};
}

void add_answers(Cohort& cohort, const v1::KeptAnswers& kept) {
  for (const v1::KeptAnswer& one : kept.answered())
    cohort.answered.add({one.command_id(), one.stamped_at_us(), {one.request_hash(), one.sequence(), one.created()}});
}

}  // namespace

std::vector<Row> encode(const Cohort& cohort) {
  std::vector<Row> rows;
  std::uint64_t last = UINT64_MAX;
  for (const Answers::Entry& one : cohort.answered) {
    const std::uint64_t number = row_of_sequence(one.answer.sequence);
    if (std::exchange(last, number) != number) rows.push_back(answers_of(cohort, number));
  }
  for (Slot slot = 0; slot < cohort.initiatives.size(); ++slot) {
    const auto first = static_cast<std::ptrdiff_t>(rows.size());
    add_happenings(cohort, slot, 0, rows);
    std::reverse(rows.begin() + first, rows.end());
  }
  rows.push_back(head_row(cohort));
  for (Slot slot = 0; slot < cohort.initiatives.size(); ++slot) rows.push_back(initiative_row(cohort, slot));
  return rows;
}

RowChanges encode_stale(const Cohort& cohort, std::uint64_t since) {
  RowChanges changes;
  for (const std::uint64_t number : cohort.stale.answers) {
    Row row = answers_of(cohort, number);
    if (row.bytes.empty())
      changes.deletes.push_back(std::move(row.key));
    else
      changes.upserts.push_back(std::move(row));
  }
  changes.upserts.push_back(head_row(cohort));
  cohort.stale.initiatives.each([&](std::size_t number) {
    const Slot slot = static_cast<Slot>(number);
    add_happenings(cohort, slot, since, changes.upserts);
    changes.upserts.push_back(initiative_row(cohort, slot));
  });
  return changes;
}

Result<Cohort> decode(const std::vector<Row>& rows, const Library& library) {
  Cohort cohort;
  const auto head = std::find_if(rows.begin(), rows.end(), [](const Row& row) { return row.key == head_key; });
  v1::KeptCohort kept;
  if (head == rows.end()) return fail("row head is missing");
  if (!kept.ParseFromString(head->bytes)) return fail("row head cannot be read");
  cohort.model = library.find(kept.program(), kept.version());
  if (!cohort.model) return fail(fmt::format("row head: program {} has no version {}", kept.program(), kept.version()));
  restore(kept, cohort);
  for (std::uint32_t at = 0; at < cohort.assignments.size(); ++at) index_assignment(cohort, at);
  cohort.initiatives.reserve(kept.initiatives());
  std::vector<History> happenings(kept.initiatives());
  for (const Row& row : rows) {
    v1::KeptHappenings full;
    v1::KeptInitiative initiative;
    v1::KeptAnswers answers;
    if (row.key.starts_with("initiative/")) {
      if (!initiative.ParseFromString(row.bytes)) return fail(fmt::format("row {} cannot be read", row.key));
      History* history = cohort.initiatives.size() < happenings.size() ? &happenings[cohort.initiatives.size()] : nullptr;
      auto added = add_initiative(cohort, row.key, initiative, library, history ? std::move(*history) : History());
      if (!added) return fail(added.error());
    } else if (row.key.starts_with("happenings/")) {
      if (!full.ParseFromString(row.bytes)) return fail(fmt::format("row {} cannot be read", row.key));
      if (auto added = add_happenings(happenings, row.key, full); !added) return fail(added.error());
    } else if (row.key.starts_with("answers/")) {
      if (!answers.ParseFromString(row.bytes)) return fail(fmt::format("row {} cannot be read", row.key));
      add_answers(cohort, answers);
    } else if (row.key != head_key) {
      return fail(fmt::format("row {} is of no kind this version knows", row.key));
    }
  }
  if (cohort.initiatives.size() != kept.initiatives())
    return fail(fmt::format("there are rows of {} initiatives, the head counts {}", cohort.initiatives.size(), kept.initiatives()));
  return cohort;
}

}  // namespace kvali::cohort
