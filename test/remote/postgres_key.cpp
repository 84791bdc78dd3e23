// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The key of a name is the same for ever: those that share a lock may run
// different versions of this library, or another language.

#include <filelock/detail/remote/sha_256.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

std::uint64_t key(std::string_view name) {
  return filelock::detail::sha_256::first_64_bits(name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_postgres_key)

// FIPS 180-4 has these as its examples.
BOOST_AUTO_TEST_CASE(the_keys_of_known_texts) {
  BOOST_TEST(key("") == 0xe3b0c44298fc1c14u);
  BOOST_TEST(key("abc") == 0xba7816bf8f01cfeau);
  BOOST_TEST(key("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
             0x248d6a61d20638b8u);
  BOOST_TEST(key(std::string(1'000'000, 'a')) == 0xcdc76e5c9914fb92u);
}

// By Python: hashlib.sha256(name).hexdigest()[:16]
BOOST_AUTO_TEST_CASE(each_length_around_a_block_is_padded) {
  BOOST_TEST(key(std::string(55, 'x')) == 0xd5e285683cd4efc0u);
  BOOST_TEST(key(std::string(56, 'x')) == 0x04c26261370ee754u);
  BOOST_TEST(key(std::string(63, 'x')) == 0x75220b47218278e6u);
  BOOST_TEST(key(std::string(64, 'x')) == 0x7ce100971f64e700u);
  BOOST_TEST(key(std::string(65, 'x')) == 0x9537c5fdf120482fu);
}

BOOST_AUTO_TEST_CASE(each_byte_counts) {
  BOOST_TEST(key(std::string_view("a\0b", 3)) !=
             key(std::string_view("a\0c", 3)));
  BOOST_TEST(key("\xff\xfe") == 0xb3d510ef04275ca8u);
}

BOOST_AUTO_TEST_SUITE_END()
