#include "server/net/outbox.h"

#include <algorithm>
#include <span>

namespace kvali::net {
namespace {

constexpr std::size_t gathered_frames = 32;  // two buffers each: what Asio gives to one sendmsg
constexpr std::size_t tls_record_bytes = 16 * 1024;

}  // namespace

void Outbox::push(std::string head, std::shared_ptr<const std::string> payload) {
  if (empty()) {
    queue_.emplace();
    progress_ms_ = steady_ms();
  }
  queue_->push_back(Piece{std::move(head), std::move(payload)});
  bytes_ += queue_->back().size();
}

void Outbox::drop_waiting() {
  const std::size_t kept = std::max<std::size_t>(flying_, offset_ > 0 ? 1 : 0);
  while (queue_ && queue_->size() > kept) {
    bytes_ -= queue_->back().size();
    queue_->pop_back();
  }
  if (queue_ && queue_->empty()) queue_.reset();
}

/// Names the bytes of the next write in buffers_.
void Outbox::gather() {
  flying_ = std::min(queue_->size(), gathered_frames);
  std::size_t skip = offset_;
  const auto add = [&](const std::string& text) {
    const std::size_t skipped = std::min(skip, text.size());
    skip -= skipped;
    if (skipped < text.size()) buffers_.emplace_back(text.data() + skipped, text.size() - skipped);
  };
  buffers_.clear();
  for (std::size_t i = 0; i < flying_; ++i) {
    add((*queue_)[i].head);
    if ((*queue_)[i].payload) add(*(*queue_)[i].payload);
  }
  if (!transport_.secure()) return;
  joined_.clear();
  for (const asio::const_buffer& buffer : buffers_) {
    const std::size_t room = tls_record_bytes - joined_.size();
    joined_.append(static_cast<const char*>(buffer.data()), std::min(room, buffer.size()));
  }
  buffers_.assign(1, asio::buffer(joined_));
}

/// Takes `bytes` off the front. Returns the payload bytes of the frames that have now left whole.
std::size_t Outbox::consume(std::size_t bytes) {
  flying_ = 0;
  bytes_ -= bytes;
  offset_ += bytes;
  std::size_t payload_bytes = 0;
  while (!queue_->empty() && offset_ >= queue_->front().size()) {
    const Piece& piece = queue_->front();
    offset_ -= piece.size();
    if (piece.payload) payload_bytes += piece.payload->size();
    queue_->pop_front();
  }
  if (queue_->empty()) {
    queue_.reset();
    std::vector<asio::const_buffer>().swap(buffers_);
    std::string().swap(joined_);
  }
  return payload_bytes;
}

void Outbox::flush(const std::shared_ptr<void>& owner, const Written& written) {
  if (writing_ || empty()) return;
  writing_ = true;
  gather();
  transport_.async_write_some(std::span<const asio::const_buffer>(buffers_),
                              [this, owner, written](error_code error, std::size_t bytes) {
                                writing_ = false;
                                if (bytes > 0) progress_ms_ = steady_ms();
                                const std::size_t payload_bytes = consume(bytes);
                                if (!error) flush(owner, written);
                                written(payload_bytes, error);
                              });
}

}  // namespace kvali::net
