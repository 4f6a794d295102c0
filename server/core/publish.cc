#include "server/core/publish.h"

#include <sodium.h>

#include <algorithm>

#include "engine/program/canonical.h"

namespace kvali::core {
namespace {

using cohort::Code;
using program::Finding;
using program::Verdict;

/// A sentence that is the same in every language.
v1::Text plain(const std::string& sentence) {
  v1::Text text;
  text.add_translations()->set_text(sentence);
  return text;
}

cohort::Refusal faults_of(const program::Loaded& loaded) {
  cohort::Refusal refusal = cohort::refuse(Code::Invalid, "faults", {{"count", std::to_string(loaded.faults.size())}});
  for (const program::Fault& fault : loaded.faults)
    refusal.unmet.push_back({Code::Invalid, fault.file, plain(program::to_line(fault)), calendar::never});
  return refusal;
}

cohort::Refusal findings_of(const Verdict& verdict) {
  cohort::Refusal refusal;
  for (const Finding& finding : verdict.findings) {
    if (finding.severity != program::Severity::Error) continue;
    cohort::Unmet unmet{Code::Invalid, finding.fault.file, plain(program::to_line(finding)), calendar::never};
    if (!finding.trace.empty()) unmet.facts = plain(program::to_words(finding.trace));
    refusal.unmet.push_back(std::move(unmet));
  }
  cohort::Refusal head = cohort::refuse(Code::Invalid, "unsound", {{"count", std::to_string(refusal.unmet.size())}});
  head.unmet = std::move(refusal.unmet);
  return head;
}

v1::Proof proof_of(const Verdict& verdict) {
  v1::Proof proof;
  proof.set_verdict(verdict.kind == Verdict::Kind::Inconclusive ? v1::Proof::INCONCLUSIVE : v1::Proof::SOUND);
  proof.set_configurations(static_cast<std::uint32_t>(verdict.counts.configurations));
  proof.set_transitions(static_cast<std::uint32_t>(verdict.counts.transitions));
  proof.set_accepted(static_cast<std::uint32_t>(verdict.accepted.size()));
  for (const Finding& finding : verdict.findings) proof.add_warnings(program::to_line(finding));
  return proof;
}

std::vector<v1::Text> warnings_of(const v1::Proof& proof) {
  std::vector<v1::Text> warnings;
  if (proof.verdict() == v1::Proof::INCONCLUSIVE)
    warnings.push_back(cohort::sentence("inconclusive", {{"configurations", std::to_string(proof.configurations())},
                                                         {"transitions", std::to_string(proof.transitions())}}));
  for (const std::string& one : proof.warnings()) warnings.push_back(plain(one));
  return warnings;
}

/// The number of a version that is published already; 0: it is not.
std::size_t number_of(const cohort::Library& library, const std::string& name, const std::string& version) {
  const auto known = library.programs().find(name);
  if (known == library.programs().end()) return 0;
  const auto same = std::find_if(known->second.begin(), known->second.end(), [&](const auto& one) { return one.model->version() == version; });
  return same == known->second.end() ? 0 : static_cast<std::size_t>(same - known->second.begin()) + 1;
}

void write(v1::Record& record, const v1::Asked& asked, const Publication& publication) {
  v1::ProgramPublished& published = *record.mutable_program_published();
  published.set_name(publication.loaded.program.name());
  published.set_version(publication.version);
  *published.mutable_files() = asked.command().publish_program().files();
  *published.mutable_program() = publication.loaded.program;
  *published.mutable_machine() = publication.loaded.machine;
  published.set_message(asked.command().publish_program().message());
  *published.mutable_proof() = proof_of(publication.verdict);
  v1::Commit& commit = *record.mutable_commit();
  commit.set_records(1);
  commit.set_command_id(asked.command().id());
  commit.set_request_hash(asked.request_hash());
  commit.set_actor(asked.actor());
  commit.set_channel(asked.command().channel());
  commit.set_recorded_at_us(asked.now_us());
  commit.set_stamped_at_us(asked.now_us());
  commit.set_created(publication.version);
}

}  // namespace

std::string version_of(const v1::Program& program) {
  const std::string canonical = program::canonical(program);
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(canonical.data()), canonical.size());
  char text[2 * sizeof hash + 1];
  sodium_bin2hex(text, sizeof text, hash, sizeof hash);
  return text;
}

Publication prepare(const v1::PublishProgram& command, const program::proof::Bounds& bounds) {
  std::vector<program::SourceFile> files;
  for (const v1::SourceFile& file : command.files()) files.push_back({file.path(), file.text()});
  Publication made;
  made.loaded = program::load(files);
  if (!made.loaded.ok()) return made;
  made.verdict = program::verify(made.loaded, bounds);
  made.version = version_of(made.loaded.program);
  return made;
}

std::variant<Records, cohort::Refusal> decide_publish(const cohort::Library& library, const v1::Asked& asked, bool runs_the_house,
                                                      const Publication& publication, Outcome& outcome) {
  if (!runs_the_house) return cohort::refuse(Code::Forbidden, "forbidden");
  if (!publication.loaded.ok()) return faults_of(publication.loaded);
  if (publication.verdict.kind == Verdict::Kind::Unsound) return findings_of(publication.verdict);
  if (const std::size_t number = number_of(library, publication.loaded.program.name(), publication.version))
    return cohort::refuse(Code::Precondition, "published", {{"number", std::to_string(number)}});
  Records records;
  write(records.add(), asked, publication);
  outcome.created = publication.version;
  outcome.warnings = warnings_of(records.front().program_published().proof());
  return records;
}

}  // namespace kvali::core
