// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Compares the files that two handles have open.

#ifndef FILELOCK_DETAIL_WINDOWS_FILE_IDENTITY_HPP
#define FILELOCK_DETAIL_WINDOWS_FILE_IDENTITY_HPP

#include <filelock/detail/windows/api.hpp>

#include <cstdint>
#include <string>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A file's identity, which no two files share that exist at one time.
struct file_identity {
  std::uint64_t volume = 0;
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const file_identity& a,
                         const file_identity& b) noexcept {
    return a.volume == b.volume && a.low == b.low && a.high == b.high;
  }

  /// \returns A number for the file. Two files of a volume that numbers its
  /// files with 64 bits never share it.
  std::uint64_t hash() const noexcept {
    return volume * 0x9E3779B97F4A7C15u + high * 0xD6E8FEB86659FD93u + low;
  }

  /// \returns The digits of the file, without its volume, as a part of a name.
  std::wstring digits() const {
    const std::wstring result = std::to_wstring(low);
    return high == 0 ? result : std::to_wstring(high) + L'-' + result;
  }
};

/// \returns Whether the file has an identity of 128 bits, as every file of ReFS
/// has. FILE_ID_128: all zeros, or all ones, mean none.
inline bool identify_by_id(void* handle, file_identity& file) noexcept {
  file_id_information id{};
  if (!query_file_id(handle, id)) return false;
  file = {id.volume, id.low, id.high};
  return id.low != 0 && !(id.low == ~std::uint64_t{0} && id.high == id.low);
}

/// \returns Whether the file has an index of 64 bits. On ReFS two files may
/// share it.
inline bool identify_by_index(void* handle, file_identity& file) noexcept {
  winapi::BY_HANDLE_FILE_INFORMATION_ known;
  if (!winapi::GetFileInformationByHandle(handle, &known)) return false;
  file.volume = known.dwVolumeSerialNumber;
  file.low = std::uint64_t{known.nFileIndexHigh} << 32 | known.nFileIndexLow;
  file.high = 0;
  return true;
}

/// \returns Whether `file` was set. System calls: 1; 2 without an id.
inline bool identify(void* handle, file_identity& file) noexcept {
  return identify_by_id(handle, file) || identify_by_index(handle, file);
}

/// \returns Whether another machine keeps the file. The call fails for a local
/// file: FILE_REMOTE_PROTOCOL_INFO. System calls: 1.
inline bool is_remote(void* handle) noexcept {
  constexpr int file_remote_protocol_info = 13;
  alignas(8) unsigned char information[512]; // newer systems write more
  return query_file(handle, file_remote_protocol_info, information,
                    sizeof information);
}

/// \returns Whether both have the same file open. System calls: 2; 4 without an
/// id.
inline bool is_same_file(void* a, void* b) noexcept {
  file_identity first;
  file_identity second;
  return identify(a, first) && identify(b, second) && first == second;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
