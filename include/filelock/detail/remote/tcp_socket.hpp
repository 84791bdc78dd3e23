// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A connection by TCP that never blocks, and that a forked child closes.

#ifndef FILELOCK_DETAIL_REMOTE_TCP_SOCKET_HPP
#define FILELOCK_DETAIL_REMOTE_TCP_SOCKET_HPP

#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/fork_entry.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// An address to connect to.
struct socket_address {
  ::sockaddr_storage bytes{};
  ::socklen_t size = 0;
};

/// Moves only. Its calls return at once.
class tcp_socket {
public:
  tcp_socket() noexcept = default;
  tcp_socket(tcp_socket&& other) noexcept
      : origin_(other.origin_),
        entry_(other.entry_),
        descriptor_(std::exchange(other.descriptor_, -1)) {}
  tcp_socket& operator=(tcp_socket&& other) noexcept {
    if (this == &other) return *this;
    close();
    origin_ = other.origin_;
    entry_ = other.entry_;
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
  }
  ~tcp_socket() { close(); }

  bool is_open() const noexcept { return descriptor_ >= 0; }
  int descriptor() const noexcept { return descriptor_; }

  /// Begins to connect. connected() tells when it is done.
  void connect(const socket_address& address, std::error_code& ec) noexcept {
    close();
    origin_ = process_origin::here(ec);
    if (ec) return;
    descriptor_ = open_unshared(
        origin_, entry_,
        [&address](std::error_code& error) {
          return make(address.bytes.ss_family, error);
        },
        [](int made) { ::close(made); }, [](int made) { return made; },
        false, // a copy in a child keeps no lock
        ec);
    if (ec) {
      descriptor_ = -1;
      return;
    }
    const auto* const name =
        reinterpret_cast<const ::sockaddr*>(&address.bytes);
    if (::connect(descriptor_, name, address.size) == 0 ||
        errno == EINPROGRESS || errno == EINTR) // goes on: connect(2)
      return;
    ec = posix_error(errno);
    close();
  }

  /// \returns Whether the connection is there. Preconditions: the socket is
  /// ready for writing.
  bool connected(std::error_code& ec) const noexcept {
    int error = 0;
    ::socklen_t size = sizeof error;
    if (::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
      error = errno;
    if (error != 0) ec = posix_error(error);
    return error == 0;
  }

  /// \returns How many of the bytes were sent. 0 if none can be sent just now.
  std::size_t send(std::string_view bytes, std::error_code& ec) noexcept {
#if defined(MSG_NOSIGNAL)
    constexpr int flags = MSG_NOSIGNAL;
#else
    constexpr int flags = 0; // macOS: see make()
#endif
    const ::ssize_t sent =
        ::send(descriptor_, bytes.data(), bytes.size(), flags);
    return counted(sent, ec);
  }

  /// \returns How many bytes came. 0 with `has_ended` set at their end, and 0
  /// if none are there just now.
  std::size_t receive(char* bytes, std::size_t size, bool& has_ended,
                      std::error_code& ec) noexcept {
    const ::ssize_t received = ::recv(descriptor_, bytes, size, 0);
    has_ended = received == 0;
    return counted(received, ec);
  }

  void close() noexcept {
    if (descriptor_ < 0) return;
    // A forked child closed it at the fork, and its number may be another's.
    if (origin_.is_this_process()) {
      ::close(descriptor_);
      entry_.remove_closed(origin_);
    }
    descriptor_ = -1;
  }

private:
  static std::size_t counted(::ssize_t count, std::error_code& ec) noexcept {
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
      ec = posix_error(errno);
    return 0;
  }

  static int make(int family, std::error_code& ec) noexcept {
#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
    const int made =
        ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
    const int made = ::socket(family, SOCK_STREAM, 0);
    if (made >= 0) {
      ::fcntl(made, F_SETFD, FD_CLOEXEC);
      ::fcntl(made, F_SETFL, O_NONBLOCK);
    }
#endif
    if (made < 0) {
      ec = posix_error(errno);
      return made;
    }
    const int on = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#if defined(SO_NOSIGPIPE)
    ::setsockopt(made, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return made;
  }

  process_origin origin_;
  fork_entry entry_;
  int descriptor_ = -1;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
