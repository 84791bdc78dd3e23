// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Looks up the addresses of a host, by a time or until a stop.

#ifndef FILELOCK_DETAIL_REMOTE_ADDRESS_LOOKUP_HPP
#define FILELOCK_DETAIL_REMOTE_ADDRESS_LOOKUP_HPP

#include <filelock/detail/posix/blocked_signals.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// getaddrinfo(3) cannot be interrupted, and its timeouts are the resolver's.
/// So a thread of its own makes the call, and is left behind where the caller
/// cannot wait for it.
class address_lookup {
public:
  /// Addresses as text; empty where there are none.
  using addresses = std::vector<std::string>;

  /// \param look_up Blocks as long as it likes.
  /// \returns ready: the lookup has ended, and `found` is what it found.
  /// \throws std::bad_alloc, std::system_error: no thread, no descriptor.
  static wait_end find(const std::string& host, const wait_bounds& bounds,
                       addresses& found,
                       addresses (*look_up)(const std::string&) = &by_system) {
    struct shared {
      wake_descriptor is_done;
      addresses found;
      // A poll() of the descriptor orders nothing: [intro.races].
      std::atomic<bool> has_found{false};
    };
    const auto lookup = std::make_shared<shared>();
    std::error_code ec;
    if (!lookup->is_done.open(ec)) throw std::system_error(ec);
    {
      const blocked_signals guard;
      std::thread([lookup, host, look_up]() noexcept {
        lookup->found = look_up(host);
        lookup->has_found.store(true, std::memory_order_release);
        lookup->is_done.wake();
      }).detach();
    }
    const wait_end end =
        wait_for_descriptor(lookup->is_done.get(), POLLIN, bounds);
    if (lookup->has_found.load(std::memory_order_acquire))
      found = lookup->found;
    return end;
  }

  static bool is_numeric(const std::string& host) noexcept {
    std::array<unsigned char, sizeof(::in6_addr)> address{};
    // The name of an interface may follow an IPv6 address.
    const std::string without_zone = host.substr(0, host.find('%'));
    return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           ::inet_pton(AF_INET6, without_zone.c_str(), address.data()) == 1;
  }

private:
  static addresses by_system(const std::string& host) {
    ::addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ::addrinfo* all = nullptr;
    addresses result;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &all) != 0) return result;
    const std::unique_ptr<::addrinfo, void (*)(::addrinfo*)> owner(
        all, &::freeaddrinfo);
    for (const ::addrinfo* each = all; each; each = each->ai_next) {
      std::array<char, 128> text{};
      if (::getnameinfo(each->ai_addr, each->ai_addrlen, text.data(),
                        text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
        result.emplace_back(text.data());
    }
    return result;
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
