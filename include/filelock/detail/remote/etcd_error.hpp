// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The errors of etcd_traits.

#ifndef FILELOCK_DETAIL_REMOTE_ETCD_ERROR_HPP
#define FILELOCK_DETAIL_REMOTE_ETCD_ERROR_HPP

#include <string>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {

/// What went wrong between this process and etcd. An error of a socket has the
/// same category, and errno as its number.
enum class etcd_errc {
  lease_ended = 10001, ///< std::errc::connection_aborted
  no_answer,           ///< std::errc::timed_out
  bad_answer,          ///< std::errc::protocol_error
  unavailable,         ///< std::errc::host_unreachable: it has no leader, say
  unknown_host,        ///< std::errc::address_not_available
  bad_endpoint,        ///< std::errc::invalid_argument
  no_permission,       ///< std::errc::permission_denied
  too_large,           ///< std::errc::message_size: the name, say
  no_space,            ///< std::errc::no_space_on_device
  refused              ///< std::errc::operation_not_permitted
};

namespace detail {

inline std::errc etcd_condition(etcd_errc error) noexcept {
  switch (error) {
  case etcd_errc::lease_ended:
    return std::errc::connection_aborted;
  case etcd_errc::no_answer:
    return std::errc::timed_out;
  case etcd_errc::bad_answer:
    return std::errc::protocol_error;
  case etcd_errc::unavailable:
    return std::errc::host_unreachable;
  case etcd_errc::unknown_host:
    return std::errc::address_not_available;
  case etcd_errc::bad_endpoint:
    return std::errc::invalid_argument;
  case etcd_errc::no_permission:
    return std::errc::permission_denied;
  case etcd_errc::too_large:
    return std::errc::message_size;
  case etcd_errc::no_space:
    return std::errc::no_space_on_device;
  case etcd_errc::refused:
  default:
    return std::errc::operation_not_permitted;
  }
}

inline const char* etcd_words(etcd_errc error) noexcept {
  switch (error) {
  case etcd_errc::lease_ended:
    return "the lease has ended, or may have ended by now";
  case etcd_errc::no_answer:
    return "no endpoint has answered in time";
  case etcd_errc::bad_answer:
    return "the answer is not one of etcd's JSON gateway";
  case etcd_errc::unavailable:
    return "no endpoint can serve: the cluster has no leader, or is stopping";
  case etcd_errc::unknown_host:
    return "no endpoint has a known host";
  case etcd_errc::bad_endpoint:
    return "an endpoint is not host:port, or needs TLS";
  case etcd_errc::no_permission:
    return "the server asks for a user, or for more rights";
  case etcd_errc::too_large:
    return "the request is too large: the name, perhaps";
  case etcd_errc::no_space:
    return "the server has no space";
  case etcd_errc::refused:
  default:
    return "the server refused the request";
  }
}

/// The category of one cluster, whose endpoints its messages name.
class etcd_error_category final : public std::error_category {
public:
  explicit etcd_error_category(std::string endpoints)
      : endpoints_(std::move(endpoints)) {}

  const char* name() const noexcept override { return "filelock.etcd"; }

  std::string message(int value) const override {
    const bool is_own = value >= static_cast<int>(etcd_errc::lease_ended);
    return (is_own ? std::string(etcd_words(static_cast<etcd_errc>(value)))
                   : std::generic_category().message(value)) +
           " (etcd at " + endpoints_ + ")";
  }

  std::error_condition
  default_error_condition(int value) const noexcept override {
    if (value < static_cast<int>(etcd_errc::lease_ended))
      return {value, std::generic_category()};
    return std::make_error_condition(
        etcd_condition(static_cast<etcd_errc>(value)));
  }

  /// So `ec == make_error_condition(etcd_errc)` is not needed to ask which one
  /// of them it is: `is(ec, error)` tells.
  bool is(const std::error_code& ec, etcd_errc error) const noexcept {
    return ec.value() == static_cast<int>(error) && ec.category() == *this;
  }

  std::error_code code(etcd_errc error) const noexcept {
    return {static_cast<int>(error), *this};
  }

  /// \returns An error of a system call, as one of this category.
  std::error_code code(const std::error_code& error) const noexcept {
    if (error.category() != std::generic_category()) return error;
    return {error.value(), *this};
  }

private:
  std::string endpoints_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
