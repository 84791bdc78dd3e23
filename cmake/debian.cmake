# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# The packages for Debian, by `cpack -G DEB`: scripts/package does all of it.

find_program(FILELOCK_GZIP gzip REQUIRED DOC "Compresses what Debian wants so")
set(FILELOCK_MAINTAINER "The filelock authors <maintainers@filelock.invalid>"
    CACHE STRING "The maintainer that the packages name")
set(FILELOCK_SITE "" CACHE PATH "The site of the manual, to pack into filelock-doc")

# From SOURCE_DATE_EPOCH, where it is set.
string(TIMESTAMP debian_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(packaging/debian/changelog.in ${PROJECT_BINARY_DIR}/debian/changelog
               @ONLY)
execute_process(COMMAND ${FILELOCK_GZIP} -9nf debian/changelog
                WORKING_DIRECTORY ${PROJECT_BINARY_DIR} COMMAND_ERROR_IS_FATAL ANY)

set(CPACK_PACKAGE_NAME filelock)
set(CPACK_PACKAGE_CONTACT ${FILELOCK_MAINTAINER})
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SOURCE filelock)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL)

# add_package(component name section description): CPack wants the component's
# name in capitals.
function(add_package component name section description)
  string(TOUPPER ${component} capitals)
  set(prefix CPACK_DEBIAN_${capitals})
  set(${prefix}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(${prefix}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(${prefix}_DESCRIPTION ${description} PARENT_SCOPE)
  set(CPACK_COMPONENTS_ALL ${CPACK_COMPONENTS_ALL} ${component} PARENT_SCOPE)
  install(
    FILES packaging/debian/copyright ${PROJECT_BINARY_DIR}/debian/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name}
    COMPONENT ${component})
endfunction()

add_package(
  filelock_dev libfilelock-dev libdevel
  "cross-process file locks for C++17 (headers)
filelock is a header-only library of locks that processes and threads
take on a file. They have timed and cancelled waits, shared locks and
conversions, and work with the guards of the standard library.
.
This package has the headers, and what CMake and pkg-config read.")
set(CPACK_DEBIAN_FILELOCK_DEV_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_FILELOCK_DEV_PACKAGE_SUGGESTS filelock-doc)

if(FILELOCK_INSTALL_TOOLS)
  add_package(
    filelock_tools filelock-tools utils
    "lock a file while a command runs, and check a file system
filelock-flock locks a file while a command runs. It has the options of
flock(1) of util-linux, and more: locks that are passed on in the order
of arrival, and the news that the last owner died.
.
filelock-verify-filesystem tries whether a file system keeps the promises
of the filelock library: for NFS, overlays and FUSE.")
  set(CPACK_DEBIAN_FILELOCK_TOOLS_PACKAGE_SHLIBDEPS ON)
endif()

if(FILELOCK_SITE)
  install(
    DIRECTORY ${FILELOCK_SITE}/
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/filelock-doc/html
    COMPONENT filelock_doc)
  add_package(
    filelock_doc filelock-doc doc
    "cross-process file locks for C++17 (manual)
filelock is a header-only library of locks that processes and threads
take on a file.
.
This package has its manual, as a site that needs no server: open
/usr/share/doc/filelock-doc/html/index.html.")
  set(CPACK_DEBIAN_FILELOCK_DOC_PACKAGE_ARCHITECTURE all)
  # The site has links to its files.
  set(CPACK_DEBIAN_FILELOCK_DOC_PACKAGE_DEPENDS libjs-sphinxdoc)
endif()

include(CPack)
