#include <gmock/gmock.h>

#include "server/api/http.h"
#include "server/web/assets.h"

namespace kvali::api {
namespace {

using testing::Contains;
using testing::Not;
using testing::Pair;

const WebFile page{"the page", "packed", "text/html; charset=utf-8", "\"a1\""};

HttpRequest asks(std::string accept_encoding, std::string if_none_match = "") {
  HttpRequest request;
  request.method = "GET";
  request.accept_encoding = std::move(accept_encoding);
  request.if_none_match = std::move(if_none_match);
  return request;
}

TEST(HttpFile, IsCompressedForWhoTakesGzip) {
  for (const std::string accepted : {"gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "deflate ,\tgzip ; q=0.001"}) {
    const HttpResponse answer = file_answer(page, asks(accepted));
    EXPECT_EQ(answer.body, "packed") << accepted;
    EXPECT_EQ(answer.content_type, page.content_type);
    EXPECT_THAT(answer.headers, Contains(Pair("Content-Encoding", "gzip"))) << accepted;
    EXPECT_THAT(answer.headers, Contains(Pair("Vary", "Accept-Encoding")));
    EXPECT_THAT(answer.headers, Contains(Pair("ETag", "\"a1-gzip\"")));
  }
}

TEST(HttpFile, IsPlainForWhoDoesNot) {
  for (const std::string accepted : {"", "br", "gzip;q=0", "gzip; q=0.000", "gzipped", "identity"}) {
    const HttpResponse answer = file_answer(page, asks(accepted));
    EXPECT_EQ(answer.body, "the page") << accepted;
    EXPECT_THAT(answer.headers, Not(Contains(Pair("Content-Encoding", "gzip")))) << accepted;
    EXPECT_THAT(answer.headers, Contains(Pair("Vary", "Accept-Encoding")));
    EXPECT_THAT(answer.headers, Contains(Pair("ETag", "\"a1\"")));
  }
}

TEST(HttpFile, IsPlainWhereItIsNotKeptCompressed) {
  const WebFile read_from_a_folder{"the page", {}, "text/html; charset=utf-8", ""};
  const HttpResponse answer = file_answer(read_from_a_folder, asks("gzip", "*"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "the page");
  EXPECT_EQ(answer.headers, (std::vector<std::pair<std::string, std::string>>{{"Cache-Control", "no-cache"}}));
}

TEST(HttpFile, IsNotSentAgainToWhoHasTheseVeryBytes) {
  for (const std::string known : {"\"a1-gzip\"", "\"zz\", \"a1-gzip\"", "W/\"a1-gzip\"", "*"}) {
    const HttpResponse answer = file_answer(page, asks("gzip", known));
    EXPECT_EQ(answer.status, 304) << known;
    EXPECT_EQ(answer.body, "");
    EXPECT_THAT(answer.headers, Contains(Pair("ETag", "\"a1-gzip\"")));
  }
  EXPECT_EQ(file_answer(page, asks("gzip", "\"a1\"")).status, 200) << "the plain bytes are other bytes";
  EXPECT_EQ(file_answer(page, asks("", "\"a1\"")).status, 304);
  EXPECT_EQ(file_answer(page, asks("", "\"b2\"")).status, 200);
}

TEST(HttpFile, IsAskedForAnewEachTimeSinceItsNameStaysTheSame) {
  EXPECT_THAT(file_answer(page, asks("gzip")).headers, Contains(Pair("Cache-Control", "no-cache")));
}

TEST(Assets, AreKeptCompressedWhereThatIsSmaller) {
  const web::Asset* script = web::find_asset("/assets/app.js");
  ASSERT_NE(script, nullptr);
  EXPECT_EQ(script->gzip.substr(0, 2), "\x1f\x8b");
  EXPECT_LT(script->gzip.size(), script->bytes.size() / 2);
}

}  // namespace
}  // namespace kvali::api
