// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Servers of etcd of the test's own: in temporary folders, on ports of the
/// loopback interface.

#ifndef FILELOCK_TEST_SUPPORT_ETCD_SERVER_HPP
#define FILELOCK_TEST_SUPPORT_ETCD_SERVER_HPP

#include "child_process.hpp"
#include "free_port.hpp"
#include "skipped.hpp"
#include "temporary_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace test {

/// \returns Whether there is a program of that name in the PATH.
inline bool is_installed(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  std::error_code ec;
  for (std::string folder; std::getline(folders, folder, ':');)
    if (std::filesystem::exists(folder + '/' + program, ec)) return true;
  return false;
}

/// \returns Whether the tests can have servers. Else says so, and why not.
inline bool has_etcd(const char* what) {
  const bool is_there = is_installed("etcd") && is_installed("etcdctl");
  if (!is_there) skipped(what, "etcd and etcdctl are not installed");
  return is_there;
}

/// A cluster of one or more servers, all of which run.
class etcd_servers {
public:
  explicit etcd_servers(std::size_t count = 1) {
    std::string members;
    for (std::size_t i = 0; i != count; ++i) {
      member& each = members_.emplace_back();
      each.name = "m" + std::to_string(i);
      each.address = "127.0.0.1:" + std::to_string(free_port());
      each.peer = "http://127.0.0.1:" + std::to_string(free_port());
      members += (i == 0 ? "" : ",") + each.name + '=' + each.peer;
    }
    for (member& each : members_) {
      each.arguments = {"etcd",
                        "--name",
                        each.name,
                        "--data-dir",
                        (folder_.path() / each.name).string(),
                        "--listen-client-urls",
                        "http://" + each.address,
                        "--advertise-client-urls",
                        "http://" + each.address,
                        "--listen-peer-urls",
                        each.peer,
                        "--initial-advertise-peer-urls",
                        each.peer,
                        "--initial-cluster",
                        members,
                        "--heartbeat-interval=50",
                        "--election-timeout=500", // lets leases last 1 s
                        "--unsafe-no-fsync"};
    }
    for (std::size_t i = 0; i != count; ++i)
      start(i);
    await();
  }

  ~etcd_servers() {
    for (std::size_t i = 0; i != members_.size(); ++i)
      kill(i);
  }
  etcd_servers(const etcd_servers&) = delete;
  etcd_servers& operator=(const etcd_servers&) = delete;

  std::size_t size() const { return members_.size(); }

  /// \returns host:port of one, or of all.
  std::string endpoint(std::size_t which) const { return at(which).address; }
  std::string endpoints() const {
    std::string result;
    for (const member& each : members_)
      result += (result.empty() ? "" : ",") + each.address;
    return result;
  }

  void start(std::size_t which) {
    member& one = at(which);
    one.process.emplace(child_process::forked([&](line_channel&) {
      const std::string log = (folder_.path() / (one.name + ".log")).string();
      const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(file, STDOUT_FILENO);
      ::dup2(file, STDERR_FILENO);
      end_with_parent();
      std::vector<char*> pointers;
      for (std::string& each : one.arguments)
        pointers.push_back(each.data());
      pointers.push_back(nullptr);
      ::execvp(pointers.front(), pointers.data());
      return std::string("cannot execute etcd");
    }));
  }

  void signal(std::size_t which, int number) {
    if (at(which).process) at(which).process->kill(number);
  }
  void pause(std::size_t which) { signal(which, SIGSTOP); }
  void resume(std::size_t which) { signal(which, SIGCONT); }

  /// Kills one, as the loss of its machine would.
  void kill(std::size_t which) {
    if (!at(which).process) return;
    at(which).process->kill_and_wait();
    at(which).process.reset();
  }

  /// Returns once the cluster answers.
  void await() {
    if (!wait_until_seen([&] { return is_ready(); }))
      throw std::runtime_error("etcd does not start: " + log());
  }

  /// \returns Which of them leads the others.
  std::size_t leader() {
    for (;;)
      for (std::size_t i = 0; i != members_.size(); ++i) {
        const std::string status =
            ask({"endpoint", "status", "-w", "fields"}, endpoint(i));
        const std::string id = value_of(status, "\"MemberID\" : ");
        if (!id.empty() && id == value_of(status, "\"Leader\" : ")) return i;
      }
  }

  /// \returns What etcdctl prints.
  std::string ask(const std::vector<std::string>& arguments) const {
    return ask(arguments, endpoints());
  }
  static std::string ask(const std::vector<std::string>& arguments,
                         const std::string& endpoints) {
    child_process program(etcdctl(arguments, endpoints),
                          child_process::errors::are_output);
    std::string said = program.read_all();
    program.wait();
    while (!said.empty() && said.back() == '\n')
      said.pop_back();
    return said;
  }

  /// \returns How to run etcdctl.
  static std::vector<std::string>
  etcdctl(const std::vector<std::string>& arguments,
          const std::string& endpoints) {
    std::vector<std::string> all = {"env", "ETCDCTL_API=3", "etcdctl",
                                    "--endpoints=" + endpoints};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }

  /// \returns The keys of all locks, a line each.
  std::string keys() const {
    return ask({"get", "filelock/", "--prefix", "--keys-only"});
  }
  /// \returns How many contenders there are for all names.
  std::size_t contenders() const {
    std::istringstream lines(keys());
    std::size_t count = 0;
    for (std::string each; std::getline(lines, each);)
      count += each.empty() ? 0U : 1U;
    return count;
  }
  /// \returns Whether that many contenders were seen.
  bool await_contenders(std::size_t count) const {
    return wait_until_seen([&] { return contenders() == count; });
  }
  /// \returns How many leases there are.
  std::size_t leases() const { return lease_ids().size(); }
  std::vector<std::string> lease_ids() const {
    std::istringstream lines(ask({"lease", "list"}));
    std::vector<std::string> result;
    std::string each;
    std::getline(lines, each); // found N leases
    while (std::getline(lines, each))
      result.push_back(each);
    return result;
  }

private:
  struct member {
    std::string name;
    std::string address;
    std::string peer;
    std::vector<std::string> arguments;
    std::optional<child_process> process;
  };

  member& at(std::size_t which) {
    return *std::next(members_.begin(), static_cast<std::ptrdiff_t>(which));
  }
  const member& at(std::size_t which) const {
    return *std::next(members_.begin(), static_cast<std::ptrdiff_t>(which));
  }

  bool is_ready() const {
    return ask({"--command-timeout=1s", "put", "ready", ""}) == "OK";
  }

  static std::string value_of(const std::string& text, const std::string& key) {
    const std::size_t at = text.find(key);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + key.size();
    return text.substr(begin, text.find('\n', begin) - begin);
  }

  std::string log() const {
    std::ostringstream all;
    for (const member& each : members_)
      all << std::ifstream(folder_.path() / (each.name + ".log")).rdbuf();
    return all.str();
  }

  temporary_folder folder_;
  std::list<member> members_;
};

/// \returns The server that the tests of this program share.
inline etcd_servers& shared_etcd_server() {
  static etcd_servers server;
  return server;
}

} // namespace test

#endif
