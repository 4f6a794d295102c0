// token, send, publish, clock: a running server, found by the operator file in its data folder.
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <variant>

#include "engine/calendar/calendar.h"
#include "server/cli/commands.h"
#include "server/cli/files.h"
#include "server/core/uuid.h"
#include "server/net/client.h"

namespace kvali::cli {
namespace {

using nlohmann::json;

/// Where the server of a data folder listens, and the token that makes links.
struct Door {
  std::string address, token;
  std::uint16_t port = 0;
};

Result<Door> find_door(const std::string& data) {
  std::ifstream file(data + "/operator");
  Door door;
  int port = 0;
  if (!(file >> door.address >> port >> door.token))
    return fail(fmt::format("{}/operator: no server has served this folder yet, or it may not be read by you", data));
  door.port = static_cast<std::uint16_t>(port);
  return door;
}

Result<json> ask_token(const Door& door, const std::string& name, bool bearer) {
  auto answer = net::post(door.address, door.port, "/v1/token", door.token, json{{"as", name}, {"bearer", bearer}}.dump());
  if (!answer) return fail(answer.error());
  const json body = json::parse(answer->body, nullptr, false);
  if (answer->status != 200) return fail(body.is_object() ? body.value("error", answer->body) : answer->body);
  return body;
}

std::string fresh_key() {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  std::uint64_t random[2];
  randombytes_buf(random, sizeof random);
  return core::make_uuid_v7(now, random[0], random[1]);
}

/// One message over the socket as `person`: the answer to it, or an error.
Result<json> exchange(const Door& door, const std::string& person, json message) {
  auto bearer = ask_token(door, person, true);
  if (!bearer) return fail(bearer.error());
  auto client = net::WireClient::open(door.address, door.port);
  if (!client) return fail(client.error());
  const char* language = std::getenv("LANG");
  const json hello = {{"id", 1}, {"hello", {{"protocol", 1}, {"client", "kvali"}, {"bearer", (*bearer)["bearer"]},
                                            {"locale", language ? std::string(language).substr(0, 2) : "en"}}}};
  message["id"] = 2;
  if (auto sent = client->send(json{{"messages", {hello, message}}}.dump()); !sent) return fail(sent.error());
  while (true) {
    auto received = client->receive();
    if (!received) return fail(received.error());
    for (const json& one : json::parse(*received, nullptr, false).value("messages", json::array()))
      if (one.value("id", 0) == 2) return one;
  }
}

int print_answer(const Result<json>& answer) {
  if (!answer) return world_failed(answer.error().message);
  fmt::print("{}\n", answer->dump(2));
  return answer->contains("error") ? exit_faults : 0;
}

struct TokenOptions {
  std::string data = "data", as;
  bool bearer = false;
};

int token(const TokenOptions& options) {
  auto door = find_door(options.data);
  if (!door) return world_failed(door.error().message);
  auto answer = ask_token(*door, options.as, options.bearer);
  if (!answer) return world_failed(answer.error().message);
  if (options.bearer)
    fmt::print("{}\n", (*answer)["bearer"].get<std::string>());
  else
    fmt::print("http://{}:{}/#token={}\n", door->address, door->port, (*answer)["token"].get<std::string>());
  return 0;
}

struct SendOptions {
  std::string data = "data", as, what;
  bool dry_run = false;
};

/// What is asked: a query as {"query": {…}}, else a command, which gets a key when it has none.
Result<json> message_of(const SendOptions& options) {
  std::string text = options.what;
  if (text == "-") text.assign(std::istreambuf_iterator<char>(std::cin), {});
  json body = json::parse(text, nullptr, false);
  if (!body.is_object()) return fail("expected a JSON object: a command such as {\"cohort\":\"…\",\"makeMove\":{…}} or {\"query\":{…}}");
  if (body.contains("query")) return json{{"query", body["query"]}};
  if (!body.contains("id")) body["id"] = fresh_key();
  if (!body.contains("channel")) body["channel"] = "SCRIPT";
  return json{{"call", {{"command", body}, {"dryRun", options.dry_run}}}};
}

int send(const SendOptions& options) {
  auto door = find_door(options.data);
  if (!door) return world_failed(door.error().message);
  auto message = message_of(options);
  if (!message) {
    fmt::print(stderr, "kvali: {}\n", message.error().message);
    return exit_usage;
  }
  return print_answer(exchange(*door, options.as, std::move(*message)));
}

struct PublishOptions {
  std::string data = "data", as, file, message;
  bool dry_run = false;
};

/// A program's files as they are published, by paths within its folder, and where each lies here.
struct Published {
  json files = json::array();
  std::vector<std::pair<std::string, std::string>> places;  // path as published, path here
};

Result<Published> files_of(const std::string& path) {
  auto read = read_program_files(path);
  if (!read) return fail(read.error());
  Published made;
  for (program::SourceFile& file : *read) {
    const std::string name = made.places.empty() ? "program.yaml" : "texts/" + std::filesystem::path(file.path).filename().string();
    made.files.push_back({{"path", name}, {"text", std::move(file.text)}});
    made.places.emplace_back(name, file.path);
  }
  return made;
}

/// What stands in the way, each with its place in the files as they lie here, and the way that leads there.
void print_violations(const json& error, const Published& published) {
  for (const json& one : error.value("violations", json::array())) {
    std::string sentence = one.value("sentence", std::string());
    for (const auto& [name, here] : published.places)
      if (one.value("field", std::string()) == name && sentence.starts_with(name + ":")) sentence.replace(0, name.size(), here);
    fmt::print("{}\n", sentence);
    if (const std::string way = one.value("facts", std::string()); !way.empty()) fmt::print("{}\n", indented(way));
  }
  fmt::print("{}\n", error.value("sentence", std::string()));
}

/// "version 2 of socifaction-2017: sound (26 configurations, 184 transitions tried, 1 accepted)".
std::string version_words(const json& version) {
  const json proof = version.value("proof", json::object());
  std::string accepted;
  if (const int count = proof.value("accepted", 0); count > 0) accepted = fmt::format(", {} accepted", count);
  return fmt::format("version {} of {}: {} ({} configurations, {} transitions tried{})", version.value("number", 0), version.value("name", std::string()),
                     proof.value("verdict", std::string()) == "INCONCLUSIVE" ? "inconclusive" : "sound", proof.value("configurations", 0),
                     proof.value("transitions", 0), accepted);
}

int published(const Door& door, const PublishOptions& options, const json& result) {
  for (const json& warning : result.value("warnings", json::array())) fmt::print(stderr, "{}\n", warning.get<std::string>());
  const std::string hash = result.value("created", std::string());
  if (options.dry_run) {
    fmt::print("would be published as {}\n", hash);
    return 0;
  }
  auto answer = exchange(door, options.as, {{"query", {{"programs", json::object()}}}});
  if (!answer) return world_failed(answer.error().message);
  for (const json& version : answer->value("answer", json::object()).value("programs", json::array()))
    if (version.value("version", std::string()) == hash) fmt::print("published as {}, {}\n", hash, version_words(version));
  return 0;
}

int publish(const PublishOptions& options) {
  const auto files = files_of(options.file);
  if (!files) return world_failed(files.error().message);
  auto door = find_door(options.data);
  if (!door) return world_failed(door.error().message);
  const json command = {{"id", fresh_key()}, {"channel", "SCRIPT"}, {"publishProgram", {{"files", files->files}, {"message", options.message}}}};
  auto answer = exchange(*door, options.as, {{"call", {{"command", command}, {"dryRun", options.dry_run}}}});
  if (!answer) return world_failed(answer.error().message);
  if (answer->contains("result")) return published(*door, options, (*answer)["result"]);
  const json error = answer->value("error", json::object());
  print_violations(error, *files);
  if (error.value("code", std::string()) == "PRECONDITION") return 0;  // it is published already, which is what was wanted
  return error.value("retryable", false) ? exit_world : exit_faults;
}

struct ClockOptions {
  std::string data = "data", as, cohort, to;
  bool confirm = false;
};

/// Where --to leads: an instant, or a period from where the rehearsal stands.
using Goal = std::variant<std::int64_t, calendar::Period>;

/// "2017-01-16", "2017-01-16T08:00:00Z" or "P7D". What begins with a year was meant as a date or an instant, and is told so.
Result<Goal> goal_of(const std::string& to) {
  const bool dated = to.size() > 4 && to[4] == '-' && std::all_of(to.begin(), to.begin() + 4, [](char c) { return c >= '0' && c <= '9'; });
  if (dated && to.size() <= 10) {
    auto date = calendar::parse_date(to);
    if (!date) return fail(date.error());
    return Goal(calendar::end_of(calendar::utc(), *date) - calendar::day_us);
  }
  if (dated) {
    auto instant = calendar::parse_instant(to);
    if (!instant) return fail(instant.error());
    return Goal(*instant);
  }
  auto period = calendar::parse_period(to);
  if (!period) return fail(period.error());
  return Goal(*period);
}

Result<std::int64_t> target(const Door& door, const ClockOptions& options, const Goal& goal) {
  if (const auto* instant = std::get_if<std::int64_t>(&goal)) return *instant;
  auto rows = exchange(door, options.as, {{"query", {{"limit", 1}, {"rows", {{"cohort", options.cohort}}}}}});
  if (!rows) return fail(rows.error());
  const json row = (*rows).value("answer", json::object()).value("rows", json::array());
  if (row.empty()) return fail("there is no cohort " + options.cohort);
  const std::int64_t now = std::stoll(row[0]["cohort"].value("nowUs", std::string("0")));
  return calendar::shift(calendar::utc(), {}, now, std::get<calendar::Period>(goal));
}

int clock(const ClockOptions& options) {
  auto door = find_door(options.data);
  if (!door) return world_failed(door.error().message);
  if (options.confirm) {
    auto answer = net::post(door->address, door->port, "/v1/clock", door->token, "{}");
    if (!answer) return world_failed(answer.error().message);
    fmt::print("{}\n", answer->body);
    return answer->status == 200 ? 0 : exit_world;
  }
  const auto goal = goal_of(options.to);
  if (!goal) {
    fmt::print(stderr, "kvali: --to {}\n", goal.error().message);
    return exit_usage;
  }
  auto to = target(*door, options, *goal);
  if (!to) return world_failed(to.error().message);
  return print_answer(exchange(*door, options.as, {{"call", {{"command", {{"id", fresh_key()}, {"cohort", options.cohort}, {"channel", "SCRIPT"},
                                                                          {"moveClock", {{"toUs", std::to_string(*to)}}}}}}}}));
}

}  // namespace

void add_token(CLI::App& app, Run& run) {
  auto options = std::make_shared<TokenOptions>();
  CLI::App* command = app.add_subcommand("token", "Make a sign-in link for a person, or a token for a script");
  command->add_option("--as", options->as, "The person: name, e-mail address or id")->required();
  command->add_option("--data", options->data, "The data folder of the running server")->capture_default_str();
  command->add_flag("--bearer", options->bearer, "A bearer token for scripts in place of a link");
  command->footer("Example: kvali token --as 'Onutė Varpelytė'");
  command->callback([options, &run] { run.code = token(*options); });
}

void add_send(CLI::App& app, Run& run) {
  auto options = std::make_shared<SendOptions>();
  CLI::App* command = app.add_subcommand("send", "Send one command or query to the running server: JSON in, JSON out");
  command->add_option("JSON", options->what, "The command or {\"query\": …}; - reads standard input")->required();
  command->add_option("--as", options->as, "Who asks: name, e-mail address or id")->required();
  command->add_option("--data", options->data, "The data folder of the running server")->capture_default_str();
  command->add_flag("--dry-run", options->dry_run, "Only say what would happen");
  command->footer("Example: kvali send --as manager@example.org '{\"query\": {\"cohorts\": {}}}'");
  command->callback([options, &run] { run.code = send(*options); });
}

void add_publish(CLI::App& app, Run& run) {
  auto options = std::make_shared<PublishOptions>();
  CLI::App* command = app.add_subcommand("publish", "Publish a program to the running server, which proves it first");
  command->add_option("FILE", options->file, "The program; what stands in texts/ beside it goes with it")->required();
  command->add_option("--message", options->message, "What is new in this version")->required();
  command->add_option("--as", options->as, "Who publishes: name, e-mail address or id; has to run the house")->required();
  command->add_option("--data", options->data, "The data folder of the running server")->capture_default_str();
  command->add_flag("--dry-run", options->dry_run, "Only prove it and say what would happen");
  command->footer("What `kvali check` finds and the file does not accept is told, and nothing is published. An inconclusive proof publishes with a\n"
                  "warning, which stays with the version. What is published already is told so and ends with 0. The versions of a program, and\n"
                  "what two of them differ in: kvali send '{\"query\": {\"versions\": {\"program\": \"NAME\"}}}', kvali send\n"
                  "'{\"query\": {\"difference\": {\"program\": \"NAME\", \"was\": \"1\", \"now\": \"2\"}}}'.\n"
                  "Example: kvali publish workflows/socifaction-2017/program.yaml --message 'Screening lasts 21 days' --as manager@example.org");
  command->callback([options, &run] { run.code = publish(*options); });
}

void add_clock(CLI::App& app, Run& run) {
  auto options = std::make_shared<ClockOptions>();
  CLI::App* command = app.add_subcommand("clock", "Move the clock of a rehearsal cohort, or confirm the system's after a jump");
  command->add_option("--cohort", options->cohort, "The cohort");
  command->add_option("--to", options->to, "A period (P7D), a date or an instant");
  command->add_option("--as", options->as, "Who moves it: name, e-mail address or id");
  command->add_option("--data", options->data, "The data folder of the running server")->capture_default_str();
  command->add_flag("--confirm", options->confirm, "The system's clock is right: let time pass again");
  command->footer("Example: kvali clock --cohort season-2017 --to P7D --as 'Onutė Varpelytė'");
  command->callback([options, &run] { run.code = clock(*options); });
}

}  // namespace kvali::cli
