// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// One request by HTTP, and its answer, without a call that blocks.

#ifndef FILELOCK_DETAIL_REMOTE_HTTP_EXCHANGE_HPP
#define FILELOCK_DETAIL_REMOTE_HTTP_EXCHANGE_HPP

#include <filelock/detail/remote/tcp_socket.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <poll.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The text of a request that asks `server` by a JSON text.
inline std::string http_request(std::string_view server, std::string_view path,
                                std::string_view body) {
  std::string result = "POST ";
  result.append(path).append(" HTTP/1.1\r\nHost: ").append(server);
  // A member of a cluster that has lost its leader ends a watch then, rather
  // than to be silent. Other requests need the leader anyway.
  result += "\r\nContent-Type: application/json"
            "\r\nGrpc-Metadata-hasleader: true\r\nContent-Length: ";
  result += std::to_string(body.size());
  result.append("\r\n\r\n").append(body);
  return result;
}

/// A connection, and the exchange on it. Its driver polls descriptor() for
/// events(), then calls advance(), until there is an answer.
class http_exchange {
public:
  /// What answers may be: an answer, or many, a line each.
  enum class form { whole, lines };

  bool is_open() const noexcept { return socket_.is_open(); }
  int descriptor() const noexcept { return socket_.descriptor(); }

  /// \returns Whether a part of the request was sent.
  bool is_sent() const noexcept { return sent_ != 0; }

  /// Closes, and begins to connect.
  void connect(const socket_address& address, std::error_code& ec) noexcept {
    is_connecting_ = true;
    socket_.connect(address, ec);
  }

  void close() noexcept { socket_.close(); }

  /// Begins an exchange. Preconditions: is_open(), and no exchange is under
  /// way.
  void ask(std::string request, form answers = form::whole) {
    request_ = std::move(request);
    sent_ = 0;
    input_.clear();
    form_ = answers;
    parser_.emplace();
    parser_->eager(true);
    parser_->body_limit(form_ == form::whole
                            ? largest
                            : (std::numeric_limits<std::uint64_t>::max)());
  }

  short events() const noexcept {
    return is_connecting_ || sent_ != request_.size() ? POLLOUT : POLLIN;
  }

  /// Goes on, after poll(2). After an error the connection is closed.
  void advance(std::error_code& ec) {
    if (is_connecting_) {
      if (!socket_.connected(ec)) return close();
      is_connecting_ = false;
    }
    if (sent_ != request_.size()) {
      sent_ += socket_.send(std::string_view(request_).substr(sent_), ec);
      if (ec) return close();
      if (sent_ != request_.size()) return;
    }
    receive(ec);
    if (ec) close();
  }

  /// \returns Whether the whole answer is there.
  bool is_done() const noexcept { return parser_ && parser_->is_done(); }

  unsigned status() const {
    return parser_->is_header_done() ? parser_->get().result_int() : 0;
  }

  /// \returns The body of the answer. Preconditions: is_done().
  std::string take_body() {
    std::string result = std::move(parser_->get().body());
    if (!parser_->keep_alive()) close();
    return result;
  }

  /// \returns The next line of the answer. Nothing if it has not come yet.
  std::optional<std::string> take_line() {
    std::string& body = parser_->get().body();
    const std::size_t size = body.find('\n');
    if (size == std::string::npos) return std::nullopt;
    std::string line = body.substr(0, size);
    body.erase(0, size + 1);
    return line;
  }

private:
  // More than etcd answers here: it holds two values, of 1.5 MB each at most.
  static constexpr std::size_t largest = std::size_t{8} << 20U;

  void receive(std::error_code& ec) {
    char bytes[4096];
    bool has_ended = false;
    const std::size_t size =
        socket_.receive(bytes, sizeof bytes, has_ended, ec);
    if (ec) return;
    input_.append(bytes, size);
    boost::beast::error_code error;
    while (!input_.empty() && !parser_->is_done() && !error) {
      const std::size_t used = parser_->put(
          boost::asio::const_buffer(input_.data(), input_.size()), error);
      input_.erase(0, used);
      if (used == 0) break;
    }
    if (error == boost::beast::http::error::need_more) error = {};
    if (has_ended && !error && !parser_->is_done()) {
      // An answer without a length ends with its connection: RFC 9112, 6.3.
      if (parser_->is_header_done()) parser_->put_eof(error);
      if (!parser_->is_done()) {
        ec = std::make_error_code(std::errc::connection_reset);
        return;
      }
      socket_.close();
    }
    if (error || input_.size() > largest || is_line_too_long())
      ec = std::make_error_code(std::errc::protocol_error);
  }

  bool is_line_too_long() const {
    return form_ == form::lines && parser_->get().body().size() > largest;
  }

  tcp_socket socket_;
  std::string request_;
  std::size_t sent_ = 0;
  std::string input_;
  std::optional<
      boost::beast::http::response_parser<boost::beast::http::string_body>>
      parser_;
  form form_ = form::whole;
  bool is_connecting_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
