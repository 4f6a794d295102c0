#pragma once
// SQLite with owners: a connection and its statements close themselves, and every failure is a sentence with SQLite's
// own words. SQL stays a literal beside the statement that runs it. One thread at a time per connection.
#include <sqlite3.h>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace kvali::sqlite {

/// What a parameter is bound to: texts and blobs are views, to be alive until the statement has run.
struct Text {
  std::string_view value;
};
struct Blob {
  std::string_view value;
};

class Statement {
 public:
  Statement() = default;

  /// Starts over with ?1, ?2, … bound to `values`: integers, optional integers (NULL when absent), Text, Blob.
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  /// True: a row is there to be read. False: no more.
  [[nodiscard]] Result<bool> step();
  /// Runs a statement to its end, whatever rows it answers.
  [[nodiscard]] Result<void> run();
  /// Lets go of the row and of the read transaction that a SELECT outside of a transaction holds.
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  std::optional<std::int64_t> optional_integer(int column) const;
  /// The bytes of a text or a blob, until the next step.
  std::string_view bytes(int column) const;

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  template <std::integral Number>
  void bind(int index, Number value) {
    keep(sqlite3_bind_int64(statement_.get(), index, static_cast<sqlite3_int64>(value)));
  }
  template <std::integral Number>
  void bind(int index, const std::optional<Number>& value) {
    value ? bind(index, *value) : keep(sqlite3_bind_null(statement_.get(), index));
  }
  void bind(int index, Text value);
  void bind(int index, Blob value);
  void keep(int code) { bound_ = bound_ == SQLITE_OK ? code : bound_; }

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = SQLITE_OK;
};

class Connection {
 public:
  enum class Access { ReadWrite, ReadOnly };
  struct Place {
    std::string path;
    std::string vfs;  // empty: SQLite's own
  };

  Connection() = default;
  /// Opens an existing file (an empty one is a database without tables). Only checkpoints asked for are made.
  [[nodiscard]] static Result<Connection> open(const Place& place, Access access);

  [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
  /// Runs statements that answer no rows.
  [[nodiscard]] Result<void> run(const char* sql) const;
  /// The first column of the first row.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql) const;
  sqlite3* get() const { return connection_.get(); }

  /// What SQLite says of its last failure: "disk I/O error (SQLITE 778)".
  Error error() const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

/// The extended code of the connection's last failure tells a damaged page, or that the file is no database at all.
bool is_damage(const Connection& connection);

}  // namespace kvali::sqlite
