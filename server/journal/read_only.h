#pragma once
// A stored journal that is only looked at: for `kvali log` and `kvali verify`, also beside a running server. One thread.
#include "server/journal/sqlite_handle.h"
#include "server/journal/journal.h"

namespace kvali::journal {

class ReadOnlyJournal final : public Journal {
 public:
  /// An error says why there is nothing to look at.
  [[nodiscard]] static Result<ReadOnlyJournal> open(const std::string& path);

  void append(Batch batch, Callback answer) override;  // answers Failed
  void resume(std::string) override {}
  Result<void> writable() const override { return fail("this journal is only looked at"); }
  Result<void> read(const std::string& stream, std::uint64_t from_sequence, const Visitor& visit) const override;
  Result<std::vector<Head>> streams() const override;
  Result<Head> head(const std::string& stream) const override;
  Result<std::vector<Due>> due_at(std::int64_t instant_us) const override;
  Result<std::optional<Due>> next_due() const override;
  Result<std::optional<Snapshot>> snapshot(const std::string& stream) const override;
  Result<void> close() override { return {}; }

 private:
  explicit ReadOnlyJournal(sqlite::Connection connection) : connection_(std::move(connection)) {}
  sqlite::Connection connection_;
};

}  // namespace kvali::journal
