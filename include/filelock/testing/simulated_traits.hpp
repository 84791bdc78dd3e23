// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// simulated_traits: the Platform of locks in memory on a virtual clock, for
/// tests of programs that use the library. Needs a simulation.

#ifndef FILELOCK_TESTING_SIMULATED_TRAITS_HPP
#define FILELOCK_TESTING_SIMULATED_TRAITS_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/integer_cast.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/testing/virtual_clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The Platform of the simulation of the calling thread. It makes no system
/// call and needs no file. As with flock, lock() waits in the (simulated)
/// kernel, a timed wait polls, and a conversion releases in between.
///
/// Error conditions, of every call: bad_file_descriptor: the handle is not open
/// in a simulation of this thread.
struct simulated_traits {
  /// The number of an open file, unique in the process.
  using native_handle_type = std::int64_t;
  /// The number of no file.
  static constexpr std::int64_t invalid_handle = 0;
  /// The clock that only the waits of the simulation move.
  using clock = virtual_clock;

  /// The facts. The tests hold them to the model: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = true;
  /// @}

  /// Opens the file, and creates it if options.create. Effects: ignores the
  /// other options. Folders need not exist.
  /// \returns The handle; invalid_handle where `ec` is set.
  /// Error conditions: not_supported: the thread is in no simulation;
  /// no_such_file_or_directory; the error of simulation::set_open_error.
  static std::int64_t open(const std::filesystem::path& path,
                           const open_options& options,
                           std::error_code& ec) noexcept {
    world* const current = world::current();
    if (!current) ec = std::make_error_code(std::errc::not_supported);
    if (ec) return invalid_handle;
    return detail::without_exceptions(ec, [&] {
      return current->files.open(path, options.create, current->actor(), ec);
    });
  }

  /// Closes the file, which releases its lock.
  static void close(std::int64_t handle) noexcept {
    if (world* const found = world::of(handle)) found->close(handle);
  }

  /// Attempts to take the lock once.
  /// \returns Whether it was taken: false with `ec` clear where another owner
  /// holds it. Error conditions: resource_deadlock_would_occur: see
  /// simulation::set_patience.
  static bool try_lock(std::int64_t handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return in_world(handle, ec, [&](world& found) {
      return found.try_lock(handle, request, ec);
    });
  }

  /// Waits until the lock is taken, while virtual time passes. Error
  /// conditions: resource_deadlock_would_occur: no event is left, so the wait
  /// would never end.
  static void lock(std::int64_t handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    in_world(handle, ec, [&](world& found) {
      found.lock(handle, request, ec);
      return true;
    });
  }

  /// Changes the mode of a held lock, without waiting. Effects: the old lock is
  /// released first, and a waiter may get it in between.
  /// \returns Whether the lock is held as `to` says. If this is false with `ec`
  /// clear, nothing is held.
  static bool convert(std::int64_t handle, const lock_request&,
                      const lock_request& to, std::error_code& ec) noexcept {
    return convert_to(handle, to, false, ec);
  }

  /// Releases the lock of the bytes of `request`.
  static void unlock(std::int64_t handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    in_world(handle, ec, [&](world& found) {
      found.unlock(handle, request.range);
      return true;
    });
  }

  /// Lets `length` pass, but stops at the cancel. Effects: the events that are
  /// planned for it happen. A length of zero is a microsecond.
  static void wait_for(std::int64_t, std::chrono::nanoseconds length,
                       canceller& stop) noexcept {
    if (world* const current = world::current()) current->pause(length, stop);
  }

  /// \returns Whether an owner waits in the (simulated) kernel.
  static bool is_awaited(std::int64_t handle) noexcept {
    const world* const found = world::of(handle);
    return found && found->files.is_awaited(handle);
  }

  /// \returns Whether `path` names the file that `handle` has open.
  static bool names(const std::filesystem::path& path,
                    std::int64_t handle) noexcept {
    std::error_code ignored;
    return in_world(handle, ignored, [&](const world& found) {
      return found.files.names(path, handle);
    });
  }

  /// Removes the file, if `path` still names it.
  static void remove(const std::filesystem::path& path, std::int64_t handle,
                     std::error_code& ec) noexcept {
    in_world(handle, ec, [&](world& found) {
      if (found.files.names(path, handle)) found.files.remove(path);
      return true;
    });
  }

  /// \returns The process whose lock is in conflict with `request`.
  static std::optional<process_id>
  holder(std::int64_t handle, const lock_request& request) noexcept {
    const world* const found = world::of(handle);
    return found ? found->files.holder(handle, request) : std::nullopt;
  }

  /// \returns The bytes of a lock in conflict with `request`. Nothing if there
  /// is none, or if `ec` is set. Called by fifo<>.
  static std::optional<byte_range>
  conflicting_range(std::int64_t handle, const lock_request& request,
                    std::error_code& ec) noexcept {
    std::optional<byte_range> result;
    in_world(handle, ec, [&](const world& found) {
      result = found.files.conflicting_range(handle, request);
      return true;
    });
    return result;
  }

  /// \returns The only byte of the file. Nothing if the file is empty, or if
  /// `ec` is set. Error conditions: invalid_argument: it has more bytes.
  static std::optional<char> read_single_byte(std::int64_t handle,
                                              std::error_code& ec) noexcept {
    char bytes[2];
    const std::size_t length = read_bytes(handle, 0, bytes, sizeof bytes, ec);
    if (length > 1) ec = std::make_error_code(std::errc::invalid_argument);
    return length == 1 ? std::optional<char>(bytes[0]) : std::nullopt;
  }

  /// Writes `byte` as the only byte of the file.
  static void write_single_byte(std::int64_t handle, char byte,
                                std::error_code& ec) noexcept {
    write_bytes(handle, 0, &byte, 1, ec);
  }

  /// \returns How many bytes were read, from `offset` on: fewer than `size` at
  /// the end of the file; zero if `ec` is set.
  static std::size_t read_bytes(std::int64_t handle, std::uint64_t offset,
                                char* bytes, std::size_t size,
                                std::error_code& ec) noexcept {
    std::size_t length = 0;
    in_world(handle, ec, [&](world& found) {
      const std::string& content = found.files.content(handle);
      if (offset < content.size())
        length = content.copy(bytes, size,
                              detail::integer_cast<std::size_t>(offset));
      return true;
    });
    return length;
  }

  /// Writes the bytes at `offset`.
  static void write_bytes(std::int64_t handle, std::uint64_t offset,
                          const char* bytes, std::size_t size,
                          std::error_code& ec) noexcept {
    in_world(handle, ec, [&](world& found) {
      std::string& content = found.files.content(handle);
      const auto begin = detail::integer_cast<std::size_t>(offset);
      if (content.size() < begin) content.resize(begin);
      content.replace(begin, size, bytes, size);
      return true;
    });
  }

  /// Cuts or extends the file to `size` bytes, by zeros.
  static void resize(std::int64_t handle, std::uint64_t size,
                     std::error_code& ec) noexcept {
    in_world(handle, ec, [&](world& found) {
      found.files.content(handle).resize(
          detail::integer_cast<std::size_t>(size));
      return true;
    });
  }

  /// Does nothing, because a simulation loses no power.
  static void sync_content(std::int64_t, std::error_code&) noexcept {}

  /// \returns Whether the handle is open; otherwise `ec` is set.
  static bool adopt(std::int64_t handle, std::error_code& ec) noexcept {
    return in_world(handle, ec, [](const world&) { return true; });
  }

protected:
  /// Converts as convert() does. \param keeps Whether the old lock is kept
  /// until the new one is granted.
  static bool convert_to(std::int64_t handle, const lock_request& to,
                         bool keeps, std::error_code& ec) noexcept {
    return in_world(handle, ec, [&](world& found) {
      return found.convert(handle, to, keeps, ec);
    });
  }

private:
  using world = detail::simulated_world;

  template <class Function>
  static bool in_world(std::int64_t handle, std::error_code& ec,
                       Function function) noexcept {
    world* const found = world::of(handle);
    if (!found) ec = std::make_error_code(std::errc::bad_file_descriptor);
    return found &&
           detail::without_exceptions(ec, [&] { return function(*found); });
  }
};

/// The Platform simulated_traits with atomic conversions. A refused one keeps
/// the lock, as with posix_ofd_traits.
struct atomic_simulated_traits : simulated_traits {
  /// The fact that differs.
  static constexpr bool atomic_conversion = true;

  /// Changes the mode of a held lock, without waiting.
  /// \returns Whether the lock is held as `to` says. If this is false with `ec`
  /// clear, it is held as before.
  static bool convert(std::int64_t handle, const lock_request&,
                      const lock_request& to, std::error_code& ec) noexcept {
    return convert_to(handle, to, true, ec);
  }
};

/// The lock of a simulation, paced by default_backoff.
using simulated_file_lock = basic_file_lock<simulated_traits>;

} // namespace v1
} // namespace filelock

#endif
