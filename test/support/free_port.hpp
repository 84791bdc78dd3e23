// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_TEST_SUPPORT_FREE_PORT_HPP
#define FILELOCK_TEST_SUPPORT_FREE_PORT_HPP

#include "posix_calls.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace test {

/// \returns A port of the loopback interface that nobody uses now.
inline int free_port() {
  const int socket = open_socket(AF_INET);
  ::sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::socklen_t size = sizeof address;
  auto* const name = reinterpret_cast<::sockaddr*>(&address);
  if (socket < 0 || ::bind(socket, name, size) != 0 ||
      ::getsockname(socket, name, &size) != 0)
    throw std::system_error(errno, std::generic_category(), "free_port");
  ::close(socket);
  return ntohs(address.sin_port);
}

} // namespace test

#endif
