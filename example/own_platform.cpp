// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform of one's own: an adaptor of the one that the system has.

#include "support/example.hpp"

#include <filelock/concepts.hpp>
#include <filelock/filelock.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <thread>

namespace {

using namespace std::chrono_literals;
using example::check;

// tag::adaptor[]
/// Counts the attempts, and never waits in the kernel.
struct counting_traits : filelock::native_traits {
  static inline std::atomic<std::uint64_t> attempts{0};

  static bool try_lock(const native_handle_type& handle,
                       const filelock::lock_request& request,
                       std::error_code& ec) noexcept {
    const bool is_acquired =
        filelock::native_traits::try_lock(handle, request, ec);
    ++attempts;
    return is_acquired;
  }

  // Hidden, so that the backoff policy paces lock() too.
  static void lock(const native_handle_type&, const filelock::lock_request&,
                   std::error_code&) = delete;
};
static_assert(filelock::is_platform_v<counting_traits>);

using counting_lock = filelock::basic_file_lock<counting_traits>;
// end::adaptor[]

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "state.lock";

  filelock::file_lock holder{path};
  holder.lock();
  std::thread waiter{[&path] {
    counting_lock lock{path};
    lock.lock();
  }};
  // The lock is released when several attempts of the waiter were busy.
  while (counting_traits::attempts < 5)
    std::this_thread::yield();
  holder.unlock();
  waiter.join();
  check(counting_traits::attempts >= 6, "lock() polled");
}

} // namespace

int main() { return example::run(use); }
