# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Nothing installed depends on the processor: all of it goes below share/.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/filelock)

# In a folder of its own: nobody is to find this header by chance.
set(drop_in_dir ${CMAKE_INSTALL_DATADIR}/filelock/drop_in)
set(module_dir ${CMAKE_INSTALL_DATADIR}/filelock/module)

install(
  FILES LICENSE_1_0.txt
  DESTINATION ${CMAKE_INSTALL_DOCDIR}
  COMPONENT filelock_licence)

# By folders, as the sets of headers of install(TARGETS) need CMake 3.23.
install(
  DIRECTORY include/
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT filelock_dev
  FILES_MATCHING
  PATTERN *.hpp)
install(
  DIRECTORY drop_in/
  DESTINATION ${drop_in_dir}
  COMPONENT filelock_dev
  FILES_MATCHING
  PATTERN *.hpp)
install(
  FILES module/filelock.cppm
  DESTINATION ${module_dir}
  COMPONENT filelock_dev)
install(
  TARGETS filelock
  EXPORT filelock-targets
  INCLUDES
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(
  TARGETS filelock_drop_in
  EXPORT filelock-targets
  INCLUDES
  DESTINATION ${drop_in_dir})
install(
  EXPORT filelock-targets
  NAMESPACE filelock::
  DESTINATION ${package_dir}
  COMPONENT filelock_dev)

configure_package_config_file(
  cmake/filelock-config.cmake.in ${PROJECT_BINARY_DIR}/filelock-config.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS module_dir
  NO_SET_AND_CHECK_MACRO)
# Before 1.0 a new minor version may break its users.
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/filelock-config-version.cmake
  COMPATIBILITY SameMinorVersion
  ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/filelock-config.cmake
              ${PROJECT_BINARY_DIR}/filelock-config-version.cmake
              cmake/filelock-etcd.cmake
              cmake/filelock-module.cmake
              cmake/filelock-postgres.cmake
        DESTINATION ${package_dir}
        COMPONENT filelock_dev)

# pcfiledir, not the prefix of today: the installed tree may be moved.
cmake_path(APPEND pc_includedir "\${prefix}" ${CMAKE_INSTALL_INCLUDEDIR})
configure_file(cmake/filelock.pc.in ${PROJECT_BINARY_DIR}/filelock.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/filelock.pc
        DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig
        COMPONENT filelock_dev)
