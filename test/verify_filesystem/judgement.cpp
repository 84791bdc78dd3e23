// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: the program is for Linux

// What verify_filesystem makes of its findings, of those too that no file
// system of this machine has.

#include <boost/test/unit_test.hpp>

#include "../../example/verify_filesystem/file_system.hpp"
#include "../../example/verify_filesystem/findings.hpp"
#include "../../example/verify_filesystem/hold_intervals.hpp"
#include "../../example/verify_filesystem/verdict.hpp"

#include <cerrno>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(verify_filesystem_judgement)

namespace {

using namespace std::chrono_literals;
using verify::answer;
using verify::find_overlaps;
using verify::overlaps;

verify::delays took(std::chrono::nanoseconds delay) {
  verify::delays result;
  result.came = answer::yes;
  result.each = {delay};
  return result;
}

/// The findings of a file system where all is well.
struct findings {
  verify::model_findings model;
  verify::file_findings files;
  verify::settings set;

  findings() {
    model.answers = answer::yes;
    model.here.ended = answer::yes;
    model.here.found.holds = 100;
    model.descriptors_exclude = answer::yes;
    model.replacement_is_seen = answer::yes;
    model.hand_over = took(30us);
    model.after_kill = took(300us);
    model.after_timeout = took(1ms);
    model.after_cancel = took(1ms);
    model.name = "it";
    model.is_interrupted = false;
    files.inodes_are_stable = answer::yes;
  }

  verify::verdict judged() const {
    return verify::judgement(model, files, set).get();
  }

  void is(verify::exit_code code, const std::string& text) const {
    const verify::verdict result = judged();
    BOOST_TEST(result.code == code);
    BOOST_TEST(result.sentence.find(text) == 0, result.sentence);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(holds_that_touch_do_not_overlap) {
  const overlaps found =
      find_overlaps({{10, 20, false}, {0, 10, false}, {20, 30, true}});
  BOOST_TEST(found.holds == 3);
  BOOST_TEST(found.found == 0);
}

BOOST_AUTO_TEST_CASE(the_longest_overlap_is_found) {
  const overlaps found = find_overlaps(
      {{0, 100, false}, {10, 20, false}, {50, 80, true}, {99, 200, false}});
  BOOST_TEST(found.found == 3);
  BOOST_TEST(found.longest.count() == 30);
}

BOOST_AUTO_TEST_CASE(shared_holds_overlap_exclusive_ones_only) {
  BOOST_TEST(find_overlaps({{0, 10, true}, {5, 15, true}}).found == 0);
  BOOST_TEST(find_overlaps({{0, 10, true}, {5, 15, false}}).found == 1);
  BOOST_TEST(find_overlaps({{0, 10, false}, {5, 15, true}}).found == 1);
  // The shared hold that ends last is not the last one that began.
  BOOST_TEST(
      find_overlaps({{0, 20, true}, {5, 6, true}, {10, 12, false}}).found == 1);
}

BOOST_FIXTURE_TEST_CASE(what_works_is_to_be_used, findings) {
  is(verify::can_be_used, "use this");
  model.should_exclude_itself = false;
  model.descriptors_exclude = answer::no;
  is(verify::can_be_used, "use this, with one object in each process");
}

BOOST_FIXTURE_TEST_CASE(a_late_hand_over_is_a_limit, findings) {
  model.hand_over = took(6500ms);
  is(verify::has_limits,
     "use this, but waiters come up to 6.5 s late: wait with polled<it>");
}

BOOST_FIXTURE_TEST_CASE(one_hand_over_may_be_a_little_late, findings) {
  model.hand_over.each = {30us, 40us, 900ms};
  is(verify::can_be_used, "use this");
  model.hand_over.each = {30us, 200ms, 900ms};
  is(verify::has_limits, "use this, but waiters come up to 900 ms late");
}

BOOST_FIXTURE_TEST_CASE(an_overlap_is_worse_than_a_missing_answer, findings) {
  model.here.found.found = 2;
  model.here.found.longest = 3ms;
  model.here.ended = answer::none;
  model.is_interrupted = true;
  is(verify::must_not_be_used,
     "do not: two owners held at once for 3.0 ms (2 of 100 holds)");
}

BOOST_FIXTURE_TEST_CASE(each_wrong_answer_has_its_sentence, findings) {
  const auto changed = [](auto change) {
    findings result;
    change(result.model);
    return result;
  };
  using found = verify::model_findings;
  const auto no = verify::must_not_be_used;
  changed([](found& m) {
    m.answers = answer::none;
  }).is(no, "do not: a request for a lock was not answered within 3.0 s");
  changed([](found& m) {
    m.descriptors_exclude = answer::no;
  }).is(no, "do not: two objects of one process held at once");
  changed([](found& m) {
    m.hand_over.came = answer::none;
  }).is(no, "do not: a waiter was not woken within 3.0 s");
  changed([](found& m) {
    m.hand_over.came = answer::no;
  }).is(no, "do not: a waiter got the lock while another process held it");
  changed([](found& m) {
    m.after_kill.came = answer::none;
  }).is(no, "do not: the lock of an owner that was killed was not free");
  changed([](found& m) {
    m.failed = {"Input/output error", EIO};
  }).is(no, "do not: Input/output error");
  changed([](found& m) {
    m.replacement_is_seen = answer::no;
  }).is(verify::has_limits, "use this, but a lock does not notice");
  changed([](found& m) {
    m.after_cancel.came = answer::none;
  }).is(verify::has_limits, "use this, but a cancel did not end a wait");
  changed([](found& m) {
    m.after_timeout.came = answer::none;
  }).is(verify::has_limits, "use this, but a deadline did not end a wait");
  changed([](found& m) {
    m.after_cancel.came = m.after_timeout.came = answer::none;
  })
      .is(verify::has_limits,
          "use this, but neither a deadline nor a cancel ended a wait");
  changed([](found& m) {
    m.refused = {"No locks available", ENOLCK};
  }).is(verify::none_supported, "not supported here: No locks available");
  changed([](found& m) {
    m.is_interrupted = true;
  }).is(verify::undecided, "undecided: the run ended");
  changed([](found& m) {
    m.across.ended = answer::yes;
    m.across.found.holds = 9;
  }).is(verify::undecided, "undecided: too few holds");
}

// Room, memory, descriptors or rights that are missing say nothing of a lock.
BOOST_FIXTURE_TEST_CASE(what_could_not_be_tried_is_undecided, findings) {
  const std::string sentence = "undecided: it could not be tried: reason";
  model.needs = "; it needs more";
  for (const int each :
       {ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM, EAGAIN, EROFS, EACCES, EPERM}) {
    findings at_first = *this;
    at_first.model.refused = {"reason", each};
    BOOST_TEST(at_first.judged().code == verify::undecided);
    BOOST_TEST(at_first.judged().sentence == sentence);
    findings later = *this;
    later.model.failed = {"reason", each};
    later.model.hand_over.came = answer::none;
    BOOST_TEST(later.judged().code == verify::undecided);
    BOOST_TEST(later.judged().sentence == sentence);
  }
  model.refused = {"Input/output error", EIO};
  is(verify::undecided, "undecided: it could not be tried: Input/output error");
}

BOOST_FIXTURE_TEST_CASE(what_is_not_supported_names_what_it_needs, findings) {
  model.needs = "; it needs more";
  for (const int each : {ENOTSUP, EOPNOTSUPP}) {
    model.refused = {"reason", each};
    BOOST_TEST(judged().sentence ==
               "not supported here: reason; it needs more");
  }
  for (const int each : {ENOSYS, EINVAL, ENODEV, ENOLCK}) {
    model.refused = {"reason", each};
    BOOST_TEST(judged().sentence == "not supported here: reason");
    BOOST_TEST(judged().code == verify::none_supported);
  }
}

BOOST_AUTO_TEST_CASE(the_worst_verdict_is_the_exit_code) {
  const auto code = [](std::vector<verify::exit_code> codes) {
    std::vector<verify::verdict> all;
    for (const verify::exit_code each : codes)
      all.push_back({each, ""});
    return verify::combine(all);
  };
  using namespace verify;
  BOOST_TEST(code({can_be_used, none_supported}) == can_be_used);
  BOOST_TEST(code({can_be_used, has_limits}) == has_limits);
  BOOST_TEST(code({has_limits, undecided, can_be_used}) == undecided);
  BOOST_TEST(code({undecided, must_not_be_used}) == must_not_be_used);
  BOOST_TEST(code({none_supported, none_supported}) == none_supported);
  BOOST_TEST(code({}) == undecided);
}

BOOST_AUTO_TEST_CASE(the_mount_of_a_folder_is_found) {
  const auto mount_of = [](const std::string& path) {
    std::istringstream mounts(
        "30 20 0:40 / /net/my\\040home rw shared:9 master:2 - nfs4 h:/ "
        "rw,vers=4.0,local_lock=none,addr=1\n"
        "31 20 0:41 / /net/old rw - nfs h:/ rw,vers=3,nolock\n"
        "32 20 0:42 / /net/a rw - tmpfs none rw\n"
        "33 20 0:43 / /net/a rw - fuse.sshfs none rw\n"
        "20 1 8:1 / / rw shared:1 - ext4 /dev/a rw\n");
    verify::file_findings result;
    verify::find_mount(mounts, path, result);
    return result;
  };
  BOOST_TEST(mount_of("/var").type == "ext4");
  BOOST_TEST(mount_of("/net/older").type == "ext4");
  BOOST_TEST(mount_of("/net/a/b").type == "fuse.sshfs");
  BOOST_TEST(mount_of("/net/my home/b").type == "nfs4");
  BOOST_TEST(mount_of("/net/my home").mount_options ==
             "vers=4.0,local_lock=none");
  BOOST_TEST(!verify::has_local_locks(mount_of("/net/my home")));
  BOOST_TEST(verify::has_local_locks(mount_of("/net/old")));
}

BOOST_AUTO_TEST_SUITE_END()
