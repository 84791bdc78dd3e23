// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// write_owner, read_owner, clear_owner: the owner names itself in the lock
// file.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/temporary_folder.hpp"
#include "support/written_lock_file.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

BOOST_AUTO_TEST_SUITE(lock_owner_record)

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using filelock::clear_owner;
using filelock::file_lock;
using filelock::foreign_content;
using filelock::owner_record;
using filelock::process_id;
using filelock::read_owner;
using filelock::write_owner;
using format = filelock::detail::owner_format;

const std::string process_line =
    ' ' + std::to_string(owner_record().process) + '\n';

struct lock_file : test::written_lock_file {
  /// \returns The text of the record; "none" where there is no record.
  std::string text() const {
    const std::optional<owner_record> found = read_owner(path);
    return found ? found->text : "none";
  }
};

/// \returns The error of a write.
template <class Lock>
std::error_code write_error(const Lock& lock, const owner_record& record = {},
                            foreign_content foreign = foreign_content::refuse) {
  auto ec = std::make_error_code(std::errc::io_error); // to be cleared
  write_owner(lock, record, foreign, ec);
  return ec;
}

std::string encoded(process_id process, const std::string& text) {
  const auto bytes = format::encode({process, text});
  return bytes ? std::string(bytes->begin(), bytes->end()) : "refused";
}

bool is_decoded(const std::string& content) {
  format::bytes bytes{};
  std::copy(content.begin(), content.end(), bytes.begin());
  return format::decode(bytes).has_value();
}

} // namespace

// ---- Write and read ----

BOOST_FIXTURE_TEST_CASE(an_owner_is_read_while_it_holds_the_lock, lock_file) {
  file_lock lock{path};
  lock.lock();
  write_owner(lock, {"serves port 8080"});
  file_lock other{path};
  BOOST_TEST(!other.try_lock());
  for (const auto& found : {read_owner(other), read_owner(lock),
                            read_owner(path), read_owner(file_lock{path})}) {
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->process == owner_record().process);
    BOOST_TEST(found->text == "serves port 8080");
  }
  BOOST_TEST(lock.owns_lock());
}

BOOST_FIXTURE_TEST_CASE(the_lock_file_is_a_pid_file, lock_file) {
  {
    file_lock lock{path};
    lock.lock();
    write_owner(lock);
  }
  // https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch03s15.html
  long long process = 0;
  std::ifstream(path) >> process;
  BOOST_TEST(process == owner_record().process);
  BOOST_TEST(fs::file_size(path) == 256u);
}

BOOST_AUTO_TEST_CASE(the_format_is_that_of_the_manual) {
  std::string expected = " 1234\nserves port 8080\n";
  expected.append(229 - expected.size(), ' ');
  expected += "\nfilelock owner 1 ";
  // Computed by another program.
  expected += "2e083a5f\n";
  BOOST_TEST(encoded(1234, "serves port 8080") == expected);
}

BOOST_FIXTURE_TEST_CASE(a_new_owner_replaces_all_of_the_last_record,
                        lock_file) {
  file_lock lock{path};
  lock.lock();
  write_owner(
      lock, {std::string(200, 'x'), (std::numeric_limits<process_id>::max)()});
  BOOST_TEST(text() == std::string(200, 'x'));
  BOOST_TEST(read_owner(path)->process ==
             (std::numeric_limits<process_id>::max)());
  write_owner(lock, {"", 1});
  BOOST_TEST(content() == encoded(1, ""));
  BOOST_TEST(read_owner(path)->process == 1);
}

BOOST_FIXTURE_TEST_CASE(a_text_may_have_any_letters, lock_file) {
  file_lock lock{path};
  lock.lock();
  const std::string letters = "Gr\xc3\xbc\xc3\x9f"
                              "e  ";
  write_owner(lock, {letters});
  BOOST_TEST(text() == letters);
}

BOOST_FIXTURE_TEST_CASE(a_record_outlives_its_owner, lock_file) {
  {
    file_lock lock{path};
    lock.lock();
    write_owner(lock, {"first"});
  }
  BOOST_TEST(text() == "first");
  file_lock next{path};
  next.lock();
  BOOST_TEST(text() == "first");
  write_owner(next, {"second"});
  BOOST_TEST(text() == "second");
}

BOOST_FIXTURE_TEST_CASE(a_cleared_record_is_gone, lock_file) {
  file_lock lock{path};
  lock.lock();
  write_owner(lock);
  clear_owner(lock);
  BOOST_TEST(text() == "none");
  BOOST_TEST(fs::file_size(path) == 0u);
  clear_owner(lock);
  write_owner(lock, {"again"});
  BOOST_TEST(text() == "again");
}

BOOST_FIXTURE_TEST_CASE(a_removed_lock_file_takes_the_record_along, lock_file) {
  filelock::open_options options;
  options.remove_on_release = true;
  file_lock lock{path, options};
  lock.lock();
  write_owner(lock, {"here"});
  BOOST_TEST(text() == "here");
  lock.unlock();
  BOOST_TEST(text() == "none");
}

BOOST_AUTO_TEST_CASE(a_simulated_lock_has_a_record_too) {
  const filelock::simulation world;
  filelock::simulated_file_lock lock{"/a.lock"};
  BOOST_TEST(!read_owner(lock));
  BOOST_TEST(lock.try_lock_for(1s));
  BOOST_TEST(!read_owner(lock));
  write_owner(lock, {"simulated"});
  const filelock::simulated_file_lock other{"/a.lock"};
  BOOST_TEST_REQUIRE(read_owner(other).has_value());
  BOOST_TEST(read_owner(other)->text == "simulated");
  clear_owner(lock);
  BOOST_TEST(!read_owner(other));
}

BOOST_FIXTURE_TEST_CASE(a_queued_lock_has_a_record_too, lock_file) {
  filelock::queued_file_lock lock{path};
  lock.lock();
  write_owner(lock, {"queued"});
  BOOST_TEST(text() == "queued");
  clear_owner(lock);
  BOOST_TEST(text() == "none");
}

// ---- Who may write ----

BOOST_FIXTURE_TEST_CASE(only_an_exclusive_owner_may_write, lock_file) {
  file_lock lock{path};
  const auto is_refused = [&](const file_lock& each) {
    std::error_code ec;
    clear_owner(each, ec);
    return ec == std::errc::operation_not_permitted &&
           write_error(each) == std::errc::operation_not_permitted;
  };
  BOOST_TEST(is_refused(lock));
  BOOST_TEST(is_refused(file_lock()));
  lock.open();
  BOOST_TEST(is_refused(lock));
  lock.lock_shared();
  BOOST_TEST(is_refused(lock));
  lock.unlock();
  lock.lock();
  const file_lock other = std::move(lock);
  BOOST_TEST(is_refused(lock)); // NOLINT(bugprone-use-after-move)
  BOOST_TEST(!write_error(other));
  BOOST_TEST(text() == "");
}

BOOST_FIXTURE_TEST_CASE(the_throwing_forms_name_the_path, lock_file) {
  file_lock lock{path};
  const auto is_thrown = [&](auto function, const std::string& words) {
    try {
      function();
      return false;
    } catch (const fs::filesystem_error& error) {
      return error.path1() == path &&
             std::string(error.what()).find(words) != std::string::npos;
    }
  };
  BOOST_TEST(is_thrown([&] { write_owner(lock); }, "holds the lock"));
  BOOST_TEST(is_thrown([&] { clear_owner(lock); }, "holds the lock"));
  lock.lock();
  BOOST_TEST(is_thrown([&] { write_owner(lock, {"a\nb"}); }, "one line"));
  write("precious");
  BOOST_TEST(is_thrown([&] { write_owner(lock); }, "other content"));
}

BOOST_FIXTURE_TEST_CASE(a_text_that_is_no_line_is_refused, lock_file) {
  file_lock lock{path};
  lock.lock();
  write_owner(lock, {"before"});
  const auto is_refused = [&](const owner_record& record) {
    return write_error(lock, record) == std::errc::invalid_argument;
  };
  BOOST_TEST(is_refused({std::string(201, 'x')}));
  BOOST_TEST(is_refused({"a\nb"}));
  BOOST_TEST(is_refused({"\x1b[2J"})); // would clear a terminal
  BOOST_TEST(is_refused({"\x7f"}));
  BOOST_TEST(is_refused({std::string(1, '\0')}));
  BOOST_TEST(is_refused({"", 0}));
  BOOST_TEST(is_refused({"", -1}));
  BOOST_TEST(text() == "before");
}

// ---- Files with other content ----

BOOST_FIXTURE_TEST_CASE(a_file_with_other_content_is_refused_and_kept,
                        lock_file) {
  file_lock lock{path};
  lock.lock();
  for (const std::string& other :
       {std::string("1"), std::string("1234\n"), std::string(256, 'x'),
        std::string(255, '\0'), std::string(257, '\0'), encoded(1, "") + "x",
        std::string(5000, 'x')}) {
    write(other);
    BOOST_TEST((write_error(lock) == std::errc::invalid_argument));
    clear_owner(lock);
    BOOST_TEST(content() == other);
    BOOST_TEST(text() == "none");
    BOOST_TEST(!read_owner(lock));
  }
}

BOOST_FIXTURE_TEST_CASE(other_content_is_replaced_if_asked, lock_file) {
  file_lock lock{path};
  lock.lock();
  for (const std::size_t size : {std::size_t(1), std::size_t(5000)}) {
    write(std::string(size, 'x'));
    BOOST_TEST(!write_error(lock, {"mine", 7}, foreign_content::replace));
    BOOST_TEST(content() == encoded(7, "mine"));
  }
}

// A killed owner, or a loss of power, in the middle of a write.
BOOST_FIXTURE_TEST_CASE(a_damaged_record_is_nothing_and_can_be_replaced,
                        lock_file) {
  file_lock lock{path};
  lock.lock();
  const std::string first = encoded(1111111, "the first one");
  const std::string second = encoded(22, "the second one");
  for (std::size_t i = 1; i != 256; ++i) {
    const std::string torn = second.substr(0, i) + first.substr(i);
    if (torn == first || torn == second) continue;
    write(torn);
    BOOST_TEST(text() == "none");
    BOOST_TEST(!write_error(lock));
  }
  write(std::string(256, '\0'));
  BOOST_TEST(text() == "none");
  BOOST_TEST(!write_error(lock, {"mine"}));
  BOOST_TEST(text() == "mine");
}

BOOST_AUTO_TEST_CASE(each_changed_byte_is_noticed) {
  const std::string right = encoded(1234, "text");
  BOOST_TEST(is_decoded(right));
  for (std::size_t i = 1; i != right.size(); ++i)
    for (int bit = 0; bit != 8; ++bit) {
      std::string wrong = right;
      wrong[i] = static_cast<char>(wrong[i] ^ (1 << bit));
      if (is_decoded(wrong)) BOOST_TEST_ERROR("byte " << i << ", bit " << bit);
    }
}

BOOST_AUTO_TEST_CASE(a_number_that_is_too_large_is_no_process) {
  std::string content = encoded((std::numeric_limits<process_id>::max)(), "");
  for (const char* const number :
       {"9223372036854775808", "9999999999999999999", "0000000000000000001"}) {
    content.replace(1, 19, number);
    BOOST_TEST(!is_decoded(content));
  }
}

// On Windows nobody else can read it while the lock is held.
BOOST_FIXTURE_TEST_CASE(the_first_byte_has_no_meaning, lock_file) {
  std::string found = encoded(1234, "text");
  found[0] = 'x';
  write(found);
  BOOST_TEST(text() == "text");
  file_lock lock{path};
  lock.lock();
  BOOST_TEST(!write_error(lock, {"next"}));
  BOOST_TEST(content() == encoded(owner_record().process, "next"));
}

BOOST_FIXTURE_TEST_CASE(nothing_is_read_where_there_is_nothing, lock_file) {
  BOOST_TEST(!read_owner(path)); // missing
  BOOST_TEST(!fs::exists(path));
  BOOST_TEST(!read_owner(file_lock{path}));
  BOOST_TEST(!fs::exists(path));
  BOOST_TEST(!read_owner(fs::path()));
  BOOST_TEST(!read_owner(file_lock()));
  BOOST_TEST(!read_owner(folder.path())); // a folder
  write("");
  BOOST_TEST(!read_owner(path));
}

BOOST_AUTO_TEST_SUITE_END()
