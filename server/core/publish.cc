#include "server/core/publish.h"

#include <sodium.h>

#include "engine/program/canonical.h"
#include "engine/program/program.h"

namespace kvali::core {

std::string version_of(const v1::Program& program) {
  const std::string canonical = program::canonical(program);
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(canonical.data()), canonical.size());
  char text[2 * sizeof hash + 1];
  sodium_bin2hex(text, sizeof text, hash, sizeof hash);
  return text;
}

std::variant<Records, cohort::Refusal> decide_publish(const cohort::Library& library, const v1::Asked& asked,
                                                                      bool runs_the_house, std::string& created) {
  if (!runs_the_house) return cohort::refuse(cohort::Code::Forbidden, "forbidden");
  const v1::PublishProgram& command = asked.command().publish_program();
  std::vector<program::SourceFile> files;
  for (const v1::SourceFile& file : command.files()) files.push_back({file.path(), file.text()});
  program::Loaded loaded = program::load(files);
  if (!loaded.ok()) {
    cohort::Refusal refusal = cohort::refuse(cohort::Code::Invalid, "faults", {{"count", std::to_string(loaded.faults.size())}});
    for (const program::Fault& fault : loaded.faults) {
      v1::Text sentence;
      sentence.add_translations()->set_text(program::to_line(fault));
      refusal.unmet.push_back({cohort::Code::Invalid, fault.file, std::move(sentence), calendar::never});
    }
    return refusal;
  }
  const std::string version = version_of(loaded.program);
  if (library.programs().contains(loaded.program.name()) && library.find(loaded.program.name(), version))
    return cohort::refuse(cohort::Code::Precondition, "twice");
  Records records;
  v1::Record& record = records.add();
  v1::ProgramPublished& published = *record.mutable_program_published();
  published.set_name(loaded.program.name());
  published.set_version(version);
  *published.mutable_files() = command.files();
  *published.mutable_program() = std::move(loaded.program);
  *published.mutable_machine() = std::move(loaded.machine);
  published.set_message(command.message());
  v1::Commit& commit = *record.mutable_commit();
  commit.set_records(1);
  commit.set_command_id(asked.command().id());
  commit.set_request_hash(asked.request_hash());
  commit.set_actor(asked.actor());
  commit.set_channel(asked.command().channel());
  commit.set_recorded_at_us(asked.now_us());
  commit.set_stamped_at_us(asked.now_us());
  commit.set_created(version);
  created = version;
  return records;
}

}  // namespace kvali::core
