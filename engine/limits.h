#pragma once
// Every limit of kvali, with its unit and its reason. A limit that is reached is named to whoever reached it.
#include <cstddef>
#include <cstdint>

namespace kvali::limits {

// --- definitions --------------------------------------------------------------------------------------------------
inline constexpr std::size_t definition_bytes_max = 256 * 1024;  // the largest of the nine programmes is under 40 KiB
inline constexpr std::size_t definition_depth_max = 64;          // nesting of YAML; the example reaches 12
inline constexpr std::size_t definition_aliases_max = 256;       // uses of anchors; each is expanded, so bombs grow by it
inline constexpr std::size_t definition_nodes_max = 50'000;      // YAML nodes after expansion of aliases
inline constexpr std::size_t definition_faults_max = 200;        // faults told at once; the rest is a count

// --- guards -------------------------------------------------------------------------------------------------------
inline constexpr std::size_t guard_bytes_max = 4 * 1024;      // a rule longer than this is not readable by its author
inline constexpr std::size_t guard_depth_max = 32;            // nesting of the parsed tree
inline constexpr std::size_t guard_macro_depth_max = 2;       // comprehensions inside comprehensions
inline constexpr std::size_t guard_faults_max = 20;           // faults told of one guard at once
inline constexpr std::uint64_t guard_work_units_max = 100'000;  // nodes visited and bytes touched: some milliseconds

// --- time ---------------------------------------------------------------------------------------------------------
inline constexpr std::int64_t period_years_max = 1'000;          // a longer wait is a slip of the pen
inline constexpr std::int64_t period_working_days_max = 10'000;  // forty years; they are counted day by day

// --- the step -----------------------------------------------------------------------------------------------------
inline constexpr std::size_t microsteps_max = 1'000;              // a macrostep longer than this does not end
inline constexpr std::size_t chart_depth_max = 128;               // states inside states; the walk down is recursive
inline constexpr std::size_t timers_fired_per_advance_max = 10'000;  // of one instance: a repeat of seconds over years is a mistake
inline constexpr std::size_t cross_events_per_commit_max = 10'000;  // events between initiatives in one commit
inline constexpr std::size_t due_initiatives_per_commit_max = 256;  // so that a person's command waits one batch at most

// --- cohorts ------------------------------------------------------------------------------------------------------
inline constexpr std::size_t initiatives_per_cohort_max = 100'000;
inline constexpr std::size_t cohort_state_bytes_max = 256u * 1024 * 1024;
inline constexpr std::size_t commands_per_commit_max = 1'024;
inline constexpr std::size_t bulk_initiatives_max = 10'000;
inline constexpr std::size_t items_per_initiative_max = 2'000;    // sessions, reports, reviews of one initiative
inline constexpr std::size_t text_bytes_max = 64 * 1024;          // one field of text
inline constexpr std::int64_t idempotency_window_us = 14LL * 24 * 3600 * 1'000'000;  // of record time

// --- the wire -----------------------------------------------------------------------------------------------------
inline constexpr std::size_t frame_bytes_before_welcome_max = 64 * 1024;
inline constexpr std::size_t frame_bytes_max = 1024 * 1024;
inline constexpr std::size_t messages_per_frame_max = 256;
inline constexpr std::size_t answers_queued_bytes_max = 1024 * 1024;  // then the connection is closed with 4008
inline constexpr std::size_t delta_bytes_max = 64 * 1024;
inline constexpr std::size_t subscriptions_per_connection_max = 32;
inline constexpr std::size_t http_header_bytes_max = 16 * 1024;
inline constexpr std::size_t http_body_bytes_max = 1024 * 1024;
inline constexpr std::size_t connections_max = 10'000;              // below the usual descriptor limit of 20,000
inline constexpr std::int64_t handshake_timeout_ms = 10'000;
inline constexpr std::int64_t idle_timeout_ms = 60'000;
inline constexpr std::int64_t write_progress_timeout_ms = 30'000;
inline constexpr std::int64_t message_timeout_ms = 30'000;          // a whole message, however many fragments

// --- the disk -----------------------------------------------------------------------------------------------------
inline constexpr std::uint64_t disk_reserve_bytes = 64ull * 1024 * 1024;  // below it commands are READ_ONLY
inline constexpr std::size_t record_bytes_max = 16u * 1024 * 1024;        // one record; a published program is the largest

}  // namespace kvali::limits
