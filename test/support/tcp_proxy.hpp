// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A proxy between clients and a server, whose connections a test can cut.

#ifndef FILELOCK_TEST_SUPPORT_TCP_PROXY_HPP
#define FILELOCK_TEST_SUPPORT_TCP_PROXY_HPP

#include "child_process.hpp"
#include "free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

namespace test {

class tcp_proxy {
public:
  explicit tcp_proxy(int server) : server_(server), port_(free_port()) {
    start();
  }

  int port() const { return port_; }

  /// Ends all connections at once, and takes new ones.
  void cut() {
    process_->kill_and_wait();
    start();
  }

  /// Passes nothing on, and ends nothing, until resume().
  void pause() { process_->kill(SIGSTOP); }
  void resume() { process_->kill(SIGCONT); }

private:
  void start() {
    process_.emplace(child_process::forked([this](line_channel& test) {
      end_with_parent();
      return run(test);
    }));
    process_->read_line(); // it listens
  }

  static ::sockaddr_in loopback(int port) {
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
  }

  std::string run(line_channel& test) const {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    ::sockaddr_in here = loopback(port_);
    if (::bind(listener, reinterpret_cast<::sockaddr*>(&here), sizeof here) !=
            0 ||
        ::listen(listener, 100) != 0)
      return "the proxy cannot listen";
    test.write_line("listens");
    for (;;) {
      const int client = ::accept(listener, nullptr, nullptr);
      if (client < 0) continue;
      const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      ::sockaddr_in there = loopback(server_);
      if (::connect(server, reinterpret_cast<::sockaddr*>(&there),
                    sizeof there) != 0) {
        ::close(client);
        ::close(server);
        continue;
      }
      std::thread([client, server] {
        std::thread back([client, server] { copy(server, client); });
        copy(client, server);
        back.join();
        ::close(client);
        ::close(server);
      }).detach();
    }
  }

  /// Copies until either side ends, and ends the other one.
  static void copy(int from, int to) {
    char bytes[4096];
    ::ssize_t count;
    while ((count = ::read(from, bytes, sizeof bytes)) > 0) {
      const auto size = static_cast<std::size_t>(count);
      if (::send(to, bytes, size, MSG_NOSIGNAL) != count) break;
    }
    ::shutdown(from, SHUT_RDWR);
    ::shutdown(to, SHUT_RDWR);
  }

  int server_;
  int port_;
  std::optional<child_process> process_;
};

} // namespace test

#endif
