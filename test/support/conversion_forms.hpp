// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Every way to convert, and what came of it as a word.

#ifndef FILELOCK_TEST_SUPPORT_CONVERSION_FORMS_HPP
#define FILELOCK_TEST_SUPPORT_CONVERSION_FORMS_HPP

#include <filelock/conversion.hpp>
#include <filelock/detail/config.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace test {

inline std::string name_of(filelock::conversion result) {
  switch (result) {
  case filelock::conversion::held_throughout:
    return "held_throughout";
  case filelock::conversion::released_between:
    return "released_between";
  case filelock::conversion::refused_still_shared:
    return "refused_still_shared";
  case filelock::conversion::refused_released:
    return "refused_released";
  }
  return "none of the four";
}

/// \returns The result of `function()`, which throws where it fails: then the
/// error.
template <class Lock, class Function>
std::string thrown_result(const Lock& lock, Function function) {
  try {
    return name_of(function());
  } catch (const std::filesystem::filesystem_error& error) {
    return (error.path1() == lock.path() ? "" : "wrong path: ") +
           error.code().message();
  }
}

/// \returns The result of `function(ec)`, or the error.
template <class Lock, class Function>
std::string coded_result(const Lock& lock, Function function) {
  std::error_code ec = std::make_error_code(std::errc::bad_message); // cleared
  const filelock::conversion result = function(ec);
  if (!ec) return name_of(result);
  // What is said beside an error must not be better than what is.
  const auto expected = lock.owns_lock_shared()
                            ? filelock::conversion::refused_still_shared
                            : filelock::conversion::refused_released;
  return result == expected ? ec.message() : "claims " + name_of(result);
}

/// One form of a conversion. A timed one waits for ten seconds.
template <class Lock>
struct conversion_form {
  const char* name;
  bool is_timed;
  std::function<std::string(Lock&)> call;
};

template <class Lock>
std::vector<conversion_form<Lock>> downgrade_forms() {
  using code = std::error_code;
  return {
      {"downgrade()", false,
       [](Lock& l) { return thrown_result(l, [&] { return l.downgrade(); }); }},
      {"downgrade(ec)", false,
       [](Lock& l) {
         return coded_result(l, [&](code& ec) { return l.downgrade(ec); });
       }},
  };
}

template <class Lock>
std::vector<conversion_form<Lock>> upgrade_forms() {
  using code = std::error_code;
  using clock = typename Lock::clock;
  constexpr std::chrono::seconds length(10);
  const auto end = [length] { return clock::now() + length; };
  std::vector<conversion_form<Lock>> result;
  const auto throws = [&](const char* name, bool is_timed, auto call) {
    result.push_back({name, is_timed, [call](Lock& l) {
                        return thrown_result(l, [&] { return call(l); });
                      }});
  };
  const auto codes = [&](const char* name, bool is_timed, auto call) {
    result.push_back({name, is_timed, [call](Lock& l) {
                        return coded_result(
                            l, [&](code& ec) { return call(l, ec); });
                      }});
  };
  throws("try_upgrade()", false, [](Lock& l) { return l.try_upgrade(); });
  codes("try_upgrade(ec)", false,
        [](Lock& l, code& ec) { return l.try_upgrade(ec); });
  throws("try_upgrade_for()", true,
         [=](Lock& l) { return l.try_upgrade_for(length); });
  codes("try_upgrade_for(ec)", true,
        [=](Lock& l, code& ec) { return l.try_upgrade_for(length, ec); });
  throws("try_upgrade_until()", true,
         [=](Lock& l) { return l.try_upgrade_until(end()); });
  codes("try_upgrade_until(ec)", true,
        [=](Lock& l, code& ec) { return l.try_upgrade_until(end(), ec); });
#if FILELOCK_HAS_STOP_TOKEN
  const std::stop_token none;
  throws("try_upgrade_for(token)", true,
         [=](Lock& l) { return l.try_upgrade_for(length, none); });
  codes("try_upgrade_for(token, ec)", true,
        [=](Lock& l, code& ec) { return l.try_upgrade_for(length, none, ec); });
  throws("try_upgrade_until(token)", true,
         [=](Lock& l) { return l.try_upgrade_until(end(), none); });
  codes("try_upgrade_until(token, ec)", true, [=](Lock& l, code& ec) {
    return l.try_upgrade_until(end(), none, ec);
  });
#endif
  return result;
}

} // namespace test

#endif
