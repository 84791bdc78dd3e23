// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The owner of a lock, as the server of PostgreSQL knows it.

#ifndef FILELOCK_DETAIL_REMOTE_POSTGRES_OWNER_HPP
#define FILELOCK_DETAIL_REMOTE_POSTGRES_OWNER_HPP

#include <filelock/detail/remote/host_name.hpp>
#include <filelock/detail/this_process.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Every member that is not noexcept throws std::bad_alloc.
class postgres_owner {
public:
  postgres_owner() = default; ///< nobody

  /// \param application The name that its session gave itself.
  /// \param address The address of its machine. Empty if it is hidden.
  /// \param backend The process of the server that serves it.
  postgres_owner(std::string_view application, std::string_view address,
                 std::string_view backend)
      : application_(application), address_(address), backend_(backend) {}

  /// \returns What this library calls its sessions: pg_stat_activity shows it.
  static std::string name_of_this_process() {
    return std::string(prefix) + std::to_string(this_process()) + '@' +
           host_name().substr(0, longest_host);
  }

  /// \returns The process, if it is one of this machine. Nothing if the name
  /// of the machine was cut: another one may begin in the same way.
  std::optional<std::int64_t> local_process() const {
    const std::size_t at = application_.find('@');
    const std::string here = host_name();
    if (!is_ours() || here.empty() || here.size() > longest_host ||
        application_.substr(at + 1) != here)
      return std::nullopt;
    std::int64_t result = 0;
    const char* const end = application_.data() + at;
    const auto [rest, error] =
        std::from_chars(application_.data() + prefix.size(), end, result);
    if (error != std::errc() || rest != end) return std::nullopt;
    return result;
  }

  std::string name() const {
    if (backend_.empty()) return "";
    if (const auto process = local_process())
      return "process " + std::to_string(*process);
    if (is_ours()) {
      const std::size_t at = application_.find('@');
      return "process " +
             application_.substr(prefix.size(), at - prefix.size()) + " of " +
             application_.substr(at + 1);
    }
    return (application_.empty() ? "a session" : application_) +
           (address_.empty() ? "" : " at " + address_) + ", process " +
           backend_ + " of the server";
  }

private:
  static constexpr std::string_view prefix = "filelock ";

  // The server keeps 63 bytes of a name.
  static constexpr std::size_t longest_host = 39;

  bool is_ours() const noexcept {
    return application_.compare(0, prefix.size(), prefix) == 0 &&
           application_.find('@') != std::string::npos;
  }

  std::string application_;
  std::string address_;
  std::string backend_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
