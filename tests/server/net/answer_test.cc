#include "server/net/answer.h"

#include <gmock/gmock.h>

namespace kvali::net {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Answer, WritesDatesAsHttpAsks) {
  EXPECT_EQ(http_date(784'111'777'000'000), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(Answer, SaysHowLongItsBodyIsUnlessItHasNone) {
  Response response{200, "text/plain", std::make_shared<const std::string>("four"), {{"X-A", "b"}}};
  EXPECT_EQ(answer_head(response, {true, false}, 0).value(),
            "HTTP/1.1 200 OK\r\nServer: kvali\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
            "X-A: b\r\nContent-Length: 4\r\n\r\n");
  EXPECT_TRUE(carries_body(response, {true, false}));
  EXPECT_FALSE(carries_body(response, {true, true}));
  EXPECT_THAT(answer_head(response, {false, true}, 0).value(), HasSubstr("Content-Length: 4\r\nConnection: close\r\n"));
  response.status = 304;
  EXPECT_THAT(answer_head(response, {true, false}, 0).value(), Not(HasSubstr("Content-Length")));
  EXPECT_FALSE(carries_body(response, {true, false}));
}

TEST(Answer, RefusesAHeaderThatWouldSplitIt) {
  for (const std::pair<std::string, std::string>& bad : {std::pair<std::string, std::string>("A", "b\r\nC: d"),
                                                         {"A\r\nB", "c"},
                                                         {"A:", "b"},
                                                         {"", "b"},
                                                         {"A", "\x7f"}}) {
    const Response response{200, "", nullptr, {bad}};
    EXPECT_FALSE(answer_head(response, {true, false}, 0)) << bad.first;
  }
  EXPECT_FALSE(answer_head(Response{200, "text/plain\r\n", nullptr, {}}, {true, false}, 0));
}

}  // namespace
}  // namespace kvali::net
