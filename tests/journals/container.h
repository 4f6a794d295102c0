#pragma once
// The file in which a journal is kept for ever: independent of SQLite and of this year's schema. After the line
// `kvali journal 1` each record is a line `STREAM SEQUENCE INSTANT_US KIND VERSION BYTES`, that many bytes, a line feed.
#include <string>
#include <vector>

#include "server/journal/journal.h"

namespace kvali::journals {

/// Every record of every stream, stream by stream in order of their names.
[[nodiscard]] Result<std::string> written(const journal::Journal& journal);
/// Fills an empty journal with what a file holds, each record a commit of its own.
[[nodiscard]] Result<void> read(const std::string& bytes, journal::Journal& journal);

}  // namespace kvali::journals
