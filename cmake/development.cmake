# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# What tests, examples and benchmarks share. No user of the library sees it.

cmake_minimum_required(VERSION 3.25)

if(NOT DEFINED CMAKE_CXX_STANDARD)
  set(CMAKE_CXX_STANDARD 17)
endif()
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

set(filelock_warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(FILELOCK_WARNINGS_AS_ERRORS)
  list(APPEND filelock_warnings -Werror)
endif()

# For those who compile all of it. Most of the time goes into headers, so several
# files make one translation unit, and the headers of all are compiled once.
option(FILELOCK_UNITY_TESTS "Compile the tests of a room together" OFF)

# filelock_precompile(program header...): once for all programs with the same
# headers, which have to be compiled with the same options.
function(filelock_precompile program)
  if(NOT FILELOCK_UNITY_TESTS OR CMAKE_DISABLE_PRECOMPILE_HEADERS)
    return()
  endif()
  string(MAKE_C_IDENTIFIER "filelock_precompiled_${ARGN}" property)
  get_property(first GLOBAL PROPERTY ${property})
  if(first)
    target_precompile_headers(${program} REUSE_FROM ${first})
  else()
    target_precompile_headers(${program} PRIVATE ${ARGN})
    set_property(GLOBAL PROPERTY ${property} ${program})
  endif()
endfunction()

# What each test needs besides its program.
set(filelock_test_environment)
set(filelock_test_fixture)
if(CMAKE_CROSSCOMPILING_EMULATOR MATCHES "wine")
  enable_testing()
  include(${CMAKE_CURRENT_LIST_DIR}/wine.cmake)
endif()

# filelock_add_program(name source...)
function(filelock_add_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE filelock::filelock)
  target_compile_options(${name} PRIVATE ${filelock_warnings})
  if(WIN32)
    # Asio's headers need it, whether or not a program has sockets.
    target_link_libraries(${name} PRIVATE ws2_32 mswsock)
  endif()
endfunction()

# One server of Wine answers all tests that run at the same time, and emulated
# processors are slow.
set(filelock_test_timeout 180)
if(CMAKE_CROSSCOMPILING)
  set(filelock_test_timeout 360)
endif()

# filelock_add_test(name label command...)
function(filelock_add_test name label)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(
    ${name} PROPERTIES LABELS ${label} TIMEOUT ${filelock_test_timeout}
                       ENVIRONMENT "${filelock_test_environment}"
                       FIXTURES_REQUIRED "${filelock_test_fixture}")
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/directives.cmake)
