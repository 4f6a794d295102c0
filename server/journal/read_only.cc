#include "server/journal/read_only.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "server/journal/sqlite_reader.h"

namespace kvali::journal {

Result<ReadOnlyJournal> ReadOnlyJournal::open(const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) return fail(fmt::format("opening {}: {}", path, std::strerror(errno)));
  auto connection = sqlite::Connection::open({path, {}}, sqlite::Connection::Access::ReadOnly);
  if (!connection) return fail(connection.error());
  return ReadOnlyJournal(std::move(*connection));
}

void ReadOnlyJournal::append(Batch, Callback answer) { answer(Failed{"this journal is only looked at"}); }

Result<void> ReadOnlyJournal::read(const std::string& stream, std::uint64_t from_sequence, const Visitor& visit) const {
  return read_records(connection_, stream, from_sequence, visit);
}

Result<std::vector<Head>> ReadOnlyJournal::streams() const {
  auto rows = read_streams(connection_);
  if (!rows) return fail(rows.error());
  std::vector<Head> heads;
  for (StreamRow& row : *rows) heads.push_back(std::move(row.head));
  return heads;
}

Result<Head> ReadOnlyJournal::head(const std::string& stream) const {
  auto row = find_stream(connection_, stream);
  if (!row) return fail(row.error());
  return *row ? (*row)->head : Head{stream, 0, {}};
}

Result<std::vector<Due>> ReadOnlyJournal::due_at(std::int64_t instant_us) const { return read_due(connection_, instant_us, -1); }

Result<std::optional<Due>> ReadOnlyJournal::next_due() const {
  auto due = read_due(connection_, INT64_MAX, 1);
  if (!due) return fail(due.error());
  return due->empty() ? std::optional<Due>() : due->front();
}

Result<std::optional<Snapshot>> ReadOnlyJournal::snapshot(const std::string& stream) const { return read_snapshot(connection_, stream); }

}  // namespace kvali::journal
