#pragma once
// The directory as the rows of a snapshot and back: `head`, one `person/N/ID`, `organisation/N/ID`, `grant/N/ID` for each of
// them, one `answers/N` for each 1,024 sequences in which commands were answered (proto/kvali/v1/snapshot.proto). One state has
// one form in bytes.
#include <vector>

#include "engine/directory/directory.h"

namespace kvali::directory {

/// Every row, by key.
std::vector<Row> encode(const Directory& directory);

/// The rows that may have changed since `directory.stale` was empty: the head always.
RowChanges encode_stale(const Directory& directory);

/// The directory that these rows, by key, are of; nothing of it is stale. An error names the row that is missing, unreadable or
/// not in its place.
Result<Directory> decode(const std::vector<Row>& rows);

}  // namespace kvali::directory
