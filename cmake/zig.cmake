# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# A toolchain file: the C++ compiler of zig, which is clang with libc++, and with
# the headers and libraries of other systems. scripts/fetch-zig gets it.
#
# FILELOCK_ZIG_TARGET is what zig calls the system, as in x86_64-macos. zig builds
# libc++ for it once, in minutes, and keeps it: in ~/.cache/zig, or in what the
# environment names ZIG_GLOBAL_CACHE_DIR.

set(FILELOCK_ZIG_TARGET "" CACHE STRING "The system that zig compiles for")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES FILELOCK_ZIG_TARGET)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
set(zig_folder ${root}/build/zig)
if(NOT EXISTS ${zig_folder}/zig)
  message(FATAL_ERROR "There is no ${zig_folder}/zig: run scripts/fetch-zig.")
endif()

if(NOT FILELOCK_ZIG_TARGET MATCHES "^([a-z0-9_]+)-(linux|macos|windows)(-[a-z]+)?$")
  message(FATAL_ERROR "FILELOCK_ZIG_TARGET: \"${FILELOCK_ZIG_TARGET}\"")
endif()
set(CMAKE_SYSTEM_PROCESSOR ${CMAKE_MATCH_1})
set(names_linux Linux)
set(names_macos Darwin)
set(names_windows Windows)
set(CMAKE_SYSTEM_NAME ${names_${CMAKE_MATCH_2}})

# CMake wants a program for each. In a build without optimisation zig would add
# the checks of -fsanitize=undefined, and debug information, which takes a third
# of the time. -fexperimental-library: the std::stop_token of this libc++.
function(zig_tool name command)
  set(path ${zig_folder}/${FILELOCK_ZIG_TARGET}-${name})
  file(CONFIGURE OUTPUT ${path} CONTENT [[
#!/bin/sh
ZIG_LOCAL_CACHE_DIR='@zig_folder@/cache' exec '@zig_folder@/zig' @command@ "$@"
]] @ONLY)
  file(CHMOD ${path} FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
                                      GROUP_READ GROUP_EXECUTE)
  set(${name} ${path} PARENT_SCOPE)
endfunction()
set(flags)
if(CMAKE_SYSTEM_NAME STREQUAL "Windows")
  set(flags "'-Wno-#warnings'") # <intrin.h> includes a header that is deprecated
endif()
zig_tool(c++ "c++ -target ${FILELOCK_ZIG_TARGET} -g0 -fno-sanitize=undefined \
-fexperimental-library ${flags} -isystem '${zig_folder}/sysroot/usr/include'")
zig_tool(ar ar)
zig_tool(ranlib ranlib)
zig_tool(rc rc)
set(CMAKE_CXX_COMPILER ${c++})
set(CMAKE_AR ${ar})
set(CMAKE_RANLIB ${ranlib})
set(CMAKE_RC_COMPILER ${rc})
if(CMAKE_SYSTEM_NAME STREQUAL "Windows")
  set(CMAKE_CROSSCOMPILING_EMULATOR /usr/lib/wine/wine64)
endif()

file(MAKE_DIRECTORY ${zig_folder}/sysroot/usr/include)
file(CREATE_LINK /usr/include/boost ${zig_folder}/sysroot/usr/include/boost SYMBOLIC)
set(Boost_NO_BOOST_CMAKE ON)
if(FILELOCK_ZIG_TARGET MATCHES "musl")
  set(FILELOCK_STATIC_PROGRAMS ON) # as zig links them, without a loader
endif()
set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON) # zig has no -emit-pch as CMake uses it
# The headers of Boost, and no others of this system.
set(CMAKE_FIND_ROOT_PATH ${zig_folder}/sysroot)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
