// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the laws need of a simulation, and of a simulated service.

#ifndef FILELOCK_TEST_SUPPORT_SIMULATED_LAW_TOOLS_HPP
#define FILELOCK_TEST_SUPPORT_SIMULATED_LAW_TOOLS_HPP

#include <filelock/testing/law_tools.hpp>
#include <filelock/testing/simulated_service.hpp>
#include <filelock/testing/simulation.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {

template <class P>
struct law_tools<
    P, std::enable_if_t<std::is_base_of_v<filelock::simulated_traits, P>>> {
  using world = filelock::detail::simulated_world;

  // There is no dup: what comes next to it is another handle on the file.
  static std::int64_t duplicate(std::int64_t handle) {
    std::error_code ec;
    return P::open(world::of(handle)->files.find(handle)->path, {}, ec);
  }
  static bool may_write(const std::filesystem::path&) { return true; }
  static void remove(const std::filesystem::path& path) {
    world::current()->files.remove(path);
  }
  static void in_a_while(std::function<void()> function) {
    world::current()->events.plan_after(std::chrono::milliseconds(5),
                                        std::move(function));
  }
};

template <class P>
struct law_tools<P, std::enable_if_t<std::is_base_of_v<
                        filelock::simulated_service_traits, P>>> {
  using world = filelock::detail::service_world;

  static std::int64_t duplicate(std::int64_t handle) {
    std::error_code ec;
    return P::open(world::of(handle)->locks().find(handle)->name, {}, ec);
  }
  static bool may_write(const std::filesystem::path&) { return true; }
  static void end_session(std::int64_t handle) {
    world::of(handle)->end(handle);
  }
  static void in_a_while(std::function<void()> function) {
    filelock::detail::simulated_world::current()->events.plan_after(
        std::chrono::milliseconds(5), std::move(function));
  }
};

} // namespace filelock

#endif
