# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

include(GNUInstallDirs)

# make_manual_page(program name out): the path of the program's page, where the
# program is called by its name of this build. For Debian the page is compressed.
function(make_manual_page program name out)
  file(READ ${program}.1 text)
  if(NOT name STREQUAL program)
    string(TOUPPER ${program} capitals)
    string(TOUPPER ${name} new_capitals)
    string(REPLACE "\n.Nm ${program}\n" "\n.Nm ${name}\n" text "${text}")
    string(REPLACE "\n.Dt ${capitals} " "\n.Dt ${new_capitals} " text "${text}")
    string(REPLACE "\n.Dl ${program} " "\n.Dl ${name} " text "${text}")
    string(REPLACE "\n  ${program} " "\n  ${name} " text "${text}")
    string(REPLACE "\n${program} -" "\n${name} -" text "${text}")
    string(REPLACE "|| ${program} -" "|| ${name} -" text "${text}")
  endif()
  set(page ${CMAKE_CURRENT_BINARY_DIR}/${name}.1)
  file(CONFIGURE OUTPUT ${page} CONTENT "${text}" @ONLY)
  if(FILELOCK_DEBIAN_PACKAGES)
    execute_process(COMMAND gzip -9nkf ${page} COMMAND_ERROR_IS_FATAL ANY)
    string(APPEND page .gz)
  endif()
  set(${out} ${page} PARENT_SCOPE)
endfunction()

# install_program(target program name): the program with its manual page
function(install_program target program name)
  install(
    TARGETS ${target}
    DESTINATION ${CMAKE_INSTALL_BINDIR}
    COMPONENT filelock_tools)
  if(NOT WIN32)
    make_manual_page(${program} ${name} page)
    install(
      FILES ${page}
      DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
      COMPONENT filelock_tools)
  endif()
endfunction()
