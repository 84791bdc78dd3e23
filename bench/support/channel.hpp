// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_CHANNEL_HPP
#define FILELOCK_BENCH_SUPPORT_CHANNEL_HPP

#include "pipe.hpp"
#include "throw_errno.hpp"

#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace bench {

/// Messages from one process to another, as the bytes that they are. A message
/// is short enough for a pipe to keep it whole: PIPE_BUF.
template <class Message>
class channel {
  static_assert(std::is_trivially_copyable_v<Message>);

public:
  /// \param sender Who sends, in the words of an error.
  explicit channel(std::string sender) : sender_(std::move(sender)) {}

  void send(const Message& message) {
    if (::write(pipe_.writer(), &message, sizeof message) != sizeof message)
      throw_errno("write");
  }

  /// \returns Nothing once nobody can send any more.
  std::optional<Message> receive_or_end() {
    Message message{};
    ::ssize_t size;
    do
      size = ::read(pipe_.reader(), &message, sizeof message);
    while (size < 0 && errno == EINTR);
    if (size < 0) throw_errno("read");
    if (size == 0) return std::nullopt;
    if (size != sizeof message)
      throw std::runtime_error(sender_ + " has sent a part of a message");
    return message;
  }

  /// Throws where no message comes.
  Message receive() {
    // Far more than any wait that is measured takes.
    constexpr std::chrono::milliseconds patience = std::chrono::minutes(2);
    ::pollfd request{pipe_.reader(), POLLIN, 0};
    int ready;
    do
      ready = ::poll(&request, 1, static_cast<int>(patience.count()));
    while (ready < 0 && errno == EINTR);
    if (ready < 0) throw_errno("poll");
    if (ready == 0) throw std::runtime_error(sender_ + " does not answer");
    const std::optional<Message> message = receive_or_end();
    if (!message) throw std::runtime_error(sender_ + " has ended");
    return *message;
  }

  bench::pipe& ends() { return pipe_; }

private:
  std::string sender_;
  bench::pipe pipe_;
};

} // namespace bench

#endif
