// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A PostgreSQL server of the test's own: in a temporary folder, on a port of
/// the loopback interface and a socket in that folder.

#ifndef FILELOCK_TEST_SUPPORT_POSTGRES_SERVER_HPP
#define FILELOCK_TEST_SUPPORT_POSTGRES_SERVER_HPP

#include "child_process.hpp"
#include "free_port.hpp"
#include "other_user.hpp"
#include "skipped.hpp"
#include "temporary_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace test {

/// \returns The folder of initdb and postgres; empty if there is none.
inline std::filesystem::path postgres_programs() {
  std::error_code ec;
  std::filesystem::path newest;
  // Debian keeps the versions apart, and none of them in the PATH.
  for (const auto& each :
       std::filesystem::directory_iterator("/usr/lib/postgresql", ec)) {
    const std::filesystem::path programs = each.path() / "bin";
    if (std::filesystem::exists(programs / "initdb", ec) && newest < programs)
      newest = programs;
  }
  return newest;
}

class postgres_server {
public:
  /// The password of the user that it has, "locker".
  static constexpr const char* password = "a secret of the tests";

  postgres_server() : postgres_server(std::vector<std::string>()) {}

  /// \param settings are lines of postgresql.conf.
  explicit postgres_server(const std::vector<std::string>& settings)
      : folder_(std::make_shared<temporary_folder>()), port_(free_port()) {
    let_server_user(folder_->path());
    {
      std::ofstream(folder_->path() / "password") << password << '\n';
      let_server_user(folder_->path() / "password");
    }
    run({programs() / "initdb", "-D", data(), "-U", "locker", "-A",
         "scram-sha-256", "--pwfile", folder_->path() / "password", "-N", "-E",
         "UTF8", "--locale=C"});
    std::ofstream conf(data() / "postgresql.conf", std::ios::app);
    conf << "listen_addresses = '127.0.0.1'\n"
         << "unix_socket_directories = '" << folder_->path().string() << "'\n"
         << "max_connections = 150\nshared_buffers = 8MB\n"
         << "logging_collector = off\nlog_destination = stderr\n";
    for (const std::string& line : settings)
      conf << line << '\n';
    conf.close();
    start();
  }

  /// Takes over a copy of the files of `other`, which does not run, and reads
  /// them as a standby would.
  static postgres_server standby_of(const postgres_server& other) {
    return postgres_server(other.folder_->path());
  }

  postgres_server(postgres_server&&) = default;
  ~postgres_server() {
    if (folder_) stop(SIGQUIT);
  }

  /// Starts the server, and returns once it answers.
  void start() {
    server_.emplace(child_process::forked([&](line_channel&) -> std::string {
      become_server_user();
      const std::string log = (folder_->path() / "log").string();
      const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(file, STDOUT_FILENO);
      ::dup2(file, STDERR_FILENO);
      end_with_parent(SIGQUIT);
      const std::string program = programs() / "postgres";
      const std::string folder = data().string();
      const std::string port = std::to_string(port_);
      ::execl(program.c_str(), program.c_str(), "-D", folder.c_str(), "-p",
              port.c_str(), static_cast<char*>(nullptr));
      return "cannot execute " + program;
    }));
    const bool is_ready = wait_until_seen([&] {
      std::ifstream file(data() / "postmaster.pid");
      std::string line;
      for (int i = 0; i != 8; ++i)
        std::getline(file, line);
      return line.rfind("ready", 0) == 0 || line.rfind("standby", 0) == 0;
    });
    if (!is_ready) throw std::runtime_error("the server does not start");
  }

  /// \param signal SIGINT: fast; SIGQUIT: immediate, as in a crash.
  void stop(int signal) {
    if (!server_) return;
    server_->kill(SIGCONT);
    server_->kill(signal);
    server_->wait();
    server_.reset();
  }

  void restart(int signal) {
    stop(signal);
    start();
  }

  ::pid_t pid() const { return server_->id(); }
  int port() const { return port_; }
  std::filesystem::path folder() const { return folder_->path(); }
  std::filesystem::path data() const { return folder_->path() / "data"; }

  /// \returns The words that connect by TCP.
  std::string connection() const { return connection_by(port_); }
  /// \param port That of a proxy.
  static std::string connection_by(int port) {
    return "host=127.0.0.1 port=" + std::to_string(port) +
           " dbname=postgres user=locker password='" + password + "'";
  }

  /// \returns The first column of the answer: one line for each row. Or what
  /// the server says in place of an answer.
  std::string ask(const std::string& statement) const {
    const std::unique_ptr<::PGconn, void (*)(::PGconn*)> session(
        ::PQconnectdb(connection().c_str()), &::PQfinish);
    const std::unique_ptr<::PGresult, void (*)(::PGresult*)> result(
        ::PQexec(session.get(), statement.c_str()), &::PQclear);
    const ::ExecStatusType status = ::PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
      return ::PQerrorMessage(session.get());
    std::string answer;
    for (int row = 0; row != ::PQntuples(result.get()); ++row)
      answer += (row == 0 ? "" : "\n") +
                std::string(::PQgetvalue(result.get(), row, 0));
    return answer;
  }

  /// \returns How to run `psql` by it.
  std::vector<std::string>
  psql_arguments(const std::vector<std::string>& more) const {
    std::vector<std::string> all = {"psql", "-X", "-q",        "-A",
                                    "-t",   "-d", connection()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// Ends the sleep of a standby: it becomes a server of its own.
  void promote() { ask("select pg_promote(true, 30)"); }

  /// Lets a signal reach the server and each of its processes.
  void signal_all(int signal) const {
    // The processes are children of the first one, and in groups of their own.
    for (const ::pid_t each : processes())
      ::kill(each, signal);
  }

private:
  explicit postgres_server(const std::filesystem::path& original)
      : folder_(std::make_shared<temporary_folder>()), port_(free_port()) {
    let_server_user(folder_->path());
    std::filesystem::copy(original / "data", data(),
                          std::filesystem::copy_options::recursive);
    std::filesystem::remove(data() / "postmaster.pid");
    std::ofstream(data() / "standby.signal").close();
    std::ofstream(data() / "postgresql.conf", std::ios::app)
        << "unix_socket_directories = '" << folder_->path().string() << "'\n";
    let_server_user(data());
    for (const auto& each :
         std::filesystem::recursive_directory_iterator(data()))
      let_server_user(each.path());
    start();
  }

  static std::filesystem::path programs() { return postgres_programs(); }

  // The server refuses to run as root.
  static constexpr ::uid_t nobody = 65534;
  static void let_server_user(const std::filesystem::path& path) {
    if (::geteuid() == 0 && ::chown(path.c_str(), nobody, nobody) != 0)
      throw std::system_error(errno, std::generic_category(), "chown");
  }
  static void become_server_user() {
    if (!give_up_root()) throw std::runtime_error("no other user");
    if (::chdir("/") != 0) throw std::runtime_error("no folder");
  }

  void run(const std::vector<std::string>& arguments) const {
    const std::string failed = failure_in_child([&]() -> std::string {
      become_server_user();
      child_process program(arguments, child_process::errors::are_output);
      const std::string said = program.read_all();
      return program.wait() == 0 ? "" : said;
    });
    if (!failed.empty()) throw std::runtime_error(failed);
  }

  std::vector<::pid_t> processes() const {
    std::vector<::pid_t> result = {pid()};
    for (const auto& each : std::filesystem::directory_iterator("/proc")) {
      std::ifstream stat(each.path() / "stat");
      std::string line;
      if (!std::getline(stat, line)) continue;
      const std::size_t end = line.rfind(')');
      if (end == std::string::npos) continue;
      std::istringstream words(line.substr(end + 1));
      std::string state;
      ::pid_t parent = 0;
      words >> state >> parent;
      if (parent == pid()) result.push_back(std::stoi(line));
    }
    return result;
  }

  std::shared_ptr<temporary_folder> folder_;
  int port_;
  std::optional<child_process> server_;
};

/// \returns Whether the tests can have a server. Else says so, and why not.
inline bool has_postgres_server(const char* what) {
  if (postgres_programs().empty()) {
    skipped(what, "no PostgreSQL server is installed");
    return false;
  }
  return ::geteuid() != 0 || can_give_up_root(what);
}

/// \returns The server that the tests of this program share.
inline postgres_server& shared_postgres_server() {
  static postgres_server server;
  return server;
}

} // namespace test

#endif
