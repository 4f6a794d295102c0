#include <gmock/gmock.h>

#include <list>

#include "tests/server/net/fixture.h"

namespace kvali::net {
namespace {

using testing::HasSubstr;

Options with_deadlines(std::int64_t Deadlines::*which, std::int64_t ms) {
  Options options;
  options.deadlines.*which = ms;
  return options;
}

TEST(Socket, AnswersTheUpgradeWithTheChosenSubprotocol) {
  const Serving serving;
  Client client = serving.client();
  const std::string answer = client.open_socket("chat, kvali.v1.proto");
  EXPECT_THAT(answer, HasSubstr("Sec-WebSocket-Protocol: kvali.v1.proto\r\n"));
  EXPECT_THAT(answer, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_THAT(answer, HasSubstr("Server: kvali\r\n"));
}

TEST(Socket, TellsWhoConnectedAndThatTheyLeft) {
  Serving serving;
  {
    Client client = serving.client();
    client.open_socket("kvali.v1.json", "Cookie: a=b\r\nOrigin: http://localhost\r\n");
    ASSERT_TRUE(serving.echo.wait([&] { return !serving.echo.peers_.empty(); }));
  }
  ASSERT_TRUE(serving.echo.wait([&] { return !serving.echo.ended_.empty(); }));
  const Peer peer = serving.echo.look([&] { return serving.echo.peers_.front(); });
  EXPECT_EQ(peer.address, "127.0.0.1");
  EXPECT_EQ(peer.cookie, "a=b");
  EXPECT_EQ(peer.origin, "http://localhost");
  EXPECT_EQ(peer.encoding, Encoding::Json);
  EXPECT_EQ(serving.echo.look([&] { return serving.echo.ended_.front(); }), peer.connection);
}

TEST(Socket, EchoesInOrderWhatComesInManyPieces) {
  const Serving serving;
  Client client = serving.socket();
  std::string all;
  for (int i = 0; i < 500; ++i) all += Client::frame(0x81, "message " + std::to_string(i));
  for (std::size_t at = 0; at < all.size(); at += 977) client.write(std::string_view(all).substr(at, 977));
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.read_frame().payload, "message " + std::to_string(i));
}

TEST(Socket, JoinsFragmentsAroundAPing) {
  const Serving serving;
  Client client = serving.socket();
  client.write(Client::frame(0x01, "one ") + Client::frame(0x89, "p") + Client::frame(0x00, "") +
               Client::frame(0x80, "two"));
  const Client::Frame pong = client.read_frame();
  EXPECT_EQ(pong.opcode, 10);
  EXPECT_EQ(pong.payload, "p");
  EXPECT_EQ(client.read_frame().payload, "one two");
}

struct Fault {
  const char* what;
  std::string protocol;
  std::string bytes;
  int code;
  const char* words;
};

TEST(Socket, ClosesFaultyStreamsWithACodeAndWords) {
  std::string fragments = Client::frame(0x01, "");
  for (int i = 0; i < 5000; ++i) fragments += Client::frame(0x00, "");
  std::string pings;
  for (int i = 0; i < 300; ++i) pings += Client::frame(0x89, "");
  const std::string json = "kvali.v1.json", proto = "kvali.v1.proto";
  const std::vector<Fault> faults = {
      {"text on proto", proto, Client::frame(0x81, "text"), 4506, "expected binary"},
      {"binary on json", json, Client::frame(0x82, "{}"), 4506, "expected text"},
      {"invalid UTF-8", json, Client::frame(0x81, "\xc3\x28"), 1007, "UTF-8"},
      {"a surrogate", json, Client::frame(0x81, "\xed\xa0\x80"), 1007, "UTF-8"},
      {"UTF-8 cut off at the end", json, Client::frame(0x81, "a\xc3"), 1007, "UTF-8"},
      {"UTF-8 cut off before an empty last fragment", json, Client::frame(0x01, "a\xc3") + Client::frame(0x80, ""),
       1007, "UTF-8"},
      {"too large before Welcome", json, Client::frame(0x81, std::string(65'537, 'a')), 1009,
       "65536 bytes before Welcome"},
      {"too large in fragments", json,
       Client::frame(0x01, std::string(40'000, 'a')) + Client::frame(0x80, std::string(40'000, 'a')), 1009, "65536"},
      {"a length of 2^63", json, std::string("\x81\xff\x80\0\0\0\0\0\0\0mask", 14), 1009, ""},
      {"empty fragments without end", json, fragments, 4501, "fragments"},
      {"pings without end", json, pings, 4013, "pings"},
      {"no mask", json,
       std::string("\x81\x01"
                   "a",
                   3),
       1002, ""},
      {"a reserved bit", json, Client::frame(0xc1, "a"), 1002, ""},
      {"a reserved opcode", json, Client::frame(0x83, "a"), 1002, ""},
      {"a continuation of nothing", json, Client::frame(0x80, "a"), 1002, ""},
      {"a message inside a message", json, Client::frame(0x01, "a") + Client::frame(0x81, "b"), 1002, ""},
      {"a long ping", json, Client::frame(0x89, std::string(126, 'a')), 1002, ""},
      {"a fragmented ping", json, Client::frame(0x09, "a"), 1002, ""},
      {"a length longer than needed", json,
       std::string("\x81\xfe\x00\x01"
                   "mask"
                   "a",
                   9),
       1002, ""},
      {"a close frame of one byte", json, Client::frame(0x88, "a"), 1002, ""},
      {"a close code of 1005", json, Client::frame(0x88, "\x03\xed"), 1002, ""},
      {"a close reason that is no UTF-8", json, Client::frame(0x88, "\x03\xe8\xff"), 1002, ""},
  };
  for (const Fault& fault : faults) {
    Serving serving;
    Client client = serving.socket(fault.protocol);
    client.write(fault.bytes);
    const Client::Frame close = client.read_close();
    EXPECT_EQ(close.close_code(), fault.code) << fault.what;
    EXPECT_THAT(close.words(), HasSubstr(fault.words)) << fault.what;
    client.end_writing();
    EXPECT_TRUE(serving.echo.wait([&] { return !serving.echo.ended_.empty(); })) << fault.what;
    EXPECT_EQ(serving.echo.look([&] { return serving.echo.bytes_; }), 0u) << fault.what;
  }
}

TEST(Socket, DeliversWhatCameBeforeAFault) {
  Serving serving;
  Client client = serving.socket();
  client.write(Client::frame(0x81, "good") + Client::frame(0x82, "bad"));
  EXPECT_EQ(client.read_frame().payload, "good");
  EXPECT_EQ(client.read_close().close_code(), 4506);
}

TEST(Socket, AnswersACloseWithItsCode) {
  const Serving serving;
  for (const auto& [payload, code] : {std::pair<std::string, int>("\x03\xe8"
                                                                  "bye",
                                                                  1000),
                                      {"\x0f\xa0", 4000},
                                      {"", 0}}) {
    Client client = serving.socket();
    client.write(Client::frame(0x88, payload));
    const Client::Frame close = client.read_frame();
    EXPECT_EQ(close.opcode, 8);
    EXPECT_EQ(close.close_code(), code);
    EXPECT_EQ(client.read_all(), "");
  }
}

TEST(Socket, TakesLargerMessagesAfterWelcome) {
  const Serving serving;
  Client client = serving.socket();
  client.text("hello");
  EXPECT_EQ(client.read_frame().payload, "hello");
  const std::string large(limits::frame_bytes_max, 'a');
  client.text(large);
  EXPECT_EQ(client.read_frame().payload, large);
  client.text(large + "a");
  const Client::Frame close = client.read_close();
  EXPECT_EQ(close.close_code(), 1009);
  EXPECT_THAT(close.words(), HasSubstr("1048576 bytes"));
}

TEST(Socket, SendsWhatIsQueuedBeforeTheCloseFrame) {
  Serving serving;
  Client client = serving.socket();
  client.write(Client::frame(0x81, "first") + Client::frame(0x81, "close 4014 rights changed"));
  EXPECT_EQ(client.read_frame().payload, "first");
  const Client::Frame close = client.read_close();
  EXPECT_EQ(close.close_code(), 4014);
  EXPECT_EQ(close.words(), "rights changed");
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(serving.echo.wait([&] { return !serving.echo.ended_.empty(); }));
}

TEST(Socket, CutsWhoDoesNotAnswerAClose) {
  Serving serving(with_deadlines(&Deadlines::close_ms, 40));
  Client client = serving.socket();
  client.text("close 4014 rights changed");
  EXPECT_TRUE(serving.echo.wait([&] { return !serving.echo.ended_.empty(); }));
}

TEST(Socket, ClosesWhoSaysNoHello) {
  Serving serving(with_deadlines(&Deadlines::handshake_ms, 60));
  Client greeted = serving.socket(), silent = serving.socket();
  greeted.text("hello");
  EXPECT_EQ(greeted.read_frame().payload, "hello");
  EXPECT_EQ(silent.read_close().close_code(), 4502);
  greeted.text("still here");
  EXPECT_EQ(greeted.read_frame().payload, "still here");
}

TEST(Socket, PingsTheSilentAndClosesThoseWhoDoNotAnswer) {
  Serving serving(with_deadlines(&Deadlines::idle_ms, 200));
  Client client = serving.socket();
  client.text("hello");
  EXPECT_EQ(client.read_frame().payload, "hello");
  for (int i = 0; i < 3; ++i) {  // longer than the deadline, kept by pongs alone
    EXPECT_EQ(client.read_frame().opcode, 9);
    client.write(Client::frame(0x8a, ""));
  }
  EXPECT_EQ(client.read_frame().opcode, 9);
  const Client::Frame close = client.read_close();
  EXPECT_EQ(close.close_code(), 4012);
  EXPECT_EQ(close.words(), "no pong");
}

TEST(Socket, ClosesAMessageThatDoesNotEnd) {
  Serving serving(with_deadlines(&Deadlines::message_ms, 60));
  Client fragments = serving.socket(), half = serving.socket();
  fragments.write(Client::frame(0x01, "begun"));
  half.write(Client::frame(0x81, "begun").substr(0, 8));
  EXPECT_EQ(fragments.read_close().close_code(), 4008);
  EXPECT_EQ(half.read_close().close_code(), 4008);
}

TEST(Socket, ClosesTheSlowReaderAndStillTellsItWhy) {
  Serving serving;
  Client client = serving.socket("kvali.v1.json", 4096);
  client.text("flood 100 65536");
  ASSERT_TRUE(serving.echo.wait([&] { return serving.echo.gone_ > 0; }));
  const Client::Frame close = client.read_close();
  EXPECT_EQ(close.close_code(), 4008);
  const std::uint64_t id = serving.echo.look([&] { return serving.echo.peers_.front().connection; });
  EXPECT_EQ(serving.server->queued_bytes(id), 0u);
  EXPECT_EQ(serving.server->send(id, std::make_shared<const std::string>("late")), Sent::Gone);
}

TEST(Socket, CutsAReaderThatTakesNothing) {
  Serving serving(with_deadlines(&Deadlines::write_progress_ms, 100));
  Client client = serving.socket("kvali.v1.json", 4096);
  client.text("hello");
  client.text("flood 14 65536");
  EXPECT_TRUE(serving.echo.wait([&] { return !serving.echo.ended_.empty(); }));
}

TEST(Socket, SaysBackPressureAndThenWritable) {
  Serving serving;
  Client client = serving.socket("kvali.v1.json", 4096);
  client.text("flood 15 65536");
  ASSERT_TRUE(serving.echo.wait([&] { return serving.echo.pressed_ == 15; }));
  EXPECT_EQ(serving.echo.look([&] { return serving.echo.writables_; }), 0u);
  for (int i = 0; i < 15; ++i) ASSERT_EQ(client.read_frame().payload.size(), 65'536u);
  EXPECT_TRUE(serving.echo.wait([&] { return serving.echo.writables_ == 1; }));
}

TEST(Socket, LetsOneFrameOfAnySizePass) {
  Serving serving;
  Client client = serving.socket();
  client.text("flood 1 5000000");
  EXPECT_EQ(client.read_frame().payload.size(), 5'000'000u);
}

TEST(Socket, WaitsWithReadingWhilePaused) {
  Serving serving;
  Client client = serving.socket();
  client.write(Client::frame(0x81, "pause"));
  EXPECT_EQ(client.read_frame().payload, "pause");
  client.text("after");
  Client other = serving.socket();  // a round trip of another one: the server has had the time to read "after"
  other.text("meanwhile");
  EXPECT_EQ(other.read_frame().payload, "meanwhile");
  const std::uint64_t id = serving.echo.look([&] { return serving.echo.peers_.front().connection; });
  serving.server->send(id, std::make_shared<const std::string>("before"));
  EXPECT_EQ(client.read_frame().payload, "before");
  serving.server->resume(id);
  EXPECT_EQ(client.read_frame().payload, "after");
}

TEST(Socket, SharesOneFrameWithManyAndSkipsTheGone) {
  Serving serving;
  std::list<Client> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(serving.socket());
  ASSERT_TRUE(serving.echo.wait([&] { return serving.echo.peers_.size() == 20; }));
  std::vector<std::uint64_t> ids = {999'999};
  serving.echo.look([&] {
    for (const Peer& peer : serving.echo.peers_) ids.push_back(peer.connection);
    return 0;
  });
  for (int i = 0; i < 100; ++i) serving.server->send(ids, std::make_shared<const std::string>(std::to_string(i)));
  for (Client& client : clients)
    for (int i = 0; i < 100; ++i) ASSERT_EQ(client.read_frame().payload, std::to_string(i));
}

TEST(Socket, IsClosedWith4001WhenTheServerStops) {
  Serving serving;
  Client client = serving.socket(), stubborn = serving.socket();
  ASSERT_TRUE(serving.echo.wait([&] { return serving.echo.peers_.size() == 2; }));
  std::thread stopping([&] { serving.server->stop(200); });
  EXPECT_EQ(client.read_close().close_code(), 4001);
  EXPECT_EQ(stubborn.read_frame().close_code(), 4001);  // and never answers: cut at the deadline
  stopping.join();
  EXPECT_EQ(serving.echo.look([&] { return serving.echo.ended_.size(); }), 2u);
}

TEST(Socket, HearsAnEndForEveryBeginningWheneverTheServerStops) {
  for (int i = 0; i < 30; ++i) {
    Serving serving;
    std::list<Client> clients;
    for (int j = 0; j < 4; ++j) clients.push_back(serving.socket());
    std::thread stopping([&] { serving.server->stop(20'000); });
    for (Client& client : clients) ASSERT_EQ(client.read_close().close_code(), 4001);  // connected or not yet told so
    stopping.join();
    EXPECT_EQ(serving.echo.look([&] { return serving.echo.peers_.size(); }),
              serving.echo.look([&] { return serving.echo.ended_.size(); }));
  }
}

TEST(Socket, StampsInTheOrderOfTheTicks) {
  std::atomic<std::int64_t> clock = 1'000'000;
  Options options;
  options.clock_us = [&] { return clock.fetch_add(1); };
  options.tick_ms = 1;
  Serving serving(options);
  Client client = serving.socket();
  std::string many;
  for (int i = 0; i < 50; ++i) many += Client::frame(0x81, "m");
  client.write(many);
  for (int i = 0; i < 50; ++i) client.read_frame();
  ASSERT_TRUE(serving.echo.wait([&] { return serving.echo.ticks_.size() > 3; }));
  serving.echo.look([&] {
    EXPECT_TRUE(std::is_sorted(serving.echo.stamps_.begin(), serving.echo.stamps_.end()));
    EXPECT_TRUE(std::is_sorted(serving.echo.ticks_.begin(), serving.echo.ticks_.end()));
    EXPECT_GE(serving.echo.stamps_.front(), 1'000'000);
    return 0;
  });
}

TEST(Socket, NeverLogsACookie) {
  Serving serving(with_deadlines(&Deadlines::handshake_ms, 40));
  Client client = serving.client();
  client.open_socket("kvali.v1.json", "Cookie: canary\r\n");
  client.read_close();
  ASSERT_TRUE(serving.echo.wait([&] { return !serving.echo.logged_.empty(); }));
  for (const std::string& line : serving.echo.logged_) EXPECT_THAT(line, testing::Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace kvali::net
