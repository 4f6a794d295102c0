#include "server/net/frame.h"

#include <gmock/gmock.h>

#include "tests/server/net/client.h"

namespace kvali::net {
namespace {

using Fault = FrameWatch::Fault;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Frame, HeadersGrowWithThePayload) {
  EXPECT_EQ(frame_header(Opcode::Text, 0), std::string("\x81\x00", 2));
  EXPECT_EQ(frame_header(Opcode::Binary, 125), "\x82\x7d");
  EXPECT_EQ(frame_header(Opcode::Binary, 126), std::string("\x82\x7e\x00\x7e", 4));
  EXPECT_EQ(frame_header(Opcode::Binary, 65'535), "\x82\x7e\xff\xff");
  EXPECT_EQ(frame_header(Opcode::Binary, 65'536), std::string("\x82\x7f\0\0\0\0\0\x01\0\0", 10));
}

TEST(Frame, CloseFramesCutTheirReasonBetweenCharacters) {
  EXPECT_EQ(close_frame(4001, "bye"),
            "\x88\x05\x0f\xa1"
            "bye");
  EXPECT_EQ(close_frame(1005, "ignored"), std::string("\x88\x00", 2));
  std::string reason;
  while (reason.size() < 200) reason += "ž";
  EXPECT_EQ(close_frame(4001, reason).size(), 2u + 2u + 122u);  // 61 characters of two bytes, not 61 and a half
}

TEST(Frame, KnowsATextThatStopsInsideACharacter) {
  for (const char* whole : {"", "a", "ž", "€", "𐍈", "až"}) EXPECT_FALSE(ends_inside_character(whole)) << whole;
  for (const std::string_view text : {"ž", "€", "𐍈", "a€"})
    for (std::size_t size = text.size() - 1; size > 0 && static_cast<unsigned char>(text[size - 1]) > 0x7f; --size)
      EXPECT_TRUE(ends_inside_character(text.substr(0, size))) << text << size;
}

struct Watched {
  std::size_t passed = 0;
  std::uint64_t messages = 0;
  Fault fault = Fault::None;
  bool open = false;
  bool operator==(const Watched&) const = default;
};

Watched watch(std::string_view stream, std::size_t step, Encoding encoding = Encoding::Json) {
  FrameWatch watch(encoding);
  Watched out;
  for (std::size_t at = 0; at < stream.size() && out.fault == Fault::None; at += step) {
    out.passed += watch.take(bytes_of(stream.substr(at, step)), 1000);
    out.fault = watch.fault();
  }
  out.messages = watch.messages();
  out.open = watch.open_since_ms() != 0;
  return out;
}

TEST(FrameWatch, SeesTheSameHoweverTheBytesAreCut) {
  const std::string stream = Client::frame(0x81, "one") + Client::frame(0x89, "ping") + Client::frame(0x01, "tw") +
                             Client::frame(0x8a, "") + Client::frame(0x80, "o") +
                             Client::frame(0x81, std::string(300, 'a')) +
                             Client::frame(0x81, std::string(70'000, 'b')) + Client::frame(0x01, "");
  const Watched whole = watch(stream, stream.size());
  EXPECT_EQ(whole, (Watched{stream.size(), 4, Fault::None, true}));
  for (const std::size_t step : {1u, 2u, 3u, 5u, 7u, 13u, 1000u}) EXPECT_EQ(watch(stream, step), whole) << step;
}

TEST(FrameWatch, LetsPassWhatCameBeforeTheFault) {
  const std::string good = Client::frame(0x81, "good");
  EXPECT_EQ(watch(good + Client::frame(0x82, "binary"), 1000), (Watched{good.size(), 1, Fault::WrongEncoding, true}));
  EXPECT_EQ(watch(good, 1000, Encoding::Proto), (Watched{0, 0, Fault::WrongEncoding, true}));
}

TEST(FrameWatch, EndsAMessageOfTooManyFragments) {
  std::string stream = Client::frame(0x01, "");
  for (std::size_t i = 0; i < limits::fragments_per_message_max; ++i) stream += Client::frame(0x00, "");
  const Watched seen = watch(stream, stream.size());
  EXPECT_EQ(seen.fault, Fault::TooManyFragments);
  EXPECT_EQ(seen.passed, stream.size() - 6);
  std::string many;  // as many fragments in whole messages are fine
  for (std::size_t i = 0; i < limits::fragments_per_message_max; ++i) many += Client::frame(0x81, "");
  EXPECT_EQ(watch(many + many, 1000).fault, Fault::None);
}

TEST(FrameWatch, CountsControlFramesInAWindowOfTime) {
  const std::string ping = Client::frame(0x89, "");
  FrameWatch calm(Encoding::Json), flooded(Encoding::Json);
  for (std::size_t i = 0; i <= limits::control_frames_max; ++i) {
    calm.take(bytes_of(ping), static_cast<std::int64_t>(i) * 100);
    flooded.take(bytes_of(ping), static_cast<std::int64_t>(i));
  }
  EXPECT_EQ(calm.fault(), Fault::None);
  EXPECT_EQ(flooded.fault(), Fault::TooManyControls);
}

TEST(FrameWatch, SaysSinceWhenAMessageIsOpen) {
  FrameWatch watch(Encoding::Json);
  EXPECT_EQ(watch.open_since_ms(), 0);
  watch.take(bytes_of("\x81"), 5);  // half a header is a beginning
  EXPECT_EQ(watch.open_since_ms(), 5);
  watch.forgive(7);
  EXPECT_EQ(watch.open_since_ms(), 7);
  watch.take(bytes_of(std::string_view(Client::frame(0x81, "x")).substr(1)), 9);
  EXPECT_EQ(watch.open_since_ms(), 0);
  watch.take(bytes_of(Client::frame(0x01, "x") + Client::frame(0x89, "")), 11);
  EXPECT_EQ(watch.open_since_ms(), 11);
  watch.take(bytes_of(Client::frame(0x80, "")), 13);
  EXPECT_EQ(watch.open_since_ms(), 0);
}

}  // namespace
}  // namespace kvali::net
