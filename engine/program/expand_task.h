#pragma once
// The small machines of what comes in unknown number: entries of a log, reviews, reports.
#include "engine/program/machine_builder.h"
#include "engine/program/names.h"

namespace kvali::program {

/// Who writes down what a log asks for; `waits_for`: where it does not say.
const google::protobuf::RepeatedPtrField<std::string>& writers_of(const v1::Log& log, const google::protobuf::RepeatedPtrField<std::string>& waits_for);

/// The task kind of a log: an entry is one FINAL state, or stays open until it is closed. `waits_for`: who writes when the log does not say.
v1::TaskKind expand_log(const v1::Program& program, const v1::Log& log,
                        const google::protobuf::RepeatedPtrField<std::string>& waits_for, const v1::Place& place);

/// The task kind of a review: a figure for each criterion, within the scale, and what its readers write.
v1::TaskKind expand_review(const v1::Program& program, const v1::Review& review, const std::string& name, const v1::Place& place);

/// The task kind of one report of a series, named as its form. `yaml_path` is the report's.
v1::TaskKind expand_report(const v1::Program& program, const v1::Stage& stage, const v1::Report& report,
                           const std::string& yaml_path, const Places& places);

/// The name of the tasks in which a move is agreed or voted on: MOVE@STATE.
std::string gate_name(const std::string& move, const std::string& state_path);
bool has_gate(const v1::Move& move);
/// Consents: each is given, until it is taken back, lapses, or all have agreed. A vote: open, until it is carried or not.
v1::TaskKind expand_gate(const v1::Program& program, const v1::Move& move, Index state, const std::string& state_path, const v1::Place& place);

}  // namespace kvali::program
