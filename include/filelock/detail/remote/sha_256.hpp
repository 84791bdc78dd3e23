// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// SHA-256, as FIPS 180-4 defines it.

#ifndef FILELOCK_DETAIL_REMOTE_SHA_256_HPP
#define FILELOCK_DETAIL_REMOTE_SHA_256_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace filelock {
inline namespace v1 {
namespace detail {

class sha_256 {
public:
  /// \returns The first 64 bits of the digest of `bytes`, big endian.
  static std::uint64_t first_64_bits(std::string_view bytes) noexcept {
    sha_256 hash;
    // A bit of 1, zeros, and the length in bits fill up the last block.
    const std::size_t length = bytes.size();
    const std::size_t padded = (length + 8) / block_size * block_size;
    const auto byte_at = [&](std::size_t index) -> std::uint32_t {
      if (index < length) return static_cast<unsigned char>(bytes[index]);
      if (index == length) return 0x80;
      if (index < padded + 56) return 0;
      const std::size_t shift = (padded + 63 - index) * 8;
      return static_cast<std::uint32_t>(std::uint64_t{length} * 8 >> shift) &
             0xFF;
    };
    for (std::size_t begin = 0; begin <= padded; begin += block_size) {
      block words{};
      for (std::size_t i = 0; i != block_size; ++i)
        words[i / 4] = words[i / 4] << 8 | byte_at(begin + i);
      hash.add(words);
    }
    return std::uint64_t{hash.state_[0]} << 32 | hash.state_[1];
  }

private:
  static constexpr std::size_t block_size = 64;
  using block = std::array<std::uint32_t, 64>; // the last 48 are computed

  static constexpr std::uint32_t rotated(std::uint32_t word,
                                         unsigned count) noexcept {
    return word >> count | word << (32 - count);
  }

  void add(block& w) noexcept {
    for (std::size_t i = 16; i != w.size(); ++i) {
      const std::uint32_t a = w[i - 15];
      const std::uint32_t b = w[i - 2];
      w[i] = w[i - 16] + (rotated(a, 7) ^ rotated(a, 18) ^ a >> 3) + w[i - 7] +
             (rotated(b, 17) ^ rotated(b, 19) ^ b >> 10);
    }
    std::array<std::uint32_t, 8> s = state_;
    for (std::size_t i = 0; i != w.size(); ++i) {
      const std::uint32_t e = s[4];
      const std::uint32_t a = s[0];
      const std::uint32_t first =
          s[7] + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) +
          ((e & s[5]) ^ (~e & s[6])) + constants[i] + w[i];
      const std::uint32_t second =
          (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) +
          ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
      s = {first + second, a, s[1], s[2], s[3] + first, e, s[5], s[6]};
    }
    for (std::size_t i = 0; i != s.size(); ++i)
      state_[i] += s[i];
  }

  static constexpr std::array<std::uint32_t, 64> constants = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
      0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
      0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
      0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
      0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
      0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
      0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
      0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
      0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                         0xa54ff53a, 0x510e527f, 0x9b05688c,
                                         0x1f83d9ab, 0x5be0cd19};
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
