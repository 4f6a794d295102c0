#pragma once
// A cohort as the rows of a snapshot and back: `head`, one `initiative/SLOT/ID` for each initiative, one `happenings/SLOT/N` for
// every full 64 lines of its history, one `answers/N` for each 1,024 sequences in which commands were answered
// (proto/kvali/v1/snapshot.proto). One state has one form in bytes. Programs are named by their version; what follows from the
// rest (indexes) is made again.
#include <vector>

#include "engine/cohort/state.h"
#include "engine/rows.h"

namespace kvali::cohort {

/// Every row of an open cohort, by key.
std::vector<Row> encode(const Cohort& cohort);

/// The rows that may have changed since `cohort.stale` was empty, which it was after record `since`: the head always.
RowChanges encode_stale(const Cohort& cohort, std::uint64_t since);

/// The cohort that these rows, by key, are of; nothing of it is stale. An error names the row that is missing, unreadable or
/// not in its place, or the version of a program that `library` does not have.
Result<Cohort> decode(const std::vector<Row>& rows, const Library& library);

}  // namespace kvali::cohort
