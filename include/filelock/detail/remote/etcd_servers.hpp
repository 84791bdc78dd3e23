// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The servers of a cluster: their names are read and resolved here.

#ifndef FILELOCK_DETAIL_REMOTE_ETCD_SERVERS_HPP
#define FILELOCK_DETAIL_REMOTE_ETCD_SERVERS_HPP

#include <filelock/detail/remote/address_lookup.hpp>
#include <filelock/detail/remote/tcp_socket.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>

#include <netdb.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// host:port, as a user writes it.
struct etcd_endpoint {
  std::string host;
  std::string port;

  /// \returns Nothing if `text` is no endpoint without TLS.
  static std::optional<etcd_endpoint> parse(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    if (text.substr(0, scheme.size()) == scheme)
      text.remove_prefix(scheme.size());
    if (!text.empty() && text.back() == '/') text.remove_suffix(1);
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    const bool is_v6 = host.size() > 2 && host.front() == '[' &&
                       host.back() == ']'; // RFC 3986, 3.2.2
    if (is_v6) host = host.substr(1, host.size() - 2);
    if (host.empty() || port.empty() ||
        port.find_first_not_of("0123456789") != std::string_view::npos ||
        host.find_first_of(is_v6 ? "/[]@" : "/:[]@") != std::string_view::npos)
      return std::nullopt;
    return etcd_endpoint{std::string(host), std::string(port)};
  }

  /// \returns All of a list, whose separators are commas or spaces. None if one
  /// of them is wrong.
  static std::vector<etcd_endpoint> parse_list(std::string_view list) {
    constexpr std::string_view separators = ", ";
    std::vector<etcd_endpoint> result;
    for (;;) {
      const std::size_t begin = list.find_first_not_of(separators);
      if (begin == std::string_view::npos) return result;
      list.remove_prefix(begin);
      const std::string_view one =
          list.substr(0, list.find_first_of(separators));
      list.remove_prefix(one.size());
      std::optional<etcd_endpoint> read = parse(one);
      if (!read) return {};
      result.push_back(std::move(*read));
    }
  }
};

/// An address of an endpoint.
struct etcd_server {
  std::string name; ///< for the server, and for messages
  socket_address address;
};

/// Appends the servers of an address.
inline void append_address(const etcd_endpoint& endpoint,
                           const std::string& address,
                           std::vector<etcd_server>& servers) {
  ::addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV; // asks nobody
  ::addrinfo* list = nullptr;
  if (::getaddrinfo(address.c_str(), endpoint.port.c_str(), &hints, &list) != 0)
    return;
  const std::unique_ptr<::addrinfo, void (*)(::addrinfo*)> owner(
      list, &::freeaddrinfo);
  const bool is_v6 = endpoint.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? '[' + endpoint.host + ']' : endpoint.host;
  for (const ::addrinfo* each = list; each; each = each->ai_next) {
    if (each->ai_addrlen > sizeof(::sockaddr_storage)) continue;
    etcd_server& server = servers.emplace_back();
    server.name = host + ':' + endpoint.port;
    server.address.size = each->ai_addrlen;
    std::memcpy(&server.address.bytes, each->ai_addr, each->ai_addrlen);
  }
}

/// Appends the servers of an endpoint, if its addresses are known in time.
/// \throws std::bad_alloc, std::system_error: no thread, no descriptor.
inline void append_servers(const etcd_endpoint& endpoint,
                           const wait_bounds& bounds,
                           std::vector<etcd_server>& servers) {
  address_lookup::addresses found{endpoint.host};
  if (!address_lookup::is_numeric(endpoint.host)) {
    found.clear();
    address_lookup::find(endpoint.host, bounds, found);
  }
  for (const std::string& each : found)
    append_address(endpoint, each, servers);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
