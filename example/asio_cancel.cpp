// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A service that stops while it waits for a lock.

#include "support/example.hpp"

#include <iostream>

#if __has_include(<boost/asio.hpp>)

#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>

#include <boost/asio.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <utility>

namespace {

using namespace std::chrono_literals;
using example::check;
namespace asio = boost::asio;
using boost::system::error_code;

// tag::cancel[]
class writer {
public:
  writer(asio::io_context& context, std::filesystem::path file)
      : context_(context),
        lock_(file.string() + ".lock"),
        file_(std::move(file)) {}

  void start() {
    filelock::async_lock_for(
        context_.get_executor(), lock_, 1min,
        asio::bind_cancellation_slot(
            stop_.slot(), [this](error_code ec, bool is_held) {
              if (ec == asio::error::operation_aborted)
                result_ = "stopped"; // and holds nothing
              else if (ec)
                result_ = ec.message();
              else
                result_ = is_held ? write() : "busy for a minute";
            }));
  }

  /// Call it on the thread that runs the context.
  void stop() { stop_.emit(asio::cancellation_type::terminal); }

  const std::string& result() const { return result_; }

private:
  std::string write() {
    const std::unique_lock guard{lock_, std::adopt_lock};
    std::ofstream(file_, std::ios::app | std::ios::binary) << "line\n";
    return "written";
  }

  asio::io_context& context_;
  filelock::file_lock lock_;
  std::filesystem::path file_;
  asio::cancellation_signal stop_;
  std::string result_;
};
// end::cancel[]

void use(const example::temporary_folder& folder) {
  const std::filesystem::path file = folder / "log";
  filelock::file_lock other_program{folder / "log.lock"};
  other_program.lock();

  asio::io_context context;
  writer stopped(context, file);
  stopped.start();
  asio::post(context, [&] { stopped.stop(); });
  context.run();
  check(stopped.result() == "stopped", "the stop ends the wait");

  other_program.unlock();
  writer late(context, file);
  late.start();
  context.restart();
  context.run();
  check(late.result() == "written", "the lock was free");
  late.stop(); // nobody waits: no effect
  check(std::filesystem::file_size(file) == 5, "one line");
}

} // namespace

int main() { return example::run(use); }

#else

int main() { std::cout << "the headers of Boost.Asio are missing\n"; }

#endif
