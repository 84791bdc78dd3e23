// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// odd_file_system <mode> <folder>: mounts a file system in memory at the
// folder, by libfuse3, and says "mounted". It serves until it is killed, or is
// unmounted. Its files are empty. The mode says what it makes of a request for
// a lock:
//
//   local      gets none: the kernel locks by itself
//   serves     answers as it should
//   deaf       the same, but does not hear that a waiter was interrupted
//   sleeps     the same, but wakes no waiter
//   pretends   grants all of them
//   hangs      never answers
//   renumbers  as local, and a file has another inode number at each lookup

#define FUSE_USE_VERSION 34

#include "lock_table.hpp"

#include <fuse_lowlevel.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

struct node {
  ::mode_t mode = 0;
  int links = 1;
  ::timespec changed{};
  std::map<std::string, ::fuse_ino_t> entries; ///< of a folder
  test::lock_table flock;
  test::lock_table records;

  bool is_folder() const { return S_ISDIR(mode); }
};

enum class mode { local, serves, deaf, sleeps, pretends, hangs, renumbers };

/// All of the file system. There is one thread.
struct world {
  mode how = mode::local;
  ::fuse_ino_t last_number = FUSE_ROOT_ID;
  // Several numbers may be one file. Nothing is ever forgotten.
  std::map<::fuse_ino_t, std::shared_ptr<node>> nodes;
};

world& all() {
  static world result;
  return result;
}

node& node_of(::fuse_ino_t number) { return *all().nodes.at(number); }

::timespec now() {
  ::timespec result;
  ::clock_gettime(CLOCK_REALTIME, &result);
  return result;
}

::fuse_ino_t add(std::shared_ptr<node> each) {
  all().nodes[++all().last_number] = std::move(each);
  return all().last_number;
}

std::shared_ptr<node> new_node(::mode_t mode) {
  auto result = std::make_shared<node>();
  result->mode = mode;
  result->changed = now();
  return result;
}

struct ::stat status(::fuse_ino_t number) {
  const node& each = node_of(number);
  struct ::stat result = {};
  result.st_ino = number;
  result.st_mode = each.mode;
  result.st_nlink = static_cast<::nlink_t>(each.links);
  result.st_uid = ::getuid();
  result.st_gid = ::getgid();
  result.st_ctim = each.changed;
  result.st_mtim = each.changed;
  return result;
}

// The timeouts of zero make the kernel ask each time.
::fuse_entry_param entry(::fuse_ino_t number) {
  ::fuse_entry_param result = {};
  result.ino = number;
  result.attr = status(number);
  return result;
}

void lookup(::fuse_req_t request, ::fuse_ino_t parent, const char* name) {
  auto& entries = node_of(parent).entries;
  const auto found = entries.find(name);
  if (found == entries.end()) {
    ::fuse_reply_err(request, ENOENT);
    return;
  }
  const std::shared_ptr<node> each = all().nodes.at(found->second);
  if (all().how == mode::renumbers && !each->is_folder())
    found->second = add(each);
  const ::fuse_entry_param result = entry(found->second);
  ::fuse_reply_entry(request, &result);
}

void getattr(::fuse_req_t request, ::fuse_ino_t number, ::fuse_file_info*) {
  const struct ::stat result = status(number);
  ::fuse_reply_attr(request, &result, 0);
}

void setattr(::fuse_req_t request, ::fuse_ino_t number, struct ::stat*, int,
             ::fuse_file_info* file) {
  getattr(request, number, file);
}

void mkdir(::fuse_req_t request, ::fuse_ino_t parent, const char* name,
           ::mode_t permissions) {
  const ::fuse_ino_t number = add(new_node(S_IFDIR | permissions));
  node_of(parent).entries[name] = number;
  const ::fuse_entry_param result = entry(number);
  ::fuse_reply_entry(request, &result);
}

void create(::fuse_req_t request, ::fuse_ino_t parent, const char* name,
            ::mode_t permissions, ::fuse_file_info* file) {
  auto& entries = node_of(parent).entries;
  // Two may create it at once, and both not have seen it.
  const auto found = entries.find(name);
  if (found != entries.end() && (file->flags & O_EXCL) != 0) {
    ::fuse_reply_err(request, EEXIST);
    return;
  }
  const ::fuse_ino_t number = found != entries.end()
                                  ? found->second
                                  : add(new_node(S_IFREG | permissions));
  entries[name] = number;
  const ::fuse_entry_param result = entry(number);
  ::fuse_reply_create(request, &result, file);
}

void open(::fuse_req_t request, ::fuse_ino_t, ::fuse_file_info* file) {
  ::fuse_reply_open(request, file);
}

void remove(::fuse_req_t request, ::fuse_ino_t parent, const char* name) {
  auto& entries = node_of(parent).entries;
  const auto found = entries.find(name);
  if (found == entries.end()) {
    ::fuse_reply_err(request, ENOENT);
    return;
  }
  node& each = node_of(found->second);
  if (!each.entries.empty()) {
    ::fuse_reply_err(request, ENOTEMPTY);
    return;
  }
  each.links = 0;
  each.changed = now();
  entries.erase(found);
  ::fuse_reply_err(request, 0);
}

void readdir(::fuse_req_t request, ::fuse_ino_t number, std::size_t size,
             ::off_t offset, ::fuse_file_info*) {
  std::vector<char> buffer(size);
  std::size_t used = 0;
  ::off_t position = 0;
  for (const auto& [name, each] : node_of(number).entries) {
    if (position++ < offset) continue;
    const struct ::stat attributes = status(each);
    const std::size_t needed =
        ::fuse_add_direntry(request, buffer.data() + used, size - used,
                            name.c_str(), &attributes, position);
    if (needed > size - used) break;
    used += needed;
  }
  ::fuse_reply_buf(request, buffer.data(), used);
}

// ---- Locks ----

void answer(::fuse_req_t request, test::lock_table& table,
            const test::lock_table::lock& wanted, bool waits) {
  switch (all().how) {
  case mode::hangs:
    return;
  case mode::pretends:
    ::fuse_reply_err(request, 0);
    return;
  case mode::sleeps:
    if (waits && !table.can_be_had(wanted)) return;
    break;
  case mode::local:
  case mode::serves:
  case mode::deaf:
  case mode::renumbers:
    break;
  }
  if (!wanted.is_release && !waits && !table.can_be_had(wanted)) {
    ::fuse_reply_err(request, EAGAIN);
    return;
  }
  table.set(request, wanted);
  if (all().how == mode::serves && table.has_waiter(request))
    ::fuse_req_interrupt_func(
        request,
        [](::fuse_req_t interrupted, void* of) {
          if (static_cast<test::lock_table*>(of)->forget(interrupted))
            ::fuse_reply_err(interrupted, EINTR);
        },
        &table);
}

void flock(::fuse_req_t request, ::fuse_ino_t number, ::fuse_file_info* file,
           int operation) {
  const int kind = operation & ~LOCK_NB;
  answer(request, node_of(number).flock,
         {file->lock_owner, kind == LOCK_SH, kind == LOCK_UN},
         (operation & LOCK_NB) == 0);
}

// The whole file: the library asks for nothing else here.
void setlk(::fuse_req_t request, ::fuse_ino_t number, ::fuse_file_info* file,
           struct ::flock* record, int waits) {
  answer(
      request, node_of(number).records,
      {file->lock_owner, record->l_type == F_RDLCK, record->l_type == F_UNLCK},
      waits != 0);
}

void getlk(::fuse_req_t request, ::fuse_ino_t number, ::fuse_file_info* file,
           struct ::flock* record) {
  const test::lock_table::lock wanted{file->lock_owner,
                                      record->l_type == F_RDLCK, false};
  if (all().how == mode::hangs) return;
  if (all().how == mode::pretends || node_of(number).records.can_be_had(wanted))
    record->l_type = F_UNLCK;
  else
    record->l_type = F_WRLCK;
  ::fuse_reply_lock(request, record);
}

// Each close of a descriptor of a process ends its locks by fcntl(2).
void flush(::fuse_req_t request, ::fuse_ino_t number, ::fuse_file_info* file) {
  node_of(number).records.release(file->lock_owner);
  ::fuse_reply_err(request, 0);
}

// The last close of an open file description ends its lock by flock(2).
void release(::fuse_req_t request, ::fuse_ino_t number,
             ::fuse_file_info* file) {
  if (file->flock_release != 0) node_of(number).flock.release(file->lock_owner);
  ::fuse_reply_err(request, 0);
}

::fuse_lowlevel_ops operations() {
  ::fuse_lowlevel_ops result = {};
  result.lookup = lookup;
  result.getattr = getattr;
  result.setattr = setattr;
  result.mkdir = mkdir;
  result.create = create;
  result.open = open;
  result.unlink = remove;
  result.rmdir = remove;
  result.readdir = readdir;
  if (all().how == mode::local || all().how == mode::renumbers) return result;
  result.flock = flock;
  result.setlk = setlk;
  result.getlk = getlk;
  result.flush = flush;
  result.release = release;
  return result;
}

bool read_mode(const std::string& name) {
  const std::map<std::string, mode> modes{
      {"local", mode::local},        {"serves", mode::serves},
      {"deaf", mode::deaf},          {"sleeps", mode::sleeps},
      {"pretends", mode::pretends},  {"hangs", mode::hangs},
      {"renumbers", mode::renumbers}};
  const auto found = modes.find(name);
  if (found != modes.end()) all().how = found->second;
  return found != modes.end();
}

int serve(char* program, const char* folder) {
  all().nodes[FUSE_ROOT_ID] = new_node(S_IFDIR | 0777);
  char* arguments[] = {program, nullptr};
  ::fuse_args args = FUSE_ARGS_INIT(1, arguments);
  const ::fuse_lowlevel_ops does = operations();
  ::fuse_session* const session =
      ::fuse_session_new(&args, &does, sizeof does, nullptr);
  if (!session || ::fuse_session_mount(session, folder) != 0) return 1;
  std::puts("mounted");
  std::fflush(stdout);
  const int result = ::fuse_session_loop(session);
  ::fuse_session_unmount(session);
  ::fuse_session_destroy(session);
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3 || !read_mode(argv[1])) {
    std::fputs("odd_file_system <mode> <folder>\n", stderr);
    return 2;
  }
  return serve(argv[0], argv[2]);
}
