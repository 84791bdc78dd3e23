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
#include "posix_calls.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
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

  /// Ends all connections, and takes new ones until so many bytes have gone
  /// through in one direction; then ends those, and each new one.
  void cut_after(std::size_t bytes, bool of_answers) {
    limit_ = bytes;
    limits_answers_ = of_answers;
    cut();
  }

  /// Passes nothing on, and ends nothing, until resume().
  void pause() {
    process_->kill(SIGSTOP);
    // Where it is a child of this process, waits until all threads have
    // stopped.
    ::siginfo_t stopped;
    ::waitid(P_PID, static_cast<::id_t>(process_->id()), &stopped, WSTOPPED);
  }
  void resume() { process_->kill(SIGCONT); }

private:
  void start() {
    left_ = limit_;
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
    const int listener = open_socket(AF_INET);
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
      const int server = open_socket(AF_INET);
      ::sockaddr_in there = loopback(server_);
      if (::connect(server, reinterpret_cast<::sockaddr*>(&there),
                    sizeof there) != 0) {
        ::close(client);
        ::close(server);
        continue;
      }
      std::thread([this, client, server] {
        std::thread back(
            [this, client, server] { copy(server, client, limits_answers_); });
        copy(client, server, !limits_answers_);
        back.join();
        ::close(client);
        ::close(server);
      }).detach();
    }
  }

  /// Copies until either side ends, or the limit, and ends the other one.
  void copy(int from, int to, bool is_limited) const {
    char bytes[4096];
    ::ssize_t count;
    while ((count = ::read(from, bytes, sizeof bytes)) > 0) {
      auto size = static_cast<std::size_t>(count);
      if (is_limited) size = take(size);
      if (::send(to, bytes, size, quietly) != count) break;
    }
    ::shutdown(from, SHUT_RDWR);
    ::shutdown(to, SHUT_RDWR);
  }

  /// \returns How many of the bytes may go through.
  std::size_t take(std::size_t size) const {
    std::size_t left = left_;
    while (!left_.compare_exchange_weak(left, left - (std::min)(left, size))) {
    }
    return (std::min)(left, size);
  }

  int server_;
  int port_;
  std::size_t limit_ = (std::numeric_limits<std::size_t>::max)();
  bool limits_answers_ = false;
  mutable std::atomic<std::size_t> left_{limit_};
  std::optional<child_process> process_;
};

} // namespace test

#endif
