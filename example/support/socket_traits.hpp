// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock service for one machine: a server that keeps the locks, and a Platform
// whose handle is a connection to it. Linux: AF_UNIX with SOCK_SEQPACKET.

#ifndef FILELOCK_EXAMPLE_SUPPORT_SOCKET_TRAITS_HPP
#define FILELOCK_EXAMPLE_SUPPORT_SOCKET_TRAITS_HPP

#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

/// \returns Whether `address` is that of the server of a folder, whose path has
/// `length` characters; false where they are too many.
inline bool set_address(const char* folder, std::size_t length,
                        ::sockaddr_un& address) noexcept {
  constexpr char name[] = "/server";
  address = {};
  address.sun_family = AF_UNIX;
  if (length + sizeof name > sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, folder, length);
  std::memcpy(address.sun_path + length, name, sizeof name);
  return true;
}

// tag::platform[]
struct socket_traits {
  using native_handle_type = int;
  static constexpr int invalid_handle = -1;
  // A copy of the descriptor is the same connection.
  static constexpr auto ownership =
      filelock::lock_ownership::open_file_description;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;
  static constexpr bool shared_locks = false;

  static int open(const std::filesystem::path& path,
                  const filelock::open_options& options,
                  std::error_code& ec) noexcept {
    // No std::string, which may throw. The path is absolute.
    const char* const name = std::strrchr(path.c_str(), '/') + 1;
    const auto folder = static_cast<std::size_t>(name - 1 - path.c_str());
    ::sockaddr_un address;
    if (!set_address(path.c_str(), folder, address))
      return failed(ENAMETOOLONG, ec);
    const int handle = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (handle < 0) return failed(errno, ec);
    const auto* const server = reinterpret_cast<const ::sockaddr*>(&address);
    if (::connect(handle, server, sizeof address) != 0)
      ec.assign(errno, std::generic_category());
    if (!ec && !is_told_yes(handle, options.create ? 'c' : 'o', ec, name) &&
        !ec)
      ec = std::make_error_code(std::errc::no_such_file_or_directory);
    if (!ec) return handle;
    ::close(handle);
    return invalid_handle;
  }

  static void close(int handle) noexcept { ::close(handle); }

  static bool try_lock(int handle, const filelock::lock_request& request,
                       std::error_code& ec) noexcept {
    if (request.mode == filelock::lock_mode::shared ||
        !request.range.is_whole_file())
      ec = std::make_error_code(std::errc::not_supported);
    return !ec && is_told_yes(handle, 'l', ec);
  }

  static void unlock(int handle, const filelock::lock_request&,
                     std::error_code& ec) noexcept {
    is_told_yes(handle, 'u', ec);
  }

  // A forked child closes this: else its copy of the connection would keep the
  // lock when the owner dies.
  static int descriptor(int handle) noexcept { return handle; }

private:
  static int failed(int error, std::error_code& ec) noexcept {
    ec.assign(error, std::generic_category());
    return invalid_handle;
  }

  // One letter, and a name: the question of a client. 'y' is "yes".
  static bool is_told_yes(int handle, char question, std::error_code& ec,
                          const char* name = "") noexcept {
    ::iovec parts[] = {{&question, 1},
                       {const_cast<char*>(name), std::strlen(name)}};
    ::msghdr message = {};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    char answer = 0;
    ::ssize_t length;
    do
      length = ::sendmsg(handle, &message, MSG_NOSIGNAL);
    while (length < 0 && errno == EINTR);
    while (length > 0 && (length = ::recv(handle, &answer, 1, 0)) < 0 &&
           errno == EINTR)
      length = 1;
    if (length < 0) failed(errno, ec);
    // The server has gone, and with it all locks: an error, and never "busy".
    if (length == 0) failed(ECONNRESET, ec);
    return length == 1 && answer == 'y';
  }
};
// end::platform[]

/// Keeps the locks of a folder, in a thread.
class lock_server {
public:
  explicit lock_server(const std::filesystem::path& folder) {
    ::sockaddr_un address;
    const auto* const own = reinterpret_cast<const ::sockaddr*>(&address);
    listener_ = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    const std::string& path = folder.native();
    if (!set_address(path.c_str(), path.size(), address) ||
        ::bind(listener_, own, sizeof address) != 0 ||
        ::listen(listener_, 64) != 0)
      throw std::runtime_error("the lock server cannot be reached");
    thread_ = std::thread([this] { serve(); });
  }
  ~lock_server() {
    ::shutdown(listener_, SHUT_RDWR); // accept() fails from now on
    thread_.join();
    ::close(listener_);
  }
  lock_server(const lock_server&) = delete;
  lock_server& operator=(const lock_server&) = delete;

private:
  struct client {
    int connection;
    std::string name;
  };

  void serve() {
    for (;;) {
      std::vector<::pollfd> asked{{listener_, POLLIN, 0}};
      for (const client& each : clients_)
        asked.push_back({each.connection, POLLIN, 0});
      ::poll(asked.data(), asked.size(), -1);
      // First those that have closed: another may ask for their locks already.
      for (std::size_t i = asked.size() - 1; i != 0; --i)
        if ((asked[i].revents & POLLHUP) != 0) forget(i - 1);
      for (std::size_t i = asked.size() - 1; i != 0; --i)
        if ((asked[i].revents & (POLLIN | POLLHUP)) == POLLIN)
          answer(asked[i].fd);
      if (asked[0].revents == 0) continue;
      const int connection =
          ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) break;
      clients_.push_back({connection, ""});
    }
    for (const client& each : clients_)
      ::close(each.connection);
  }

  // The last copy of the connection is closed: its owner has closed or died.
  void forget(std::size_t index) {
    is_granted(clients_[index], 'u');
    ::close(clients_[index].connection);
    clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void answer(int connection) {
    std::array<char, 300> question{}; // GCC 11 would warn
    const ::ssize_t length =
        ::recv(connection, question.data(), question.size(), 0);
    if (length <= 0) return; // closed meanwhile
    const std::string name(question.data() + 1,
                           static_cast<std::size_t>(length - 1));
    for (client& asking : clients_) {
      if (asking.connection != connection) continue;
      const bool yes = name.empty()
                           ? is_granted(asking, question[0])
                           : is_named(asking, question[0] == 'c', name);
      ::send(connection, yes ? "y" : "n", 1, MSG_NOSIGNAL);
    }
  }

  bool is_granted(client& asking, char question) {
    int& owner = owners_.emplace(asking.name, nobody).first->second;
    if (question == 'l' && owner == nobody) owner = asking.connection;
    const bool is_own = owner == asking.connection;
    if (question == 'u' && is_own) owner = nobody;
    return is_own;
  }

  bool is_named(client& asking, bool create, std::string name) {
    asking.name = std::move(name);
    if (create) owners_.emplace(asking.name, nobody);
    return owners_.count(asking.name) != 0;
  }

  static constexpr int nobody = -1;

  int listener_ = -1;
  std::vector<client> clients_;
  std::map<std::string, int> owners_;
  std::thread thread_;
};

#endif
