// Sixteen floats at once, with exponential and logarithm.
#pragma once

#include <cstdint>
#include <cstring>

namespace {

constexpr int kLanes = 16;
typedef float V __attribute__((vector_size(64)));
typedef int32_t I __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))

INLINE V Load(const float* from) {
  V v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
INLINE void Store(float* to, V v) { std::memcpy(to, &v, sizeof v); }
INLINE V LoadSome(const float* from, int64_t n) {
  V v = {};
  std::memcpy(&v, from, n * sizeof(float));
  return v;
}
INLINE void StoreSome(float* to, V v, int64_t n) { std::memcpy(to, &v, n * sizeof(float)); }
INLINE V All(float x) { return x - V{}; }
INLINE V Abs(V x) { return (V)((I)x & 0x7fffffff); }
INLINE V Max(V a, V b) { return a > b ? a : b; }
INLINE V Min(V a, V b) { return a < b ? a : b; }
INLINE double Sum(V v) {
  double sum = 0;
  for (int i = 0; i < kLanes; i++) sum += v[i];
  return sum;
}

/** e^x for x ≤ 0, relative error about 1e-7, down to the smallest denormal numbers. */
INLINE V ExpOfNegative(V x) {
  x = x < -104.0f ? All(-104.0f) : x;
  const V shifted = x * 1.44269504088896341f + 12582912.0f;  // 1.5 · 2²³: its last bits are the nearest integer
  const V n = shifted - 12582912.0f;
  const V r = x - n * 0.693359375f + n * 2.12194440e-4f;
  V p = 1.9875691500e-4f * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const I power = (I)shifted - 0x4b400000;
  const I half = power >> 1;
  return p * (V)((half + 127) << 23) * (V)((power - half + 127) << 23);
}

/** ln x of normal positive x, relative error about 1e-7, also near 1. */
INLINE V Log(V x) {
  const I bits = (I)x;
  const I exponent = (bits - 0x3f3504f3) >> 23;  // so that the rest lies in √½ … √2
  const V f = (V)(bits - (exponent << 23)) - 1.0f;
  const V e = __builtin_convertvector(exponent, V);
  V p = 7.0376836292e-2f * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  const V square = f * f;
  V y = f * square * p;
  y = y - e * 2.12194440e-4f;
  y = y - 0.5f * square;
  return f + y + e * 0.693359375f;
}

/** ln(1 + x) for x > −1; what 1 + x loses is added again. */
INLINE V Log1p(V x) {
  const V u = 1.0f + x;
  return Log(u) + (x - (u - 1.0f)) / u;
}

}  // namespace
