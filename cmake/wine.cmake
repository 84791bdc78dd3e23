# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Included where the tests run under Wine. One fixture makes Wine's folder of
# settings in the build folder, and ends Wine's server: tests that begin at once
# in a fresh folder fail, and a server that lives on keeps the pipes of ctest
# open.

set(wine ${CMAKE_CROSSCOMPILING_EMULATOR})
cmake_path(REPLACE_FILENAME wine wineserver OUTPUT_VARIABLE wineserver)
set(filelock_test_environment
    WINEPREFIX=${CMAKE_BINARY_DIR}/wine
    WINEDEBUG=-all # what Wine itself has to say
    WINEDLLOVERRIDES=mscoree,mshtml=) # no offer to download Mono and Gecko
set(filelock_test_fixture wine)

# wine_fixture(name setup|cleanup shell_command)
function(wine_fixture name kind command)
  add_test(NAME ${name} COMMAND sh -c "${command} </dev/null >/dev/null 2>&1")
  string(TOUPPER ${kind} kind)
  set_tests_properties(
    ${name} PROPERTIES FIXTURES_${kind} wine TIMEOUT 180 LABELS wine
                       ENVIRONMENT "${filelock_test_environment}")
endfunction()
wine_fixture(wine.begin setup "'${wine}' wineboot --update")
# 1: no server was running.
wine_fixture(wine.end cleanup "'${wineserver}' --kill --wait || test $? -eq 1")
