#pragma once
// A client of raw POSIX sockets for tests: it can say what no library would, and knows nothing of the server's code.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kvali::net {

class Client {
 public:
  /// `receive_bytes` > 0 makes the kernel hold little, so that a client that does not read is felt soon.
  explicit Client(std::uint16_t port, int receive_bytes = 0) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_bytes > 0) ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    const timeval patience{20, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  ~Client() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Client(Client&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), read_(std::move(other.read_)) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client& operator=(Client&&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the server has closed; what it said can still be read
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Gives the descriptor away.
  int release() { return std::exchange(descriptor_, -1); }
  void end_writing() { ::shutdown(descriptor_, SHUT_WR); }

  /// Everything until the server closes.
  std::string read_all() {
    while (read_more()) {
    }
    return std::exchange(read_, {});
  }
  /// One HTTP answer with its body by Content-Length; `to_head` when none follows.
  std::string read_answer(bool to_head = false) {
    auto end = read_.find("\r\n\r\n");
    while (end == std::string::npos) {
      if (!read_more()) return std::exchange(read_, {});
      end = read_.find("\r\n\r\n");
    }
    std::size_t size = end + 4;
    if (const auto at = read_.find("Content-Length: "); !to_head && at < end) size += std::stoul(read_.substr(at + 16));
    return read_exactly(size);
  }
  std::string read_exactly(std::size_t size) {
    while (read_.size() < size && read_more()) {
    }
    std::string out = read_.substr(0, size);
    read_.erase(0, size);
    return out;
  }

  // --- websocket ---
  std::string open_socket(std::string_view protocol, std::string_view more_headers = "") {
    write(
        "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ");
    write(std::string(protocol) + "\r\n" + std::string(more_headers) + "\r\n");
    return read_answer(true);
  }
  /// A masked frame; `first` is the first byte: the final bit and the opcode.
  static std::string frame(std::uint8_t first, std::string_view payload) {
    std::string out(1, static_cast<char>(first));
    const auto append = [&](std::size_t value, int bytes) {
      for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
    };
    if (payload.size() < 126)
      append(payload.size() | 0x80, 1);
    else if (payload.size() < 65'536)
      append(126 | 0x80, 1), append(payload.size(), 2);
    else
      append(127 | 0x80, 1), append(payload.size(), 8);
    constexpr std::string_view mask = "mask";
    out += mask;
    for (std::size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ mask[i % 4]);
    return out;
  }
  void text(std::string_view payload) { write(frame(0x81, payload)); }

  struct Frame {
    int opcode = -1;  // -1: the connection ended
    std::string payload;
    [[nodiscard]] int close_code() const {
      if (opcode != 8 || payload.size() < 2) return 0;
      return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
    }
    [[nodiscard]] std::string words() const { return payload.size() > 2 ? payload.substr(2) : ""; }
  };
  Frame read_frame() {
    const std::string head = read_exactly(2);
    if (head.size() < 2) return {};
    std::size_t size = static_cast<unsigned char>(head[1]) & 0x7f;
    if (size >= 126) {
      const std::string more = read_exactly(size == 126 ? 2 : 8);
      size = 0;
      for (const char c : more) size = size << 8 | static_cast<unsigned char>(c);
    }
    return {head[0] & 0x0f, read_exactly(size)};
  }
  /// Reads frames until the close frame, which it answers.
  Frame read_close() {
    while (true) {
      Frame frame = read_frame();
      if (frame.opcode == 8) write(Client::frame(0x88, frame.payload));
      if (frame.opcode == 8 || frame.opcode == -1) return frame;
    }
  }

 private:
  bool read_more() {
    char bytes[16'384];
    const ssize_t got = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (got > 0) read_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }
  int descriptor_;
  std::string read_;
};

}  // namespace kvali::net
