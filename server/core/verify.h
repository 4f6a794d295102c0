#pragma once
// Proves that a stored journal means what its snapshots say: folds every stream from record 1 and compares, row by row. That
// the bytes are the ones that were written is the journal's to prove (server/journal/verify.h).
#include <cstdint>
#include <string>
#include <vector>

#include "server/journal/journal.h"

namespace kvali::core {

struct FoldReport {
  std::vector<std::string> findings;  // sentences: a cohort that does not fold, a row that is not what the records fold to
  std::uint64_t rows = 0;             // of snapshots, found equal
  std::vector<std::string> passed_over;  // streams whose snapshot is of another version of the fold: no server reads it
};

/// Only reads, and may run beside the server. An error: the journal cannot be read, or a directory or program does not fold.
[[nodiscard]] Result<FoldReport> verify_fold(const journal::Journal& journal);

}  // namespace kvali::core
