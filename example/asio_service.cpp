// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A service that appends what its clients send to a journal. Other programs
// write to the journal too, so each line is written under a lock.

#include "support/example.hpp"

#include <iostream>

#if __has_include(<boost/asio.hpp>)

#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/file_mutex.hpp>

#include <boost/asio.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace {

using example::check;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// tag::service[]
struct journal {
  std::filesystem::path path;
  filelock::file_mutex mutex; // one for all sessions, so they queue
};

class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket client, journal& shared)
      : client_(std::move(client)), journal_(shared) {}

  void read_line() {
    auto self = shared_from_this();
    asio::async_read_until(client_, asio::dynamic_buffer(input_), '\n',
                           [self](error_code ec, std::size_t length) {
                             if (!ec) self->append(length);
                           });
  }

private:
  void append(std::size_t length) {
    using namespace std::chrono_literals;
    auto self = shared_from_this();
    // No thread waits here: the other sessions go on.
    filelock::async_lock_for(
        client_.get_executor(), journal_.mutex, 5s,
        [self, length](error_code ec, bool is_held) {
          if (ec) return self->answer(ec.message() + '\n');
          if (!is_held) return self->answer("busy\n");
          const std::unique_lock guard{self->journal_.mutex, std::adopt_lock};
          std::ofstream(self->journal_.path, std::ios::app | std::ios::binary)
              << self->input_.substr(0, length);
          self->answer("written\n");
        });
  }

  void answer(std::string text) {
    auto self = shared_from_this();
    output_ = std::move(text);
    asio::async_write(client_, asio::buffer(output_),
                      [self](error_code, std::size_t) {});
  }

  tcp::socket client_;
  journal& journal_;
  std::string input_;
  std::string output_;
};
// end::service[]

void accept(tcp::acceptor& acceptor, journal& shared) {
  acceptor.async_accept([&](error_code ec, tcp::socket client) {
    if (ec) return; // the end of the service
    std::make_shared<session>(std::move(client), shared)->read_line();
    accept(acceptor, shared);
  });
}

/// \returns The answer to a line.
std::string send(const tcp::endpoint& service, const std::string& line) {
  asio::io_context context;
  tcp::socket socket(context);
  socket.connect(service);
  asio::write(socket, asio::buffer(line));
  std::string answer;
  error_code end_of_file;
  asio::read(socket, asio::dynamic_buffer(answer), end_of_file);
  return answer;
}

void use(const example::temporary_folder& folder) {
  journal shared{folder / "journal",
                 filelock::file_mutex{folder / "journal.lock"}};
  asio::io_context context{1};
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  accept(acceptor, shared);
  std::thread loop([&] { context.run(); });

  filelock::file_lock other_program{folder / "journal.lock"};
  other_program.lock();
  std::string answers[3];
  std::thread clients[3];
  for (int i = 0; i != 3; ++i)
    clients[i] = std::thread([&, i] {
      answers[i] =
          send(acceptor.local_endpoint(), "line " + std::to_string(i) + '\n');
    });
  other_program.unlock();
  for (std::thread& each : clients)
    each.join();
  asio::post(context, [&] { acceptor.close(); });
  loop.join();

  for (const std::string& each : answers)
    check(each == "written\n", "each client is answered");
  check(std::filesystem::file_size(shared.path) == 3 * 7, "nothing is lost");
}

} // namespace

int main() { return example::run(use); }

#else

int main() { std::cout << "the headers of Boost.Asio are missing\n"; }

#endif
