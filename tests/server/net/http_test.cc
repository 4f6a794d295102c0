#include <gmock/gmock.h>
#include <sys/resource.h>

#include <list>

#include "tests/server/net/fixture.h"

namespace kvali::net {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"; }

TEST(Http, KeepsAConnectionForManyRequests) {
  const Serving serving;
  Client client = serving.client();
  for (int i = 0; i < 3; ++i) {
    client.write(get("/a"));
    EXPECT_THAT(client.read_answer(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("\r\n\r\nGET /a\n")));
  }
}

TEST(Http, AnswersPipelinedRequestsInOrder) {
  const Serving serving;
  Client client = serving.client();
  client.write(get("/1") + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo" + get("/thread") + get("/4"));
  for (const char* expected : {"GET /1\n", "POST /2\ntwo", "GET /thread\n", "GET /4\n"})
    EXPECT_THAT(client.read_answer(), EndsWith(expected));
}

TEST(Http, ClosesWhenAskedTo) {
  const Serving serving;
  Client client = serving.client();
  client.write("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_all(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("GET /a\n")));
  Client old = serving.client();
  old.write("GET /a HTTP/1.0\r\nHost: a\r\n\r\n");
  EXPECT_THAT(old.read_all(), EndsWith("GET /a\n"));
}

TEST(Http, GivesHeadTheLengthWithoutTheBody) {
  const Serving serving;
  Client client = serving.client();
  client.write("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get("/none") + get("/b"));
  EXPECT_THAT(client.read_answer(true), AllOf(HasSubstr("Content-Length: 8\r\n"), EndsWith("\r\n\r\n")));
  EXPECT_THAT(client.read_answer(true), AllOf(StartsWith("HTTP/1.1 204"), Not(HasSubstr("Content-Length"))));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /b\n"));
}

TEST(Http, ReadsChunkedBodiesByteByByteAndForgetsTrailers) {
  const Serving serving;
  Client client = serving.client();
  const std::string request =
      "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\nA\r\n0123456789\r\n0\r\n"
      "Cookie: smuggled\r\n\r\n";
  for (const char c : request) client.write(std::string(1, c));
  EXPECT_THAT(client.read_answer(), EndsWith("POST /c\nabc0123456789"));
  client.write(get("/d"));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /d\n"));
}

TEST(Http, SaysContinueToWhoWaitsForIt) {
  const Serving serving;
  Client client = serving.client();
  client.write("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.write("body");
  EXPECT_THAT(client.read_answer(), EndsWith("POST /e\nbody"));
}

TEST(Http, TakesABodyOfTheLimitAndNoByteMore) {
  Options options;
  options.http_body_bytes_max = 1000;
  const Serving serving(options);
  Client client = serving.client();
  client.write("POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'f'));
  EXPECT_THAT(client.read_answer(), EndsWith(std::string(1000, 'f')));
  client.write("POST /f HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'f'));
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 413"));
}

TEST(Http, WritesLargeAnswersWhole) {
  const Serving serving;
  Client client = serving.client(4096);
  client.write(get("/large"));
  const std::string answer = client.read_answer();
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 4u * 1024 * 1024);
}

TEST(Http, AnswersItselfWhenTheHandlerDropsAnswersLateOrWouldSplit) {
  Options options;
  options.deadlines.answer_ms = 50;
  options.deadlines.close_ms = 50;  // looks at deadlines more often
  Serving serving(options);
  Client client = serving.client();
  client.write(get("/drop"));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 500"));
  client.write(get("/never"));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 503"));
  auto late = serving.echo.look([&] { return serving.echo.kept_.front(); });
  late(Response{});  // too late: it must not become the answer to the next request
  client.write(get("/g"));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /g\n"));
  client.write(get("/split"));
  EXPECT_THAT(client.read_all(), AllOf(StartsWith("HTTP/1.1 500"), Not(HasSubstr("Set-Cookie"))));
  EXPECT_TRUE(serving.echo.look([&] { return !serving.echo.logged_.empty(); }));
}

TEST(Http, EndsASlowHeadASlowBodyAndAnIdleConnection) {
  Options options;
  options.deadlines.handshake_ms = options.deadlines.message_ms = options.deadlines.idle_ms = 60;
  const Serving serving(options);
  Client head = serving.client(), body = serving.client(), idle = serving.client(), silent = serving.client();
  head.write("GET / HTTP/1.1\r\nHos");
  body.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  idle.write(get("/h"));
  EXPECT_THAT(head.read_all(), AllOf(StartsWith("HTTP/1.1 408"), HasSubstr("header of the request")));
  EXPECT_THAT(body.read_all(), AllOf(StartsWith("HTTP/1.1 408"), HasSubstr("body of the request")));
  EXPECT_THAT(idle.read_all(), EndsWith("GET /h\n"));
  EXPECT_EQ(silent.read_all(), "");
}

TEST(Http, ServesTheHostsItIsKnownUnder) {
  Options options;
  options.hosts = {"kvali.example"};
  const Serving serving(options);
  Client client = serving.client();
  client.write("GET /i HTTP/1.1\r\nHost: kvali.example\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("GET /i\n"));
  client.write(get("/i"));
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 421"));
}

TEST(Http, TellsTheConnectionOverTheLimitToComeBack) {
  Options options;
  options.connections_max = 2;
  const Serving serving(options);
  std::list<Client> held;
  for (int i = 0; i < 2; ++i) {
    held.push_back(serving.client());
    held.back().write(get("/j"));
    held.back().read_answer();
  }
  Client over = serving.client();
  over.write(get("/j"));
  EXPECT_THAT(over.read_all(), AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("Retry-After: 5\r\n")));
}

TEST(Http, SurvivesRunningOutOfDescriptors) {
  Serving serving;
  Client refused = serving.client();  // taken already: a round trip proves it
  refused.write(get("/k"));
  refused.read_answer();
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const int waiting = ::socket(AF_INET, SOCK_STREAM, 0);
  const rlimit tight{static_cast<rlim_t>(waiting + 1), before.rlim_max};  // client and server share this process
  ::setrlimit(RLIMIT_NOFILE, &tight);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(serving.server->port());
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(waiting, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  char byte = 0;
  EXPECT_LE(::recv(waiting, &byte, 1, 0), 0);  // refused at once by the reserve, not left hanging
  ::close(waiting);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(serving.echo.wait([&] { return !serving.echo.logged_.empty(); }));
  EXPECT_THAT(serving.echo.look([&] { return serving.echo.logged_.front(); }), HasSubstr("open files"));
  Client after = serving.client();
  after.write(get("/k"));
  EXPECT_THAT(after.read_answer(), EndsWith("GET /k\n"));
}

TEST(Http, LetsARunningRequestFinishWhenItStops) {
  Serving serving;
  Client waiting = serving.client(), idle = serving.client();
  idle.write(get("/l"));
  idle.read_answer();
  waiting.write(get("/never"));
  ASSERT_TRUE(serving.echo.wait([&] { return !serving.echo.kept_.empty(); }));
  std::thread stopping([&] { serving.server->stop(20'000); });
  EXPECT_EQ(idle.read_all(), "");  // the stop has begun
  auto answer = serving.echo.look([&] { return serving.echo.kept_.front(); });
  answer(Response{200, "", std::make_shared<const std::string>("finished"), {}});
  EXPECT_THAT(waiting.read_all(), AllOf(HasSubstr("Connection: close"), EndsWith("finished")));
  waiting.end_writing();
  stopping.join();
}

TEST(Http, AnswersAfterTheServerIsGoneAreHarmless) {
  Echo echo;
  std::function<void(Response)> answer;
  {
    auto server = Server::listen({}, echo).value();
    Client client(server->port());
    client.write(get("/never"));
    ASSERT_TRUE(echo.wait([&] { return !echo.kept_.empty(); }));
    answer = echo.look([&] { return std::exchange(echo.kept_.front(), nullptr); });
    server->stop(0);
    answer(Response{});
  }
  answer(Response{});
}

TEST(Server, SaysWhyItCannotListen) {
  const Serving serving;
  Echo echo;
  Options options;
  options.port = serving.server->port();
  EXPECT_THAT(Server::listen(options, echo).error().message, HasSubstr("in use"));
  options.address = "nowhere";
  EXPECT_THAT(Server::listen(options, echo).error().message, HasSubstr("expected an IPv4 or IPv6 address"));
  Options secure;
  secure.certificate_file = secure.key_file = "/nonexistent.pem";
  EXPECT_THAT(Server::listen(secure, echo).error().message, HasSubstr("reading the certificate /nonexistent.pem"));
}

}  // namespace
}  // namespace kvali::net
