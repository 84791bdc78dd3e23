// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The words of a connection to PostgreSQL, as libpq reads them.

#ifndef FILELOCK_DETAIL_REMOTE_POSTGRES_WORDS_HPP
#define FILELOCK_DETAIL_REMOTE_POSTGRES_WORDS_HPP

#include <filelock/detail/remote/address_lookup.hpp>
#include <filelock/detail/remote/postgres_error.hpp>
#include <filelock/detail/remote/postgres_owner.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>

#include <libpq-fe.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Every member that is not noexcept throws std::bad_alloc.
class postgres_words {
public:
  /// \param words `host=db dbname=locks`, or `postgresql://db/locks`.
  explicit postgres_words(const std::string& words) {
    char* problem = nullptr; // it may quote the password
    const options parsed(::PQconninfoParse(words.c_str(), &problem),
                         &::PQconninfoFree);
    ::PQfreemem(problem);
    is_valid_ = parsed != nullptr;
    append(parsed.get(), words_);
    // libpq looks at the port when it connects, and fails like a connect.
    constexpr const char* port_characters = "0123456789,";
    if (const std::string* const port = find("port"))
      is_valid_ = port->find_first_not_of(port_characters) == std::string::npos;
  }

  bool is_valid() const noexcept { return is_valid_; }

  /// \returns Where the server is. The password is no part of it.
  std::string server() const {
    std::string result;
    for (const char* const key :
         {"service", "host", "hostaddr", "port", "dbname", "user"})
      if (const std::string* const value = find(key))
        result += (result.empty() ? "" : " ") + std::string(key) + '=' + *value;
    return result.empty() ? "by default" : result;
  }

  /// Adds what a lock wants and the words do not say.
  void add_defaults() {
    // pg_stat_activity shows it, and so holder_name() knows the owner.
    add("fallback_application_name", postgres_owner::name_of_this_process());
    // Else the death of the server's machine would be noticed after 2 hours.
    add("keepalives_idle", "10");
    add("keepalives_interval", "5");
    add("keepalives_count", "3");
    add("tcp_user_timeout", "25000");
  }

  /// Looks up the hosts, which libpq would do without a bound.
  /// \returns 0, or an error. `end` says whether it was timed_out or stopped.
  int look_up_hosts(const wait_bounds& bounds, wait_end& end) {
    end = wait_end::ready;
    const word_list all = with_those_of_elsewhere();
    const std::string* const hosts = find("host", all);
    if (find("hostaddr", all) || !hosts || hosts->empty())
      return postgres_errc::none;
    const std::vector<std::string> names = split(*hosts);
    const std::vector<std::string> ports =
        split(find("port", all) ? *find("port", all) : std::string());
    std::string all_names, all_addresses, all_ports;
    std::size_t count = 0;
    for (std::size_t i = 0; i != names.size(); ++i) {
      address_lookup::addresses found = {std::string()};
      if (has_address(names[i])) {
        if (address_lookup::is_numeric(names[i]))
          found = {names[i]};
        else
          end = address_lookup::find(names[i], bounds, found);
      }
      if (end != wait_end::ready) return postgres_errc::none;
      for (const std::string& address : found) {
        const char* const comma = count++ == 0 ? "" : ",";
        all_names += comma + names[i];
        all_addresses += comma + address;
        all_ports += comma + ports[i < ports.size() ? i : 0];
      }
    }
    if (count == 0) return postgres_errc::host_not_found;
    set("host", all_names);
    set("hostaddr", all_addresses);
    if (find("port", all)) set("port", all_ports);
    return postgres_errc::none;
  }

  /// \returns The arguments of PQconnectStartParams, each with a null at the
  /// end. They point into this object.
  std::pair<std::vector<const char*>, std::vector<const char*>>
  arguments() const {
    std::pair<std::vector<const char*>, std::vector<const char*>> result;
    for (const auto& [key, value] : words_) {
      result.first.push_back(key.c_str());
      result.second.push_back(value.c_str());
    }
    result.first.push_back(nullptr);
    result.second.push_back(nullptr);
    return result;
  }

private:
  using options =
      std::unique_ptr<::PQconninfoOption, void (*)(::PQconninfoOption*)>;

  using word_list = std::vector<std::pair<std::string, std::string>>;

  static void append(const ::PQconninfoOption* list, word_list& result) {
    for (; list && list->keyword; ++list)
      if (list->val) result.emplace_back(list->keyword, list->val);
  }

  static const std::string* find(const std::string& key, const word_list& in) {
    const auto found =
        std::find_if(in.begin(), in.end(),
                     [&](const auto& each) { return each.first == key; });
    return found == in.end() ? nullptr : &found->second;
  }
  const std::string* find(const std::string& key) const {
    return find(key, words_);
  }

  /// \returns The words, those of the service file and of the environment, and
  /// the defaults. No other function of libpq reads a service that the words
  /// name. An sslmode that is none ends the connect before it begins.
  word_list with_those_of_elsewhere() const {
    postgres_words other = *this;
    other.set("sslmode", "only the words are asked for");
    const auto arguments = other.arguments();
    const std::unique_ptr<::PGconn, void (*)(::PGconn*)> never_begun(
        ::PQconnectStartParams(arguments.first.data(), arguments.second.data(),
                               0),
        &::PQfinish);
    const options all(::PQconninfo(never_begun.get()), &::PQconninfoFree);
    word_list result;
    append(all.get(), result);
    return result;
  }

  void add(const char* key, std::string value) {
    if (!find(key)) words_.emplace_back(key, std::move(value));
  }

  void set(const char* key, const std::string& value) {
    words_.erase(
        std::remove_if(words_.begin(), words_.end(),
                       [&](const auto& each) { return each.first == key; }),
        words_.end());
    words_.emplace_back(key, value);
  }

  // Others are folders of a socket, or in the abstract namespace of Linux.
  static bool has_address(const std::string& host) {
    return !host.empty() && host[0] != '/' && host[0] != '@';
  }

  static std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> result;
    std::size_t begin = 0;
    for (;;) {
      const std::size_t end = list.find(',', begin);
      result.push_back(list.substr(begin, end - begin));
      if (end == std::string::npos) return result;
      begin = end + 1;
    }
  }

  word_list words_;
  bool is_valid_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
