#include "tests/journals/container.h"

#include <fmt/format.h>

#include <map>
#include <sstream>

namespace kvali::journals {
namespace {

constexpr std::string_view first_line = "kvali journal 1\n";

}  // namespace

Result<std::string> written(const journal::Journal& journal) {
  std::string bytes(first_line);
  auto heads = journal.streams();
  if (!heads) return fail(heads.error());
  for (const journal::Head& head : *heads) {
    auto visited = journal.read(head.stream, 1, [&](const journal::Record& one) {
      bytes += fmt::format("{} {} {} {} {} {}\n", one.stream, one.sequence, one.instant_us, one.kind, one.version, one.bytes.size());
      bytes += one.bytes + "\n";
      return journal::Visit::Continue;
    });
    if (!visited) return fail(visited.error());
  }
  return bytes;
}

Result<void> read(const std::string& bytes, journal::Journal& journal) {
  if (!bytes.starts_with(first_line)) return fail("this is no kept journal: it does not begin with `kvali journal 1`");
  Result<void> stored;
  std::size_t at = first_line.size();
  while (at < bytes.size() && stored) {
    const std::size_t end = bytes.find('\n', at);
    std::istringstream line(bytes.substr(at, end - at));
    journal::Part part;
    journal::NewRecord record;
    std::uint64_t sequence = 0;
    std::size_t size = 0;
    if (end == std::string::npos || !(line >> part.stream >> sequence >> record.instant_us >> record.kind >> record.version >> size) || end + 1 + size >= bytes.size())
      return fail(fmt::format("byte {}: expected STREAM SEQUENCE INSTANT_US KIND VERSION BYTES", at));
    record.bytes = bytes.substr(end + 1, size);
    at = end + 1 + size + 1;
    part.expected_sequence = sequence - 1;
    part.records.push_back(std::move(record));
    journal::Batch batch;
    batch.parts.push_back(std::move(part));
    journal.append(std::move(batch), [&](const journal::Answer& answer) {
      if (!std::holds_alternative<journal::Committed>(answer)) stored = fail(fmt::format("byte {}: the record before it does not follow", at));
    });
  }
  return stored;
}

}  // namespace kvali::journals
