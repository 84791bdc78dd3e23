# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Defines filelock::postgres, for filelock/remote/postgres.hpp, if libpq is
# found. Installed beside the package, which includes it too: whether libpq is
# there is a question of the machine that builds.

# Not FindPostgreSQL, which wants the headers of the server.
find_path(FILELOCK_LIBPQ_INCLUDE_DIR libpq-fe.h
          PATH_SUFFIXES postgresql
          DOC "Where libpq-fe.h is, for filelock::postgres")
find_library(FILELOCK_LIBPQ_LIBRARY pq DOC "libpq, for filelock::postgres")
mark_as_advanced(FILELOCK_LIBPQ_INCLUDE_DIR FILELOCK_LIBPQ_LIBRARY)

# It polls the sockets of POSIX.
if(NOT WIN32
   AND FILELOCK_LIBPQ_INCLUDE_DIR
   AND FILELOCK_LIBPQ_LIBRARY
   AND NOT TARGET filelock::postgres)
  add_library(filelock::postgres INTERFACE IMPORTED GLOBAL)
  set_target_properties(
    filelock::postgres
    PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${FILELOCK_LIBPQ_INCLUDE_DIR}"
               INTERFACE_LINK_LIBRARIES
               "filelock::filelock;${FILELOCK_LIBPQ_LIBRARY}")
endif()
