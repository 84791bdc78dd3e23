# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# A toolchain file: Linux, where Debian's libraries of C++ do not fit: another
# processor, 32 bits, or libc++. A preset names the compiler, its options, and the
# program that runs what is built, if it needs one.

set(CMAKE_SYSTEM_NAME Linux)

# The headers of Boost and Asio, and no others: /usr/include has those of another
# C library's build.
get_property(is_check GLOBAL PROPERTY IN_TRY_COMPILE)
if(NOT is_check)
  set(headers ${CMAKE_BINARY_DIR}/headers)
  file(MAKE_DIRECTORY ${headers}/include)
  foreach(name IN ITEMS boost asio asio.hpp)
    if(EXISTS /usr/include/${name})
      file(CREATE_LINK /usr/include/${name} ${headers}/include/${name} SYMBOLIC)
    endif()
  endforeach()
  set(CMAKE_FIND_ROOT_PATH ${headers})
  set(Boost_NO_BOOST_CMAKE ON)
  set(Boost_INCLUDE_DIR ${headers}/include)
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
