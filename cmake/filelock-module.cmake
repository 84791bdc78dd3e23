# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# Defines filelock::module, for `import filelock;`, where CMake is 3.28 or newer.
# Installed beside the package, which includes it when the component is asked
# for: with a compiler that cannot scan modules, CMake refuses the target even
# if nothing links it. filelock_module_dir is the folder of filelock.cppm.

# The project that uses the target compiles it, with options of its own.
if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.28 AND NOT TARGET filelock::module)
  add_library(filelock_module STATIC EXCLUDE_FROM_ALL)
  add_library(filelock::module ALIAS filelock_module)
  target_sources(
    filelock_module
    PUBLIC FILE_SET CXX_MODULES
           BASE_DIRS "${filelock_module_dir}"
           FILES "${filelock_module_dir}/filelock.cppm")
  target_compile_features(filelock_module PUBLIC cxx_std_20)
  target_link_libraries(filelock_module PUBLIC filelock::filelock)
endif()
