// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The keys of a name in etcd, and the requests about them.

#ifndef FILELOCK_DETAIL_REMOTE_ETCD_REQUESTS_HPP
#define FILELOCK_DETAIL_REMOTE_ETCD_REQUESTS_HPP

#include <filelock/detail/remote/base64.hpp>
#include <filelock/detail/remote/host_name.hpp>
#include <filelock/detail/remote/json.hpp>
#include <filelock/lock_request.hpp>

#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Keys from `begin` to before `end`.
struct etcd_range {
  std::string begin;
  std::string end; ///< empty: the key `begin` alone
};

/// A key in an answer.
struct etcd_key {
  std::string key;
  std::string value;
  std::int64_t revision = 0; ///< that made it

  /// \returns Nothing if `kv` is no key.
  static std::optional<etcd_key> read(const json_value& kv) {
    const std::optional<std::string> key = from_base64(kv["key"].text());
    std::optional<std::string> value = from_base64(kv["value"].text());
    const std::int64_t revision = kv["create_revision"].integer();
    if (!key || key->empty() || !value || revision <= 0) return std::nullopt;
    return etcd_key{*key, *value, revision};
  }
};

/// The keys of the contenders for one name: `filelock/NAME/write/ID`, and
/// `read` for a shared lock. The recipes that come with etcd use the same
/// places: concurrency.Mutex and `etcdctl lock` have `NAME/ID`, and
/// recipe.RWMutex has `NAME/read/ID` and `NAME/write/ID`. So they exclude these
/// locks. https://github.com/etcd-io/etcd/tree/main/client/v3
class etcd_keys {
public:
  explicit etcd_keys(std::string_view name) {
    // A slash is escaped too: no name's keys stand among those of another one.
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    prefix_ = "filelock/";
    for (const char each : name) {
      const auto byte = static_cast<unsigned char>(each);
      if (plain.find(each) != std::string_view::npos)
        prefix_ += each;
      else
        (prefix_ += '%').append({digits[byte / 16], digits[byte % 16]});
    }
    prefix_ += '/';
  }

  const std::string& prefix() const noexcept { return prefix_; }

  /// \returns A key that nobody else has, and that was never there before.
  std::string own(lock_mode mode, std::int64_t lease,
                  std::uint64_t serial) const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string key =
        prefix_ + (mode == lock_mode::shared ? "read/" : "write/");
    for (unsigned shift = 64; shift != 0;) {
      shift -= 4;
      key += digits[static_cast<std::uint64_t>(lease) >> shift & 15U];
    }
    return key + '-' + std::to_string(serial);
  }

  etcd_range all() const { return {prefix_, after(prefix_)}; }

  bool is_shared(std::string_view key) const {
    const std::string reads = prefix_ + "read/";
    return key.substr(0, reads.size()) == reads;
  }

  /// \returns The keys that an owner in `mode` waits for, if they are older.
  std::vector<etcd_range> conflicting(lock_mode mode) const {
    if (mode != lock_mode::shared) return {all()};
    const std::string reads = prefix_ + "read/";
    return {{prefix_, reads}, {after(reads), after(prefix_)}};
  }

  /// \returns The words of an owner that excludes `mode`. Not of the key `own`.
  /// Empty if there is no such owner. \param kvs The first contenders.
  std::string owner_but(std::string_view own, lock_mode mode,
                        const std::vector<json_value>& kvs) const {
    // The first contender is an owner; the second one too, if both share.
    bool is_first = true;
    for (const json_value& each : kvs) {
      const std::optional<etcd_key> found = etcd_key::read(each);
      if (!found) return {};
      const bool shares = is_shared(found->key);
      if (shares ? mode == lock_mode::shared : !is_first) return {};
      if (found->key != own)
        return found->value.empty() ? "the owner of the key " + found->key
                                    : found->value;
      if (!shares) return {};
      is_first = false;
    }
    return {};
  }

private:
  /// \returns The end of the keys that begin with `prefix`, whose last
  /// character is a slash.
  static std::string after(std::string prefix) {
    ++prefix.back();
    return prefix;
  }

  std::string prefix_;
};

/// The parts of a transaction:
/// https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/
namespace etcd_json {

inline std::string of_range(const etcd_range& range) {
  std::string result = "\"key\":\"" + to_base64(range.begin) + '"';
  if (!range.end.empty())
    result += ",\"range_end\":\"" + to_base64(range.end) + '"';
  return result;
}

/// Whether each key was made by that revision; 0: whether there is no key.
inline std::string was_made(const etcd_range& range, std::int64_t revision) {
  return '{' + of_range(range) +
         ",\"target\":\"CREATE\",\"result\":\"EQUAL\",\"create_revision\":\"" +
         std::to_string(revision) + "\"}";
}

inline std::string put(const std::string& key, std::string_view value,
                       std::int64_t lease) {
  return "{\"request_put\":{\"key\":\"" + to_base64(key) + "\",\"value\":\"" +
         to_base64(value) + "\",\"lease\":\"" + std::to_string(lease) + "\"}}";
}

inline std::string get(const std::string& key) {
  return "{\"request_range\":{" + of_range({key, {}}) + "}}";
}

/// The last two keys that were made before `revision`.
inline std::string last_before(const etcd_range& range, std::int64_t revision) {
  return "{\"request_range\":{" + of_range(range) +
         ",\"sort_order\":\"DESCEND\",\"sort_target\":\"CREATE\",\"limit\":"
         "\"2\",\"max_create_revision\":\"" +
         std::to_string(revision - 1) + "\"}}";
}

/// The first keys that were made.
inline std::string first(const etcd_range& range) {
  return '{' + of_range(range) +
         ",\"sort_order\":\"ASCEND\",\"sort_target\":\"CREATE\",\"limit\":"
         "\"2\"}";
}

/// Tells of the removal of `key`, if that comes with `revision` or later.
inline std::string watch(const std::string& key, std::int64_t revision) {
  return "{\"create_request\":{" + of_range({key, {}}) +
         ",\"start_revision\":\"" + std::to_string(revision) +
         "\",\"filters\":[\"NOPUT\"]}}";
}

inline std::string transaction(const std::string& compare,
                               const std::string& success,
                               const std::string& failure) {
  return "{\"compare\":[" + compare + "],\"success\":[" + success +
         "],\"failure\":[" + failure + "]}";
}

} // namespace etcd_json

/// \returns The words by which a contender names itself to others.
inline std::string etcd_owner_words() {
  return "process " + std::to_string(::getpid()) + " of host " + host_name();
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
