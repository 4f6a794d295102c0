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
inline constexpr std::size_t name_bytes_max = 64;                 // of a state, role, field: it stands in paths, events and columns
inline constexpr std::size_t picture_bends_max = 50'000;         // of long lines in one group; past it they run straight through
inline constexpr int scale_points_told_max = 11;                    // 0 to 10: of a longer scale the ends are explained, not each point
inline constexpr std::int64_t weighted_mark_max = 1'000'000;        // of all weights: sums of squares over a cohort stay exact
inline constexpr std::size_t definition_faults_max = 200;        // faults told at once; the rest is a count

// --- guards -------------------------------------------------------------------------------------------------------
inline constexpr std::size_t guard_bytes_max = 4 * 1024;      // a rule longer than this is not readable by its author
inline constexpr std::size_t guard_depth_max = 32;            // nesting of the parsed tree
inline constexpr std::size_t guard_macro_depth_max = 2;       // comprehensions inside comprehensions
inline constexpr std::size_t guard_faults_max = 20;           // faults told of one guard at once
inline constexpr int value_depth_max = 64;                    // nesting of lists and maps that are compared, stored or read as JSON
inline constexpr int value_shown_depth_max = 32;              // nesting written as text by string.format
inline constexpr int format_decimals_max = 100;               // after the point, by string.format
inline constexpr std::uint64_t guard_work_units_max = 100'000;  // nodes visited and bytes touched: some milliseconds

// --- time ---------------------------------------------------------------------------------------------------------
inline constexpr std::int64_t period_years_max = 1'000;          // a longer wait is a slip of the pen
inline constexpr std::int64_t period_working_days_max = 10'000;  // forty years; they are counted day by day
inline constexpr std::int64_t clock_us_max = 4'102'444'800'000'000;  // a rehearsal's, µs UTC: 2100 begins, zone tables end

// --- the step -----------------------------------------------------------------------------------------------------
inline constexpr std::size_t microsteps_max = 1'000;              // a macrostep longer than this does not end
inline constexpr std::size_t chart_depth_max = 128;               // states inside states; the walk down is recursive
inline constexpr std::size_t timers_fired_per_advance_max = 10'000;  // of one instance: a repeat of seconds over years is a mistake
inline constexpr std::size_t cross_events_per_commit_max = 10'000;  // events between initiatives in one commit
inline constexpr std::size_t due_initiatives_per_commit_max = 256;  // so that a person's command waits one batch at most

// --- the proof ----------------------------------------------------------------------------------------------------
inline constexpr std::size_t proof_configurations_max = 200'000;  // of one program; past it the verdict is "inconclusive", never silence
inline constexpr std::size_t proof_transitions_max = 5'000'000;   // macrosteps tried for one program: some seconds
inline constexpr std::size_t proofs_waiting_max = 16;             // publications that wait for their proof, which is made beside the core
inline constexpr std::size_t migration_configurations_max = 50'000;  // of each version, when a plan is checked; past it what was not found waits
inline constexpr std::size_t migration_transitions_max = 500'000;    // macrosteps tried for each of them: the core thread waits for it
inline constexpr std::size_t migration_initiatives_per_commit_max = 64;  // go over at once; between two batches everything else goes on
inline constexpr std::size_t proof_valuations_max = 4'096;        // of the finite facts of guards asked together; past it anything may hold

// --- cohorts ------------------------------------------------------------------------------------------------------
inline constexpr std::size_t initiatives_per_cohort_max = 100'000;
inline constexpr std::size_t cohort_state_bytes_max = 256u * 1024 * 1024;
inline constexpr std::size_t commands_per_commit_max = 1'024;
inline constexpr std::size_t bulk_initiatives_max = 10'000;
inline constexpr std::size_t items_per_initiative_max = 2'000;    // sessions, reports, reviews of one initiative
inline constexpr std::size_t attended_max = 200;                  // trainings and the like of one organisation or person that a guard looks at
inline constexpr std::size_t subjects_begun_per_commit_max = 64;  // of those that begin by themselves; between two batches everything else goes on
inline constexpr std::size_t conflicts_per_person_max = 1'000;     // declared in one cohort; each is looked at for every right of hers
inline constexpr std::size_t competences_per_person_max = 1'000;   // values in all fields: some dozen of each
inline constexpr std::size_t text_bytes_max = 64 * 1024;          // one field of text
inline constexpr std::uint64_t megabyte = 1024 * 1024;            // bytes, as the larger of its two meanings: nobody is refused for the smaller
inline constexpr std::int64_t file_megabytes_max = 25;            // of one file, whatever its program says: a scanned contract, not a film
inline constexpr std::int64_t table_rows_max = 200;               // of one table, whatever its program says: a budget, not a register
inline constexpr int table_fields_max = 20;                       // in a row: more is a form of its own
inline constexpr std::size_t answer_records_max = 10'000;         // read to compare the answers of one initiative: some hundred ms
inline constexpr std::int64_t key_ahead_us_max = 10LL * 60 * 1'000'000;                // a sender's clock before ours: a key made later escapes the window
inline constexpr std::int64_t idempotency_window_us = 14LL * 24 * 3600 * 1'000'000;  // of record time

// --- organisations ------------------------------------------------------------------------------------------------
inline constexpr std::size_t organisation_name_bytes_max = 400;   // the longest registered names are under 200 letters
inline constexpr std::size_t facts_per_organisation_max = 1'000;  // years of registrations, awards, attendances
inline constexpr std::size_t fact_note_bytes_max = 4 * 1024;      // a note says where the evidence lies, it is not the evidence
inline constexpr std::size_t predecessors_max = 32;               // organisations that one goes on from
inline constexpr std::size_t partners_per_initiative_max = 32;    // a consortium larger than this is a network, and registers as one

// --- simulation ---------------------------------------------------------------------------------------------------
inline constexpr std::size_t simulated_cohorts_max = 1'000'000;           // hours of one core
inline constexpr std::size_t simulated_commits_per_initiative_max = 1'000;  // on the average of a cohort: its people go round in circles
inline constexpr std::size_t simulated_weeks_max = 1'040;                 // twenty years: a programme without an end is cut there
inline constexpr std::size_t simulated_changes_max = 32;                  // of one "what if": what is compared is no longer one thing

// --- the wire -----------------------------------------------------------------------------------------------------
inline constexpr std::size_t frame_bytes_before_welcome_max = 64 * 1024;
inline constexpr std::size_t frame_bytes_max = 1024 * 1024;
inline constexpr std::size_t messages_per_frame_max = 256;
inline constexpr std::size_t answers_queued_bytes_max = 1024 * 1024;  // then the connection is closed with 4008
inline constexpr std::size_t delta_bytes_max = 64 * 1024;
inline constexpr std::size_t subscriptions_per_connection_max = 32;
inline constexpr std::size_t queries_waiting_max = 1'000;                 // of one connection, asked and not answered
inline constexpr std::size_t touches_remembered_max = 20'000;  // a cohort's last changes, for readers who come back: about 2 MiB
inline constexpr std::uint32_t credit_max = 1'024;  // deltas on their way to one subscription
inline constexpr std::size_t queue_low_water_bytes = delta_bytes_max;  // above it a sender is told BackPressure
inline constexpr std::size_t fragments_per_message_max = 4'096;  // 256 bytes each in the largest frame; ends empty floods
inline constexpr std::size_t control_frames_max = 256;  // pings and pongs of one connection in control_window_ms
inline constexpr std::size_t close_reason_bytes_max = 123;  // RFC 6455 §5.5: a control frame carries 125, 2 are the code
inline constexpr std::size_t socket_send_buffer_bytes = 256 * 1024;  // what a stalled reader may hold in the kernel
inline constexpr std::size_t socket_unsent_bytes_max = 128 * 1024;   // TCP_NOTSENT_LOWAT: the rest waits here, revocable
inline constexpr std::size_t http_header_bytes_max = 16 * 1024;
inline constexpr std::size_t http_body_bytes_max = 1024 * 1024;
inline constexpr std::size_t http_header_fields_max = 100;  // a browser sends about 20
inline constexpr std::size_t http_target_bytes_max = 4 * 1024;
inline constexpr std::size_t http_chunk_extension_bytes_max = 20 * 1024;  // nobody reads them; summed over a body
inline constexpr std::size_t http_linger_bytes_max = 1024 * 1024;  // discarded after a refusal so that its words arrive
inline constexpr std::size_t connections_max = 10'000;              // below the usual descriptor limit of 20,000
inline constexpr std::uint32_t query_rows_max = 1'000;             // of one page
inline constexpr std::size_t refusals_at_once_max = 64;            // connections over the limit that are told so in words
inline constexpr std::int64_t handshake_timeout_ms = 10'000;
inline constexpr std::int64_t idle_timeout_ms = 60'000;
inline constexpr std::int64_t write_progress_timeout_ms = 30'000;
inline constexpr std::int64_t message_timeout_ms = 30'000;          // a whole message, however many fragments
inline constexpr std::int64_t control_window_ms = 10'000;
inline constexpr std::int64_t close_timeout_ms = 5'000;             // for the other side to answer a close frame
inline constexpr std::int64_t http_answer_timeout_ms = 60'000;      // for our own answer; then 503
inline constexpr std::int64_t http_linger_timeout_ms = 2'000;
inline constexpr std::int64_t write_tick_us = 2'000;                // frames of one tick leave in one send call
inline constexpr std::int64_t accept_pause_ms = 100;                // out of descriptors: before trying again

// --- demonstrations ---
inline constexpr std::size_t demo_in_flight_max = 256;  // commands sent before their answers are waited for: few transactions

// --- the process --------------------------------------------------------------------------------------------------
inline constexpr std::int64_t clock_jump_us_max = 5 * 60 * 1'000'000LL;  // between the system's clock and the monotonic one: more is no drift
inline constexpr std::int64_t restart_delay_ms_min = 200;    // of a serving process that died; doubles each time
inline constexpr std::int64_t restart_delay_ms_max = 30'000;  // by then somebody looks

// --- the disk -----------------------------------------------------------------------------------------------------
inline constexpr std::uint64_t disk_reserve_bytes = 64ull * 1024 * 1024;  // below it commands are READ_ONLY
inline constexpr std::size_t record_bytes_max = 16u * 1024 * 1024;        // one record; a published program is the largest
inline constexpr std::size_t stream_name_bytes_max = 200;                 // "cohort/" and an id; a name is repeated per record hash
inline constexpr std::size_t journal_group_records_max = 8'192;           // records of one transaction: some 30 ms of writing
inline constexpr std::size_t journal_group_bytes_max = 4u * 1024 * 1024;  // of one transaction, unless one batch is larger
inline constexpr int journal_wal_pages_max = 2'000;                       // 8 MiB of 4 KiB pages, then a checkpoint
inline constexpr std::size_t journal_readers_idle_max = 4;                // read connections kept open between reads
inline constexpr std::uint64_t snapshot_records = 1'000;                  // of one stream behind its snapshot, then the next: some ms to fold
inline constexpr std::uint64_t snapshot_sequences_per_row = 1'024;          // what was answered or touched by so many shares a row: some 100 KiB
inline constexpr std::size_t snapshot_happenings_per_row = 64;              // of one initiative; fewer lie in its own row
inline constexpr std::size_t verify_findings_max = 200;                   // told at once; the rest is a count
inline constexpr std::size_t vault_subject_bytes_max = 62;                // what a row of the key file holds
inline constexpr std::size_t vault_token_bytes_max = 2 * 1024;            // inside a sealed token; a cursor has under 200

}  // namespace kvali::limits
