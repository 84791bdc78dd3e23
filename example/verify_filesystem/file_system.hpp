// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the system says of a file system, without a call to it.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_FILE_SYSTEM_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_FILE_SYSTEM_HPP

#include "findings.hpp"

#include <linux/magic.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <istream>
#include <sstream>
#include <string>

namespace verify {

/// \returns `text` of /proc/self/mountinfo, where a space is \040: proc(5).
inline std::string without_escapes(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i != text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      const std::string digits = text.substr(i + 1, 3);
      result += static_cast<char>(std::strtol(digits.c_str(), nullptr, 8));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

/// \returns Whether `path` is `folder` or below it.
inline bool is_below(const std::string& path, const std::string& folder) {
  if (folder == "/") return true;
  return path.compare(0, folder.size(), folder) == 0 &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

/// \returns Those of the mount options that say how locks are made: nfs(5).
inline std::string lock_options(const std::string& options) {
  std::string result;
  std::istringstream all(options);
  for (std::string each; std::getline(all, each, ',');) {
    const std::string key = each.substr(0, each.find('='));
    if (key == "vers" || key == "local_lock" || key == "nolock" ||
        key == "nobrl" || key == "localflocks")
      result += (result.empty() ? "" : ",") + each;
  }
  return result;
}

/// Effects: finds the mount that has the folder `path`, which is canonical, in
/// the lines of /proc/self/mountinfo.
inline void find_mount(std::istream& mounts, const std::string& path,
                       file_findings& found) {
  std::size_t longest = 0;
  for (std::string line; std::getline(mounts, line);) {
    // 36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw,errors=x
    std::istringstream words(line);
    std::string skipped, point, type, options;
    words >> skipped >> skipped >> skipped >> skipped >> point;
    while (words >> skipped && skipped != "-") {
    }
    if (!(words >> type >> skipped >> options)) continue;
    point = without_escapes(point);
    // A later mount covers an earlier one at the same point.
    if (!is_below(path, point) || point.size() < longest) continue;
    longest = point.size();
    found.type = type;
    found.mount_options = lock_options(options);
  }
}

/// Effects: names the file system of a canonical path with that number.
inline void describe(const std::string& path, file_findings& found) {
  std::ifstream mounts("/proc/self/mountinfo");
  find_mount(mounts, path, found);
  if (found.type.empty()) { // no /proc
    char number[32];
    std::snprintf(number, sizeof number, "0x%X",
                  static_cast<unsigned>(found.magic));
    found.type = number;
  }
  found.is_nfs = found.magic == NFS_SUPER_MAGIC;
  const auto network_types = {"9p",   "afs",      "ceph",   "cifs",
                              "gfs2", "gpfs",     "lustre", "ocfs2",
                              "smb3", "virtiofs", "coda"};
  found.is_network =
      found.is_nfs || std::find(network_types.begin(), network_types.end(),
                                found.type) != network_types.end();
}

/// \returns Whether locks stay on this machine by an option of the mount.
inline bool has_local_locks(const file_findings& found) {
  const auto has = [&](const char* option) {
    return found.mount_options.find(option) != std::string::npos;
  };
  return has("nolock") || has("local_lock=all") || has("local_lock=flock") ||
         has("local_lock=posix") || has("nobrl") || has("localflocks");
}

} // namespace verify

#endif
