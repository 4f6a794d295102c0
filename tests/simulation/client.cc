#include "tests/simulation/client.h"

#include <fmt/format.h>

#include <stdexcept>

namespace kvali::simulation {

std::string Replica::fold(const v1::ServerMessage& message) {
  if (message.has_sub_state()) {
    whole = message.sub_state().phase() == v1::SubState::LIVE;  // resumed: the rows are those of the cursor
    if (whole) return {};
    rows.clear();
    cursor.clear();
    return {};
  }
  if (message.has_snapshot()) {
    const v1::Snapshot& snapshot = message.snapshot();
    if (whole) return "a page of a snapshot came after its last";
    for (const v1::Row& row : snapshot.rows()) rows[row.key()] = row;
    whole = snapshot.last();
    if (!snapshot.cursor().empty()) cursor = snapshot.cursor();
    return {};
  }
  const v1::Delta& delta = message.delta();
  if (delta.seq() != ++seq) return fmt::format("delta {} came where {} was due", delta.seq(), seq);
  for (const v1::Row& row : delta.upsert()) rows[row.key()] = row;
  for (const std::string& key : delta.remove()) rows.erase(key);
  ++unacknowledged;
  if (!delta.cursor().empty()) cursor = delta.cursor();
  return {};
}

v1::ServerFrame Client::read(const std::string& frame) const {
  v1::ServerFrame made;
  if (json ? !api::from_json(frame, made).has_value() : !made.ParseFromString(frame)) throw std::runtime_error("a frame that cannot be read: " + frame);
  return made;
}

void Client::send(std::vector<v1::ClientMessage> messages) {
  v1::ClientFrame frame;
  std::vector<std::uint32_t> ids;
  for (v1::ClientMessage& one : messages) {
    ids.push_back(one.id());
    *frame.add_messages() = std::move(one);
  }
  outbox.emplace_back(json ? api::to_json(frame) : frame.SerializeAsString(), std::move(ids));
}

void Client::forget_connection() {
  connection = 0;
  welcomed = pressed = false;
  last_id = 0;
  outbox.clear();
  inbox.clear();
  inbox_bytes = 0;
  questions.clear();
  answers.clear();
}

}  // namespace kvali::simulation
