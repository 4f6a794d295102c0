#include "server/journal/sqlite_handle.h"

#include <fmt/format.h>

namespace kvali::sqlite {
namespace {

Error said(sqlite3* connection) {
  return {fmt::format("{} (SQLite {})", sqlite3_errmsg(connection), sqlite3_extended_errcode(connection))};
}

}  // namespace

Result<bool> Statement::step() {
  KVALI_CHECK(statement_);
  const int code = bound_ == SQLITE_OK ? sqlite3_step(statement_.get()) : bound_;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = said(sqlite3_db_handle(statement_.get()));
  reset();
  return fail(std::move(error));
}

Result<void> Statement::run() {
  for (;;) {
    const Result<bool> row = step();
    if (!row) return fail(row.error());
    if (!*row) return {};
  }
}

void Statement::reset() {
  if (statement_) sqlite3_reset(statement_.get());  // its code repeats the failure of the last step
  bound_ = SQLITE_OK;
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

void Statement::bind(int index, Text value) {
  const char* data = value.value.empty() ? "" : value.value.data();  // a null pointer would bind NULL
  keep(sqlite3_bind_text64(statement_.get(), index, data, value.value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, Blob value) {
  const char* data = value.value.empty() ? "" : value.value.data();
  keep(sqlite3_bind_blob64(statement_.get(), index, data, value.value.size(), SQLITE_STATIC));
}

Result<Connection> Connection::open(const Place& place, Access access) {
  const int flags = (access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(place.path.c_str(), &raw, flags, place.vfs.empty() ? nullptr : place.vfs.c_str());
  Connection connection;
  connection.connection_.reset(raw);
  if (code != SQLITE_OK) {
    return fail((raw != nullptr ? said(raw) : Error{"out of memory"}).within("opening " + place.path));
  }
  sqlite3_busy_timeout(raw, 5'000);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // Checkpoints are made by whoever owns the file, in sight: never in passing, never while closing after a failure.
  sqlite3_wal_autocheckpoint(raw, 0);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return connection;
}

Result<Statement> Connection::prepare(std::string_view sql) const {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v3(get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr) !=
      SQLITE_OK) {
    return fail(error());
  }
  Statement statement;
  statement.statement_.reset(raw);
  return statement;
}

Result<void> Connection::run(const char* sql) const {
  if (sqlite3_exec(get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return fail(error());
  return {};
}

Result<std::int64_t> Connection::integer(std::string_view sql) const {
  auto statement = prepare(sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return *row ? statement->integer(0) : 0;
}

Error Connection::error() const { return said(get()); }

bool is_damage(const Connection& connection) {
  const int code = sqlite3_extended_errcode(connection.get()) & 0xff;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

}  // namespace kvali::sqlite
