#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>

#include "tests/server/journal/temp_folder.h"
#include "tests/server/net/fixture.h"

namespace kvali::net {
namespace {

using testing::EndsWith;

/// Writes a fresh key and a certificate of its own signature; the names of both files.
std::pair<std::string, std::string> make_certificate() {
  static const TempFolder folder;  // of this process: others run beside it
  const std::string key_file = folder / "key.pem", certificate_file = folder / "certificate.pem";
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  std::FILE* file = std::fopen(key_file.c_str(), "wb");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  file = std::fopen(certificate_file.c_str(), "wb");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return {certificate_file, key_file};
}

/// The least a TLS client needs, over the socket of a Client.
class TlsClient {
 public:
  explicit TlsClient(Client client) : descriptor_(client.release()), context_(SSL_CTX_new(TLS_client_method())) {
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, descriptor_);
    EXPECT_EQ(SSL_connect(ssl_), 1);
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ::close(descriptor_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  void write(const std::string& bytes) {
    EXPECT_EQ(SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())), static_cast<int>(bytes.size()));
  }
  std::string read_until(const std::string& end) {
    std::string out;
    char byte = 0;
    while (!out.ends_with(end) && SSL_read(ssl_, &byte, 1) == 1) out += byte;
    return out;
  }
  std::string read_exactly(std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t have = 0; have < size;) {
      const int got = SSL_read(ssl_, out.data() + have, static_cast<int>(size - have));
      if (got <= 0) return out.substr(0, have);
      have += static_cast<std::size_t>(got);
    }
    return out;
  }
  bool ended_cleanly() {
    char byte = 0;
    return SSL_read(ssl_, &byte, 1) == 0 && SSL_get_error(ssl_, 0) == SSL_ERROR_ZERO_RETURN;
  }

 private:
  int descriptor_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
};

Options secure() {
  static const auto files = make_certificate();
  Options options;
  options.certificate_file = files.first;
  options.key_file = files.second;
  return options;
}

TEST(Tls, CarriesHttp) {
  const Serving serving(secure());
  TlsClient client(serving.client());
  client.write("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(client.read_until("GET /a\n"), EndsWith("GET /a\n"));
  client.write("GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  client.read_until("\r\n\r\n");
  EXPECT_EQ(client.read_exactly(4 * 1024 * 1024).size(), 4u * 1024 * 1024);
  EXPECT_TRUE(client.ended_cleanly());
}

TEST(Tls, CarriesWebsockets) {
  const Serving serving(secure());
  TlsClient client(serving.client());
  client.write(
      "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Origin: https://localhost\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Protocol: kvali.v1.json\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), testing::StartsWith("HTTP/1.1 101"));
  for (int i = 0; i < 50; ++i) client.write(Client::frame(0x81, std::to_string(1000 + i)));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.read_exactly(6), "\x81\x04" + std::to_string(1000 + i));
  client.write(Client::frame(0x81, "flood 3 50000"));  // more than one TLS record each
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.read_exactly(50'004).size(), 50'004u);
  client.write(Client::frame(0x88, "\x03\xe8"));
  EXPECT_EQ(client.read_exactly(4), "\x88\x02\x03\xe8");
  EXPECT_TRUE(client.ended_cleanly());
}

TEST(Tls, EndsWhoDoesNotShakeHands) {
  Options options = secure();
  options.deadlines.handshake_ms = 60;
  const Serving serving(options);
  Client silent = serving.client(), plain = serving.client();
  plain.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(silent.read_all(), "");
  plain.read_all();
}

}  // namespace
}  // namespace kvali::net
