// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// counted<P> on a disk in memory: processes are killed and the power is lost at
// every point, in every order, and no number is told twice.

#include <filelock/platform/counted.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(platform_counted_crashes)

namespace {

constexpr std::size_t slot_size = 55;
constexpr std::size_t second_slot = 4096;

/// One slot of the file. The last version is what the kernel has in memory. The
/// first one is on the disk, and each of those in between may be.
using slot_versions = std::vector<std::string>;

struct disk_state {
  slot_versions slots[2] = {{""}, {""}};
  std::uint64_t told = 0; ///< the greatest number that an owner was told

  bool operator<(const disk_state& other) const {
    return std::tie(told, slots[0], slots[1]) <
           std::tie(other.told, other.slots[0], other.slots[1]);
  }
};

/// The disk of the test that runs, and the process that dies in a call.
struct disk {
  static constexpr int never = 1000;

  disk_state now;
  int writes_until_death = never;
  std::size_t last_bytes = 0; ///< those of the write in which the process dies
  int syncs_until_death = never;
  bool is_dead = false;

  static disk& get() {
    static disk one;
    return one;
  }
};

struct disk_traits {
  using native_handle_type = int;
  static constexpr int invalid_handle = 0;
  static constexpr auto ownership = filelock::lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = true;
  static constexpr bool byte_ranges = false;

  static int open(const std::filesystem::path&, const filelock::open_options&,
                  std::error_code&) noexcept {
    return 1;
  }
  static void close(int) noexcept {}
  static bool try_lock(int, const filelock::lock_request&,
                       std::error_code&) noexcept {
    return true;
  }
  static void unlock(int, const filelock::lock_request&,
                     std::error_code&) noexcept {}

  static std::size_t read_bytes(int, std::uint64_t offset, char* bytes,
                                std::size_t size,
                                std::error_code& ec) noexcept {
    if (dies(ec)) return 0;
    const std::string& slot =
        disk::get().now.slots[offset < second_slot ? 0 : 1].back();
    const auto begin = static_cast<std::size_t>(offset % second_slot);
    return begin < slot.size() ? slot.copy(bytes, size, begin) : 0;
  }

  static void write_bytes(int, std::uint64_t offset, const char* bytes,
                          std::size_t size, std::error_code& ec) noexcept {
    if (dies(ec)) return;
    disk& here = disk::get();
    here.is_dead = here.writes_until_death-- == 0;
    slot_versions& slot = here.now.slots[offset < second_slot ? 0 : 1];
    std::string next = slot.back();
    const std::string written(bytes, here.is_dead ? here.last_bytes : size);
    next.replace(0, written.size(), written);
    if (next != slot.back()) slot.push_back(next);
    dies(ec);
  }

  static void sync_content(int, std::error_code& ec) noexcept {
    if (dies(ec)) return;
    disk& here = disk::get();
    here.is_dead = here.syncs_until_death-- == 0;
    if (dies(ec)) return;
    for (slot_versions& slot : here.now.slots)
      slot = {slot.back()};
  }

private:
  // A dead process makes no more calls, and nobody sees the error.
  static bool dies(std::error_code& ec) noexcept {
    if (disk::get().is_dead) ec = std::make_error_code(std::errc::interrupted);
    return disk::get().is_dead;
  }
};

enum class accidents {
  deaths,        ///< processes die
  losses,        ///< the power is lost, while a process acquires or idle
  deaths_losses, ///< both
};

template <filelock::token_survives Event>
class search {
public:
  using platform = filelock::counted<disk_traits, Event>;

  /// Effects: tries every order of so many events.
  void run(int events, accidents kind) {
    std::set<disk_state> reached{disk_state()};
    for (int i = 0; i != events && !is_repeated; ++i) {
      std::set<disk_state> next;
      for (const disk_state& from : reached) {
        acquire(from, next);
        std::set<disk_state> after_deaths;
        die(from, after_deaths);
        if (kind == accidents::losses)
          for (const disk_state& each : after_deaths)
            lose_power(each, next);
        else
          next.insert(after_deaths.begin(), after_deaths.end());
        if (kind != accidents::deaths) lose_power(from, next);
      }
      reached = std::move(next);
      states += reached.size();
    }
  }

  bool is_repeated = false; ///< a number that was told
  std::size_t refusals = 0; ///< of a file whose slots are both damaged
  std::size_t states = 0;

private:
  using states_type = std::set<disk_state>;

  std::uint64_t try_lock(std::error_code& ec) {
    const auto handle = platform::open("", {}, ec);
    constexpr filelock::lock_request exclusive{filelock::lock_mode::exclusive,
                                               {}};
    return platform::try_lock(handle, exclusive, ec) ? platform::token(handle)
                                                     : 0;
  }

  void acquire(const disk_state& from, states_type& next) {
    disk& here = disk::get();
    here = disk();
    here.now = from;
    std::error_code ec;
    const std::uint64_t number = try_lock(ec);
    if (ec) {
      ++refusals;
      return;
    }
    if (number <= from.told) is_repeated = true;
    here.now.told = number;
    next.insert(here.now);
  }

  // In the first write, or in the second one, which follows damage; and before
  // the sync of each.
  void die(const disk_state& from, states_type& next) {
    for (const int call : {0, 1}) {
      for (const std::size_t bytes : cuts)
        die_in(from, next, call, bytes, disk::never);
      die_in(from, next, disk::never, 0, call);
    }
  }

  void die_in(const disk_state& from, states_type& next, int write,
              std::size_t bytes, int sync) {
    disk& here = disk::get();
    here = disk();
    here.now = from;
    here.writes_until_death = write;
    here.last_bytes = bytes;
    here.syncs_until_death = sync;
    std::error_code ec;
    try_lock(ec);
    if (here.is_dead) next.insert(here.now);
  }

  // Each slot is left as any of its versions, or cut off between two of them.
  static void lose_power(const disk_state& from, states_type& next) {
    for (const std::string& first : left_of(from.slots[0]))
      for (const std::string& second : left_of(from.slots[1])) {
        disk_state after;
        after.told = from.told;
        after.slots[0] = {first};
        after.slots[1] = {second};
        next.insert(after);
      }
  }

  static std::set<std::string> left_of(const slot_versions& slot) {
    std::set<std::string> result(slot.begin(), slot.end());
    for (std::size_t i = 1; i < slot.size(); ++i)
      for (const std::size_t bytes : cuts) {
        const std::string begun = slot[i].substr(0, bytes);
        std::string over_old = slot[0];
        result.insert(over_old.replace(0, begun.size(), begun));
        std::string over_zeros(slot[i].size(), '\0');
        result.insert(over_zeros.replace(0, begun.size(), begun));
      }
    return result;
  }

  // In the signature, in the number, and in the checksum.
  static constexpr std::size_t cuts[] = {5, 36, 45, slot_size};
};

} // namespace

BOOST_AUTO_TEST_CASE(no_death_and_no_loss_of_power_repeats_a_number) {
  search<filelock::token_survives::power_loss> all;
  all.run(9, accidents::deaths_losses);
  BOOST_TEST(!all.is_repeated);
  BOOST_TEST(all.states > 10'000u);
}

BOOST_AUTO_TEST_CASE(no_death_repeats_a_number_or_damages_the_file) {
  search<filelock::token_survives::process_death> all;
  all.run(7, accidents::deaths);
  BOOST_TEST(!all.is_repeated);
  BOOST_TEST(all.refusals == 0u);
  BOOST_TEST(all.states > 10'000u);
}

BOOST_AUTO_TEST_CASE(a_loss_of_power_alone_damages_one_slot_at_most) {
  search<filelock::token_survives::power_loss> all;
  all.run(9, accidents::losses);
  BOOST_TEST(!all.is_repeated);
  BOOST_TEST(all.refusals == 0u);
  BOOST_TEST(all.states > 100u);
}

BOOST_AUTO_TEST_CASE(a_loss_of_power_repeats_a_number_that_was_not_synced) {
  search<filelock::token_survives::process_death> all;
  all.run(3, accidents::deaths_losses);
  BOOST_TEST(all.is_repeated);
}

BOOST_AUTO_TEST_SUITE_END()
