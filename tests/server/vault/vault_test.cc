// The vault as a story: people are sealed, opened, erased; the key file survives crashes and names what it cannot
// repair.
#include "server/vault/vault.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <set>

#include "tests/server/journal/temp_folder.h"

namespace kvali::vault {
namespace {

using Notices = std::vector<std::string>;

class VaultStory : public testing::Test {
 protected:
  VaultStory() { open(); }
  void open() {
    vault_.reset();
    auto opened = Vault::from_files(paths_);
    KVALI_CHECK(opened);
    vault_ = std::move(*opened);
  }
  /// The sentence with which opening fails; empty when it does not.
  std::string refusal() {
    vault_.reset();
    const auto opened = Vault::from_files(paths_);
    return opened ? "" : opened.error().message;
  }
  Sealed seal(const std::string& subject, const std::string& clear) {
    auto sealed = vault_->seal(subject, clear);
    KVALI_CHECK(sealed);
    return *sealed;
  }
  std::string opened(const Sealed& sealed) { return vault_->open(sealed).value_or("(closed)"); }
  std::string keys() const { return bytes_of_file(paths_.keys); }
  void damage(std::size_t byte) {
    std::string bytes = keys();
    bytes.at(byte) = static_cast<char>(bytes.at(byte) ^ 1);
    write_file(paths_.keys, bytes);
  }

  TempFolder folder_;
  KeyFile::Paths paths_{folder_ / "keys", folder_ / "erasures"};
  std::unique_ptr<Vault> vault_;
};

TEST_F(VaultStory, OpensWhatItSealedAlsoAfterARestart) {
  EXPECT_TRUE(vault_->created());
  const Sealed name = seal("person/ona", "Ona Šimkutė");
  const Sealed mail = seal("person/ona", "");
  ASSERT_TRUE(vault_->sync());
  open();
  EXPECT_FALSE(vault_->created());
  EXPECT_EQ(vault_->notices(), Notices{});
  EXPECT_EQ(opened(name), "Ona Šimkutė");
  EXPECT_EQ(opened(mail), "");
  EXPECT_EQ(name.size, 11u) << "code points, not bytes";
  EXPECT_EQ(mail.size, 0u);
  EXPECT_EQ(opened(seal("person/ona", "again")), "again");
}

TEST_F(VaultStory, ShowsNothingOfTheClearTextAndNeverTheSameCipherTwice) {
  const Sealed first = seal("person/ona", "canary of Tauragė");
  const Sealed second = seal("person/ona", "canary of Tauragė");
  EXPECT_EQ(first.cipher.find("canary"), std::string::npos);
  EXPECT_NE(first.cipher, second.cipher);
  EXPECT_EQ(first.cipher.size(), 24 + 18 + 16u);
}

TEST_F(VaultStory, OpensNoCipherOfAnotherSubjectNorAnAlteredOne) {
  const Sealed ona = seal("person/ona", "Ona");
  seal("person/jonas", "Jonas");
  Sealed moved = ona;
  moved.subject = "person/jonas";
  EXPECT_EQ(opened(moved), "(closed)");
  for (std::size_t byte = 0; byte < ona.cipher.size(); ++byte) {
    Sealed altered = ona;
    altered.cipher[byte] = static_cast<char>(altered.cipher[byte] ^ 1);
    ASSERT_EQ(opened(altered), "(closed)") << "byte " << byte;
  }
  EXPECT_EQ(opened({"person/ona", "short", 5}), "(closed)");
  EXPECT_EQ(opened({"person/nobody", ona.cipher, 3}), "(closed)");
}

TEST_F(VaultStory, ErasesOnePersonForEverAndNobodyElse) {
  const Sealed ona = seal("person/ona", "Ona");
  const Sealed jonas = seal("person/jonas", "Jonas");
  const std::string key_of_ona = keys().substr(128 + 64, 32);
  ASSERT_TRUE(vault_->destroy("person/ona"));
  EXPECT_EQ(keys().find(key_of_ona), std::string::npos) << "the key is overwritten on disk, not only forgotten";
  for (int restarts = 0; restarts < 2; ++restarts) {
    EXPECT_EQ(opened(ona), "(closed)");
    EXPECT_EQ(opened(jonas), "Jonas");
    EXPECT_TRUE(vault_->erased("person/ona"));
    const auto again = vault_->seal("person/ona", "Ona");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().message, "person/ona was erased: nothing can be sealed for it again");
    EXPECT_TRUE(vault_->destroy("person/ona")) << "twice is no fault";
    open();
  }
  EXPECT_EQ(bytes_of_file(paths_.erasures), "person/ona\n");
}

TEST_F(VaultStory, ErasesAgainWhenAnOldBackupOfTheKeysIsRestored) {
  const Sealed ona = seal("person/ona", "Ona");
  ASSERT_TRUE(vault_->sync());
  const std::string backup = keys();
  ASSERT_TRUE(vault_->destroy("person/ona"));
  vault_.reset();
  write_file(paths_.keys, backup);
  open();
  EXPECT_EQ(opened(ona), "(closed)");
  EXPECT_EQ(vault_->notices(),
            Notices{paths_.keys + " row 1: the key of person/ona is overwritten now, for it is listed as erased"});
  EXPECT_EQ(keys().find(backup.substr(128 + 64, 32)), std::string::npos);
  open();
  EXPECT_EQ(vault_->notices(), Notices{});
}

TEST_F(VaultStory, DropsATornTailOfTheKeyFileAndSaysSo) {
  const Sealed ona = seal("person/ona", "Ona");
  seal("person/jonas", "Jonas");
  vault_.reset();
  const std::string whole = keys();
  for (const std::size_t size : {256U, 257U, 258U, 300U, 320U, 351U, 383U}) {
    write_file(paths_.keys, whole.substr(0, size));
    open();
    ASSERT_EQ(vault_->notices().size(), size == 256 ? 0u : 1u) << size;
    ASSERT_EQ(opened(ona), "Ona");
    ASSERT_EQ(opened(seal("person/petras", "Petras")), "Petras");
  }
  EXPECT_EQ(vault_->notices().front(),
            paths_.keys + ": 1 rows at its end were cut short by a crash and are dropped; no record uses their keys");
  open();
  EXPECT_EQ(vault_->notices(), Notices{});
}

TEST_F(VaultStory, PassesOverARowThatACrashLeftEmpty) {
  seal("person/ona", "Ona");
  const Sealed jonas = seal("person/jonas", "Jonas");
  vault_.reset();
  write_file(paths_.keys, keys().replace(128, 128, 128, '\0'));
  open();
  EXPECT_EQ(vault_->notices(),
            Notices{paths_.keys + " row 1 is empty: a crash lost it before any record used its key"});
  EXPECT_EQ(opened(jonas), "Jonas");
}

TEST_F(VaultStory, NamesADamagedRowAndRefusesToOpen) {
  seal("person/ona", "Ona");
  seal("person/jonas", "Jonas");
  vault_.reset();
  const std::string whole = keys();
  for (std::size_t byte = 0; byte < 2 * 128; byte += 5) {
    damage(byte);
    const std::string expected = byte < 128 ? " row 0 (the root secret) is damaged" : " row 1 (of ";
    ASSERT_THAT(refusal(), testing::StartsWith(paths_.keys + expected)) << "byte " << byte;
    write_file(paths_.keys, whole);
  }
  damage(128 + 70);
  EXPECT_EQ(
      refusal(),
      paths_.keys + " row 1 (of person/ona, as far as it can be read) is damaged: restore the file from its backup");
}

TEST_F(VaultStory, DropsAnErasureThatWasCutShort) {
  const Sealed ona = seal("person/ona", "Ona");
  ASSERT_TRUE(vault_->destroy("person/jonas"));
  vault_.reset();
  write_file(paths_.erasures, bytes_of_file(paths_.erasures) + "person/o");
  open();
  EXPECT_EQ(vault_->notices(),
            Notices{paths_.erasures +
                    ": its last line was cut short by a crash and is dropped; that erasure was not confirmed"});
  EXPECT_EQ(opened(ona), "Ona");
  EXPECT_TRUE(vault_->erased("person/jonas"));
  EXPECT_EQ(bytes_of_file(paths_.erasures), "person/jonas\n");
}

TEST_F(VaultStory, KeepsItsFilesToTheirOwner) {
  struct stat status {};
  ASSERT_EQ(::stat(paths_.keys.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(paths_.erasures.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(VaultStory, SaysWhereItCannotOpenOrWrite) {
  paths_.keys = folder_ / "missing/keys";
  EXPECT_EQ(refusal(), "opening " + paths_.keys + ": No such file or directory");
}

TEST_F(VaultStory, TakesNothingMoreAfterTheDiskRefusedAKey) {
  const Sealed ona = seal("person/ona", "Ona");
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit full{keys().size() + 50, old.rlim_max};  // the next row fits by less than half
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto refused = vault_->seal("person/jonas", "Jonas");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "writing " + paths_.keys + ": File too large");
  EXPECT_FALSE(vault_->seal("person/petras", "Petras")) << "room again, but the file is no longer known";
  EXPECT_FALSE(vault_->sync());
  open();
  EXPECT_EQ(vault_->notices().size(), 1u);
  EXPECT_EQ(opened(ona), "Ona");
}

TEST_F(VaultStory, RefusesSubjectsThatNoRowCanHold) {
  EXPECT_FALSE(vault_->seal("", "x"));
  EXPECT_FALSE(vault_->seal("person/\n", "x"));
  EXPECT_TRUE(vault_->seal(std::string(62, 'p'), "x"));
  const auto refused = vault_->seal(std::string(63, 'p'), "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "a subject of sealed values has 1 to 62 bytes without control characters; this one has 63");
}

TEST_F(VaultStory, KeysIdsAndHashesTheSameForEver) {
  const std::string id = vault_->fresh_id("cohort/a", "1");
  const std::string hash = vault_->request_hash("submit");
  open();
  EXPECT_EQ(vault_->fresh_id("cohort/a", "1"), id);
  EXPECT_EQ(vault_->request_hash("submit"), hash);
  EXPECT_EQ(hash.size(), 16u);
  EXPECT_NE(vault_->request_hash("submit "), hash);
}

TEST(Vault, MakesIdsOfThirteenCharactersThatDoNotRepeat) {
  const auto vault = Vault::in_memory(1);
  std::set<std::string> ids;
  std::set<char> letters;
  for (int i = 0; i < 5'000; ++i) {
    const std::string id = vault->fresh_id("cohort/a", std::to_string(i));
    ASSERT_EQ(id.size(), 13u);
    ids.insert(id);
    letters.insert(id.begin(), id.end());
  }
  EXPECT_EQ(ids.size(), 5'000u);
  EXPECT_EQ(std::string(letters.begin(), letters.end()), "0123456789abcdefghjkmnpqrstvwxyz");
  EXPECT_NE(vault->fresh_id("a", "bc"), vault->fresh_id("ab", "c"));
  EXPECT_NE(Vault::in_memory(2)->fresh_id("cohort/a", "1"), vault->fresh_id("cohort/a", "1"));
}

TEST(Vault, SealsTokensThatTellNothingAndCannotBeForged) {
  const auto vault = Vault::in_memory(1);
  const std::string token = vault->seal_token("cursor", "cohort/a 17");
  EXPECT_EQ(vault->open_token("cursor", token), "cohort/a 17");
  EXPECT_EQ(vault->open_token("resume", token), std::nullopt) << "made for another purpose";
  EXPECT_EQ(Vault::in_memory(2)->open_token("cursor", token), std::nullopt) << "another server";
  EXPECT_EQ(vault->seal_token("cursor", "cohort/a 1700000").size(), token.size()) << "lengths tell nothing";
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  for (std::size_t byte = 0; byte < token.size(); ++byte) {
    std::string forged = token;
    forged[byte] = forged[byte] == 'A' ? 'B' : 'A';
    ASSERT_EQ(vault->open_token("cursor", forged), std::nullopt) << "byte " << byte;
  }
  for (std::size_t size = 0; size < 200; ++size) {
    ASSERT_EQ(vault->open_token("cursor", vault->seal_token("cursor", std::string(size, '\x80'))),
              std::string(size, '\x80'));
  }
  const std::string longest(2'048, 'x');
  EXPECT_EQ(vault->open_token("cursor", vault->seal_token("cursor", longest)), longest);
  for (const char* junk : {"", "A", "====", "not base64!", "AAAA AAAA"})
    EXPECT_EQ(vault->open_token("cursor", junk), std::nullopt) << junk;
  EXPECT_EQ(vault->open_token("cursor", std::string(1'000'000, 'A')), std::nullopt);
}

TEST(Vault, IsTheSameForTheSameSeedInMemory) {
  const auto play = [](std::uint64_t seed) {
    const auto vault = Vault::in_memory(seed);
    const auto first = vault->seal("person/ona", "Ona");
    const auto second = vault->seal("person/jonas", "Jonas");
    EXPECT_TRUE(vault->sync());
    EXPECT_EQ(vault->open(*first), "Ona");
    EXPECT_TRUE(vault->destroy("person/jonas"));
    EXPECT_EQ(vault->open(*second), std::nullopt);
    EXPECT_FALSE(vault->seal("person/jonas", "Jonas"));
    return first->cipher + second->cipher + vault->seal_token("cursor", "17");
  };
  EXPECT_EQ(play(7), play(7));
  EXPECT_NE(play(7), play(8));
}

}  // namespace
}  // namespace kvali::vault
