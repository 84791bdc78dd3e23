// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The library on NFS: runs in the guest that scripts/nfs boots, as root.
//
//   cases [PART [TIMES]]     those with PART in their titles, more than once
//
// Prints each result as it comes, and a table for the manual at the end. Fails
// where a result is not the promised one.

#include "owner.hpp"

#include <filelock/filelock.hpp>
#include <filelock/platform/marked.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace nfs;
using filelock::basic_file_lock;
using filelock::lock_request;
using filelock::open_options;
using filelock::posix_flock_traits;
using filelock::posix_ofd_traits;

constexpr int lease = 10'000; // milliseconds: guest.sh

/// A Platform that excludes nobody. The cases must find that out.
struct open_door : posix_flock_traits {
  static bool try_lock(int, const lock_request&, std::error_code&) noexcept {
    return true;
  }
  static void lock(int, const lock_request&, std::error_code&) noexcept {}
  static void unlock(int, const lock_request&, std::error_code&) noexcept {}
};

struct kind {
  const char* name;
  service serve_lock;
  bool notices_loss = false; ///< still_valid() asks the server
  bool is_marked = false;
  bool removes = false;
  bool is_broken = false;
};

template <class Platform>
service serve_with(open_options options = {}) {
  return [options](const std::string& path, int in, int out) {
    serve<basic_file_lock<Platform>>(path, options, in, out);
  };
}

open_options removing() {
  open_options options;
  options.remove_on_release = true;
  return options;
}

const kind kinds[] = {
    {"flock", serve_with<posix_flock_traits>()},
    {"OFD", serve_with<posix_ofd_traits>(), true},
    {"polled, OFD", serve_with<filelock::polled<posix_ofd_traits>>(), true},
    {"queued, flock", serve_with<filelock::queued<posix_flock_traits>>()},
    {"marked, OFD", serve_with<filelock::marked<posix_ofd_traits>>(), true,
     true},
    {"remove_on_release, flock", serve_with<posix_flock_traits>(removing()),
     false, false, true},
};
const kind broken{
    "no lock at all", serve_with<open_door>(), false, false, false, true};

/// The two clients with one version of the protocol.
struct place {
  std::string version;
  std::string on(int client, const std::string& file) const {
    return "/mnt/" + version + "-" + std::to_string(client) + "/" + file;
  }
};
const place places[] = {{"4.0"}, {"4.2"}};

std::string at_server(const std::string& file) { return "/export/" + file; }

/// A name that no case has had, on both clients.
std::string new_name() {
  static int last = 0;
  return "file" + std::to_string(++last);
}

bool run(const std::string& words) {
  return std::system(("/guest.sh " + words).c_str()) == 0;
}

void sleep_for(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

// ---- The table ----

/// What a case found, and whether the library promises it.
struct result {
  std::string words;
  bool is_promised = true;
};

result promised(bool is_so, const char* words = "yes") {
  return {is_so ? words : "**no**", is_so};
}
result within(const answer& found, long most) {
  if (!found.is("yes")) return {"**" + found.words + "**", false};
  return {std::to_string(found.milliseconds) + " ms",
          found.milliseconds <= most};
}

std::vector<std::string> titles; // in the order of the table
std::map<std::string, std::map<std::string, std::map<std::string, result>>>
    table; // by title, kind and version
int failures = 0;
const clock::time_point begin = clock::now();

void note(const char* title, const kind& lock, const place& here,
          result found) {
  auto& row = table[title];
  if (row.empty()) titles.push_back(title);
  // The broken lock is there to be found out.
  const bool is_wrong = found.is_promised == lock.is_broken;
  std::printf("%s%s: %s: %s: %s (%ld s)\n", is_wrong ? "FAILED: " : "",
              here.version.c_str(), lock.name, title, found.words.c_str(),
              milliseconds_since(begin) / 1000);
  std::fflush(stdout);
  if (is_wrong) ++failures;
  row[lock.name][here.version] = std::move(found);
}

/// \returns One word where both versions have the same.
std::string cell(std::map<std::string, result>& by_version) {
  if (by_version.empty()) return "-";
  std::string words;
  for (const auto& [version, found] : by_version) {
    if (found.words != by_version.begin()->second.words) words = "different";
  }
  if (words.empty()) return by_version.begin()->second.words;
  words.clear();
  for (const auto& [version, found] : by_version)
    words += (words.empty() ? "" : "<br>") + version + ": " + found.words;
  return words;
}

void print_table() {
  std::printf("BEGIN TABLE\n|  |");
  for (const kind& each : kinds)
    std::printf(" %s |", each.name);
  std::printf(" %s |\n|", broken.name);
  for (std::size_t i = 0; i != std::size(kinds) + 2; ++i)
    std::printf(" --- |");
  for (const std::string& title : titles) {
    std::printf("\n| %s |", title.c_str());
    for (const kind& each : kinds)
      std::printf(" %s |", cell(table[title][each.name]).c_str());
    std::printf(" %s |", cell(table[title][broken.name]).c_str());
  }
  std::printf("\nEND TABLE\n");
}

// ---- Cases of some seconds ----

result an_owner_excludes(const kind& lock, const place& here) {
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  owner stranger(lock.serve_lock, here.on(2, new_name()));
  const bool is_right = a.ask("try").is("yes") && b.ask("try").is("no") &&
                        b.ask("try_shared").is("no") &&
                        stranger.ask("try").is("yes") &&
                        a.ask("unlock").is("yes") && b.ask("try").is("yes") &&
                        a.ask("try").is("no") && b.ask("unlock").is("yes");
  return promised(is_right);
}

result readers_join(const kind& lock, const place& here) {
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  owner c(lock.serve_lock, here.on(2, file));
  const bool is_right = a.ask("try_shared").is("yes") &&
                        b.ask("try_shared").is("yes") &&
                        c.ask("try").is("no") && a.ask("unlock").is("yes") &&
                        c.ask("try").is("no") && b.ask("unlock").is("yes") &&
                        c.ask("try").is("yes") && c.ask("unlock").is("yes");
  return promised(is_right);
}

result count_lost_increments(const kind& lock, const place& here, int times) {
  const std::string file = new_name();
  const std::string counter = new_name();
  std::vector<owner> owners;
  for (int i = 0; i != 4; ++i)
    owners.emplace_back(lock.serve_lock, here.on(1 + i % 2, file));
  for (int i = 0; i != 4; ++i)
    owners[static_cast<std::size_t>(i)].tell("loop " + std::to_string(times) +
                                             " " + here.on(1 + i % 2, counter));
  bool has_answers = true;
  for (owner& each : owners) {
    const answer said = each.await();
    if (!said.is("yes")) std::printf("  %s\n", said.words.c_str());
    has_answers = has_answers && said.is("yes");
  }
  const long lost = 4 * times - number_in(at_server(counter));
  return {std::to_string(lost), has_answers && lost == 0};
}

result no_increment_is_lost(const kind& lock, const place& here) {
  return count_lost_increments(lock, here, 8);
}
result no_increment_is_lost_by_removals(const kind& lock, const place& here) {
  return count_lost_increments(lock, here, 25);
}

result a_busy_lock_is_given_up(const kind& lock, const place& here) {
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  a.ask("lock");
  const answer said = b.ask("for 200");
  if (!said.is("no")) return {"**" + said.words + "**", false};
  return {std::to_string(said.milliseconds) + " ms",
          said.milliseconds >= 200 && said.milliseconds < 2000};
}

// How long after the release the waiter has the lock.
result handed_over(const kind& lock, const place& here, const char* wait,
                   long most) {
  constexpr int hold = 2000;
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  a.ask("lock");
  b.ask("open");
  b.tell(wait);
  sleep_for(hold);
  const auto released = clock::now();
  a.ask("unlock");
  answer said = b.await();
  said.milliseconds = milliseconds_since(released);
  return within(said, most);
}

result timed_wait_is_prompt(const kind& lock, const place& here) {
  // queued waits in the kernel, as lock() does.
  return handed_over(lock, here, "for 30000", 5000);
}
result endless_wait_ends(const kind& lock, const place& here) {
  return handed_over(lock, here, "lock", 5000);
}

result the_lock_of_the_dead_is_free(const kind& lock, const place& here) {
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  a.ask("lock");
  b.ask("open");
  b.tell("for 30000");
  sleep_for(300);
  const auto killed = clock::now();
  a.kill();
  answer said = b.await();
  said.milliseconds = milliseconds_since(killed);
  return within(said, 5000);
}

result a_death_is_told(const kind& lock, const place& here) {
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  const bool is_new = a.ask("lock").is("yes") && a.ask("died").is("no");
  a.kill();
  const bool is_told = b.ask("for 5000").is("yes") && b.ask("died").is("yes");
  b.ask("unlock");
  owner c(lock.serve_lock, here.on(1, file));
  return promised(is_new && is_told && c.ask("for 5000").is("yes") &&
                  c.ask("died").is("no"));
}

// The other client removes the file of an owner, and locks the next file.
result a_removal_is_noticed(const kind& lock, const place& here) {
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  a.ask("lock");
  const bool was_valid = a.ask("valid").is("yes");
  if (::unlink(here.on(2, file).c_str()) != 0) return {"**no unlink**", false};
  const bool has_new_file = b.ask("try").is("yes");
  const auto start = clock::now();
  while (a.ask("valid").is("yes") && milliseconds_since(start) < 40'000)
    sleep_for(50);
  const long late = milliseconds_since(start);
  if (!was_valid || !has_new_file) return {"**no new lock**", false};
  return {late < 1000 ? "at once" : "**" + std::to_string(late) + " ms late**",
          late < 1000};
}

// Idle, the object has the file open that the other client replaces and locks.
result a_replaced_file_is_not_locked(const kind& lock, const place& here) {
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  if (!a.ask("try").is("yes") || !a.ask("unlock").is("yes"))
    return {"**no lock**", false};
  a.ask("open");
  ::unlink(here.on(2, file).c_str());
  if (!b.ask("try").is("yes")) return {"**no new lock**", false};
  const answer said = a.ask("try");
  return {said.is("no") ? "yes" : "**" + said.words + "**", said.is("no")};
}

// A waiter's file is replaced by the owner, which then locks the new one.
result a_waiter_follows_the_name(const kind& lock, const place& here) {
  const std::string file = new_name();
  owner a(lock.serve_lock, here.on(1, file));
  owner next(lock.serve_lock, here.on(1, file));
  owner b(lock.serve_lock, here.on(2, file));
  a.ask("lock");
  b.ask("open");
  b.tell("for 3000");
  sleep_for(200);
  // By rename, as programs replace a file that must never be missing.
  const std::string other = here.on(1, new_name());
  const int created = ::open(other.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  ::close(created);
  if (::rename(other.c_str(), here.on(1, file).c_str()) != 0)
    return {"**no rename**", false};
  if (!next.ask("try").is("yes")) return {"**no new lock**", false};
  a.ask("unlock");
  const answer said = b.await();
  return {said.is("no") ? "yes" : "**" + said.words + "**", said.is("no")};
}

enum class whose { all, marked, removing };

struct quick_case {
  const char* title;
  result (*try_it)(const kind&, const place&);
  bool tells_broken; ///< must fail with the broken lock
  whose locks = whose::all;

  bool is_for(const kind& lock) const {
    return locks == whose::all ||
           (locks == whose::marked ? lock.is_marked : lock.removes);
  }
};
const quick_case quick_cases[] = {
    {"an owner on one client excludes the other client", an_owner_excludes,
     true},
    {"shared owners join, and exclude an exclusive one", readers_join, true},
    {"of 32 increments by 4 processes under the lock, lost",
     no_increment_is_lost, true},
    {"`try_lock_for(200ms)` of a busy lock returns after",
     a_busy_lock_is_given_up, true},
    {"a release after 2 s ends `try_lock_for` of the other client after",
     timed_wait_is_prompt, false},
    {"a release after 2 s ends `lock()` of the other client after",
     endless_wait_ends, false},
    {"`kill -9` of the owner ends `try_lock_for` of the other client after",
     the_lock_of_the_dead_is_free, false},
    {"`previous_owner_died()` on the other client", a_death_is_told, false,
     whose::marked},
    {"of 100 increments under a lock whose file is removed each time, lost",
     no_increment_is_lost_by_removals, false, whose::removing},
    {"the other client removes the file: `still_valid()` is false",
     a_removal_is_noticed, false},
    {"the other client replaces an idle file, and locks the new one: "
     "`try_lock()` is false",
     a_replaced_file_is_not_locked, true},
    {"a waiter's file is replaced by a rename: it waits for the new one",
     a_waiter_follows_the_name, true},
};

// ---- Cases of half a minute, of all locks at once ----

/// The owners of one lock while its server, or its client, is away.
struct group {
  const kind& lock;
  const place& here;
  std::string file = new_name();
  owner a{lock.serve_lock, here.on(1, file)};
  owner b{lock.serve_lock, here.on(2, file)};
  owner c{lock.serve_lock, here.on(2, file)};
  std::string idle_file = new_name();
  owner idle{lock.serve_lock, here.on(1, idle_file)};
  owner next{lock.serve_lock, here.on(2, idle_file)};
};

/// Effects: `a` of each group holds the lock, and the others have it open.
std::vector<group> make_groups() {
  std::vector<group> groups;
  groups.reserve(std::size(places) * std::size(kinds));
  for (const place& here : places) {
    for (const kind& lock : kinds) {
      groups.push_back(group{lock, here});
      group& made = groups.back();
      made.a.ask("lock");
      made.b.ask("open");
      made.c.ask("open");
      made.idle.ask("lock");
      made.idle.ask("unlock");
      made.idle.ask("open");
    }
  }
  return groups;
}

// A client that has not renewed its lease is not known after a restart.
void restart_of_the_server() {
  std::vector<group> groups = make_groups();
  for (group& each : groups)
    each.b.tell("for 90000");
  run("stop");
  for (group& each : groups)
    ::unlink(at_server(each.idle_file).c_str());
  run("start");
  for (group& each : groups)
    each.c.tell("for 200");
  for (group& each : groups) {
    const answer said = each.c.await();
    note("the server restarts: `try_lock_for(200ms)` of a held lock is false "
         "after",
         each.lock, each.here,
         {said.is("no") ? std::to_string(said.milliseconds) + " ms"
                        : "**" + said.words + "**",
          said.is("no")});
  }
  for (group& each : groups) {
    const bool has_kept =
        each.a.ask("valid").is("yes") && each.b.await(0).is("silent");
    note("the owner keeps the lock", each.lock, each.here, promised(has_kept));
  }
  for (group& each : groups) {
    const auto released = clock::now();
    each.a.ask("unlock");
    answer said = each.b.await(90);
    said.milliseconds = milliseconds_since(released);
    note("a release ends a `try_lock_for` that began before the restart after",
         each.lock, each.here, within(said, 60'000));
  }
  for (group& each : groups) {
    const answer said = each.idle.ask("try");
    const bool is_right = said.is("yes") && each.next.ask("try").is("no");
    note("the server removed an idle file meanwhile (`ESTALE`): `try_lock()` "
         "takes the next one",
         each.lock, each.here,
         {is_right ? "yes" : "**" + said.words + "**", is_right});
  }
}

void cut_within_the_lease() {
  std::vector<group> groups = make_groups();
  run("cut 1");
  for (group& each : groups)
    each.c.tell("for 1000");
  bool is_free = false;
  for (group& each : groups)
    is_free = !each.c.await().is("no") || is_free;
  sleep_for(lease / 2 - 1000);
  run("join 1");
  for (group& each : groups) {
    const bool has_kept = !is_free && each.a.ask("valid").is("yes") &&
                          each.c.ask("try").is("no") &&
                          each.a.ask("unlock").is("yes") &&
                          each.c.ask("for 5000").is("yes");
    note("the owner's client is cut off for 5 s, half of its lease: it keeps "
         "the lock",
         each.lock, each.here, promised(has_kept));
  }
}

void cut_beyond_the_lease() {
  std::vector<group> groups = make_groups();
  const auto cut = clock::now();
  run("cut 1");
  for (group& each : groups)
    each.b.tell("for 90000");
  sleep_for(2 * lease);
  run("join 1");
  for (group& each : groups)
    note("cut off for 20 s: the other client's `try_lock_for` has it after",
         each.lock, each.here, within(each.b.await(90), 60'000));
  std::printf("  %ld ms since the cut\n", milliseconds_since(cut));
  for (group& each : groups) {
    const answer said = each.a.ask("valid");
    const bool is_noticed = said.is("no");
    note("back again: `still_valid()` of the old owner is false", each.lock,
         each.here,
         {is_noticed ? "yes" : "**no**", is_noticed == each.lock.notices_loss});
  }
  for (group& each : groups) {
    const answer said = each.a.ask("unlock");
    if (!said.is("yes")) std::printf("  unlock: %s\n", said.words.c_str());
    note("its `unlock()` leaves the new owner the lock", each.lock, each.here,
         promised(each.a.ask("try").is("no") && each.c.ask("try").is("no")));
  }
  for (group& each : groups) {
    if (!each.lock.is_marked) continue;
    each.b.kill();
    note("the new owner is killed then: `previous_owner_died()` says so",
         each.lock, each.here,
         promised(each.c.ask("for 20000").is("yes") &&
                  each.c.ask("died").is("yes") &&
                  each.c.ask("unlock").is("yes")));
  }
  for (group& each : groups)
    note("the new owner's release lets the old one in again", each.lock,
         each.here,
         promised((each.lock.is_marked || each.b.ask("unlock").is("yes")) &&
                  each.a.ask("for 20000").is("yes")));
}

// A trap that the manual warns of: the server takes both for one client that
// has restarted, and forgets the locks of the first one.
void two_clients_with_one_name() {
  const place here{"twin"};
  const place as_noted{"4.2"};
  if (!run("twins")) std::printf("  no twins\n");
  for (const kind& lock : kinds) {
    const std::string file = new_name();
    owner a(lock.serve_lock, here.on(1, file));
    owner b(lock.serve_lock, here.on(2, file));
    const answer first = a.ask("try");
    const answer second = b.ask("try");
    if (!first.is("yes")) std::printf("  %s\n", first.words.c_str());
    note("**a trap**: two clients with one host name exclude each other", lock,
         as_noted,
         {second.is("no")    ? "yes"
          : second.is("yes") ? "**no**"
                             : second.words,
          true});
  }
}

const struct {
  const char* name;
  void (*try_it)();
} long_cases[] = {{"restart", restart_of_the_server},
                  {"cut within", cut_within_the_lease},
                  {"cut beyond", cut_beyond_the_lease},
                  // The last: it may upset the server's other clients.
                  {"twins", two_clients_with_one_name}};

/// \returns Whether the mounts are what the cases are about: otherwise they
/// would pass on any folder.
bool are_two_clients(const place& here) {
  constexpr long nfs_number = 0x6969; // statfs(2)
  for (int client : {1, 2}) {
    struct ::statfs system;
    if (::statfs(here.on(client, "").c_str(), &system) != 0 ||
        system.f_type != nfs_number)
      return false;
  }
  struct ::stat a;
  struct ::stat b;
  return ::stat(here.on(1, "").c_str(), &a) == 0 &&
         ::stat(here.on(2, "").c_str(), &b) == 0 && a.st_dev != b.st_dev;
}

} // namespace

int main(int argc, char** argv) {
  const std::string part = argc > 1 ? argv[1] : "";
  const int times = argc > 2 ? std::atoi(argv[2]) : 1;
  for (const place& here : places) {
    if (are_two_clients(here)) continue;
    std::printf("FAILED: no two clients of NFS %s\n", here.version.c_str());
    return 1;
  }
  bool is_any = false;
  const auto is_meant = [&](const std::string& title) {
    const bool result = title.find(part) != std::string::npos;
    is_any = is_any || result;
    return result;
  };
  for (const quick_case& each : quick_cases) {
    if (!is_meant(each.title)) continue;
    for (const place& here : places) {
      for (const kind& lock : kinds)
        if (each.is_for(lock))
          for (int i = 0; i != times; ++i)
            note(each.title, lock, here, each.try_it(lock, here));
      if (each.tells_broken)
        note(each.title, broken, here, each.try_it(broken, here));
    }
  }
  for (const auto& each : long_cases)
    if (is_meant(each.name)) each.try_it();
  if (!is_any) {
    std::printf("FAILED: no case has '%s' in its title\n", part.c_str());
    return 1;
  }
  print_table();
  std::printf("failures: %d\n", failures);
  return failures == 0 ? 0 : 1;
}
