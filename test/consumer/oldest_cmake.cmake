# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# cmake -P oldest_cmake.cmake file...
#
# Passes if no file names what came to CMake after 3.22, which is promised to be
# enough for those who use the library. From the notes of the releases: nothing
# of it would be an error here, where a later CMake runs.

set(newer
    # 3.23
    FILE_SET HEADER_SETS? HEADER_DIRS INTERFACE_HEADER_SETS
    INITIALIZE_FROM_VARIABLE LINK_LIBRARIES_ONLY_TARGETS
    CMAKE_IGNORE_PREFIX_PATH
    # 3.24
    SET_DEPENDENCY_PROVIDER NO_CMAKE_INSTALL_PREFIX PATH_EQUAL
    COMPILE_WARNING_AS_ERROR VERIFY_INTERFACE_HEADER_SETS
    INTERFACE_LINK_LIBRARIES_DIRECT FIND_PACKAGE_ARGS OVERRIDE_FIND_PACKAGE
    CMAKE_PROJECT_TOP_LEVEL_INCLUDES LINK_LIBRARY: LINK_GROUP: [$]<PATH
    # 3.25
    block endblock PROPAGATE EXPORT_NO_SYSTEM
    CMAKE_FIND_PACKAGE_SORT_DIRECTION_NEW CMAKE_ADD_SUBDIRECTORY_SYSTEM
    TEST_LAUNCHER
    # 3.26 and later
    BUILD_LOCAL_INTERFACE INSTALL_LOCAL_INTERFACE [$]<LIST: QUIET_INCLUDE
    EXPORT_PACKAGE_DEPENDENCIES CXX_MODULES DEPENDENCIES_SYSTEM)
list(JOIN newer "|" newer)

math(EXPR last "${CMAKE_ARGC} - 1")
if(last LESS 3)
  message(FATAL_ERROR "No file is named")
endif()
foreach(i RANGE 3 ${last})
  set(file ${CMAKE_ARGV${i}})
  file(STRINGS ${file} lines)
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "#.*" "" line "${line}")
    if(line MATCHES "(^|[^A-Za-z_])(${newer})($|[^A-Za-z_])")
      message(SEND_ERROR "${file}: ${CMAKE_MATCH_2} is newer than CMake 3.22")
    elseif(line MATCHES "cmake_minimum_required\\(VERSION ([0-9]+.[0-9]+)" AND
           CMAKE_MATCH_1 VERSION_GREATER 3.22)
      message(SEND_ERROR "${file}: asks for CMake ${CMAKE_MATCH_1}")
    endif()
  endforeach()
endforeach()
