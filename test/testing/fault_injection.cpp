// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// TIMEOUT: 300

// Every call that a lock makes of its Platform goes wrong once, in every form
// of acquire and of release: whatever it is, the object is in a state of its
// table, holds what it says, and no handle is lost.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/conversion_forms.hpp"
#include "support/native_file.hpp"
#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_fault_injection)

namespace {

using namespace std::chrono_literals;
using call = filelock::platform_call;
using filelock::fault_scope;
using filelock::fault_script;
using filelock::lock_mode;
using filelock::nth_call;
using std::errc;

constexpr call all_calls[] = {
    call::open,       call::close,    call::try_lock,    call::lock,
    call::lock_until, call::wait_for, call::convert,     call::unlock,
    call::is_awaited, call::names,    call::still_names, call::remove,
    call::holder,     call::adopt,    call::release,     call::descriptor,
};

/// One call of one function that goes wrong in one way.
struct mishap {
  call function;
  std::uint64_t number;
  std::optional<errc> error; ///< busy, if none

  std::string name() const {
    return "function " + std::to_string(static_cast<int>(function)) +
           ", call " + std::to_string(number) + ", " +
           (error ? std::make_error_code(*error).message() : "busy");
  }

  void add_to(fault_script& faults) const {
    if (error)
      faults.fail(function, *error, nth_call(number));
    else
      faults.busy(function, nth_call(number));
  }

  bool reports_error() const {
    switch (function) {
    case call::open:
    case call::try_lock:
    case call::lock:
    case call::lock_until:
    case call::adopt:
      return error && *error != errc::interrupted;
    default:
      return false;
    }
  }

  /// After it the number of the handle may be a stranger's: not closed.
  bool loses_handle() const {
    return function == call::unlock && error == errc::bad_file_descriptor;
  }
};

/// \returns All mishaps that can happen in what `faults` has counted.
std::vector<mishap> mishaps_in(const fault_script& faults) {
  std::vector<mishap> result;
  for (const call function : all_calls)
    for (std::uint64_t number = 1; number <= faults.count(function); ++number) {
      for (const errc error : {errc::no_lock_available, errc::io_error,
                               errc::bad_file_descriptor, errc::interrupted})
        result.push_back({function, number, error});
      if (function == call::try_lock || function == call::lock_until ||
          function == call::convert)
        result.push_back({function, number, std::nullopt});
    }
  return result;
}

struct at_once {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    return 1ns;
  }
};
template <class Platform>
using faulty_lock =
    filelock::basic_file_lock<filelock::faulty<Platform>, at_once>;

// ---- What is around the lock ----

/// In memory, where time is virtual.
template <class Platform, bool Removes = false>
struct scripted_world {
  static constexpr bool removes = Removes;
  using platform = Platform;

  test::script script;
  std::filesystem::path path = "/folder/file";

  void replace_file() {
    script.links = {false};
    script.names = {false};
  }
  std::size_t open_handles() const { return script.open_handles(); }
  std::size_t held() const { return script.held(); }
  bool is_removed() const {
    return script.log().find("remove") != std::string::npos;
  }
  std::string broken_rules() const { return script.broken_rules(); }
};

/// Counts what is open. For one thread.
template <class Platform>
struct counted : Platform {
  using handle = typename Platform::native_handle_type;
  static inline std::multiset<handle> handles;

  static handle open(const std::filesystem::path& path,
                     const filelock::open_options& options,
                     std::error_code& ec) noexcept {
    const handle result = Platform::open(path, options, ec);
    if (!ec) handles.insert(result);
    return result;
  }
  static void close(handle closed) noexcept {
    handles.erase(handles.find(closed));
    Platform::close(closed);
  }
};

/// On the system.
template <class Platform, bool Removes = false>
struct system_world {
  static constexpr bool removes = Removes;
  using platform = counted<Platform>;

  test::temporary_folder folder;
  std::filesystem::path path = folder / "file";

  // What was forgotten, as its number might have been a stranger's.
  ~system_world() {
    while (!platform::handles.empty())
      platform::close(*platform::handles.begin());
  }

  void replace_file() const {
    test::delete_file(path);
    filelock::basic_file_lock<Platform>{path}.open();
  }
  std::size_t open_handles() const { return platform::handles.size(); }
  std::size_t held() const {
    filelock::basic_file_lock<Platform> other{path};
    return other.try_lock() ? 0 : 1;
  }
  bool is_removed() const { return !std::filesystem::exists(path); }
  std::string broken_rules() const { return ""; }
};

template <class World>
faulty_lock<typename World::platform> make_lock(const World& world) {
  filelock::open_options options;
  options.remove_on_release = World::removes;
  return faulty_lock<typename World::platform>(world.path, options);
}

/// What is wrong with the handles and the holds of the one object there is.
template <class World, class Lock>
std::string wrong_handles(const World& world, const Lock& lock,
                          std::size_t lost) {
  const std::size_t open = lock.is_open() ? 1 : 0;
  const std::size_t held = lock.owns_lock() || lock.owns_lock_shared() ? 1 : 0;
  std::string wrong;
  if (world.open_handles() != open + lost) wrong += "leaks; ";
  // A lost handle is not closed, so it may hold what it held.
  if (lost == 0 && world.held() != held)
    wrong += held ? "does not hold; " : "holds still; ";
  return wrong;
}

// ---- Acquires ----

std::size_t trials = 0; // to be seen that there were many

enum class contention { none, busy_once, replaced };

struct surroundings {
  contention what;
  bool is_open; ///< before the acquire
};
constexpr surroundings all_surroundings[] = {
    {contention::none, false},     {contention::none, true},
    {contention::busy_once, true}, {contention::busy_once, false},
    {contention::replaced, true},
};

template <class World>
class acquire_trial {
public:
  using lock_type = faulty_lock<typename World::platform>;
  using form_type = test::acquire_form<lock_type>;

  acquire_trial(const form_type& form, lock_mode mode, surroundings around)
      : form_(form), mode_(mode), around_(around) {}

  /// \returns What is wrong with each mishap that can happen, and with each
  /// pair of them.
  std::string wrong(bool with_pairs) const {
    fault_script counts;
    std::string result = wrong_with({}, counts);
    for (const mishap& first : mishaps_in(counts)) {
      if (is_taken(first)) continue;
      fault_script faults;
      result += wrong_with({first}, faults);
      if (!with_pairs) continue;
      for (const mishap& second : mishaps_in(faults)) {
        if (is_taken(second) || (second.function == first.function &&
                                 second.number == first.number))
          continue;
        fault_script both;
        result += wrong_with({first, second}, both);
      }
    }
    return result;
  }

private:
  bool is_taken(const mishap& each) const {
    return around_.what == contention::busy_once &&
           each.function == call::try_lock && each.number == 1;
  }

  std::string wrong_with(const std::vector<mishap>& mishaps,
                         fault_script& faults) const {
    ++trials;
    std::string wrong;
    World world;
    std::size_t lost = 0;
    {
      lock_type lock = make_lock(world);
      if (around_.is_open) lock.open();
      if (around_.what == contention::replaced) world.replace_file();
      if (around_.what == contention::busy_once) faults.busy(call::try_lock);
      for (const mishap& each : mishaps) {
        each.add_to(faults);
        if (each.loses_handle()) ++lost;
      }
      test::outcome outcome;
      {
        const fault_scope scope(faults);
        outcome = form_.call(lock);
      }
      // Of two, the first may keep the second from happening.
      if (mishaps.size() < 2) {
        for (const mishap& each : mishaps)
          if (faults.count(each.function) < each.number)
            wrong += "did not happen; ";
        wrong += wrong_outcome(outcome, mishaps);
      } else if (!faults.is_exhausted()) {
        lost = world.open_handles() - (lock.is_open() ? 1 : 0);
      }
      wrong += wrong_state(outcome, test::state_of(lock), mishaps);
      wrong += wrong_handles(world, lock, lost);
      lock.close();
      wrong += wrong_handles(world, lock, lost);
      // A handle that was lost may hold the lock.
      if (lost == 0 && !lock.try_lock()) wrong += "of no use afterwards; ";
    }
    if (world.open_handles() != lost) wrong += "leaks at the end; ";
    if (world.broken_rules() != "") wrong += world.broken_rules();
    return wrong.empty() ? wrong : name(mishaps) + ": " + wrong + "\n";
  }

  std::string wrong_outcome(const test::outcome& outcome,
                            const std::vector<mishap>& mishaps) const {
    if (!mishaps.empty() && mishaps.front().reports_error())
      return outcome == test::failure(*mishaps.front().error)
                 ? ""
                 : "another outcome; ";
    const bool is_busy = around_.what == contention::busy_once ||
                         (!mishaps.empty() && !mishaps.front().error);
    const bool is_wanted = form_.what != form_type::kind::one_try || !is_busy;
    return outcome == test::outcome{is_wanted} ? "" : "another outcome; ";
  }

  std::string wrong_state(const test::outcome& outcome,
                          const std::string& state,
                          const std::vector<mishap>& mishaps) const {
    const std::string before = around_.is_open ? "unlocked" : "closed";
    if (outcome.acquired && outcome.error) return "acquired with an error; ";
    if (outcome.acquired)
      return state == (mode_ == lock_mode::exclusive ? "exclusive" : "shared")
                 ? ""
                 : "became " + state + "; ";
    // What cannot be unlocked is closed.
    const bool may_be_closed =
        std::any_of(mishaps.begin(), mishaps.end(), [](const mishap& each) {
          return each.function == call::unlock;
        });
    return state == before || (may_be_closed && state == "closed")
               ? ""
               : before + " became " + state + "; ";
  }

  std::string name(const std::vector<mishap>& mishaps) const {
    std::string result = form_.name;
    result += around_.is_open ? ", open" : ", closed";
    if (around_.what == contention::busy_once) result += ", busy";
    if (around_.what == contention::replaced) result += ", replaced";
    for (const mishap& each : mishaps)
      result += "; " + each.name();
    return result;
  }

  const form_type& form_;
  lock_mode mode_;
  surroundings around_;
};

/// \param which A part of the names of the forms that are tried.
template <class World>
std::string wrong_acquires(const char* which = "", bool with_pairs = false) {
  using lock_type = typename acquire_trial<World>::lock_type;
  std::string result;
  for (const lock_mode mode : {lock_mode::exclusive, lock_mode::shared})
    for (const auto& form : test::acquire_forms<lock_type>(mode)) {
      if (std::string(form.name).find(which) == std::string::npos) continue;
      for (const surroundings& around : all_surroundings)
        result += acquire_trial<World>(form, mode, around).wrong(with_pairs);
    }
  return result;
}

// ---- Releases ----

template <class Lock>
struct release_form {
  const char* name;
  bool reports;
  std::function<std::error_code(std::optional<Lock>&)> call;
};

template <class Lock>
std::vector<release_form<Lock>> release_forms() {
  using lock = std::optional<Lock>;
  const auto code_of = [](lock& each, auto function) {
    return test::caught(*each, [&] { return function(), true; }).error;
  };
  return {
      {"unlock()", true,
       [=](lock& each) { return code_of(each, [&] { each->unlock(); }); }},
      {"unlock_shared()", true,
       [=](lock& each) {
         return code_of(each, [&] { each->unlock_shared(); });
       }},
      {"unlock(ec)", true,
       [](lock& each) {
         std::error_code ec = std::make_error_code(errc::bad_message);
         each->unlock(ec);
         return ec;
       }},
      {"close()", false,
       [](lock& each) {
         each->close();
         return std::error_code();
       }},
      {"the destructor", false,
       [](lock& each) {
         each.reset();
         return std::error_code();
       }},
      {"an assignment", false,
       [](lock& each) {
         *each = Lock();
         return std::error_code();
       }},
  };
}

template <class World>
std::string wrong_releases() {
  using lock_type = faulty_lock<typename World::platform>;
  std::string result;
  for (const auto& form : release_forms<lock_type>())
    for (const lock_mode mode : {lock_mode::exclusive, lock_mode::shared}) {
      const auto trial = [&](const mishap* each, fault_script& faults) {
        std::string wrong;
        World world;
        const std::size_t lost = each && each->loses_handle() ? 1 : 0;
        std::optional<lock_type> lock(make_lock(world));
        mode == lock_mode::shared ? lock->lock_shared() : lock->lock();
        if (each) each->add_to(faults);
        std::error_code ec;
        {
          const fault_scope scope(faults);
          ec = form.call(lock);
        }
        if (!faults.is_exhausted()) wrong += "did not happen; ";
        const bool fails = each && each->function == call::unlock &&
                           each->error != errc::interrupted;
        const bool has_code = std::string(form.name) == "unlock(ec)";
        const std::error_code wanted = fails && has_code
                                           ? std::make_error_code(*each->error)
                                           : std::error_code();
        if (ec != wanted) wrong += "reports " + ec.message() + "; ";
        if (lock && test::state_of(*lock) !=
                        (form.reports && !fails ? "unlocked" : "closed"))
          wrong += "is " + test::state_of(*lock) + "; ";
        // A signal keeps nothing from being done.
        if (World::removes && !(each && each->error != errc::interrupted) &&
            !world.is_removed())
          wrong += "does not remove; ";
        if (!lock) lock.emplace();
        wrong += wrong_handles(world, *lock, lost);
        lock.reset();
        if (world.open_handles() != lost) wrong += "leaks at the end; ";
        if (world.broken_rules() != "") wrong += world.broken_rules();
        if (!wrong.empty())
          result += std::string(form.name) + ", " +
                    (each ? each->name() : "no mishap") + ": " + wrong + "\n";
      };
      fault_script counts;
      trial(nullptr, counts);
      if (!World::removes && counts.count(call::unlock) != 1)
        result += std::string(form.name) + ": unlocks more than once\n";
      for (const mishap& each : mishaps_in(counts)) {
        fault_script faults;
        trial(&each, faults);
      }
    }
  return result;
}

// ---- Conversions ----

std::string state_after(const std::string& said, const std::string& wanted) {
  if (said == "held_throughout" || said == "released_between") return wanted;
  return said == "refused_still_shared" ? "shared" : "unlocked";
}

/// \returns Whether `state` fits what a conversion from `before` has said.
bool fits(const std::string& state, const std::string& said,
          const std::string& before, const std::string& wanted, bool is_error) {
  if (is_error)
    return state == before || state == "unlocked" || state == "closed";
  return state == state_after(said, wanted);
}

template <class World>
std::string wrong_conversions() {
  using lock_type = faulty_lock<typename World::platform>;
  std::string result;
  for (const bool is_upgrade : {true, false})
    for (const auto& form : is_upgrade ? test::upgrade_forms<lock_type>()
                                       : test::downgrade_forms<lock_type>()) {
      std::string plain; // what is said if nothing goes wrong
      const auto trial = [&](const mishap* each, fault_script& faults) {
        std::string wrong;
        World world;
        // As an unlock: its number may be a stranger's.
        const bool is_lost =
            each && (each->loses_handle() ||
                     (World::platform::atomic_conversion &&
                      each->function == call::convert &&
                      each->error == errc::bad_file_descriptor));
        const std::size_t lost = is_lost ? 1 : 0;
        {
          lock_type lock = make_lock(world);
          is_upgrade ? lock.lock_shared() : lock.lock();
          const std::string before = test::state_of(lock);
          if (each) each->add_to(faults);
          std::string said;
          {
            const fault_scope scope(faults);
            said = form.call(lock);
          }
          if (!each) plain = said;
          if (!faults.is_exhausted()) wrong += "did not happen; ";
          if (each && each->error == errc::interrupted && said != plain)
            wrong += "a signal changes what is said; ";
          const bool is_error =
              each && each->error &&
              said == std::make_error_code(*each->error).message();
          const std::string state = test::state_of(lock);
          if (!fits(state, said, before, is_upgrade ? "exclusive" : "shared",
                    is_error))
            wrong += "said " + said + ", and is " + state + "; ";
          if (is_error && each->function == call::convert &&
              !World::platform::atomic_conversion && state == before)
            wrong += "claims what is not known; ";
          wrong += wrong_handles(world, lock, lost);
          lock.close();
          if (lost == 0 && !lock.try_lock()) wrong += "of no use afterwards; ";
        }
        if (world.open_handles() != lost) wrong += "leaks at the end; ";
        if (world.broken_rules() != "") wrong += world.broken_rules();
        if (!wrong.empty())
          result += std::string(form.name) + ", " +
                    (each ? each->name() : "no mishap") + ": " + wrong + "\n";
      };
      fault_script counts;
      trial(nullptr, counts);
      for (const mishap& each : mishaps_in(counts)) {
        fault_script faults;
        trial(&each, faults);
      }
    }
  return result;
}

// ---- Opening, adoption, giving up ----

template <class World>
std::string wrong_opens() {
  using lock_type = faulty_lock<typename World::platform>;
  std::string result;
  for (const errc error :
       {errc::io_error, errc::permission_denied, errc::interrupted}) {
    World world;
    lock_type lock(world.path);
    fault_script faults;
    faults.fail(call::open, error);
    const fault_scope scope(faults);
    std::error_code ec;
    lock.open(ec);
    const bool goes_on = error == errc::interrupted;
    if ((goes_on ? bool(ec) : ec != error) || lock.is_open() != goes_on ||
        !faults.is_exhausted() ||
        faults.count(call::open) != (goes_on ? 2 : 1) ||
        world.open_handles() != (goes_on ? 1 : 0))
      result += std::make_error_code(error).message() + "\n";
  }
  return result;
}

template <class World>
std::string wrong_adoptions() {
  using lock_type = faulty_lock<typename World::platform>;
  std::string result;
  fault_script counts;
  const auto adopt = [&](const mishap* each, fault_script& faults) {
    World world;
    std::optional<lock_type> lock(std::in_place, world.path);
    lock->lock();
    if (each) each->add_to(faults);
    std::optional<fault_scope> scope(std::in_place, faults);
    const auto handle = lock->release();
    bool is_adopted = true;
    try {
      *lock = lock_type(filelock::adopt_handle, handle, lock_mode::exclusive);
    } catch (const std::system_error& error) {
      is_adopted = false;
      if (!each || error.code() != *each->error)
        result += error.code().message() + " in place of " +
                  (each ? each->name() : "none") + "\n";
    }
    const bool fails = each && each->reports_error();
    scope.reset();
    // What was not adopted is still the caller's, still locked.
    if (is_adopted == fails || lock->owns_lock() == fails ||
        world.open_handles() != 1 || world.held() != 1 ||
        !faults.is_exhausted())
      result += (each ? each->name() : "no mishap") + "\n";
    if (fails) World::platform::close(handle);
    lock.reset();
    if (world.open_handles() != 0)
      result += (each ? each->name() : "no mishap") + " leaks\n";
  };
  adopt(nullptr, counts);
  for (const mishap& each : mishaps_in(counts)) {
    fault_script faults;
    adopt(&each, faults);
  }
  return result;
}

using native_world = system_world<filelock::native_traits>;
/// With waits in the kernel that have an end.
using queued_world = system_world<filelock::queued_file_lock::platform_type>;

} // namespace

BOOST_AUTO_TEST_CASE(an_acquire_in_memory_survives_each_mishap) {
  trials = 0;
  BOOST_TEST(wrong_acquires<scripted_world<test::scripted_full>>() == "");
  BOOST_TEST(wrong_acquires<scripted_world<test::scripted_blocking>>() == "");
  BOOST_TEST(wrong_acquires<scripted_world<test::scripted_bounded>>() == "");
  BOOST_TEST(wrong_acquires<scripted_world<test::scripted_polled>>() == "");
  using no_hint = test::without_still_names<test::scripted_full>;
  BOOST_TEST(wrong_acquires<scripted_world<no_hint>>() == "");
  BOOST_TEST(trials > 5000);
}

BOOST_AUTO_TEST_CASE(an_acquire_in_memory_survives_each_pair_of_mishaps) {
  BOOST_TEST(wrong_acquires<scripted_world<test::scripted_full>>("", true) ==
             "");
}

BOOST_AUTO_TEST_CASE(an_acquire_on_the_system_survives_each_mishap) {
  BOOST_TEST(wrong_acquires<native_world>("lock(ec)") == "");
  BOOST_TEST(wrong_acquires<queued_world>("_for(ec)") == "");
}

#if FILELOCK_HAS_OFD_LOCKS
BOOST_AUTO_TEST_CASE(a_lock_of_records_survives_each_mishap) {
  using world = system_world<filelock::posix_ofd_traits>;
  BOOST_TEST(wrong_acquires<world>("shared(ec)") == "");
  BOOST_TEST(wrong_releases<world>() == "");
  BOOST_TEST(wrong_opens<world>() == "");
  BOOST_TEST(wrong_adoptions<world>() == "");
}
#endif

BOOST_AUTO_TEST_CASE(a_release_survives_each_mishap) {
  BOOST_TEST(wrong_releases<scripted_world<test::scripted_full>>() == "");
  BOOST_TEST(wrong_releases<native_world>() == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_removed_survives_each_mishap) {
  using memory = scripted_world<test::scripted_full, true>;
  using system = system_world<filelock::native_traits, true>;
  BOOST_TEST(wrong_acquires<memory>("(ec)", true) == "");
  BOOST_TEST(wrong_acquires<system>("lock(ec)") == "");
  BOOST_TEST(wrong_releases<memory>() == "");
  BOOST_TEST(wrong_releases<system>() == "");
}

BOOST_AUTO_TEST_CASE(a_conversion_survives_each_mishap) {
  using test::scripted_full;
  using atomic = test::with_atomic_conversion<scripted_full>;
  using without = test::without_convert<scripted_full>;
  BOOST_TEST(wrong_conversions<scripted_world<scripted_full>>() == "");
  BOOST_TEST(wrong_conversions<scripted_world<atomic>>() == "");
  BOOST_TEST(wrong_conversions<scripted_world<without>>() == "");
  BOOST_TEST(wrong_conversions<native_world>() == "");
#if FILELOCK_HAS_OFD_LOCKS
  using records = system_world<filelock::posix_ofd_traits>;
  BOOST_TEST(wrong_conversions<records>() == "");
#endif
}

BOOST_AUTO_TEST_CASE(open_survives_each_mishap) {
  BOOST_TEST(wrong_opens<scripted_world<test::scripted_full>>() == "");
  BOOST_TEST(wrong_opens<native_world>() == "");
}

BOOST_AUTO_TEST_CASE(adoption_survives_each_mishap) {
  BOOST_TEST(wrong_adoptions<native_world>() == "");
}

// A wait that signals interrupt again and again still ends at its deadline, and
// not before.
BOOST_AUTO_TEST_CASE(an_interrupted_wait_goes_on_and_its_deadline_holds) {
  test::script script;
  script.free_from = test::never;
  faulty_lock<test::scripted_full> lock("/folder/file");
  fault_script faults;
  faults.fail(call::lock_until, errc::interrupted, filelock::first_calls(100));
  const fault_scope scope(faults);
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(10s, ec));
  BOOST_TEST(!ec);
  BOOST_TEST((script.now == 10s));
  BOOST_TEST(faults.is_exhausted());
}

BOOST_AUTO_TEST_CASE(an_interrupted_pause_goes_on_to_an_attempt) {
  test::script script;
  script.free_from = test::never;
  filelock::basic_file_lock<filelock::faulty<test::scripted_polled>,
                            filelock::constant_backoff>
      lock("/folder/file", filelock::constant_backoff(1s));
  fault_script faults;
  faults.fail(call::wait_for, errc::interrupted, filelock::first_calls(5));
  const fault_scope scope(faults);
  BOOST_TEST(!lock.try_lock_for(10s));
  BOOST_TEST((script.now == 10s));
  BOOST_TEST(faults.count(call::wait_for) == 15);
  BOOST_TEST(faults.count(call::try_lock) == 16);
}

BOOST_AUTO_TEST_SUITE_END()
