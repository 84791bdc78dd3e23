// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// owner_record: the owner of the lock, written by the owner into the
/// lock file, for the messages of other programs: "already running as process
/// 1234".

#ifndef FILELOCK_OWNER_RECORD_HPP
#define FILELOCK_OWNER_RECORD_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/detail/lock/error_forms.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/owner_format.hpp>
#include <filelock/detail/this_process.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/native_traits.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {

/// The longest text of an owner_record, in bytes.
inline constexpr std::size_t longest_owner_text =
    detail::owner_format::longest_text;

/// The owner of a lock, in its own words.
struct owner_record {
  /// One line in UTF-8, such as "serves port 8080". May be empty.
  std::string text;
  /// The process; by default the one that makes this object.
  process_id process = detail::this_process();
};

/// Whether write_owner may replace what it has not written.
enum class foreign_content {
  refuse, ///< a file with other content is an error, and stays as it is
  replace ///< the content of the file is lost
};

namespace detail {

template <class P>
using write_bytes_expression = decltype(P::write_bytes(
    std::declval<const typename P::native_handle_type&>(), std::uint64_t(),
    std::declval<const char*>(), std::size_t(),
    std::declval<std::error_code&>()));
template <class P, class = void>
inline constexpr bool has_bytes_v = false;
template <class P>
inline constexpr bool has_bytes_v<P, std::void_t<write_bytes_expression<P>>> =
    true;

/// What a lock file has in it.
enum class owner_content { none, record, foreign };

template <class P>
owner_content content_of_owner(const typename P::native_handle_type& handle,
                               std::error_code& ec) noexcept {
  std::array<char, owner_format::size + 1> found;
  const std::size_t length =
      P::read_bytes(handle, 0, found.data(), found.size(), ec);
  if (length == 0) return owner_content::none;
  if (length != owner_format::size) return owner_content::foreign;
  owner_format::bytes content;
  for (std::size_t i = 0; i != content.size(); ++i)
    content[i] = found[i];
  return owner_format::is_signed(content) ? owner_content::record
                                          : owner_content::foreign;
}

template <class P>
std::optional<owner_record>
read_record(const typename P::native_handle_type& handle) {
  // Byte 0 may not be read on Windows. One byte more tells a longer file.
  std::array<char, owner_format::size> found;
  owner_format::bytes content;
  content[0] = ' ';
  constexpr int most_reads = 16; // while an owner is writing
  for (int i = 0; i != most_reads; ++i) {
    std::error_code ec;
    const std::size_t length =
        P::read_bytes(handle, 1, found.data(), found.size(), ec);
    if (ec || length != content.size() - 1) return std::nullopt;
    for (std::size_t k = 0; k != length; ++k)
      content[k + 1] = found[k];
    if (const auto fields = owner_format::decode(content))
      return owner_record{std::string(fields->text), fields->process};
    std::this_thread::yield();
  }
  return std::nullopt;
}

template <class P>
std::optional<owner_record> read_record_at(const std::filesystem::path& path) {
  std::error_code ec;
  open_options options;
  options.create = false;
  options.follow_symlink = true; // the lock may have followed it
  const typename P::native_handle_type handle = P::open(path, options, ec);
  if (ec) return std::nullopt;
  auto result = without_exceptions(ec, [&] { return read_record<P>(handle); });
  P::close(handle);
  return result;
}

template <class P>
void write_record(const typename P::native_handle_type& handle,
                  const owner_record& record, foreign_content foreign,
                  failure& failed) noexcept {
  std::error_code& ec = failed.code();
  const auto content = owner_format::encode({record.process, record.text});
  if (!content)
    return failed.set(std::errc::invalid_argument,
                      "filelock: the text of an owner must be one line of at "
                      "most 200 bytes, and the process positive");
  const owner_content found = content_of_owner<P>(handle, ec);
  if (ec) return;
  if (found == owner_content::foreign && foreign == foreign_content::refuse)
    return failed.set(std::errc::invalid_argument,
                      "filelock: the lock file has other content, which "
                      "foreign_content::replace would replace");
  P::write_bytes(handle, 0, content->data(), content->size(), ec);
  std::error_code ignored;
  if (!ec && found == owner_content::foreign)
    P::resize(handle, content->size(), ec);
  else if (ec && found == owner_content::none)
    P::resize(handle, 0, ignored); // a part of a record would be foreign
}

template <class Platform, class BackoffPolicy>
bool owns_record(const basic_file_lock<Platform, BackoffPolicy>& lock,
                 failure& failed) noexcept {
  if (!lock.owns_lock())
    failed.set(std::errc::operation_not_permitted,
               "filelock: only an owner that holds the lock exclusively may "
               "name itself in the lock file");
  return !failed;
}

template <class Platform, class BackoffPolicy>
void write_owner(const basic_file_lock<Platform, BackoffPolicy>& lock,
                 const owner_record& record, foreign_content foreign,
                 failure& failed) noexcept {
  static_assert(has_bytes_v<Platform>,
                "write_owner: the Platform must have read_bytes, write_bytes "
                "and resize, as posix_file has, and no content of its own in "
                "the file, as marked<P> and posix_robust_traits have");
  if (owns_record(lock, failed))
    write_record<Platform>(lock.native_handle(), record, foreign, failed);
}

template <class Platform, class BackoffPolicy>
void clear_owner(const basic_file_lock<Platform, BackoffPolicy>& lock,
                 failure& failed) noexcept {
  static_assert(has_bytes_v<Platform>,
                "clear_owner: the Platform must be one for write_owner");
  if (!owns_record(lock, failed)) return;
  std::error_code& ec = failed.code();
  const auto found = content_of_owner<Platform>(lock.native_handle(), ec);
  if (!ec && found == owner_content::record)
    Platform::resize(lock.native_handle(), 0, ec);
}

} // namespace detail

/// Writes the record into the lock file. Preconditions: the lock is one of the
/// whole file. Another owner of a part of the file would overwrite the record.
/// Effects: writes 256 bytes at once, through the open handle of `lock`. The
/// record stays in the file after the release and after the owner's death,
/// until the next owner writes its own or clear_owner() removes it. The bytes
/// are not synchronized to the disk.
/// Error conditions:
/// - operation_not_permitted: `lock` does not hold the lock exclusively
/// - invalid_argument: the text has more than longest_owner_text bytes, or
///   control characters; the process is not positive; or the file has other
///   content, see `foreign`
/// - permission_denied: the file may only be read
/// - no_space_on_device, file_too_large, and other errors of the system. An
///   empty file stays empty.
///
/// System calls: 2 on POSIX, 6 on Windows; another for an owner_record that is
/// made with this process.
/// @{
template <class Platform, class BackoffPolicy>
void write_owner(const basic_file_lock<Platform, BackoffPolicy>& lock,
                 const owner_record& record = {},
                 foreign_content foreign = foreign_content::refuse) {
  detail::failure failed;
  detail::write_owner(lock, record, foreign, failed);
  detail::throw_if(failed, lock.path());
}
template <class Platform, class BackoffPolicy>
void write_owner(const basic_file_lock<Platform, BackoffPolicy>& lock,
                 const owner_record& record, foreign_content foreign,
                 std::error_code& ec) noexcept {
  detail::error_code_form(ec, [&](detail::failure& failed) {
    detail::write_owner(lock, record, foreign, failed);
  });
}
/// @}

/// Empties the lock file if it has a record. Effects: leaves other content.
/// Call it before a release, so that nobody reads about an owner that has gone.
/// Error conditions: operation_not_permitted: `lock` does not hold the lock
/// exclusively; those of the system. System calls: 2 on POSIX, 4 on Windows.
/// @{
template <class Platform, class BackoffPolicy>
void clear_owner(const basic_file_lock<Platform, BackoffPolicy>& lock) {
  detail::failure failed;
  detail::clear_owner(lock, failed);
  detail::throw_if(failed, lock.path());
}
template <class Platform, class BackoffPolicy>
void clear_owner(const basic_file_lock<Platform, BackoffPolicy>& lock,
                 std::error_code& ec) noexcept {
  detail::error_code_form(
      ec, [&](detail::failure& failed) { detail::clear_owner(lock, failed); });
}
/// @}

/// \returns The record in the lock file. Nothing if it has none, has other
/// content, or cannot be read. It names the last owner that called
/// write_owner(): perhaps one that has released the lock since, or has died, or
/// runs on another machine. So use it in messages, not in decisions, and after
/// a busy try_lock(). Never blocks on the lock, and needs no hold.
/// \param lock Its open file is read. If it is closed, the file at its path is
/// opened for a moment, unless the Platform's owner is a process: there that
/// would release the locks of this process, so the answer is nothing. Call
/// open() before the acquire.
template <class Platform, class BackoffPolicy>
std::optional<owner_record>
read_owner(const basic_file_lock<Platform, BackoffPolicy>& lock) noexcept {
  static_assert(detail::has_bytes_v<Platform>,
                "read_owner: the Platform must be one for write_owner");
  std::error_code ignored;
  return detail::without_exceptions(
      ignored, [&]() -> std::optional<owner_record> {
        if (lock.is_open())
          return detail::read_record<Platform>(lock.native_handle());
        if (Platform::ownership == lock_ownership::process ||
            lock.path().empty())
          return std::nullopt;
        return detail::read_record_at<Platform>(lock.path());
      });
}

/// \returns The record in the lock file at `path`. For programs that do not
/// lock the file. Opens the file and closes it again, so do not call it in a
/// process that has locked the file by posix_fcntl_traits: use the form above.
inline std::optional<owner_record>
read_owner(const std::filesystem::path& path) noexcept {
  std::error_code ignored;
  return detail::without_exceptions(
      ignored, [&] { return detail::read_record_at<native_traits>(path); });
}

} // namespace v1
} // namespace filelock

#endif
