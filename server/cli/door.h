#pragma once
// The way from the command line to a running server: where it listens, a token for whoever is meant, one message and its answer.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/result.h"

namespace kvali::cli {

/// Where the server of a data folder listens, and the token that makes links.
struct Door {
  std::string address, token;
  std::uint16_t port = 0;
};

/// Reads the operator file of a data folder.
Result<Door> find_door(const std::string& data);
/// {"token": …} for a link, or {"bearer": …} for a script, of a person by name, e-mail address or id.
Result<nlohmann::json> ask_token(const Door& door, const std::string& name, bool bearer);
/// A key for a command, made now.
std::string fresh_key();
/// One message over the socket as `person`: the answer to it, or an error.
Result<nlohmann::json> exchange(const Door& door, const std::string& person, nlohmann::json message);

}  // namespace kvali::cli
