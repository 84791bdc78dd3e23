# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Defines filelock::etcd, for filelock/remote/etcd.hpp, if Boost.Beast is found.
# Installed beside the package, which includes it too.

find_path(FILELOCK_BEAST_INCLUDE_DIR boost/beast/http/parser.hpp
          DOC "Where the headers of Boost are, for filelock::etcd")
mark_as_advanced(FILELOCK_BEAST_INCLUDE_DIR)

# It polls the sockets of POSIX.
if(NOT WIN32
   AND FILELOCK_BEAST_INCLUDE_DIR
   AND NOT TARGET filelock::etcd)
  add_library(filelock::etcd INTERFACE IMPORTED GLOBAL)
  set_target_properties(
    filelock::etcd
    PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${FILELOCK_BEAST_INCLUDE_DIR}"
               INTERFACE_LINK_LIBRARIES filelock::filelock)
endif()
