#pragma once
// What is known of one connection. Internal to server/api.
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "server/api/api.h"
#include "server/core/seal.h"

namespace kvali::api {

struct Api::Connection {
  std::uint64_t id = 0;
  Encoding encoding = Encoding::Proto;
  bool welcomed = false;
  bool full = false;          // its queue is above the low-water mark: nothing is built until it is writable
  std::string person;
  std::string locale = "en";
  std::int64_t now_us = 0;    // stamp of its last frame
  std::map<std::uint32_t, Subscription> subscriptions;
  std::deque<std::pair<std::uint32_t, v1::Query>> queries;  // asked and not looked at yet: answered one by one, as fast as they are read
  bool querying = false;      // one is at the gate
};

}  // namespace kvali::api
